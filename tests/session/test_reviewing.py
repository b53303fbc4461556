"""What there is to judge, what speaks for and against, and why an object is one: only of what a reader may see whole."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bluelamp
from bluelamp.cli import app
from bluelamp.errors import BlueLampError, NotFound, Refused
from bluelamp.ids import ObjectId
from bluelamp.session.decisions import Decision
from bluelamp.session.force import BlueLamp
from bluelamp.session.judges import judges
from bluelamp.session.session import Session
from tests.factory import published, rows, store
from tests.office import as_, entries, newest
from tests.pipeline.test_likely import PEOPLE, written
from tests.pipeline.test_likely import rows as people

#: the same, but closed to ben; and one of which some rows may be
CLOSED = PEOPLE.replace("source: people", "source: tips").replace(
    "marking: OFFICIAL\n", "marking: OFFICIAL-SENSITIVE\n"
)
PARTLY = PEOPLE.replace("source: people", "source: calls").replace("key: [Ref]", "key: [Ref]\n        marking: Sex", 1)


def sources() -> tuple[dict[str, str], dict[str, str | bytes]]:
    declared = {"people": PEOPLE, "tips": CLOSED, "calls": PARTLY}
    declared = {name: text.replace("people-*.csv", f"{name}-*.csv") for name, text in declared.items()}
    listed = people(190)
    cuts = {"people": listed[:700], "tips": listed[700:900], "calls": listed[900:]}
    unmarked = [[*row[:-1], ""] for row in cuts["calls"]]
    return declared, {f"{name}-1.csv": written(unmarked if name == "calls" else some) for name, some in cuts.items()}


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """People of three sources of which a model was learned."""
    folder = tmp_path_factory.mktemp("force") / "force"
    opened = bluelamp.open(published(folder, *sources(), fresh_database()))
    opened.run("tester", lambda *_: None)
    yield opened
    opened.close()


def source_of(force: BlueLamp) -> dict[int, str]:
    """The source of each person's record."""
    accesses = {number: source for number, source, _ in rows(force.folder, "access")}
    return {
        int(str(record)): str(accesses[access])
        for record, access in rows(force.folder, "record_person", "record, access")
    }


def whole(session: Session) -> list[tuple[ObjectId, ObjectId]]:
    """Every pair of a reader's queue, in its order."""
    found = session.review("Person", size=10_000).waiting
    return [(each.left, each.right) for each in found]


def test_the_queue_begins_where_it_is_least_certain_and_has_each_two_objects_once(force: BlueLamp) -> None:
    found = as_(force).review("Person", size=10_000)
    assert found.total == len(found.waiting) > 5
    worth = [round(each.probability * (1 - each.probability), 2) for each in found.waiting]
    assert worth == sorted(worth, reverse=True)
    objects = [frozenset(str(force.index.find(str(end))) for end in (each.left, each.right)) for each in found.waiting]
    assert all(len(each) == 2 for each in objects)
    assert len(set(objects)) == len(objects)
    alike = [each.links for each, value in zip(found.waiting, worth, strict=True) if value == worth[0]]
    assert alike == sorted(alike, reverse=True)


def test_pages_of_the_queue_are_its_parts(force: BlueLamp) -> None:
    listed = whole(as_(force))
    paged = [as_(force).review("Person", page=page, size=3).waiting for page in (1, 2)]
    assert [(each.left, each.right) for some in paged for each in some] == listed[:6]


def test_a_reader_is_asked_only_of_sources_that_are_wholly_open(force: BlueLamp) -> None:
    of = source_of(force)
    seen = {user: {of[end.number] for pair in whole(as_(force, user)) for end in pair} for user in ("ann", "ben")}
    assert seen == {"ann": {"people", "tips", "calls"}, "ben": {"people"}}


def test_whoever_may_not_see_all_of_both_is_told_nothing(force: BlueLamp) -> None:
    ben, of = as_(force, "ben"), source_of(force)
    open_ = next(ObjectId("person", number) for number, source in of.items() if source == "people")
    for source in ("tips", "calls"):
        closed = next(ObjectId("person", number) for number, name in of.items() if name == source)
        for id in (closed, ObjectId("person", 99)):
            with pytest.raises(NotFound):
                ben.compare(open_, id)


