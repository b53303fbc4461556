"""Charts hold what their makers put on them, show each reader what that reader may see, and forget nothing."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bluelamp
from bluelamp.errors import BlueLampError, NotFound, Refused
from bluelamp.session.charting import ChartView
from bluelamp.session.exploring import Choice
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.office import as_, entries, newest


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, built and opened."""
    opened = run_once(tmp_path_factory.mktemp("charting") / "force")
    yield opened
    opened.close()


def id_of(session: Session, words: str, kind: str = "Person") -> str:
    return str(next(hit.object for hit in session.search(words).hits if hit.type == kind))


def shown(view: ChartView) -> set[str]:
    return {each.caption for each in view.drawing.things}


def test_what_stands_around_is_counted_before_it_is_shown(force: BlueLamp) -> None:
    ann = as_(force)
    smith = id_of(ann, "john smith")
    around = ann.around([smith])
    assert [(each.label, each.role, each.other_type, each.count) for each in around.kinds] == [
        ("involved in", "arrested", "Custody", 2), ("involved in", "subject", "IntelligenceReport", 1),
    ]  # fmt: skip
    assert around.total == 3
    found = ann.follow([smith], Choice(others=frozenset({"Custody"})), most=1)
    assert (len(found.things), found.total) == (1, 2)
    with pytest.raises(NotFound):
        ann.around([smith, "person-0123456789abcdef"])


def test_two_readers_of_one_chart_each_see_their_own_part_of_it(force: BlueLamp) -> None:
    ann, ben = as_(force), as_(force, "ben")
    smith, chen = id_of(ann, "john smith"), id_of(ann, "wei chen")
    reports = [str(each) for each in ann.follow([smith, chen]).things]
    id = ann.make_chart("Market", [smith, chen])
    ann.change_chart(id, "add", {"ids": reports})
    ann.change_chart(id, "note", {"text": "A new phone", "on": chen})
    ann.change_chart(id, "propose_link", {"label": "knows", "one": smith, "other": chen, "reason": "The market"})
    ann.change_chart(id, "hide", {"ids": [chen]})
    with pytest.raises(NotFound):
        ben.chart(id)
    ann.share_chart(id, ["ben"])
    whole, part = ann.chart(id), ben.chart(id)
    assert {"Wei Chen", "John Smith"} <= shown(whole)
    assert all("Chen" not in each for each in shown(part))
    assert {each.type for each in part.drawing.things} == {"Person", "Custody"}
    assert (len(whole.notes), len(part.notes), len(whole.proposed), len(part.proposed)) == (1, 0, 1, 0)
    assert [each.said for each in part.history] == ["Added 1 thing", "Added 2 things"]
    assert part.drawing.marking == "OFFICIAL"
    assert "Chen" not in repr(part)
    # what ann may see that ben may not is neither on his paths nor around what he sees
    assert ben.around([smith]).total == 2
    report = id_of(ann, "new phone", "IntelligenceReport")
    assert ann.paths(chen, report).length == 1
    for ends in ((smith, report), (report, smith)):
        with pytest.raises(NotFound):
            ben.paths(*ends)


def test_every_step_can_be_walked_back_and_forward_and_a_new_way_forgets_no_old_one(force: BlueLamp) -> None:
    ann = as_(force)
    smith = id_of(ann, "john smith")
    things = [str(each) for each in ann.follow([smith]).things]
    id = ann.make_chart("Steps", [smith])
    stands = [ann.chart(id)]
    for thing in things:
        ann.change_chart(id, "add", {"ids": [thing]})
        stands.append(ann.chart(id))
    for number in range(7):
        ann.change_chart(id, "put", {"places": {smith: [number, 0]}})
        stands.append(ann.chart(id))
    assert len(stands) == 11
    for earlier in reversed(stands[:-1]):
        ann.walk_chart(id, "back")
        now = ann.chart(id)
        assert (now.spots, now.drawing, now.head) == (earlier.spots, earlier.drawing, earlier.head)
        assert now.forward
    for later in stands[1:]:
        ann.walk_chart(id, "forward")
        assert ann.chart(id).spots == later.spots
    ann.name_change(id, stands[3].head, "All three")
    ann.walk_chart(id, stands[3].head)
    ann.change_chart(id, "hide", {"ids": [things[0]]})
    branched = ann.chart(id)
    assert len(branched.history) == 12
    assert [each.name for each in branched.history if each.name] == ["All three"]
    assert {each.user for each in branched.history} == {"ann"}
    ann.walk_chart(id, stands[-1].head)
    assert ann.chart(id).spots == stands[-1].spots
    ann.walk_chart(id, "start")
    assert ann.chart(id).spots == {}
    assert not ann.chart(id).back


def test_a_chart_is_as_it_was_after_a_restart(force: BlueLamp) -> None:
    ann = as_(force)
    id = ann.make_chart("Kept", [id_of(ann, "john smith")])
    again = bluelamp.open(force.folder)
    try:
        assert as_(again).chart(id) == ann.chart(id)
    finally:
        again.close()


