"""Charts leave only to somebody who is named, with what their reader may see; files come in as nobody's word."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bluelamp.errors import BlueLampError, NotFound, Refused
from bluelamp.session.carrying import MOST_PROPOSED
from bluelamp.session.force import BlueLamp
from bluelamp.session.formats import FORMATS
from bluelamp.session.session import Session
from tests.office import as_, entries, newest

TO = ["CPS London"]

#: what differs between any two charts: their own names, and when they were taken out
OWN = re.compile(rb"chart-[0-9a-f]{12}|[0-9]{2}:[0-9]{2}(:[0-9]{2}[+]00:00)?")


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, built and opened."""
    opened = run_once(tmp_path_factory.mktemp("carrying") / "force")
    yield opened
    opened.close()


def id_of(session: Session, words: str, kind: str = "Person") -> str:
    return str(next(hit.object for hit in session.search(words).hits if hit.type == kind))


@pytest.fixture
def market(force: BlueLamp) -> str:
    """A chart of ann's that ben may open too: Smith, Chen, and what stands around them."""
    ann = as_(force)
    smith, chen = id_of(ann, "john smith"), id_of(ann, "wei chen")
    id = ann.make_chart("Market", [smith, chen])
    ann.change_chart(id, "add", {"ids": [str(each) for each in ann.follow([smith, chen]).things]})
    ann.change_chart(id, "note", {"text": "A new phone", "on": chen})
    ann.change_chart(id, "propose_link", {"label": "knows", "one": smith, "other": chen, "reason": "The market"})
    ann.share_chart(id, ["ben"])
    return id


@pytest.mark.parametrize("format", [each.name for each in FORMATS])
def test_a_chart_leaves_with_an_entry_that_names_all_of_it_and_who_receives_it(
    format: str, force: BlueLamp, market: str
) -> None:
    ann = as_(force)
    before = newest(force)
    made = ann.export_chart(market, format, [" CPS London ", ""])
    assert made.name.startswith("Market OFFICIAL-SENSITIVE.")
    (entry,) = entries(force, before)
    assert (entry["action"], entry["operation"], entry["decision"]) == ("table:export", "disclosure", "allowed")
    assert entry["recipients"] == TO
    things = [str(each.id) for each in ann.chart(market).drawing.things]
    assert (entry["object_ids"], entry["result_count"]) == (things, len(things))
    asked = json.loads(str(entry["fields_or_query"]))
    assert (asked["chart"], asked["format"], asked["notes"], asked["proposed"]) == (market, format, 1, 1)


@pytest.mark.parametrize("format", [each.name for each in FORMATS])
def test_two_readers_each_take_out_their_own_part_of_one_chart(format: str, force: BlueLamp, market: str) -> None:
    ann, ben = as_(force), as_(force, "ben")
    part = ben.export_chart(market, format, TO)
    assert part.name.startswith("Market OFFICIAL.")
    # a chart that never had on it what ben may not see is the same file, but for its own name and the time
    seen = [str(each.id) for each in ben.chart(market).drawing.things]
    alike = ben.make_chart("Market", seen)
    if format not in ("png", "pdf", "csv", "parquet"):
        for secret in (
            "Chen",
            id_of(ann, "wei chen"),
            "knows",
            "new phone",
            "IntelligenceReport",
            "Intelligence reports",
        ):
            assert secret.encode() not in part.content, secret
        other = ben.export_chart(alike, format, TO)
        assert OWN.sub(b"", other.content) == OWN.sub(b"", part.content)
    left = ben.leaving(market)
    assert (len(left.part.things), left.stays, left.marking) == (3, 0, "OFFICIAL")
    assert (left.part.notes, left.part.proposed) == ({}, {})