def test_an_item_shows_both_sides_and_what_speaks_for_and_against(force: BlueLamp) -> None:
    since = newest(force)
    one, other = whole(as_(force))[0]
    found = as_(force).compare(one, other)
    assert {found.left.record, found.right.record} == {one, other}
    assert not found.one
    assert {each.label for each in found.held} >= {"Given name", "Surname"}
    assert {each.state for each in found.held} <= {"same", "differ", "one"}
    assert found.weighed
    labels = [each.label for each in found.weighed.scales]
    assert {"Given name", "Date of birth", "Postcode (lives at)"} <= set(labels)
    listed = next(each for each in as_(force).review("Person").waiting if (each.left, each.right) == (one, other))
    assert found.weighed.probability == pytest.approx(listed.probability, abs=0.01)
    unknown = [each for each in found.weighed.scales if each.level == "not known of both"]
    assert all(each.bits == 0 for each in unknown)
    entry = entries(force, since)[1]
    assert entry["action"] == "review:view"
    assert {str(one), str(other)} <= set(entry["object_ids"])  # type: ignore[call-overload]


def test_a_value_that_both_have_speaks_for_and_two_that_differ_against(force: BlueLamp) -> None:
    pairs = whole(as_(force))
    listed = [as_(force).compare(*pair).weighed for pair in (*pairs[:8], (pairs[0][0], pairs[-1][0]))]
    scales = [each for found in listed if found for each in found.scales]
    assert any(each.bits > 0 for each in scales if each.level.startswith("the same"))
    assert any(each.bits < 0 for each in scales if each.level == "different")


def test_every_object_of_several_records_is_held_together_by_a_tree(force: BlueLamp) -> None:
    ann = as_(force)
    several = [
        hit.object for hit in ann.search("", types=("Person",), size=60).hits if ann.object(hit.object).records > 2
    ]
    assert several
    for id in several:
        found = ann.joins(id)
        assert len(found.joins) == found.records - 1
        assert {each.by for each in found.joins} == {"likeness"}
        assert all(each.probability and each.scales for each in found.joins)
        ends = {end for each in found.joins for end in (each.left, each.right)}
        assert {force.index.find(str(end)) for end in ends} == {id}


def test_of_joins_a_reader_sees_those_among_records_of_open_sources(force: BlueLamp) -> None:
    ben, of = as_(force, "ben"), source_of(force)
    shown = [hit.object for hit in ben.search("", types=("Person",), size=60).hits]
    for id in shown:
        assert {of[end.number] for each in ben.joins(id).joins for end in (each.left, each.right)} <= {"people"}
    hidden = next(
        id
        for id in (h.object for h in as_(force).search("", types=("Person",), size=200).hits)
        if not force.index.exists(id, ben.visible)
    )
    with pytest.raises(NotFound):
        ben.joins(hidden)


def test_what_is_decided_leaves_the_queue_and_what_nobody_could_tell_goes_to_its_end(
    tmp_path: Path, fresh_database: Callable[[], str]
) -> None:
    force = bluelamp.open(published(tmp_path / "force", *sources(), fresh_database()))
    force.run("tester", lambda *_: None)
    ann = as_(force)
    listed = whole(ann)
    ann.decide(*listed[0], "same", "One photograph")
    ann.decide(*listed[1], "not_same", "Two photographs")
    ann.decide(*listed[2], "unsure", "No photograph")
    after = whole(as_(force))
    assert not {listed[0], listed[1]} & set(after)
    assert after[-1] == listed[2]
    assert [each.verdict for each in as_(force).compare(*listed[2]).decisions] == ["unsure"]
    force.run("tester", lambda *_: None)
    assert not {listed[0], listed[1]} & set(whole(as_(force)))
    joined = as_(force).compare(*listed[0])
    assert joined.one
    (join,) = [each for each in as_(force).joins(joined.left.object).joins if each.by == "decision"]
    assert {join.left, join.right} == set(listed[0])
    assert join.said.startswith("ann, ")
    assert join.said.endswith("One photograph")
    force.close()


def test_without_a_model_there_is_nothing_to_review_but_joins_by_key_are_told(
    tmp_path: Path, fresh_database: Callable[[], str]
) -> None:
    force = bluelamp.open(published(tmp_path / "force", database=fresh_database()))
    force.run("tester", lambda *_: None)
    assert as_(force).review().waiting == ()
    with pytest.raises(NotFound):
        as_(force).review("Person")
    smith = next(h.object for h in as_(force).search("john smith").hits if h.type == "Person")
    (join,) = as_(force).joins(smith).joins
    assert (join.by, join.said) == ("key", "PNC ID 2099/0000123P")
    assert as_(force, "ben").joins(smith).joins == ()
    force.close()


