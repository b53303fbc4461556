"""People decide on records that they may see; a decision stands with its entry, and every later run obeys it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bluelamp.errors import BlueLampError, Contradiction, NotFound, Refused
from bluelamp.ids import ObjectId
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.factory import rows
from tests.office import as_, entries, newest


@pytest.fixture
def force(tmp_path: Path, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, built and opened, for one test that writes."""
    opened = run_once(tmp_path / "force")
    yield opened
    opened.close()


def record(force: BlueLamp, key: str) -> ObjectId:
    """The record of a person, by its key."""
    found = {said: number for number, said in rows(force.folder, "record_person", "record, key")}
    return ObjectId("person", int(str(found[key])))


def decide(session: Session, one: str, other: str, verdict: str, reason: str = "The photographs are of one man") -> str:
    force = session.force
    return session.decide(record(force, one), record(force, other), verdict, reason)


def people(force: BlueLamp) -> set[frozenset[str]]:
    """The keys of the records of each person."""
    together: dict[object, set[str]] = {}
    for object_, key in rows(force.folder, "record_person", "object, key"):
        together.setdefault(object_, set()).add(str(key))
    return {frozenset(each) for each in together.values()}


def again(force: BlueLamp) -> bool:
    return force.run("tester", lambda *_: None).published


def test_a_decision_stands_with_its_entry_and_the_next_run_obeys_it(force: BlueLamp) -> None:
    before, since = people(force), newest(force)
    ann = as_(force)
    id = decide(ann, "N2", "S2", "same")
    (entry,) = entries(force, since)
    assert (entry["action"], entry["operation"], entry["decision"]) == ("decision:make", "alteration", "allowed")
    assert id in str(entry["fields_or_query"])
    assert {str(record(force, "N2")), str(record(force, "S2"))} <= set(entry["data_subject_ids"])  # type: ignore[call-overload]
    (shown,) = ann.decisions().shown
    assert (shown.id, shown.user, shown.verdict, shown.waits) == (id, "ann", "same", True)
    assert again(force)
    assert people(force) == {frozenset({"N1", "S1"}), frozenset({"N2", "S2"})}
    assert not as_(force).decisions().shown[0].waits
    assert not again(force)
    as_(force).undo(id, "The photographs were mixed up")
    assert again(force)
    assert people(force) == before
    (shown,) = as_(force).decisions().shown
    assert (shown.undone_by, shown.undone_reason) == ("ann", "The photographs were mixed up")


def test_a_join_by_key_is_taken_apart_and_its_object_keeps_one_id(force: BlueLamp) -> None:
    joined = as_(force).object(record(force, "S1")).id
    decide(as_(force), "N1", "S1", "not_same")
    again(force)
    assert people(force) == {frozenset({each}) for each in ("N1", "N2", "S1", "S2")}
    assert as_(force).object(joined).records
    assert as_(force).object(record(force, "N1")).id != as_(force).object(record(force, "S1")).id


def test_of_what_is_used_in_a_case_a_second_person_must_say_the_same(force: BlueLamp) -> None:
    case = force.session("ann", "investigation", "Operation Ash", case="Ash 7")
    case.object(case.object(record(force, "N1")).id)
    before = people(force)
    decide(as_(force), "N1", "N2", "same")
    decide(as_(force), "N1", "N2", "same", "I looked again")
    assert [each.second for each in as_(force).decisions().shown] == [True, True]
    assert not again(force)
    assert people(force) == before
    decide(as_(force, "ben"), "N2", "N1", "same")
    assert [each.second for each in as_(force).decisions().shown] == [False] * 3
    assert again(force)
    assert any({"N1", "N2"} <= each for each in people(force))
    as_(force, "ben").undo(as_(force, "ben").decisions().shown[0].id, "They are cousins")
    assert again(force)
    assert people(force) == before


def test_neither_a_look_without_a_case_nor_not_knowing_needs_a_second_person(force: BlueLamp) -> None:
    as_(force).object(record(force, "N1"))
    decide(as_(force), "N1", "N2", "same")
    force.session("ann", "investigation", "Operation Ash", case="Ash 7").object(record(force, "S1"))
    decide(as_(force), "S1", "S2", "unsure")
    assert not any(each.second for each in as_(force).decisions().shown)


def test_unsure_is_kept_and_changes_nothing(force: BlueLamp) -> None:
    decide(as_(force), "N1", "N2", "unsure")
    assert not again(force)
    assert as_(force).decisions().shown[0].verdict == "unsure"