def test_the_story_leaves_in_front_of_a_pdf_of_the_whole_chart_and_nowhere_else(force: BlueLamp) -> None:
    ann, ben = as_(force), as_(force, "ben")
    okafor, chen = id_of(ann, "amara okafor"), id_of(ann, "wei chen")
    id = ann.make_chart("Told", [okafor, chen])
    ann.share_chart(id, ["ben"])
    ann.change_chart(id, "tell", {"heading": "Chen", "look": {"ids": [chen]}})
    ann.change_chart(id, "tell", {"heading": "Both"})
    ann.change_chart(id, "hide", {"ids": [chen]})
    left = ann.leaving(id)
    assert (len(left.part.story), left.marking, left.story_marking) == (2, "OFFICIAL", "OFFICIAL-SENSITIVE")
    assert [each.heading for each in ben.leaving(id).part.story] == ["Both"]
    assert ben.leaving(id).story_marking == "OFFICIAL"
    before = newest(force)
    named = [ann.export_chart(id, *each).name for each in (("pdf", TO), ("svg", TO), ("pdf", TO, [okafor]))]
    assert named == ["Told OFFICIAL-SENSITIVE.pdf", "Told OFFICIAL.svg", "Told OFFICIAL.pdf"]
    assert [json.loads(str(each["fields_or_query"]))["passages"] for each in entries(force, before)] == [2, 0, 0]


def test_without_a_recipient_nothing_leaves_and_the_refusal_is_written(force: BlueLamp, market: str) -> None:
    before = newest(force)
    for recipients in ([], ["", " \n"]):
        with pytest.raises(Refused, match="say who receives it"):
            as_(force).export_chart(market, "svg", recipients)
    assert [each["decision"] for each in entries(force, before)] == ["refused", "refused"]


def test_what_is_not_there_cannot_leave(force: BlueLamp, market: str) -> None:
    ann, ben, eve = as_(force), as_(force, "ben"), as_(force, "eve")
    with pytest.raises(NotFound):
        ann.export_chart("chart-000000000000", "svg", TO)
    with pytest.raises(BlueLampError, match="no format"):
        ann.export_chart(market, "docx", TO)
    with pytest.raises(Refused):
        eve.export_chart(market, "svg", TO)
    with pytest.raises(BlueLampError, match="Nothing is on the chart"):
        ben.export_chart(market, "svg", TO, [id_of(ann, "wei chen")])
    with pytest.raises(BlueLampError, match="Nothing is on the chart"):
        ann.export_chart(ann.make_chart("Empty"), "svg", TO)


def test_that_there_is_nothing_to_take_out_is_an_entry_too(force: BlueLamp) -> None:
    ann = as_(force)
    empty = ann.make_chart("Empty")
    before = newest(force)
    with pytest.raises(BlueLampError, match="Nothing is on the chart"):
        ann.export_chart(empty, "svg", TO)
    (entry,) = entries(force, before)
    assert (entry["action"], entry["result_count"], entry["recipients"], entry["object_ids"]) == (
        "table:export", 0, [], [],
    )  # fmt: skip
    assert json.loads(str(entry["fields_or_query"]))["chart"] == empty


def test_what_is_hidden_on_the_chart_stays_and_so_does_its_marking(force: BlueLamp, market: str) -> None:
    ann = as_(force)
    smith = id_of(ann, "john smith")
    reports = [str(each.id) for each in ann.chart(market).drawing.things if "OFFICIAL-SENSITIVE" in each.markings]
    ann.change_chart(market, "hide", {"ids": [each for each in reports if each != smith]})
    left = ann.leaving(market)
    assert left.stays == 3
    assert (left.part.notes, left.part.proposed) == ({}, {})
    custody = [str(each.id) for each in left.part.things if each.type == "Custody"]
    before = newest(force)
    assert ann.export_chart(market, "csv", TO, custody).name == "Market OFFICIAL.csv.zip"
    assert entries(force, before)[0]["object_ids"] == custody


def test_a_chart_that_left_comes_back_with_ours_as_ours(force: BlueLamp, market: str) -> None:
    ann = as_(force)
    whole = ann.chart(market)
    ids = [str(each.id) for each in whole.drawing.things]
    for format in ("graphml", "ftm"):
        id = ann.import_chart("Back", format, ann.export_chart(market, format, TO).content, "market.xml")
        again = ann.chart(id)
        assert sorted(str(each.id) for each in again.drawing.things) == sorted(ids)
        assert again.drawing.bonds == whole.drawing.bonds
        (proposed,) = again.proposed.values()
        assert (proposed.label, proposed.one, proposed.other) == ("knows", ids[0], ids[1])
        assert proposed.reason.endswith("The market")
        assert "market.xml, which is no source" in proposed.reason
        notes = [each.text for each in again.notes.values()]
        assert f"{len(ids)} things" in notes[-1]
        assert "known" not in notes[-1]


