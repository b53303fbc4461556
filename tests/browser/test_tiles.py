"""The map over the tiles of a workspace: drawn, credited, in light and dark, with nothing from anywhere else."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

import bluelamp
from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from tests.browser.conftest import without_axe_problems
from tests.browser.test_enquiry import LARGE, Tab, sign_in
from tests.browser.test_workbench import chart_of
from tests.factory import CONFIG, CUSTODY, CUSTODY_FILE, let_in, published
from tests.office import TENANCIES, TENANCIES_FILE
from tests.pmtiles import EXTENT, archive, mvt, png
from tests.serve import serve
from tests.session.test_placing import HEAD, OPEN, SIGHTINGS

STREETS = "streets.pmtiles"
OWNERS = '<img src="/x"><a href="https://www.openstreetmap.org/copyright">© OpenStreetMap</a>'
WORLD = [(0, 0), (EXTENT, 0), (EXTENT, EXTENT), (0, EXTENT)]

#: water over everything, and the colours in which it is drawn
WATER = mvt(
    {"water": [({"kind": "ocean"}, 3, WORLD)], "places": [({"kind": "locality", "name": "Lambeth"}, 1, WORLD[:1])]}
)
LIGHT, DARK = (0xCF, 0xDE, 0xEC), (0x1C, 0x2F, 0x45)

#: how much of a picture, from 0 to 1, is of a colour, give or take a little
SHARE = """async ([content, colour]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  let like = 0;
  for (let at = 0; at < data.length; at += 4)
    if (colour.every((share, part) => Math.abs(share - data[at + part]) < 6)) like += 1;
  return like / (data.length / 4);
}"""


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """A force with reads of number plates at places with points, and tiles."""
    sources = {"custody": CUSTODY, "tenancies": TENANCIES, "reads": SIGHTINGS.format(name="reads", marking="OFFICIAL")}
    files = {"custody-1.csv": CUSTODY_FILE, "tenancies-1.csv": TENANCIES_FILE, "reads.csv": HEAD + OPEN}
    folder = tmp_path_factory.mktemp("streets") / "force"
    config = f'{CONFIG}[map]\ntiles = "{STREETS}"\n'
    made = published(folder, sources, {**files, STREETS: vector()}, fresh_database(), config)
    opened = bluelamp.open(made)
    opened.run("tester", lambda *_: None)
    let_in(opened, *opened.workspace.users)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(streets: BlueLamp) -> Iterator[str]:
    """Where it is served."""
    with serve(create_app(streets)) as served:
        yield served


def vector() -> bytes:
    layers = [{"id": "water", "fields": {}}, {"id": "places", "fields": {}}]
    return archive({(0, 0, 0): WATER}, 1, {"attribution": OWNERS, "vector_layers": layers})


def pictures(colour: tuple[int, int, int]) -> bytes:
    every = [(zoom, column, row) for zoom in (0, 1, 2) for column in range(2**zoom) for row in range(2**zoom)]
    return archive(dict.fromkeys(every, png(*colour)), 2, {"attribution": OWNERS})


def alone(page: Page, address: str) -> list[str]:
    """Let the page reach nothing but the server; returns what else it asks for, as it does."""
    others: list[str] = []

    def judge(route: Route) -> None:
        if route.request.url.startswith((f"{address}/", "blob:")):
            return route.continue_()
        others.append(route.request.url)
        return route.abort()

    page.context.route("**/*", judge)
    return others


def drawn_in(page: Page, colour: tuple[int, int, int]) -> None:
    """Wait until most of the map is of a colour."""
    bench = page.context.new_page()
    for _ in range(40):
        content = base64.b64encode(page.locator("[data-pane=map] [data-canvas]").screenshot()).decode()
        if bench.evaluate(SHARE, [content, list(colour)]) > 0.5:
            return bench.close()
        page.wait_for_timeout(250)
    raise AssertionError(f"the map is not drawn in {colour}")


def open_map(page: Page, streets: BlueLamp) -> None:
    chart = chart_of(streets)
    sign_in(page, "ann")
    with page.expect_response(lambda answer: answer.url.endswith("/tiles")) as told:
        page.goto(f"{chart}?view=map")
    assert told.value.status == 206


@pytest.mark.parametrize(("scheme", "colour"), [("light", LIGHT), ("dark", DARK)], ids=["light", "dark"])
def test_vector_tiles_are_drawn_in_the_colours_of_the_page_and_credited(
    tab: Tab, streets: BlueLamp, address: str, scheme: str, colour: tuple[int, int, int]
) -> None:
    (streets.workspace.folder / STREETS).write_bytes(vector())
    page = tab(viewport=LARGE, color_scheme=scheme)
    others = alone(page, address)
    open_map(page, streets)
    drawn_in(page, colour)
    owners = page.locator("[data-owners]")
    expect(owners).to_have_text("© OpenStreetMap")
    expect(owners.get_by_role("link")).to_have_attribute("href", "https://www.openstreetmap.org/copyright")
    expect(owners.locator("img")).to_have_count(0)
    # the picture was taken further down, where the page's head lies under what stays in sight
    page.evaluate("scrollTo(0, 0)")
    without_axe_problems(page)
    assert others == []


def test_the_map_is_drawn_anew_when_the_colours_of_the_page_change(page: Page, streets: BlueLamp) -> None:
    (streets.workspace.folder / STREETS).write_bytes(vector())
    open_map(page, streets)
    drawn_in(page, LIGHT)
    page.emulate_media(color_scheme="dark")
    drawn_in(page, DARK)


def test_tiles_that_are_pictures_are_drawn_and_a_file_that_is_replaced_is_read_anew(
    page: Page, streets: BlueLamp, address: str
) -> None:
    file: Path = streets.workspace.folder / STREETS
    file.write_bytes(pictures((200, 200, 200)))
    others = alone(page, address)
    open_map(page, streets)
    drawn_in(page, (200, 200, 200))
    file.write_bytes(pictures((120, 120, 120)))
    page.reload()
    drawn_in(page, (120, 120, 120))
    expect(page.locator("[data-owners]")).to_contain_text("OpenStreetMap")
    assert others == []


def test_without_the_file_the_map_is_drawn_all_the_same_and_says_so(page: Page, streets: BlueLamp) -> None:
    (streets.workspace.folder / STREETS).unlink()
    chart = chart_of(streets)
    sign_in(page, "ann")
    page.goto(f"{chart}?view=map")
    expect(page.locator("[data-said]")).to_contain_text("tiles could not be read")
    expect(page.get_by_role("application", name="Map of")).to_be_visible()
