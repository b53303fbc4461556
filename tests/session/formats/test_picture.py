"""A picture shows the chart, what its lines and symbols mean, and how it must be handled."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bluelamp.errors import TooMuch
from bluelamp.ids import ObjectId
from bluelamp.session.changes import Spot
from bluelamp.session.formats.layout import MOST_BY_FORCE, places
from bluelamp.session.formats.pen import BADGES, lines, readable
from bluelamp.session.formats.picture import DOUBT, MOST_DRAWN, PROPOSED, as_pdf, as_png, as_svg
from bluelamp.session.formats.taken import Taken, part
from bluelamp.session.story import Told
from bluelamp.session.styling import StyleLine
from bluelamp.workspace.model import Appearance
from bluelamp.workspace.styles import COLOURS
from tests.session.formats.made import AT, BONDS, HOME, SMITH, out, thing, view

SVG = "{http://www.w3.org/2000/svg}"


def drawn(out: Taken) -> ET.Element:
    return ET.fromstring(as_svg(out))  # noqa: S314 (our own)


def words(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def many(number: int) -> Taken:
    things = tuple(thing(ObjectId("person", n), f"Person {n}") for n in range(number))
    return out(view(things=things, bonds=(), notes={}, proposed={}))


def test_the_marking_stands_first_and_last_and_all_that_must_travel_between() -> None:
    said = words(drawn(out()))
    assert (said[0], said[-1]) == ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE")
    whole = " ".join(said)
    for each in (
        "Market “Ash” / Brixton", "Taken out by Ann, analyst on 21 Nov 2026, 10:00 UTC for CPS London; DC Fox.",
        "For: Investigating crime. Operation Ash", "Sources: Custody, Intelligence reports.",
        "Handling conditions of IR1 Seen near the market: Not to be told to the subject",
        "Proposed by ann: The man in the red hat. Seen by two", "Note of ann: =1+1 told at the desk",
        "Intelligence report", "An assessment, or in doubt", "1 Harbour Road", "2026-01-20",
    ):  # fmt: skip
        assert each in whole


def test_doubtful_links_are_dashed_and_proposed_ones_dotted() -> None:
    dashes = Counter(each.get("stroke-dasharray", "") for each in drawn(out()).iter(f"{SVG}path"))
    # one of each is the legend's
    assert dashes == {"": 1 + sum(not each.doubtful for each in BONDS), DOUBT: 2, PROPOSED: 2}


def test_styles_change_symbols_and_lines_and_doubt_stays_dashed() -> None:
    shown = view()
    marked = {SMITH: ("Weapons",), HOME: ("Empty",)}
    things = tuple(replace(each, styles=marked.get(each.id, ())) for each in shown.drawing.things)
    bonds = tuple(replace(each, styles=("Told",)) for each in shown.drawing.bonds)
    key = (
        StyleLine("Weapons", "Person", "Person", "person", Appearance(colour="red", badge="alert", size="large")),
        StyleLine("Empty", "Location", "Location", "location", Appearance(outline="dashed")),
        StyleLine("Told", "lives at", "", "", Appearance(colour="teal", width="heavy", dash="long")),
        StyleLine("Elsewhere", "Crime", "Crime", "event", Appearance(badge="star")),
    )
    root = drawn(out(replace(shown, drawing=replace(shown.drawing, things=things, bonds=bonds, styles=key))))
    said = words(root)
    assert {"Weapons (Person): 1", "Empty (Location): 1", f"Told (lives at): {len(BONDS)}"} <= set(said)
    assert "Elsewhere" not in " ".join(said)
    assert [each.get("fill") for each in root.iter(f"{SVG}circle")].count(COLOURS["red"]) == 2
    heavy = [each.get("stroke-dasharray") for each in root.iter(f"{SVG}path") if each.get("stroke-width") == "5"]
    assert Counter(heavy) == {"16 5": len(BONDS), DOUBT: 1}
    assert sum(each.get("d") == BADGES["alert"] for each in root.iter(f"{SVG}path")) == 2


@pytest.mark.parametrize("name", BADGES)
def test_the_signs_in_pictures_are_those_on_pages(name: str) -> None:
    assert f'd="{BADGES[name]}"' in Path(f"frontend/icons/badge-{name}.svg").read_text("utf-8")


def test_nothing_in_a_caption_is_markup_or_brings_a_file() -> None:
    root = drawn(out())
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {
        "svg", "title", "desc", "rect", "g", "path", "polygon", "circle", "text",
    }  # fmt: skip
    assert "<script>" in " ".join(words(root))


def test_words_of_other_scripts_are_followed_by_how_they_read() -> None:
    assert readable("Łódź, Ωμέγα, Вэй £5 – “ok”") == "Łódź, Ωμέγα, Вэй £5 – “ok”"
    assert readable("陈伟 and عيادة") == "陈伟 [ChenWei] and عيادة [`ydh]"
    assert readable("a\x00\ud800") == "a\ufffd\ufffd"
    assert lines("陈" * 9, 8)[0] == "陈" * 4
    assert "".join(lines("x" * 50, 20)) == "x" * 50
    assert lines("", 20) == [""]


def test_a_pdf_and_a_png_are_made_of_it() -> None:
    assert as_pdf(out()).startswith(b"%PDF-")
    assert as_png(out()).startswith(b"\x89PNG\r\n")
    empty = out(view(things=(), bonds=(), notes={}, proposed={}))
    assert as_pdf(empty).startswith(b"%PDF-")


def test_a_story_stands_on_sheets_of_its_own_in_front_and_nothing_in_it_is_markup() -> None:
    hostile = '#panic("run") $x$ *bold* <label> @missing \\ 陈伟'
    story = (Told("change-1", hostile, f"{hostile}\n\n{'words ' * 1_500}", None, "ann", AT),)
    assert [sheets(as_pdf(each)) for each in (out(), out(view(story=story)))] == [1, 4]


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b", pdf))


def test_more_things_than_a_page_shows_are_told_in_one_sentence() -> None:
    with pytest.raises(TooMuch, match="2,001 things, and a PNG shows at most 2,000"):
        as_png(many(MOST_DRAWN + 1))
    assert len(words(drawn(many(MOST_DRAWN + 1)))) > MOST_DRAWN


def test_things_stand_where_they_were_put_and_all_others_below() -> None:
    spots = {str(SMITH): Spot(10.0, 20.0), str(HOME): Spot(300.0, -5.0)}
    found = places(part(view(spots=spots)))
    assert (found[str(SMITH)], found[str(HOME)]) == ((10.0, 20.0), (300.0, -5.0))
    others = [at for id, at in found.items() if id not in spots]
    assert all(y > 20 for _, y in others)
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize("number", [1, 2, 50, MOST_BY_FORCE + 1])
def test_a_calm_place_is_the_same_each_time_and_nobody_elses(number: int) -> None:
    one = many(number).part
    found = places(one)
    assert found == places(replace(one))
    assert len(set(found.values())) == number
