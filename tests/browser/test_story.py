"""The story of a chart in a real browser: a view told, words written, passages moved by keys, live views, and paper."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from bluelamp.session.force import BlueLamp
from tests.browser.conftest import without_axe_problems, without_sideways_scroll
from tests.browser.test_enquiry import LARGE, SMALL, Tab, sign_in, title
from tests.browser.test_workbench import address, chart_of, roads, view  # noqa: F401 (fixtures)
from tests.office import as_


def passage(page: Page, heading: str) -> Locator:
    """One passage of the story."""
    return page.get_by_role("article", name=heading, exact=True)


def headings(page: Page) -> list[str]:
    """The headings of the passages, in order."""
    return page.locator(".bl-passage h2").all_inner_texts()


def write(page: Page, heading: str, text: str) -> None:
    """Write a passage on the page that asks for one, and keep it."""
    title(page, "Tell this view")
    page.get_by_label("Heading").fill(heading)
    page.get_by_label("Text").fill(text)
    page.get_by_role("button", name="Tell it").click()
    expect(passage(page, heading)).to_be_visible()


def told(force: BlueLamp) -> str:
    """A chart with a story of each view; its address."""
    chart = chart_of(force)
    session = as_(force)
    for look in ({"view": "graph"}, {"view": "map"}, {"view": "timeline", "first": "2026-01-01"}, {"view": "table"}):
        said = {"heading": f"By {look['view']}", "text": "One.\n\nTwo.", "look": look}
        session.change_chart(chart.rpartition("/")[2], "tell", said)
    session.change_chart(chart.rpartition("/")[2], "tell", {"heading": "What next", "text": "We wait."})
    return f"{chart}/story"


def test_a_view_is_told_rewritten_moved_by_keys_and_opened_at_full_size(page: Page, roads: BlueLamp) -> None:  # noqa: F811
    chart = chart_of(roads)
    sign_in(page, "ann")
    page.goto(chart)
    page.get_by_role("list", name="Types").get_by_role("checkbox", name=re.compile("Person")).uncheck()
    expect(page.get_by_role("button", name=re.compile("type switched off"))).to_be_visible()
    page.get_by_role("button", name="Select all").first.click()
    page.get_by_role("button", name="Tell this view").click()
    write(page, "The car", "Seen by night.\n\nNobody knows why.")
    expect(passage(page, "The car").locator(".bl-passage__text")).to_have_count(2)
    rows = passage(page, "The car").locator("tbody tr").count()

    page.goto(f"{chart}?view=timeline&first=2026-01-05&last=2026-01-05")
    expect(page.get_by_role("button", name=re.compile("5 Jan 2026 to 5 Jan 2026"))).to_be_visible()
    page.get_by_role("button", name="Tell this view").click()
    expect(page.get_by_role("main")).to_contain_text("from 5 Jan 2026 to 5 Jan 2026")
    write(page, "One day", "")

    page.get_by_text("Rewrite", exact=False).last.click()
    passage(page, "One day").get_by_label("Heading").fill("The fifth of January")
    page.get_by_role("button", name="Keep it").last.click()
    expect(passage(page, "The fifth of January")).to_be_visible()

    passage(page, "The fifth of January").get_by_role("button", name=re.compile("Move up")).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bl-passage h2").first).to_have_text("The fifth of January")
    expect(passage(page, "The fifth of January").get_by_role("button", name=re.compile("Move down"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".bl-passage h2").first).to_have_text("The car")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".bl-passage h2").first).to_have_text("The fifth of January")
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(".bl-passage h2").first).to_have_text("The car")

    passage(page, "The car").get_by_role("link", name=re.compile("Open at full size")).click()
    expect(page.locator("[data-counts]")).to_contain_text(f"{rows} of")
    expect(page.locator("[data-counts]")).to_contain_text(f"{rows} selected")
    expect(page.get_by_role("button", name=re.compile(f"Only {rows} things"))).to_be_visible()
    view(page, "Table")
    expect(page.locator("tr[data-thing]:visible")).to_have_count(rows)
    page.get_by_role("button", name=re.compile("All filters|Only")).last.click()
    expect(page.locator("tr[data-thing]:visible")).not_to_have_count(rows)


@pytest.mark.parametrize(("name", "by"), [("Graph", "[data-graph=in]"), ("Map", "[data-map=left]")])
def test_a_view_is_told_and_opened_at_the_part_of_it_that_was_in_sight(
    page: Page,
    roads: BlueLamp,  # noqa: F811 (fixture)
    name: str,
    by: str,
) -> None:
    chart = chart_of(roads)
    session = as_(roads)
    # far apart, so that not all is in sight when one goes nearer
    drawn = session.chart(chart.rpartition("/")[2]).drawing.things
    spread = {str(thing.id): [number * 900, number % 2 * 700] for number, thing in enumerate(drawn)}
    session.change_chart(chart.rpartition("/")[2], "put", {"places": spread})
    sign_in(page, "ann")
    page.goto(f"{chart}?view={name.lower()}")
    application = page.get_by_role("application", name=name)
    expect(application).to_have_attribute("aria-label", re.compile(" of "))

    page.get_by_role("button", name="Tell this view").click()
    expect(page.get_by_role("main")).not_to_contain_text("in sight")
    page.go_back()
    for _ in range(5):
        page.locator(by).click()
        page.wait_for_timeout(400)
    page.get_by_role("button", name="Tell this view").click()
    expect(page.get_by_role("main")).to_contain_text("a part of them in sight")
    frame = framed(page.url)
    write(page, "Nearer", "")

    expect(passage(page, "Nearer").get_by_role("application")).to_have_attribute("aria-label", re.compile(" of "))
    passage(page, "Nearer").get_by_role("link", name=re.compile("Open at full size")).click()
    expect(application).to_have_attribute("aria-label", re.compile(" of "))
    page.get_by_role("button", name="Tell this view").click()
    expect(page.get_by_role("main")).to_contain_text("a part of them in sight")
    again = framed(page.url)
    wide, high = frame[2] - frame[0], frame[3] - frame[1]
    for one, other, size in zip(frame, again, (wide, high) * 2, strict=True):
        assert abs(one - other) < size / 100
    # a frame is of one view
    page.goto(f"{chart}?{page.url.partition('?')[2]}")
    view(page, "Table")
    assert "frame" not in page.url


def framed(url: str) -> list[float]:
    """The frame that the address of a page says."""
    return [float(each) for each in re.findall(r"frame=([-.0-9]+)", url)]


def test_a_passages_view_is_live_and_says_what_is_chosen_in_it(page: Page, roads: BlueLamp) -> None:  # noqa: F811
    story = told(roads)
    sign_in(page, "ann")
    page.goto(story)
    graph = passage(page, "By graph").get_by_role("application")
    expect(graph).to_have_attribute("aria-label", re.compile("Graph of"))
    graph.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    link = passage(page, "By graph").locator("[data-detail]").get_by_role("link")
    expect(link).to_be_visible()
    link.click()
    page.wait_for_url(lambda url: "/object/" in url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_story_is_for_everybody(tab: Tab, roads: BlueLamp, scheme: str) -> None:  # noqa: F811
    story = told(roads)
    for viewport in (LARGE, SMALL):
        page = tab(viewport=viewport, color_scheme=scheme)
        sign_in(page, "ann")
        page.goto(story)
        expect(page.locator(".bl-picture")).to_have_count(3)
        without_axe_problems(page)
        without_sideways_scroll(page)
        page.goto(story.replace("/story", "/tell?view=map"))
        without_axe_problems(page)
        without_sideways_scroll(page)


def test_without_scripts_a_story_is_words_and_tables_and_can_be_told(tab: Tab, roads: BlueLamp) -> None:  # noqa: F811
    chart = chart_of(roads)
    page = tab(viewport=LARGE, java_script_enabled=False)
    sign_in(page, "ann")
    page.goto(chart)
    page.locator("tr[data-thing] input").first.check()
    page.get_by_role("button", name="Tell this view").click()
    write(page, "One thing", "Only this.")
    expect(passage(page, "One thing").locator("tbody tr")).to_have_count(1)
    expect(passage(page, "One thing").locator("canvas, [data-canvas]:visible")).to_have_count(0)
    page.get_by_role("button", name=re.compile("Remove")).click()
    expect(page.get_by_role("main")).to_contain_text("No story yet")


def test_on_paper_a_story_is_a_briefing(page: Page, roads: BlueLamp) -> None:  # noqa: F811
    story = told(roads)
    sign_in(page, "ann")
    page.goto(story)
    expect(page.locator(".bl-picture")).to_have_count(3)
    page.emulate_media(media="print")
    expect(page.locator(".bl-picture").first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.locator(".bl-paper-marking")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")