def test_who_may_not_see_a_thing_gets_it_only_as_what_the_file_says(force: BlueLamp, market: str) -> None:
    ann, ben = as_(force), as_(force, "ben")
    chen = id_of(ann, "wei chen")
    strange = f"person-{int(chen.rpartition('-')[2], 16) ^ 1:016x}"
    views = []
    for id in (chen, strange):
        line = json.dumps({"id": id, "schema": "Person", "properties": {"name": ["Somebody"]}})
        before = newest(force)
        view = ben.chart(ben.import_chart("Mine", "ftm", line.encode(), "x.json"))
        (thing,) = view.proposed.values()
        views.append((view.drawing, thing.label, thing.type, thing.reason, [each.text for each in view.notes.values()]))
        assert [each["object_ids"] for each in entries(force, before)] == [[], []]
    assert views[0] == views[1]
    assert not views[0][0].things


def test_all_that_is_not_ours_is_proposed_and_taken_back_in_one_step(force: BlueLamp) -> None:
    ann = as_(force)
    smith = id_of(ann, "john smith")
    lines = [
        {"id": smith, "schema": "Person", "properties": {"name": ["Whoever"]}},
        {"id": "b", "schema": "Person", "properties": {"name": ["Bob"]}},
        {
            "id": "c",
            "schema": "Family",
            "properties": {"person": [smith], "relative": ["b"], "relationship": ["uncle"]},
        },
        {"id": "d", "schema": "Family", "properties": {"person": [smith], "relative": ["nobody"]}},
    ]
    before = newest(force)
    id = ann.import_chart("Family", "ftm", "\n".join(map(json.dumps, lines)).encode(), "family.json")
    (entry,) = entries(force, before)
    assert (entry["action"], entry["operation"], entry["object_ids"]) == ("chart:change", "alteration", [smith])
    assert json.loads(str(entry["fields_or_query"]))["propose_link"] == 1
    view = ann.chart(id)
    assert [each.caption for each in view.drawing.things] == ["John Smith"]
    assert [(each.label, each.type, each.link) for each in view.proposed.values()] == [
        ("Bob", "Person", False), ("uncle", "Family", True),
    ]  # fmt: skip
    assert "1 links of it lead nowhere" in next(iter(view.notes.values())).text
    assert [each.said for each in view.history] == ["Brought in the FollowTheMoney file family.json, with 1 thing"]
    bob, uncle = view.proposed
    ann.change_chart(id, "withdraw", {"key": uncle})
    assert list(ann.chart(id).proposed) == [bob]
    for _ in range(2):
        ann.walk_chart(id, "back")
    emptied = ann.chart(id)
    assert (emptied.drawing.things, emptied.proposed, emptied.notes, emptied.back) == ((), {}, {}, False)
    ann.walk_chart(id, "forward")
    assert ann.chart(id).proposed == view.proposed


def test_more_than_a_chart_takes_as_proposals_is_refused_and_nothing_is_made(force: BlueLamp) -> None:
    ann = as_(force)
    charts, before = ann.charts(), newest(force)
    nodes = "".join(f'<node id="n{n}"/>' for n in range(MOST_PROPOSED + 1))
    with pytest.raises(BlueLampError, match="2,001 things and links that are not known here"):
        ann.import_chart("Much", "graphml", f"<graphml>{nodes}</graphml>".encode(), "much.xml")
    (entry,) = entries(force, before)
    assert "much.xml" in str(entry["fields_or_query"])
    with pytest.raises(BlueLampError, match="needs a title"):
        ann.import_chart(" ", "graphml", b"<graphml/>")
    with pytest.raises(Refused):
        as_(force, "eve").import_chart("Eve’s", "graphml", b"<graphml/>")
    assert ann.charts() == charts
    most = "".join(f'<node id="n{n}"/>' for n in range(MOST_PROPOSED))
    id = ann.import_chart("As many", "graphml", f"<graphml>{most}</graphml>".encode())
    assert len(ann.chart(id).proposed) == MOST_PROPOSED
