"""The labels of a graph on a chart of the made-up force, as Chromium draws them: which show, and that none hides another."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

import bluelamp
from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from tests.browser.test_enquiry import sign_in
from tests.browser.test_workbench import view
from tests.factory import let_in
from tests.northgate import standing
from tests.serve import serve

#: things of the chart: more than can be named beside each other on one screen
THINGS = 150

#: shown labels of what is in sight: whose, and the corners of the box that its letters fill, in pixels of the screen
SHOWN = """() => {
  const cy = document.querySelector('[data-pane=graph] [data-canvas]')._cyreg.cy;
  const [zoom, pan, drawn] = [cy.zoom(), cy.pan(), document.createElement('canvas').getContext('2d')];
  const screen = ({x, y}) => ({x: x * zoom + pan.x, y: y * zoom + pan.y});
  return cy.elements('.said').map((each) => {
    const size = parseFloat(each.style('font-size')) * zoom;
    drawn.font = `${each.style('font-weight')} ${size}px ${each.style('font-family')}`;
    const most = each.isNode() ? parseFloat(each.style('text-max-width')) * zoom : Infinity;
    const [wide, high] = [Math.min(most, drawn.measureText(each.data('label')).width) / 2, size / 2];
    const at = screen(each.isNode() ? each.position() : each.midpoint());
    if (each.isNode()) at.y += (each.height() / 2 + 4) * zoom + high;
    const ends = each.isEdge() ? [each.sourceEndpoint(), each.targetEndpoint()] : [{x: 0, y: 0}, {x: 1, y: 0}];
    const turn = Math.atan2(ends[1].y - ends[0].y, ends[1].x - ends[0].x);
    const corner = (x, y) => [at.x + x * Math.cos(turn) - y * Math.sin(turn), at.y + x * Math.sin(turn) + y * Math.cos(turn)];
    return {id: each.id(), dot: each.isNode(), middle: [at.x, at.y], corners:
      [corner(-wide, -high), corner(wide, -high), corner(wide, high), corner(-wide, high)]};
  }).filter(({middle: [x, y]}) => x > 0 && y > 0 && x < cy.width() && y < cy.height());
}"""

#: the dots that are in sight
SEEN = """() => {
  const cy = document.querySelector('[data-pane=graph] [data-canvas]')._cyreg.cy;
  const {x1, x2, y1, y2} = cy.extent();
  return cy.nodes().filter((node) => {
    const {x, y} = node.position();
    return x > x1 && x < x2 && y > y1 && y < y2;
  }).map((node) => node.id());
}"""

Corners = list[tuple[float, float]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """A part of the made-up town."""
    folder = tmp_path_factory.mktemp("labels") / "northgate"
    opened = bluelamp.open(standing(folder, fresh_database()))
    opened.run("tester", lambda *_: None)
    let_in(opened, *opened.workspace.users)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(town: BlueLamp) -> Iterator[str]:
    """Where it is served."""
    with serve(create_app(town)) as served:
        yield served


@pytest.fixture(scope="module")
def chart(town: BlueLamp) -> str:
    """The address of a chart of somebody and what stands around them, and around that."""
    amara = town.session(user="amara", purpose="investigation", reason="Operation Ash")
    # the best connected of them, so that there is enough to see
    hits = [hit.object for hit in amara.search("smith").hits]
    things = [str(max(hits, key=lambda each: amara.around([each]).total))]
    for _ in range(4):
        found = map(str, amara.follow(things).things)
        things = list(dict.fromkeys([*things, *found]))[:THINGS]
    return f"/workbench/{amara.make_chart('Operation Ash', things)}"


@pytest.fixture
def graph(page: Page, chart: str) -> Page:
    """The graph of the chart, drawn and at rest."""
    sign_in(page, "amara", "Investigation of crime")
    page.goto(chart)
    expect(page.locator("[data-pane=graph]:not([aria-busy]) canvas").first).to_be_attached()
    page.wait_for_function(f"({SHOWN})().length > 0")
    return page


def shown(page: Page) -> dict[str, Corners]:
    """The labels that show, by whose they are."""
    return {each["id"]: [(x, y) for x, y in each["corners"]] for each in page.evaluate(SHOWN)}


def nearer(page: Page, times: int) -> None:
    """Go nearer, and wait until the labels are placed anew."""
    before = page.evaluate(SEEN)
    for _ in range(times):
        page.locator("[data-graph=in]").click()
    page.wait_for_function(f"(before) => ({SEEN})().length < before", arg=len(before))
    rested(page)


def rested(page: Page) -> None:
    """Wait until the labels that show are the same twice, longer apart than it takes to place them."""
    before: dict[str, Corners] = {}
    while (now := shown(page)) != before:
        before = now
        page.wait_for_timeout(400)


def overlapping(labels: dict[str, Corners]) -> list[tuple[str, str]]:
    """The pairs of labels of which one covers a part of the other."""
    listed = list(labels.items())
    return [
        (one, other)
        for number, (one, mine) in enumerate(listed)
        for other, theirs in listed[number + 1 :]
        if not apart(mine, theirs) and not apart(theirs, mine)
    ]


def apart(one: Corners, other: Corners) -> bool:
    """Whether all of the other lies beyond a side of the one."""
    (ax, ay), (bx, by), (cx, cy), _ = one
    for x, y in ((bx - ax, by - ay), (cx - bx, cy - by)):
        mine = [x * px + y * py for px, py in one]
        theirs = [x * px + y * py for px, py in other]
        if max(mine) <= min(theirs) or max(theirs) <= min(mine):
            return True
    return False


def test_no_label_that_shows_covers_another(graph: Page) -> None:
    labels = shown(graph)
    assert 10 < len(labels) < THINGS
    assert not overlapping(labels)
    for _ in range(3):
        nearer(graph, 2)
        labels = shown(graph)
        assert len(labels) > 3
        assert not overlapping(labels)


def test_to_go_nearer_is_to_see_more_labels_of_what_is_in_sight(graph: Page) -> None:
    before = shown(graph)
    nearer(graph, 4)
    seen = set(graph.evaluate(SEEN))
    assert len(seen & shown(graph).keys()) > len(seen & before.keys())


def test_what_is_selected_has_its_label_whatever_else_has_none(graph: Page) -> None:
    unnamed = sorted(set(graph.evaluate(SEEN)) - shown(graph).keys())
    assert unnamed
    view(graph, "Table")
    graph.locator(f"tr[data-thing={unnamed[0]}] input").check()
    view(graph, "Graph")
    graph.wait_for_function(f"(id) => ({SHOWN})().some((each) => each.id === id)", arg=unnamed[0])
    rested(graph)
    labels = shown(graph)
    assert unnamed[0] in labels
    assert not overlapping(labels)
