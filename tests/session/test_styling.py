"""Declared styles fit things and links by what each reader sees of them, and nothing else tells of them."""

from collections.abc import Callable, Iterator

import pytest

import bluelamp
from bluelamp.ontology import LINKS, NOUNS
from bluelamp.ontology.events import Crime
from bluelamp.ontology.things import Item
from bluelamp.session.charting import ChartView
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from bluelamp.session.styling import Styling, look_of
from bluelamp.workspace.model import Appearance, Condition, Style
from tests.factory import CUSTODY, CUSTODY_FILE, INTELLIGENCE, INTELLIGENCE_FILE, published
from tests.office import as_

STYLES = """
styles:
  - {style: Goes by Johnny, thing: Person, where: {given_name: johnny}, badge: alert}
  - {style: In custody since March, thing: Custody, where: {happened_at: {from: 2026-03-01}}, colour: teal, badge: clock}
  - {style: Held in Lambeth, thing: Custody, where: {station: [Lambeth, Brixton]}, colour: red, outline: double}
  - {style: Report of February, thing: IntelligenceReport, where: {happened_at: 2026-02-14}, badge: star}
  - {style: Arrested, link: involved_in, role: arrested, basis: fact, width: thick}
  - {style: Untested, link: involved_in, grade: {source: ["2", "3"]}, colour: pink, width: heavy}
  - {style: Nobody, thing: Person, where: {surname: Nobody}, badge: cross}
"""


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """The small workspace with styles, in which the intelligence that ben may not see calls John Smith Johnny."""
    reports = INTELLIGENCE_FILE.replace('"given": "John"', '"given": "Johnny"')
    sources = {"custody": CUSTODY, "intelligence": INTELLIGENCE}
    files = {"custody-1.csv": CUSTODY_FILE, "intelligence-1.jsonl": reports}
    folder = published(tmp_path_factory.mktemp("styling") / "force", sources, files, fresh_database())
    (folder / "styles.yaml").write_text(STYLES, "utf-8")
    opened = bluelamp.open(folder)
    opened.run("tester", lambda *_: None)
    yield opened
    opened.close()


def id_of(session: Session, words: str) -> str:
    return str(next(hit.object for hit in session.search(words).hits if hit.type == "Person"))


@pytest.fixture(scope="module")
def market(force: BlueLamp) -> str:
    """A chart of ann's that ben may open: two people and all that stands around them."""
    ann = as_(force)
    people = [id_of(ann, "john smith"), id_of(ann, "wei chen")]
    id = ann.make_chart("Market", people)
    ann.change_chart(id, "add", {"ids": [str(each) for each in ann.follow(people).things]})
    ann.share_chart(id, ["ben"])
    return id


def worn(view: ChartView) -> dict[str, tuple[str, ...]]:
    things = {each.caption: each.styles for each in view.drawing.things if each.styles}
    return things | {bond.role: bond.styles for bond in view.drawing.bonds if bond.styles}


def test_two_readers_each_see_the_styles_of_what_they_may_see(force: BlueLamp, market: str) -> None:
    whole, part = as_(force).chart(market), as_(force, "ben").chart(market)
    (john,) = (each.caption for each in whole.drawing.things if "Goes by Johnny" in each.styles)
    assert "Smith" in john
    assert [each.name for each in whole.drawing.styles] == [
        "Goes by Johnny", "In custody since March", "Held in Lambeth", "Report of February", "Arrested", "Untested",
    ]  # fmt: skip
    assert worn(part) == {
        "C1": ("Held in Lambeth",), "C3": ("In custody since March", "Held in Lambeth"), "arrested": ("Arrested",),
    }  # fmt: skip
    assert [(each.name, each.label) for each in part.drawing.styles] == [
        ("In custody since March", "Custody record"), ("Held in Lambeth", "Custody record"), ("Arrested", "involved in"),
    ]  # fmt: skip
    assert "Johnny" not in repr(part)


