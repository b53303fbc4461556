"""A whole enquiry on the workbench in a real browser, for eyes and for the keyboard, with each step on the audit log."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

import bluelamp
from bluelamp.ids import ObjectId
from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from tests.browser.conftest import without_axe_problems, without_sideways_scroll
from tests.browser.test_enquiry import LARGE, SMALL, Tab, sign_in, title
from tests.factory import CUSTODY, CUSTODY_FILE, let_in, workspace
from tests.office import TENANCIES, TENANCIES_FILE, as_, entries, newest
from tests.serve import serve
from tests.session.test_placing import HEAD, OPEN, SIGHTINGS

VIEWS = ("Graph", "Map", "Timeline", "Table")


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """A force with people, homes, custody records, and reads of number plates at places with points."""
    sources = {
        "custody": CUSTODY,
        "tenancies": TENANCIES,
        "reads": SIGHTINGS.format(name="reads", marking="OFFICIAL-SENSITIVE"),
    }
    files = {"custody-1.csv": CUSTODY_FILE, "tenancies-1.csv": TENANCIES_FILE, "reads.csv": HEAD + OPEN}
    folder = tmp_path_factory.mktemp("roads") / "force"
    made = workspace(folder, sources, {**files, "styles.yaml": STYLES}, database=fresh_database())
    opened = bluelamp.open(made)
    opened.run("tester", lambda *_: None)
    let_in(opened, *opened.workspace.users)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(roads: BlueLamp) -> Iterator[str]:
    """Where it is served."""
    with serve(create_app(roads)) as served:
        yield served


STYLES = """
styles:
  - {style: Car of interest, thing: Vehicle, where: {vrm: AB12CDE}, colour: red, badge: alert}
  - {style: Read by a camera, thing: VehicleSighting, said: [happened_at], outline: double}
  - {style: The keeper, link: has_vehicle, role: ownershipOf, colour: violet, width: thick}
