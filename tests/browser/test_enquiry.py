"""An enquiry in a real browser, from the purpose to the audit log: for eyes, for the keyboard, and without scripts."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from tests.browser.conftest import without_axe_problems, without_sideways_scroll
from tests.factory import PASSWORD, let_in
from tests.office import home, smith
from tests.serve import serve

SMALL = {"width": 320, "height": 640}
LARGE = {"width": 1280, "height": 800}

Tab = Callable[..., Page]
Desk = Callable[..., TestClient]


@pytest.fixture(scope="session")
def address(office: BlueLamp) -> Iterator[str]:
    """Where the force with something for every page is served."""
    let_in(office, *office.workspace.users)
    with serve(create_app(office)) as served:
        yield served


def sign_in(page: Page, name: str, purpose: str = "Investigating crime") -> None:
    page.goto("/sign-in")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    if purpose:
        page.goto("/purpose")
        page.get_by_label(purpose).check()
        page.get_by_label("Reason", exact=True).fill("Operation Ash")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(lambda url: "/purpose" not in url)


def enter(page: Page, address: str, seated: TestClient) -> None:
    """Come in as somebody who has signed in, and declared a purpose, already."""
    cookies = [{"name": each.name, "value": each.value or "", "url": address} for each in seated.cookies.jar]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]


def title(page: Page, text: str) -> None:
    """Wait until the page's heading is `text`."""
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(text))


def test_an_enquiry_from_a_part_of_a_plate_to_the_source_row_and_back(page: Page, tab: Tab) -> None:
    page.goto("/search?q=AB12*")
    sign_in(page, "ann", "")
    page.goto("/search?q=AB12*")
    title(page, "What is your purpose")
    page.get_by_label("Investigating crime").check()
    page.get_by_label("Reason", exact=True).fill("Operation Ash")
    page.get_by_role("button", name="Continue").click()
    title(page, r"1 result for AB12\*")
    page.get_by_role("main").get_by_role("link", name="AB12 CDE").or_(
        page.get_by_role("main").get_by_role("link", name="AB12CDE")
    ).click()
    expect(page.get_by_role("heading", name="Vehicle of")).to_be_visible()
    page.get_by_role("link", name="John Smith").first.click()
    title(page, "John Smith")
    expect(page.get_by_role("list", name="Warnings")).to_contain_text("Carries a knife")
    page.get_by_role("row", name="Date of birth").get_by_role("link", name="Custody").first.click()
    title(page, "Row [13] of custody-1.csv")
    page.get_by_role("link", name="John Smith").click()
    title(page, "John Smith")
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("link", name="Tenancies").click()
    title(page, "Tenancies")

    officer = tab(viewport=LARGE)
    sign_in(officer, "dan", "")
    officer.goto("/audit")
    officer.get_by_label("Who", exact=True).fill("ann")
    officer.get_by_role("button", name="Read the log").click()
    steps = officer.locator("tbody tr td:nth-child(4)").all_inner_texts()
    done = [step.split("\n")[0].strip() for step in steps]
    for action in ("search:run", "object:view", "lineage:view", "source:view", "session:purpose", "session:start"):
        assert action in done[:20]
    officer.get_by_role("link", name="Check that nothing in it was changed").click()
    title(officer, "All as written")


def test_who_may_not_is_told_so(page: Page) -> None:
    sign_in(page, "dan", "")
    page.goto("/search?q=smith")
    title(page, "You may not do this")
    expect(page.get_by_role("main")).to_contain_text("Ask an administrator")
    expect(page.get_by_role("search")).to_have_count(0)


def test_an_enquiry_with_the_keyboard_alone(page: Page, address: str, desk: Desk) -> None:
    enter(page, address, desk("ann"))
    page.goto("/data")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("okafor")
    page.keyboard.press("Enter")
    title(page, "1 result for")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    follow(page, "Amara Okafor")
    title(page, "Amara Okafor")
    follow(page, "Custody")
    title(page, "Row 2 of custody-1.csv")
    follow(page, "Amara Okafor")
    title(page, "Amara Okafor")


def follow(page: Page, name: str) -> None:
    """Press Tab until the link called `name` has the focus, then Enter; every stop must be visible."""
    for _ in range(60):
        page.keyboard.press("Tab")
        text, ring = page.evaluate(
            "() => [document.activeElement.innerText, getComputedStyle(document.activeElement).outlineStyle]"
        )
        if text == name:
            assert ring == "solid"
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never came to {name}")


