"""Review in a real browser: for eyes, with the keyboard alone, and without scripts."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

import bluelamp
from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from tests.browser.conftest import without_axe_problems, without_sideways_scroll
from tests.browser.test_enquiry import enter
from tests.factory import published
from tests.office import as_, seat
from tests.serve import serve
from tests.session.test_reviewing import sources, whole

SMALL = {"width": 320, "height": 640}
LARGE = {"width": 1280, "height": 800}

Tab = Callable[..., Page]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """People of whom some may be one."""
    folder = tmp_path_factory.mktemp("force") / "force"
    opened = bluelamp.open(published(folder, *sources(), fresh_database()))
    opened.run("tester", lambda *_: None)
    as_(opened).decide(*whole(as_(opened))[8], "unsure", "There is no photograph")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(judged: BlueLamp) -> Iterator[str]:
    with serve(create_app(judged)) as served:
        yield served


@pytest.fixture(scope="module")
def ann(judged: BlueLamp) -> Iterator[TestClient]:
    with seat(judged, "ann") as client:
        yield client


def first(force: BlueLamp) -> str:
    return "/review/pair/{}/{}".format(*whole(as_(force))[0])


@pytest.mark.parametrize(("scheme", "viewport"), [("light", LARGE), ("dark", SMALL)], ids=["light", "dark and small"])
def test_every_page_of_review_is_accessible_and_none_scrolls_sideways(
    tab: Tab, judged: BlueLamp, address: str, ann: TestClient, scheme: str, viewport: dict[str, int]
) -> None:
    session = as_(judged)
    hits = session.search("", types=("Person",), size=150).hits
    joined = next(hit.object for hit in hits if session.object(hit.object).records > 2)
    page = tab(color_scheme=scheme, viewport=viewport)
    enter(page, address, ann)
    drawn = session.sample("Person").waiting[0]
    sampled = "/review/sample", f"/review/pair/{drawn.left}/{drawn.right}?sample=1"
    for path in ("/review", first(judged), "/review/decisions", f"/review/joins/{joined}", *sampled):
        page.goto(path)
        for each in page.locator("main details > summary").all():
            each.click()
        without_axe_problems(page)
        without_sideways_scroll(page)


def test_how_people_judge_is_accessible(tab: Tab, judged: BlueLamp, address: str) -> None:
    page = tab(viewport=SMALL)
    with seat(judged, "dan", "") as dan:
        enter(page, address, dan)
        page.goto("/review/judges")
        without_axe_problems(page)
        without_sideways_scroll(page)


def test_a_pair_is_judged_with_the_keyboard_alone(page: Page, judged: BlueLamp, address: str, ann: TestClient) -> None:
    enter(page, address, ann)
    page.goto(first(judged))
    before = page.url
    page.keyboard.press("n")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("not one: no scars")
    expect(page.get_by_label("Reason")).to_have_value("not one: no scars")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Same", exact=True)).to_be_focused()
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Not the same")).to_be_focused()
    assert page.url == before
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/review/pair/" in url and url != before)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Go to “Not the same”")


def test_a_pair_is_judged_without_javascript(tab: Tab, judged: BlueLamp, address: str, ann: TestClient) -> None:
    page = tab(java_script_enabled=False, viewport=LARGE)
    enter(page, address, ann)
    page.goto("/review")
    page.get_by_role("link", name="Judge whether").first.click()
    page.get_by_role("button", name="Cannot tell").click()
    expect(page.get_by_role("alert")).to_contain_text("A decision needs a reason")
    page.get_by_label("Reason").fill("There is no photograph")
    page.get_by_role("button", name="Same", exact=True).click()
    page.goto("/review/decisions")
    expect(page.get_by_role("row").nth(1)).to_contain_text("are the same")
