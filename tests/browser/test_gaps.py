"""Gaps and overlaps under the timeline, for the mouse, the keyboard and a screen reader, and on a page without scripts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

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