def test_an_enquiry_without_javascript(tab: Tab) -> None:
    page = tab(java_script_enabled=False, viewport=LARGE)
    sign_in(page, "ann")
    page.goto("/search")
    page.get_by_role("searchbox").fill("smith")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("People").check()
    page.get_by_role("button", name="Apply filters").click()
    title(page, "2 results for")
    page.get_by_role("link", name="Remove this filter: People").click()
    title(page, "[3-9] results for")
    page.get_by_label("Events from").fill("2026-01-01")
    page.get_by_role("button", name="Set dates").click()
    title(page, "1 result for")
    page.get_by_role("link", name="Paste it").click()
    page.get_by_label("Names, plates").fill("AB12 CDE\nnobody")
    page.get_by_role("button", name="Search the list").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("1 of 2 lines found something")


def pages(office: BlueLamp) -> dict[str, list[str]]:
    """Every page of data with something on it, and who may look."""
    return {
        "ann": [
            "/search",
            "/search?q=smith&type=Person&from=last+week",
            "/search?q=nobody",
            "/search/list",
            f"/object/{smith(office)}",
            f"/object/{home(office)}/links/lives_at?page=2",
            "/row/tenancies/1/3",
            "/data",
            "/resolution",
            "/object/nobody",
        ],
        "eve": ["/data/tenancies", "/data/tenancies/rejects", "/data/tenancies/issues/ethnicity_self/unknown_value"],
        "dan": [
            "/audit",
            "/audit?use=lawfulness&action=session:purpose",
            "/audit?use=lawfulness&since=yesterday",
            "/audit/check",
        ],
    }


@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [("light", LARGE), ("dark", SMALL)],
    ids=["light", "dark and small"],
)
def test_every_page_of_data_is_accessible_and_none_scrolls_sideways(
    tab: Tab, office: BlueLamp, address: str, desk: Desk, scheme: str, viewport: dict[str, int]
) -> None:
    for user, paths in pages(office).items():
        page = tab(color_scheme=scheme, viewport=viewport)
        enter(page, address, desk(user, "" if user == "dan" else "investigation"))
        for path in paths:
            page.goto(path)
            without_axe_problems(page)
            without_sideways_scroll(page)
        page.close()


def test_a_list_that_was_answered_is_accessible(page: Page, address: str, desk: Desk) -> None:
    enter(page, address, desk("ann"))
    page.goto("/search/list")
    page.get_by_label("Names, plates").fill("smith\nAB12CDE\nnobody")
    page.get_by_role("button", name="Search the list").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("2 of 3 lines found something")
    without_axe_problems(page)


def test_the_links_of_an_object_stand_in_columns_that_line_up_and_are_one_step_away(
    page: Page, office: BlueLamp, address: str, desk: Desk
) -> None:
    enter(page, address, desk("ann"))
    page.goto(f"/object/{smith(office)}")
    lefts = page.locator(".bl-table-region--ties .bl-col-said").evaluate_all(
        "heads => heads.map(head => Math.round(head.getBoundingClientRect().left))"
    )
    assert len(lefts) > 1
    assert len(set(lefts)) == 1
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Has vehicle").click()
    expect(page.get_by_role("heading", name="Has vehicle")).to_be_in_viewport()


def test_the_head_of_a_long_table_stays_in_sight(page: Page, office: BlueLamp, address: str, desk: Desk) -> None:
    enter(page, address, desk("ann"))
    page.goto(f"/object/{home(office)}/links/lives_at")
    page.get_by_role("contentinfo").scroll_into_view_if_needed()
    expect(page.get_by_role("columnheader", name="Person")).to_be_in_viewport()


def test_a_long_word_in_a_heading_is_broken_on_a_small_screen(tab: Tab, address: str, desk: Desk) -> None:
    page = tab(viewport=SMALL)
    enter(page, address, desk("ann"))
    page.goto("/row/tenancies/1/3")
    page.locator("h1").evaluate("heading => (heading.textContent = 'deliveries-2026-'.repeat(9))")
    without_sideways_scroll(page)


def test_the_chosen_theme_and_density_hold_on_every_page(page: Page, office: BlueLamp) -> None:
    sign_in(page, "ann")
    heights = []
    for theme, density, paper in (
        ("Light", "Comfortable", "rgb(255, 255, 255)"),
        ("Dark", "Compact", "rgb(15, 20, 28)"),
    ):
        page.goto("/account/display")
        page.get_by_label(theme, exact=True).check()
        page.get_by_label(density).check()
        page.get_by_role("button", name="Save").click()
        page.goto(f"/object/{smith(office)}")
        expect(page.locator("body")).to_have_css("background-color", paper)
        heights.append(page.locator("tbody tr").first.bounding_box()["height"])  # type: ignore[index]
    assert heights[1] < heights[0]
