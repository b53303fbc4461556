"""Gaps and overlaps under the timeline, for the mouse, the keyboard and a screen reader, and on a page without scripts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from tests.browser.conftest import without_axe_problems, without_sideways_scroll
from tests.browser.test_enquiry import LARGE, SMALL, Tab, sign_in
from tests.serve import serve
from tests.whereabouts import chart_of_grey, whereabouts  # noqa: F401 (a fixture)


@pytest.fixture(scope="module")
def address(whereabouts: BlueLamp) -> Iterator[str]:  # noqa: F811 (the fixture)
    """Where it is served."""
    with serve(create_app(whereabouts)) as served:
        yield served


@pytest.fixture(scope="module")
def chart(whereabouts: BlueLamp) -> str:  # noqa: F811 (the fixture)
    return chart_of_grey(whereabouts)


def kinds(page: Page, *expected: str) -> None:
    """Wait until the tables have rows of these kinds, in order."""
    expect(page.locator("[data-stretch]")).to_have_count(len(expected))
    found = [each.get_attribute("data-stretch") for each in page.locator("[data-stretch]").all()]
    assert found == list(expected)


def by_thing(page: Page, chart: str) -> None:
    sign_in(page, "ann")
    page.goto(f"{chart}?view=timeline")
    page.get_by_label("Lanes", exact=True).select_option("thing")
    expect(page.locator("[data-stretch=gap] td").first).to_have_text(re.compile("grey", re.IGNORECASE))


def test_the_rows_choose_in_all_views_what_stands_around_them(page: Page, chart: str) -> None:
    by_thing(page, chart)
    kinds(page, "gap", "sure", "sure", "may")
    page.get_by_role("button", name="Select the two").first.click()
    expect(page.locator("[data-counts]")).to_contain_text("2 selected")
    expect(page.locator("[data-said]")).to_contain_text("2 things selected")
    expect(page.locator("tr[data-stretch].bl-row--chosen")).to_have_count(1)
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Table").click()
    expect(page.locator("tr[data-thing] input:checked")).to_have_count(2)


def test_the_keyboard_sorts_chooses_and_keeps_its_place(page: Page, chart: str) -> None:
    by_thing(page, chart)
    page.locator("#overlaps-by-first").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-gaps] th[aria-sort=ascending]")).to_have_text("From")
    expect(page.locator("#overlaps-by-first")).to_be_focused()
    kinds(page, "gap", "may", "sure", "sure")
    page.locator("#gaps-1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#gaps-1")).to_have_attribute("aria-pressed", "true")


def test_how_long_and_which_time_narrow_the_tables(page: Page, chart: str) -> None:
    by_thing(page, chart)
    page.get_by_label("Gaps longer than", exact=True).select_option("week")
    expect(page.get_by_role("heading", name="Gaps longer than a week")).to_be_visible()
    page.locator("#timeline-to").fill("2026-01-07")
    page.locator("#timeline-to").blur()
    kinds(page, "sure", "may")


def test_a_click_on_a_gap_in_the_lanes_chooses_what_stands_around_it(page: Page, chart: str) -> None:
    by_thing(page, chart)
    canvas = page.locator("canvas[data-canvas]")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box is not None
    # the gap of his own lane, which is the first, runs to its last event
    for y in range(30, int(box["height"]), 4):
        canvas.hover(position={"x": box["width"] * 0.8, "y": y})
        if "Nothing known" in (canvas.get_attribute("title") or ""):
            canvas.click(position={"x": box["width"] * 0.8, "y": y})
            break
    expect(page.locator("tr[data-stretch=gap].bl-row--chosen")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tables_are_for_everybody(tab: Tab, chart: str, scheme: str) -> None:
    for viewport in (LARGE, SMALL):
        page = tab(viewport=viewport, color_scheme=scheme)
        by_thing(page, chart)
        without_axe_problems(page)
        without_sideways_scroll(page)
        page.goto(f"{chart}/gaps?lanes=thing")
        without_axe_problems(page)
        without_sideways_scroll(page)


def test_without_scripts_the_page_says_the_same(tab: Tab, chart: str) -> None:
    page = tab(viewport=LARGE, java_script_enabled=False)
    sign_in(page, "ann")
    page.goto(chart)
    page.get_by_role("link", name="Gaps and overlaps").click()
    page.get_by_label("Gaps in").select_option("thing")
    page.get_by_role("button", name="Look").click()
    kinds(page, "gap", "sure", "sure", "may")
    page.get_by_role("link", name="How sure").click()
    kinds(page, "gap", "may", "sure", "sure")


def test_the_calendar_says_how_much_happened_on_each_day_and_narrows_the_time_to_one(page: Page, chart: str) -> None:
    sign_in(page, "ann")
    page.goto(f"{chart}?view=timeline")
    calendar = page.locator("[data-calendar]")
    said = page.evaluate(
        "() => JSON.parse(document.querySelector('template[data-drawing]').content.textContent).drawing.things"
        ".map((thing) => thing.when).filter((when) => when.length >= 10).map((when) => when.slice(0, 10))"
    )
    full = calendar.locator("td button").filter(has_text=re.compile(r"\d"))
    expect(full).to_have_count(len(set(said)))
    assert sum(int(each) for each in full.all_inner_texts()) == len(said)
    day = full.first
    label = day.get_attribute("aria-label") or ""
    assert re.fullmatch(r"\w+day \d+ \w+ \d{4}: \d+ things?", label)
    day.click()
    expect(day).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-chips]")).to_contain_text(label.partition(":")[0].partition(" ")[2])
    # the others are counted still, so that another day can be chosen
    expect(full).to_have_count(len(set(said)))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(day).to_be_focused()
    page.keyboard.press("Enter")
    expect(day).to_have_attribute("aria-pressed", "false")
    month = calendar.locator("th button").first
    month.click()
    expect(month).to_have_attribute("aria-pressed", "true")
    without_axe_problems(page)


def test_months_in_which_nothing_happened_are_told_in_one_row(page: Page, chart: str) -> None:
    def later(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("2026-01-20", "2026-04-20"))

    sign_in(page, "ann")
    page.route(re.compile("view=timeline"), later)
    page.goto(f"{chart}?view=timeline")
    rows = page.locator("[data-calendar] tbody tr")
    expect(rows).to_have_text([re.compile("^Jan 2026"), "2 months with nothing", re.compile("^Apr 2026")])
    calendar = page.locator("[data-calendar] td button")
    calendar.nth(4).focus()
    page.keyboard.press("ArrowDown")
    expect(calendar.nth(31 + 4)).to_be_focused()