def test_changes_that_two_people_make_at_once_are_both_kept(force: BlueLamp) -> None:
    ann, ben = as_(force), as_(force, "ben")
    smith, okafor = id_of(ann, "john smith"), id_of(ann, "amara okafor")
    id = ann.make_chart("Both", [smith, okafor])
    ann.share_chart(id, ["ben"])

    def move(session: Session, thing: str) -> None:
        for number in range(10):
            session.change_chart(id, "put", {"places": {thing: [number, number]}})

    threads = [threading.Thread(target=move, args=each) for each in ((ann, smith), (ben, okafor))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    view = ann.chart(id)
    assert len(view.history) == 21
    assert all(each.applied for each in view.history)
    assert {(spot.x, spot.y) for spot in view.spots.values()} == {(9, 9)}


def test_each_change_is_an_entry_that_names_what_it_was_about(force: BlueLamp) -> None:
    ann = as_(force)
    smith = id_of(ann, "john smith")
    before = newest(force)
    id = ann.make_chart("Logged", [smith])
    ann.change_chart(id, "hide", {"ids": [smith]})
    ann.walk_chart(id, "back")
    found = [entry for entry in entries(force, before) if entry["action"] == "chart:change"]
    assert [entry["operation"] for entry in found] == ["alteration"] * 3
    assert [smith in entry["object_ids"] for entry in found] == [True, True, False]  # type: ignore[operator]
    assert all(id in str(entry["fields_or_query"]) for entry in found)


def test_text_that_no_database_holds_is_kept_with_a_mark_in_its_place(force: BlueLamp) -> None:
    ann = as_(force)
    id = ann.make_chart("A\0\ud800")
    change = ann.change_chart(id, "note", {"text": "b\0\ud800"})
    ann.name_change(id, change.head, "c\0")
    view = ann.chart(id)
    assert (view.chart.title, [each.text for each in view.notes.values()]) == ("A␀?", ["b␀?"])
    assert [each.name for each in view.history] == ["c␀"]


def test_what_is_not_there_cannot_be_put_on_a_chart_or_shared(force: BlueLamp) -> None:
    ann, ben, eve = as_(force), as_(force, "ben"), as_(force, "eve")
    chen = id_of(ann, "wei chen")
    id = ben.make_chart("Ben’s")
    for hidden in (chen, "person-0123456789abcdef"):
        with pytest.raises(NotFound):
            ben.change_chart(id, "add", {"ids": [hidden]})
    with pytest.raises(NotFound):
        ann.chart(id)
    with pytest.raises(NotFound):
        ben.walk_chart(id, "change-nowhere")
    with pytest.raises(BlueLampError, match="no user nobody"):
        ben.share_chart(id, ["nobody"])
    with pytest.raises(Refused):
        eve.charts()
    ben.share_chart(id, ["ann"])
    with pytest.raises(BlueLampError, match="Only ben"):
        ann.share_chart(id, [])
    assert ben.chart(id).history == ()


def test_measures_are_of_what_the_reader_sees_either_way_or_along_the_links(force: BlueLamp) -> None:
    ann, ben = as_(force), as_(force, "ben")
    smith = id_of(ann, "john smith")
    id = ann.make_chart("Measured", [smith])
    ann.change_chart(id, "add", {"ids": [str(each) for each in ann.follow([smith]).things]})
    ann.share_chart(id, ["ben"])
    either, along = ann.chart_measures(id), ann.chart_measures(id, along=True)
    assert (either.measures[smith].degree, either.measures[smith].betweenness) == (3, 1.0)
    # all his links lead away from him
    assert (along.measures[smith].betweenness, along.measures[smith].closeness) == (0.0, 1.0)
    assert {each.closeness for name, each in along.measures.items() if name != smith} == {0.0}
    part = ben.chart_measures(id)
    assert (part.measures[smith].degree, len(part.measures), part.marking) == (2, 3, "OFFICIAL")


def test_what_is_sent_twice_is_done_once(force: BlueLamp) -> None:
    ann, ben = as_(force), as_(force, "ben")
    smith = id_of(ann, "john smith")
    id = ann.make_chart("Sent twice", [smith], sent="the first list")
    assert ann.make_chart("Sent twice", [smith], sent="the first list") == id
    others = {ann.make_chart("Sent twice", [smith], sent=sent) for sent in ("the next list", "", "")}
    others |= {ann.make_chart("Sent otherwise", [smith], sent="the first list")}
    others |= {ben.make_chart("Sent twice", [smith], sent="the first list")}
    assert len(others | {id}) == 6
    assert len(ann.chart(id).history) == 1
    ann.share_chart(id, ["ben"])
    note = {"text": "Seen twice", "on": smith}
    made = ann.change_chart(id, "note", note, "as it stood")
    assert ann.change_chart(id, "note", note, "as it stood") == made
    ann.change_chart(id, "note", {**note, "text": "Seen once"}, "as it stood")
    ben.change_chart(id, "note", note, "as it stood")
    ann.change_chart(id, "note", note, "as it stood later")
    assert [each.text for each in ann.chart(id).notes.values()] == [
        "Seen twice",
        "Seen once",
        "Seen twice",
        "Seen twice",
    ]


def test_what_was_taken_back_can_be_sent_again(force: BlueLamp) -> None:
    ann = as_(force)
    smith = id_of(ann, "john smith")
    id = ann.make_chart("Again", [smith])
    first = ann.change_chart(id, "note", {"text": "Here"}, "as it stood")
    ann.walk_chart(id, "back")
    again = ann.change_chart(id, "note", {"text": "Here"}, "as it stood")
    assert again.head != first.head
    assert list(ann.chart(id).notes) == [again.head]


def test_two_that_are_sent_at_the_same_moment_are_one(force: BlueLamp) -> None:
    ann = as_(force)
    smith = id_of(ann, "john smith")
    id, begin = ann.make_chart("At once", [smith]), threading.Barrier(6)
    charts, notes = set[str](), set[str]()

    def send() -> None:
        begin.wait()
        charts.add(ann.make_chart("At once too", [smith], sent="x"))
        notes.add(ann.change_chart(id, "note", {"text": "Here"}, "x").head)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(charts), len(notes), len(ann.chart(id).notes)) == (1, 1, 1)