def test_a_decision_that_contradicts_those_in_force_is_refused_and_names_the_one(force: BlueLamp) -> None:
    ann = as_(force)
    same = decide(ann, "N1", "N2", "same")
    apart = decide(ann, "N2", "S2", "not_same")
    since = newest(force)
    with pytest.raises(Contradiction, match=rf"contradicts {apart} of .* by ann.*are not the same.*Undo that one"):
        decide(ann, "S2", "N1", "same")
    assert [(each["action"], each["decision"]) for each in entries(force, since)] == [("decision:make", "refused")]
    with pytest.raises(Contradiction, match=f"contradicts {same}"):
        decide(ann, "N1", "N2", "not_same")
    assert len(ann.decisions().shown) == 2
    ann.undo(apart, "It is a typing error")
    decide(ann, "S2", "N1", "same")
    again(force)
    assert people(force) == {frozenset({"N1", "N2", "S1", "S2"})}


def test_what_a_reader_may_not_see_is_no_reason_to_refuse_and_the_older_decision_holds(force: BlueLamp) -> None:
    ann, ben = as_(force), as_(force, "ben")
    joined, apart = decide(ann, "N1", "S2", "same"), decide(ann, "S2", "N2", "not_same")
    decide(ben, "N1", "N2", "same")
    assert [each.user for each in ben.decisions().shown] == ["ben"]
    assert len(ann.decisions().shown) == 3
    again(force)
    assert not any({"N1", "N2"} <= each for each in people(force))
    for each in (joined, apart):
        as_(force).undo(each, "He was in prison then")
    again(force)
    assert any({"N1", "N2"} <= each for each in people(force))


@pytest.mark.parametrize("other", ["S1", "S2"])
def test_on_what_a_reader_may_not_see_nothing_can_be_decided_or_undone(force: BlueLamp, other: str) -> None:
    nowhere = ObjectId("person", 12345)
    ben, said = as_(force, "ben"), set()
    for end in (record(force, other), nowhere):
        with pytest.raises(NotFound) as raised:
            ben.decide(record(force, "N2"), end, "same", "A hunch")
        said.add(str(raised.value).replace(str(end), "ID"))
    id = decide(as_(force), "N2", other, "same")
    for name in (id, "decision-000000000000"):
        with pytest.raises(NotFound) as raised:
            ben.undo(name, "A hunch")
        said.add(str(raised.value).replace(name, "ID"))
    assert len(said) == 2
    assert ben.decisions().shown == ()


@pytest.mark.parametrize(
    ("one", "other", "verdict", "reason", "told"),
    [
        ("N1", "N2", "maybe", "A hunch", "one of same, not_same, unsure"),
        ("N1", "N2", "same", "  ", "needs a reason"),
        ("N1", "N1", "same", "A hunch", "two different records"),
    ],
)
def test_a_decision_says_what_it_must(
    force: BlueLamp, one: str, other: str, verdict: str, reason: str, told: str
) -> None:
    with pytest.raises(BlueLampError, match=told):
        decide(as_(force), one, other, verdict, reason)
    assert as_(force).decisions().shown == ()


def test_things_that_runs_never_join_are_not_decided_on(force: BlueLamp) -> None:
    listed = [number for (number,) in rows(force.folder, "record_intelligence_report", "record")]
    ends = [ObjectId("intelligence_report", int(str(number))) for number in listed]
    with pytest.raises(BlueLampError, match="never joined here"):
        as_(force).decide(ends[0], ends[1], "same", "A hunch")


def test_undoing_twice_says_so_and_needs_a_reason(force: BlueLamp) -> None:
    id = decide(as_(force), "N1", "N2", "same")
    with pytest.raises(BlueLampError, match="needs a reason"):
        as_(force).undo(id, " ")
    as_(force).undo(id, "Wrong")
    with pytest.raises(BlueLampError, match="was undone already"):
        as_(force).undo(id, "Wrong")


def test_who_may_not_decide_is_refused(force: BlueLamp) -> None:
    with pytest.raises(Refused):
        decide(as_(force, "eve"), "N1", "N2", "same")


def test_of_two_who_contradict_each_other_at_one_time_one_is_refused(force: BlueLamp) -> None:
    said: list[str] = []
    begin = threading.Barrier(8)

    def judge(verdict: str) -> None:
        session = as_(force)
        begin.wait()
        try:
            decide(session, "N1", "N2", verdict)
            said.append(verdict)
        except Contradiction:
            pass

    threads = [threading.Thread(target=judge, args=(verdict,)) for verdict in ["same", "not_same"] * 4]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(said)) == 1
    with force.database.begin() as connection:
        assert connection.execute(text("select count(*) from decisions")).scalar_one() == len(said) == 4


def test_decisions_come_a_page_at_a_time(force: BlueLamp) -> None:
    ids = [decide(as_(force), "N1", "N2", "unsure") for _ in range(5)]
    first, second = as_(force).decisions(size=3), as_(force).decisions(page=2, size=3)
    assert [each.id for each in (*first.shown, *second.shown)] == ids[::-1]
    assert (first.more, second.more) == (True, False)