def test_a_passage_marked_as_something_shows_each_reader_what_they_see_marked_so(force: BlueLamp, market: str) -> None:
    ann, ben = as_(force), as_(force, "ben")
    for heading, said in (
        ("Both", {"styles": ["Goes by Johnny", "Held in Lambeth"], "by": "station", "values": ["Lambeth"]}),
        ("Johnny", {"styles": ["Goes by Johnny"]}),
    ):
        ann.change_chart(market, "tell", {"heading": heading, "look": said})
    whole, part = ann.story(market), ben.story(market)
    assert [len(each) for each in whole.things.values()] == [2, 1]
    assert [len(each) for each in part.things.values()] == [2, 0]
    assert [each.look and each.look.styles for each in part.passages] == [("Held in Lambeth",), None]
    assert "Johnny" not in repr([each.look for each in part.passages])


def test_the_key_leaves_with_the_picture_and_only_what_the_reader_sees_of_it(force: BlueLamp, market: str) -> None:
    ann, ben = as_(force), as_(force, "ben")
    whole = ann.export_chart(market, "svg", ["CPS"]).content.decode()
    part = ben.export_chart(market, "svg", ["CPS"]).content.decode()
    assert "Goes by Johnny (Person): 1" in whole
    assert "Held in Lambeth (Custody record): 2" in part
    for secret in ("Johnny", "Report of February", "Untested"):
        assert secret not in part
    held = [str(each.id) for each in ben.chart(market).drawing.things if "In custody since March" not in each.styles]
    assert "since March" not in ben.export_chart(market, "svg", ["CPS"], held).content.decode()
    rows = ben.export_chart(market, "geojson", ["CPS"]).content.decode()
    assert '"marked_as": ["In custody since March", "Held in Lambeth"]' in rows


def test_the_first_style_that_says_a_part_of_the_look_decides_it(force: BlueLamp, market: str) -> None:
    drawing = as_(force).chart(market).drawing
    (march,) = (each for each in drawing.things if each.caption == "C3")
    assert look_of(march.styles, drawing.styles) == Appearance(colour="teal", outline="double", badge="clock")
    assert look_of((), drawing.styles) == Appearance()


NUMBER = Style("Dear", Appearance(badge="star"), Item, where=(Condition("value", (), "100", "500"),))
DAY = Style(
    "Spring", Appearance(badge="star"), Crime, where=(Condition("happened_at", (), "2026-03-10", "2026-05-31"),)
)
SAID = Style("Said", Appearance(badge="star"), Crime, where=(Condition("outcome"), Condition("hate_crime", ("true",))))


FITS: list[tuple[Style, dict[str, tuple[str, ...]]]] = [
    (NUMBER, {"value": ("99.5", "100")}),
    (DAY, {"happened_at": ("2026-03-10T00:01",)}),
    (DAY, {"happened_at": ("2026-03",)}),
    (DAY, {"happened_at": ("2026",)}),
    (SAID, {"outcome": ("Charged",), "hate_crime": ("true",)}),
]
FITS_NOT: list[tuple[Style, dict[str, tuple[str, ...]]]] = [
    (NUMBER, {"value": ("99.5",)}),
    (NUMBER, {"value": ("501",)}),
    (NUMBER, {}),
    (DAY, {"happened_at": ("2026-03-09T23:59",)}),
    (DAY, {"happened_at": ("2026-02",)}),
    (DAY, {"happened_at": ("2026-06-01",)}),
    (SAID, {"outcome": (), "hate_crime": ("true",)}),
    (SAID, {"outcome": ("Charged",), "hate_crime": ("false",)}),
]


def fitting(style: Style, facts: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    nouns = {each.name(): each for each in NOUNS}
    return Styling((style,), nouns, {each.name: each for each in LINKS}).of_thing(style.thing or Crime, facts)


@pytest.mark.parametrize(("style", "facts"), FITS)
def test_a_style_fits_where_all_that_it_asks_for_is_said(style: Style, facts: dict[str, tuple[str, ...]]) -> None:
    assert fitting(style, facts) == (style.name,)


@pytest.mark.parametrize(("style", "facts"), FITS_NOT)
def test_a_style_fits_nothing_of_which_a_part_of_that_is_not_said(
    style: Style, facts: dict[str, tuple[str, ...]]
) -> None:
    assert fitting(style, facts) == ()
