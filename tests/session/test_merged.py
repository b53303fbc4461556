"""A chart outlives builds: what is on it when objects are joined is still on it, and can still be worked with."""

from collections.abc import Callable, Iterator

import pytest

import bluelamp
from bluelamp.ids import ObjectId, record_number
from bluelamp.session.charting import ChartView
from bluelamp.session.force import BlueLamp
from tests.factory import CUSTODY, INTELLIGENCE, SECRET, workspace
from tests.office import as_

HEAD = "Custody No,Ref,Forename,Surname,DOB,PNC,Ethnicity,Detained,Station\n"
ROW = "{0},{1},John,{2},03/06/1990,{3},W1,2026-01-05T10:22,Lambeth\n"
REPORT = (
    '{{"urn": "IR1", "title": "Seen", "body": "Seen", "grade": "2DP", "date": "2026-01-20", '
    '"marking": "OFFICIAL-SENSITIVE", "subject": {{"ref": "{0}", "given": "John", "family": "Smith", "pnc": "{1}"}}}}\n'
)
PNC = "2099/0000123P"


def number(ref: str, source: str = "custody", record: str = "detainee") -> int:
    return record_number(SECRET, source, record, ref)


#: refs by how their records are numbered: the least is that of the cluster that all come to be in
LEAST, NEXT, SOME, GREAT = sorted((f"N{n}" for n in range(4)), key=number)
#: a report of somebody whose record is numbered between these, by which an object goes that ben sees too
SECRET_REF = next(
    f"S{n}" for n in range(1_000) if number(NEXT) < number(f"S{n}", "intelligence", "subject") < number(SOME)
)


@pytest.fixture
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """Three people, the first of two records, the second in intelligence too and numbered by that."""
    files = {
        "custody-1.csv": HEAD
        + ROW.format("C1", SOME, "Smith", PNC) + ROW.format("C2", LEAST, "Smyth", "")
        + ROW.format("C3", NEXT, "Smithe", "") + ROW.format("C4", GREAT, "Schmidt", ""),
        "intelligence-1.jsonl": REPORT.format(SECRET_REF, PNC),
    }  # fmt: skip
    sources = {"custody": CUSTODY, "intelligence": INTELLIGENCE}
    folder = workspace(tmp_path_factory.mktemp("merged") / "force", sources, files, database=fresh_database())
    opened = bluelamp.open(folder)
    opened.run("tester", lambda *_: None)
    join(opened, LEAST, NEXT)
    yield opened
    opened.close()


def join(force: BlueLamp, *refs: str) -> None:
    """Somebody says of the records with these refs, one by one, that they are one with the first; a run obeys."""
    first, *others = (ObjectId("person", number(ref)) for ref in refs)
    for each in others:
        as_(force).decide(first, each, "same", "One photograph")
    force.run("tester", lambda *_: None)


def people(force: BlueLamp, user: str = "ann") -> list[str]:
    hits = as_(force, user).search("", types=("Person",)).hits
    return sorted(str(hit.object) for hit in hits)


def shown(view: ChartView) -> list[str]:
    return [str(each.id) for each in view.drawing.things]


def test_an_object_that_is_joined_to_another_is_still_on_every_chart_of_who_sees_it(force: BlueLamp) -> None:
    by_secret = str(ObjectId("person", number(SECRET_REF, "intelligence", "subject")))
    assert by_secret in people(force, "ben")
    ids = {user: as_(force, user).make_chart(f"Of {user}", [by_secret]) for user in ("ann", "ben")}
    shared = as_(force).make_chart("Shared", [by_secret])
    as_(force).share_chart(shared, ["ben"])
    join(force, LEAST, SOME, GREAT)
    (now,) = people(force)
    assert now != by_secret
    for user, id in (*ids.items(), ("ben", shared)):
        assert shown(as_(force, user).chart(id)) == [now], (user, id)


def test_what_was_joined_can_be_moved_hidden_and_taken_off_and_counts_once(force: BlueLamp) -> None:
    mine = people(force)
    assert len(mine) == 3
    ann = as_(force)
    id = ann.make_chart("Three", mine)
    ann.change_chart(id, "note", {"text": "Seen", "on": mine[0]})
    ann.change_chart(id, "note", {"text": "Seen again", "on": mine[2]})
    ann.change_chart(id, "propose_link", {"label": "is", "reason": "A hunch", "one": mine[0], "other": mine[1]})
    ann.change_chart(id, "remove", {"ids": [mine[1]]})
    join(force, LEAST, SOME, GREAT)
    ann, (now,) = as_(force), people(force)
    view = ann.chart(id)
    assert shown(view) == list(view.spots) == [now]
    assert {note.on for note in view.notes.values()} == {now}
    assert view.history[0].said == "Added 1 thing"
    ann.change_chart(id, "put", {"places": {now: [3, 4]}, "pinned": True})
    ann.change_chart(id, "hide", {"ids": [now]})
    ann.change_chart(id, "group", {"ids": [now], "name": "One"})
    (spot,) = ann.chart(id).spots.values()
    assert (spot.x, spot.y, spot.pinned, spot.hidden, spot.group) == (3, 4, True, True, "One")
    ann.change_chart(id, "remove", {"ids": [now]})
    view = ann.chart(id)
    assert (shown(view), view.spots, view.notes) == ([], {}, {})
    assert view.history[-1].said == "Took 1 thing off the chart"
    ann.walk_chart(id, "back")
    assert shown(ann.chart(id)) == [now]