def test_an_index_without_a_kept_model_weighs_nothing_and_still_shows_both_sides(
    tmp_path: Path, fresh_database: Callable[[], str]
) -> None:
    force = bluelamp.open(published(tmp_path / "force", *sources(), fresh_database()))
    force.run("tester", lambda *_: None)
    for path in store(force.folder).builds.glob("*/stood/Person/model.json"):
        path.write_text("{")
    assert as_(force).compare(*whole(as_(force))[0]).weighed is None
    force.close()


def test_who_may_not_review_is_refused(force: BlueLamp) -> None:
    for act in (lambda s: s.review(), lambda s: s.joins("person-1"), lambda s: s.compare("person-1", "person-2")):
        with pytest.raises(Refused):
            act(as_(force, "eve"))


def test_things_of_two_types_are_not_compared(force: BlueLamp) -> None:
    with pytest.raises(BlueLampError, match="two different records of one type"):
        as_(force).compare(ObjectId("person", 1), ObjectId("vehicle", 1))


def said(
    user: str, second: int, verdict: str = "same", pair: tuple[int, int] = (1, 2), *, undone: bool = False
) -> Decision:
    at = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(seconds=second)
    return Decision(f"d{second}{user}", at, user, "p", "r", "", "Person", *pair, verdict, at if undone else None)


def test_judges_are_seen_as_a_whole() -> None:
    pairs = list(combinations(range(9), 2))
    ann = [said("ann", 300 * at, "same" if at % 2 else "not_same", pairs[at]) for at in range(10)]
    ben = [said("ben", 5 * at, "same", pairs[at], undone=at == 0) for at in range(30)]
    first, second = judges([*ann, *ben])
    assert (first.user, first.total, first.undone, first.fastest) == ("ben", 30, 1, 12)
    assert first.alerts == ("12 judgements within a minute", "always the same verdict")
    assert (second.user, second.same, second.not_same, second.shared, second.agreed, second.alerts) == (
        "ann",
        5,
        5,
        10,
        5,
        (),
    )


def test_who_watches_sees_how_people_judge_and_who_judges_does_not(force: BlueLamp) -> None:
    users = force.workspace.users
    since = newest(force)
    assert force.judges(users["dan"]) == []
    with pytest.raises(Refused):
        force.judges(users["ann"])
    assert [(e["action"], e["decision"]) for e in entries(force, since)] == [
        ("decision:count", "allowed"),
        ("decision:count", "refused"),
    ]


def test_the_command_line_explains_what_speaks_for_and_against_a_pair(force: BlueLamp) -> None:
    session = as_(force, "ann")
    waiting = session.review("Person").waiting[0]
    asked = ["--user", "ann", "--purpose", "investigation", "--reason", "Operation Ash"]
    pair = [str(force.folder), str(waiting.left), str(waiting.right)]
    done = CliRunner().invoke(app, ["resolution", "explain", *pair, *asked])
    assert done.exit_code == 0, done.output
    assert "They are two in the published build." in done.stdout
    assert "Date of birth" in done.stdout
    said = json.loads(CliRunner().invoke(app, ["resolution", "explain", *pair, *asked, "--json"]).stdout)
    assert said["weighed"]["probability"] == pytest.approx(waiting.probability, abs=0.01)


def test_what_waits_for_a_second_judge_comes_first_for_others_and_not_again_for_the_first(force: BlueLamp) -> None:
    case = force.session("ann", "investigation", "Operation Ash", case="Ash 7")
    mine = [pair for pair in whole(as_(force, "ben")) if pair in whole(as_(force))][-1]
    case.object(str(force.index.find(str(mine[0]))))
    id = as_(force).decide(*mine, "not_same", "They were seen together")
    (shown,) = as_(force).compare(*mine).decisions
    assert shown.second
    assert mine not in whole(as_(force))
    first = as_(force, "ben").review("Person").waiting[0]
    assert ((first.left, first.right), first.second) == (mine, True)
    as_(force, "ben").decide(*mine, "not_same", "One of them is dead")
    assert mine not in whole(as_(force, "ben"))
    for each in as_(force).decisions().shown:
        if not each.undone_at:
            as_(force).undo(each.id, "A test")
    assert id