"""


def view(page: Page, name: str) -> None:
    """Go to one of the views of the chart."""
    page.get_by_role("navigation", name="Views").get_by_role("link", name=name).click()
    expect(page.locator(f"[data-bench][data-view={name.lower()}]")).to_be_visible()


def on_chart(page: Page, number: int) -> None:
    """Wait until so many things are on the chart."""
    expect(page.locator("[data-counts]")).to_contain_text(f"{number} thing")


def chart_of(force: BlueLamp) -> str:
    """The address of a new chart of John Smith and all that stands around him and his car."""
    ann = as_(force)
    smith = next(hit.object for hit in ann.search("john smith").hits if hit.type == "Person")
    car = next(hit.object for hit in ann.search("AB12CDE").hits if hit.type == "Vehicle")
    read = ann.follow([car]).things
    places = [thing for each in read if each.type == "vehicle_sighting" for thing in ann.follow([each]).things]
    return f"/workbench/{ann.make_chart('Harbour Road', dict.fromkeys([smith, car, *read, *places]))}"


def begun(page: Page) -> str:
    """A chart with the car that a part of its plate finds, what stands around it, and somebody else; its address."""
    page.goto("/search?q=AB12*")
    page.get_by_role("main").get_by_role("link", name=re.compile("AB12 ?CDE")).first.click()
    page.get_by_role("link", name="Put on a chart").click()
    page.get_by_label(re.compile("New chart with 1 thing")).fill("Harbour Road")
    page.get_by_role("button", name="Make it").click()
    title(page, "Harbour Road")
    chart = page.url
    on_chart(page, 1)
    view(page, "Table")
    page.get_by_label(re.compile("Choose AB12")).check()
    page.get_by_role("button", name="Search around").click()
    expect(page.get_by_role("dialog")).to_contain_text("Around AB12")
    page.get_by_role("button", name="Put on the chart").click()
    on_chart(page, 3)
    page.goto("/search?q=maria+silva")
    page.get_by_role("link", name="Put these 1 on a chart").click()
    page.get_by_role("button", name="Put on Harbour Road").click()
    page.wait_for_url(lambda url: "/workbench/chart-" in url)
    return chart


def path_found(page: Page) -> None:
    """What connects two people, put on the chart."""
    page.get_by_role("link", name="Paths between two").click()
    page.get_by_label("From", exact=True).select_option(label="John Smith (Person)")
    page.get_by_label("To", exact=True).select_option(label="Maria Silva (Person)")
    page.get_by_role("button", name="Find the shortest paths").click()
    expect(page.get_by_role("main")).to_contain_text("1 shortest path, of 2 links")
    page.get_by_role("button", name="Put them on the chart").click()
    on_chart(page, 5)


def ten_steps_back(page: Page, before: int) -> None:
    """Ten changes, each taken back; `before` were made already."""
    page.get_by_role("button", name="Select all").first.click()
    for step in range(5):
        page.get_by_role("button", name="Pin", exact=True).first.click()
        page.get_by_role("button", name="Unpin").first.click()
        expect(page.locator("[data-part='history'] tbody tr")).to_have_count(before + 2 * (step + 1))
    for step in range(10):
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("[data-part='history']").get_by_text("taken back")).to_have_count(step + 1)


def test_a_whole_enquiry_from_a_part_of_a_plate_to_what_is_taken_out(page: Page, roads: BlueLamp) -> None:
    before = newest(roads)
    sign_in(page, "ann")
    chart = begun(page)
    path_found(page)

    page.goto(f"{chart}?view=table")
    page.get_by_role("form", name="What to look at").get_by_label("From").fill("2026-01-06")
    page.get_by_role("button", name="Look at these").click()
    expect(page.locator("tr[data-thing]")).to_have_count(4)

    page.goto(f"{chart}?view=map")
    page.get_by_label("metres of").fill("51.5, -0.1")
    page.get_by_role("button", name="Select inside").click()
    expect(page.locator("[data-counts]")).to_contain_text("1 selected")

    page.goto(chart)
    on_chart(page, 5)
    ten_steps_back(page, 4)
    page.reload()
    on_chart(page, 5)
    expect(page.get_by_role("button", name="Redo")).to_be_enabled()

    page.get_by_role("link", name="Take out").click()
    page.get_by_label("Format").select_option("csv")
    page.get_by_label("Who receives it").fill("CPS London")
    with page.expect_download() as download:
        page.get_by_role("button", name="Take it out").click()
    assert "OFFICIAL" in download.value.suggested_filename

    done = [str(entry["action"]) for entry in entries(roads, before)]
    assert {"session:start", "session:purpose", "search:run", "object:view", "chart:view", "link:view"} <= set(done)
    # made, two searches around brought, a path, ten changes and ten steps back
    assert done.count("chart:change") == 1 + 3 + 10 + 10
    (disclosed,) = (entry for entry in entries(roads, before) if entry["operation"] == "disclosure")
    assert disclosed["recipients"] == ["CPS London"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_view_is_for_everybody(tab: Tab, roads: BlueLamp, scheme: str) -> None:
    chart = chart_of(roads)
    for viewport in (LARGE, SMALL):
        page = tab(viewport=viewport, color_scheme=scheme)
        sign_in(page, "ann")
        for name in VIEWS:
            page.goto(f"{chart}?view={name.lower()}")
            expect(page.locator(f"[data-bench][data-view={name.lower()}]")).to_be_visible()
            without_axe_problems(page)
            without_sideways_scroll(page)


def test_the_graph_is_walked_and_moved_by_keys_and_the_table_says_the_same(page: Page, roads: BlueLamp) -> None:
    chart = chart_of(roads)
    sign_in(page, "ann")
    page.goto(chart)
    expect(page.locator("[data-pane=graph] canvas").first).to_be_attached()
    expect(page.locator("[data-counts]")).to_contain_text("things, 0 selected")
    page.get_by_role("application", name="Graph").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-counts]")).to_contain_text("1 selected")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-part='history']")).to_contain_text("Moved 1 thing")
    view(page, "Table")
    expect(page.locator("tr[data-thing] input:checked")).to_have_count(1)


def test_the_key_names_the_styles_that_fit_and_filters_every_view_by_one(page: Page, roads: BlueLamp) -> None:
    chart = chart_of(roads)
    sign_in(page, "ann")
    page.goto(chart)
    marked = page.get_by_role("list", name="Marked as").get_by_role("button")
    expect(marked).to_have_text(
        [re.compile("Car of interest"), re.compile("Read by a camera"), re.compile("The keeper")]
    )
    (number,) = re.findall(r"\d+$", marked.nth(1).inner_text())
    marked.nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-counts]")).to_contain_text(f"{number} of")
    expect(marked.nth(1)).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("button", name="Marked as: Read by a camera: stop filtering by it")).to_be_visible()
    for name in VIEWS:
        view(page, name)
        expect(page.locator("[data-counts]")).to_contain_text(f"{number} of")
    expect(page.locator("tr[data-thing]:visible")).to_have_count(int(number))
    expect(page.locator("tr[data-thing]:visible").first).to_contain_text("Read by a camera")
    without_axe_problems(page)
    marked.nth(1).click()
    marked.nth(2).click()
    # both ends of the links that fit
    expect(page.locator("[data-counts]")).to_contain_text("2 of")
    page.get_by_role("button", name="Marked as: The keeper: stop filtering by it").click()
    expect(marked.nth(2)).not_to_have_attribute("aria-current", "true")


def test_without_scripts_the_table_does_all_that_a_chart_needs(tab: Tab, roads: BlueLamp) -> None:
    chart = chart_of(roads)
    page = tab(viewport=LARGE, java_script_enabled=False)
    sign_in(page, "ann")
    page.goto(chart)
    number = page.locator("tr[data-thing]").count()
    page.locator("tr[data-thing] input").first.check()
    page.get_by_role("button", name="Hide").click()
    expect(page.locator("tr[data-thing]")).to_have_count(number - 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tr[data-thing]")).to_have_count(number)


def test_what_somebody_else_changes_is_seen_without_asking(page: Page, roads: BlueLamp) -> None:
    chart = chart_of(roads)
    sign_in(page, "ann")
    page.goto(chart)
    expect(page.locator("[data-counts]")).to_contain_text("things")
    ann = as_(roads)
    id = chart.rpartition("/")[2]
    ann.change_chart(id, "note", {"text": "The other shift was here"})
    expect(page.locator("[data-part='history']")).to_contain_text("Wrote a note", timeout=15_000)


def test_a_search_around_stays_on_the_chart_and_all_of_the_page_follows(page: Page, roads: BlueLamp) -> None:
    ann = as_(roads)
    car = next(hit.object for hit in ann.search("AB12CDE").hits if hit.type == "Vehicle")
    sign_in(page, "ann")
    page.goto(f"/workbench/{ann.make_chart('Harbour Road', [car])}?view=table")
    on_chart(page, 1)
    around, redo = page.get_by_role("button", name="Search around"), page.get_by_role("button", name="Redo")
    around.click()
    expect(page.get_by_text("Choose at least one thing first")).to_be_visible()
    page.get_by_label(re.compile("Choose AB12")).check()
    around.press("Enter")
    panel = page.get_by_role("dialog", name=re.compile("Around AB12"))
    expect(panel).to_contain_text("Marking of this page: OFFICIAL")
    without_axe_problems(page)
    panel.get_by_label("Said by").select_option("custody")
    panel.get_by_role("button", name="Count again").press("Enter")
    expect(panel).to_contain_text("Nothing else is linked to them")
    page.keyboard.press("Escape")
    expect(around).to_be_focused()
    around.press("Enter")
    kinds = panel.get_by_role("checkbox")
    expect(kinds).not_to_have_count(0)
    kinds.first.check()
    panel.get_by_role("button", name="Put on the chart").press("Enter")
    expect(panel).not_to_be_visible()
    expect(page.locator("[data-said]")).to_contain_text("Put on the chart and selected")
    expect(page.locator("[data-counts]")).not_to_contain_text("1 thing,")
    number = int(page.locator("h1 [data-part='count']").inner_text())
    expect(page.locator("tr[data-thing]")).to_have_count(number)
    expect(page.locator("tr[data-thing] input:checked")).to_have_count(number - 1)
    expect(page.locator("[data-part='links']")).to_contain_text("Links among them")
    expect(redo).to_be_disabled()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tr[data-thing]")).to_have_count(1)
    expect(redo).to_be_enabled()


def test_the_marking_of_an_open_chart_rises_with_what_somebody_else_puts_on_it(page: Page, roads: BlueLamp) -> None:
    ann = as_(roads)
    found = [hit.object for word in ("john smith", "AB12CDE", "maria silva") for hit in ann.search(word).hits]
    around = dict.fromkeys(thing for each in found for thing in (each, *ann.follow([each]).things))
    by_marking: dict[str, ObjectId] = {}
    for each in around:
        by_marking.setdefault(ann.drawing([each]).marking, each)
    low, high = "OFFICIAL", next(each for each in by_marking if each != "OFFICIAL")
    sign_in(page, "ann")
    chart = ann.make_chart("Harbour Road", [by_marking[low]])
    page.goto(f"/workbench/{chart}?view=table")
    on_chart(page, 1)
    marking = page.locator(".bl-bar__marking")
    expect(marking).to_have_text(f"Marking of this page: {low}")
    ann.change_chart(chart, "add", {"ids": [str(by_marking[high])]})
    expect(marking).to_have_text(f"Marking of this page: {high}", timeout=15_000)
    expect(page.locator("tr[data-thing]")).to_have_count(2)


def bars(page: Page) -> dict[str, str]:
    """The bars of a property, with their numbers."""
    listed = page.locator("[data-bars] li").all_inner_texts()
    return dict(each.rsplit("\n", 1) for each in listed)


@pytest.mark.parametrize("by", ["Vehicle>vrm", "community", "core", "set", "source", "Location>name"])
def test_a_bar_filters_every_view_and_its_address_opens_each_of_them_so(page: Page, roads: BlueLamp, by: str) -> None:
    chart = f"{chart_of(roads)}?by={by}"
    sign_in(page, "ann")
    page.goto(chart)
    expect(page.locator("[data-counts]")).to_contain_text("things, 0 selected")
    # a tie is broken by the name, as on the server
    drawn = bars(page)
    value, number = next(iter(drawn.items()))
    page.locator("[data-bars] a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-counts]")).to_contain_text(f"{number} of")
    expect(page.locator("[data-bars] a").first).to_be_focused()
    assert bars(page) == drawn
    for name in VIEWS:
        view(page, name)
        expect(page.locator("[data-counts]")).to_contain_text(f"{number} of")
    expect(page.locator("tr[data-thing]:visible")).to_have_count(int(number))
    page.wait_for_url(lambda url: "values=" in url)
    address = page.url
    for name in VIEWS:
        page.goto(address.replace("view=table", f"view={name.lower()}"))
        expect(page.locator(f"[data-bench][data-view={name.lower()}]")).to_be_visible()
        expect(page.locator("[data-counts]")).to_contain_text(f"{number} of")
        expect(page.locator("[data-bars] [aria-current]")).to_have_count(1)
        assert bars(page) == drawn
    expect(page.locator("tr[data-thing]")).to_have_count(int(number))
    page.get_by_role("button", name=f"{value}: stop filtering by it").click()
    expect(page.locator("tr[data-thing]")).not_to_have_count(int(number))
    expect(page.locator("[data-counts]")).to_contain_text("things, 0 selected")
    without_axe_problems(page)


def test_the_key_and_a_bar_filter_together_and_their_address_says_both(page: Page, roads: BlueLamp) -> None:
    sign_in(page, "ann")
    page.goto(f"{chart_of(roads)}?by=Location>name")
    page.get_by_role("list", name="Marked as").get_by_role("button", name=re.compile("Read by a camera")).click()
    # the bars count what shows
    (number,) = bars(page).values()
    page.locator("[data-bars] a").click()
    expect(page.locator("[data-counts]")).to_contain_text(f"{number} of")
    page.wait_for_url(lambda url: "values=" in url and "styles=" in url)
    for name in VIEWS:
        page.goto(re.sub(r"view=\w+&?", "", page.url) + f"&view={name.lower()}")
        expect(page.locator("[data-counts]")).to_contain_text(f"{number} of")
        expect(page.locator("[data-chips] button")).to_have_count(3)
    expect(page.locator("tr[data-thing]")).to_have_count(int(number))
    page.get_by_role("button", name="Tell this view").click()
    expect(page.get_by_role("main")).to_contain_text("North, marked as Read by a camera")


def test_types_are_listed_once_and_bars_asked_for_take_back_nothing_that_was_narrowed(
    tab: Tab, roads: BlueLamp
) -> None:
    chart = chart_of(roads)
    page = tab(viewport=LARGE)
    sign_in(page, "ann")
    page.goto(f"{chart}?view=table")
    expect(page.get_by_role("checkbox", name=re.compile("^Person"))).to_have_count(1)
    page.goto(f"{chart}?first=2026-01-01T09:00&last=2026-12-31T10:30&hours=10")
    page.get_by_role("list", name="Types").get_by_role("checkbox", name=re.compile("Person")).uncheck()
    view(page, "Map")
    form = page.get_by_role("form", name="What to look at")
    expect(form.get_by_label("From")).to_have_value("2026-01-01")
    form.get_by_label("Bars by").select_option("Location>name")
    form.get_by_role("button", name="Look at these").click()
    page.wait_for_url(lambda url: "Location" in url)
    expect(page.locator("[data-bench][data-view=map]")).to_be_visible()
    for said in ("first=2026-01-01T09%3A00", "last=2026-12-31T10%3A30", "hours=10", "types=Vehicle&"):
        assert said in page.url
    assert "types=Person" not in page.url
    page.locator("[data-bars] a").first.click()
    page.wait_for_url(lambda url: "values=North" in url)
    form.get_by_label("Bars by").select_option("Vehicle>vrm")
    form.get_by_role("button", name="Look at these").click()
    page.wait_for_url(lambda url: "vrm" in url and "values" not in url)

    page = tab(viewport=SMALL)
    sign_in(page, "ann")
    page.goto(f"{chart}?view=table")
    form = page.get_by_role("form", name="What to look at")
    expect(form).to_be_hidden()
    page.get_by_text("What to look at", exact=True).focus()
    page.keyboard.press("Enter")
    expect(form).to_be_visible()
    without_axe_problems(page)
    without_sideways_scroll(page)

    page = tab(viewport=LARGE, java_script_enabled=False)
    sign_in(page, "ann")
    page.goto(chart)
    page.get_by_role("checkbox", name=re.compile("^Person")).check()
    page.get_by_role("button", name="Look at these").click()
    expect(page.locator("tr[data-thing]")).to_have_count(2)


def test_what_is_hidden_stands_in_the_table_where_that_is_asked_for_and_one_of_it_is_shown_again(
    page: Page, roads: BlueLamp
) -> None:
    chart = chart_of(roads)
    ann, id = as_(roads), chart.rpartition("/")[2]
    hidden = [str(each.id) for each in ann.chart(id).drawing.things][:2]
    ann.change_chart(id, "hide", {"ids": hidden})
    sign_in(page, "ann")
    page.goto(f"{chart}?view=table&hidden=1")
    expect(page.locator("[data-counts]")).to_contain_text("2 hidden")
    row = page.locator(f"tr[data-thing={hidden[0]}]")
    expect(row).to_be_visible()
    row.get_by_role("checkbox").check()
    page.get_by_role("group", name="With what is selected").get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("[data-counts]")).to_contain_text("1 hidden")


def test_without_scripts_the_same_bar_narrows_the_page(tab: Tab, roads: BlueLamp) -> None:
    chart = f"{chart_of(roads)}?by=Vehicle>vrm"
    page = tab(viewport=LARGE, java_script_enabled=False)
    sign_in(page, "ann")
    page.goto(chart)
    drawn = bars(page)
    number = next(iter(drawn.values()))
    page.locator("[data-bars] a").first.click()
    expect(page.locator("tr[data-thing]")).to_have_count(int(number))
    assert bars(page) == drawn


def test_a_filter_by_what_is_linked_follows_what_somebody_else_changes(page: Page, roads: BlueLamp) -> None:
    chart = chart_of(roads)
    sign_in(page, "ann")
    page.goto(f"{chart}?by=Vehicle>vrm&values=AB12 CDE")
    expect(page.locator("[data-counts]")).to_contain_text("2 of")
    ann = as_(roads)
    (car,) = (each.id for each in ann.chart(chart.rpartition("/")[2]).drawing.things if each.type == "Vehicle")
    ann.change_chart(chart.rpartition("/")[2], "remove", {"ids": [str(car)]})
    expect(page.locator("[data-counts]")).to_contain_text("0 of", timeout=15_000)
    expect(page.locator("[data-bars] a")).to_have_count(0)
    ann.walk_chart(chart.rpartition("/")[2], "back")
    expect(page.locator("[data-counts]")).to_contain_text("2 of", timeout=15_000)


def test_things_are_grouped_and_taken_off_over_every_view_and_the_page_stays(page: Page, roads: BlueLamp) -> None:
    chart = chart_of(roads)
    sign_in(page, "ann")
    page.goto(f"{chart}?view=graph")
    counts = page.locator("[data-counts]")
    expect(counts).to_contain_text("things")
    number = int((counts.inner_text()).partition(" ")[0])
    page.evaluate("() => { window.stayed = true; }")
    acts = page.get_by_role("group", name="With what is selected")
    page.get_by_role("button", name="Select all").first.click()
    acts.get_by_label("Name of a group").fill("Ash")
    acts.get_by_role("button", name="Group", exact=True).click()
    expect(page.locator("[data-said]")).to_contain_text("Grouped")
    expect(acts.get_by_label("Name of a group")).to_have_value("")
    expect(page.locator("[data-part='history']")).to_contain_text("as “Ash”")
    page.get_by_role("button", name="None", exact=True).first.click()
    view(page, "Table")
    page.locator("tr[data-thing] input").first.check()
    acts.get_by_role("button", name="Take off").click()
    expect(page.locator("[data-said]")).to_contain_text("Taken off the chart: 1 thing")
    expect(page.locator("tr[data-thing]")).to_have_count(number - 1)
    assert page.evaluate("() => window.stayed")
