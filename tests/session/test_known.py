"""What somebody does on a shared chart with what another may not see was, for that other, never done."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bluelamp.errors import BlueLampError, NotFound
from bluelamp.session import charting
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.office import as_, entries, newest


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, built and opened."""
    opened = run_once(tmp_path_factory.mktemp("known") / "force")
    yield opened
    opened.close()


@pytest.fixture
def ann(force: BlueLamp) -> Session:
    return as_(force)


@pytest.fixture
def ben(force: BlueLamp) -> Session:
    return as_(force, "ben")


def id_of(session: Session, words: str) -> str:
    return str(next(hit.object for hit in session.search(words).hits if hit.type == "Person"))


@pytest.fixture
def smith(ann: Session) -> str:
    return id_of(ann, "john smith")


@pytest.fixture
def chen(ann: Session) -> str:
    """Somebody of whom ben may not know."""
    return id_of(ann, "wei chen")


@pytest.fixture
def id(ann: Session, smith: str) -> str:
    """A chart of ann's with John Smith on it, which ben may open."""
    made = ann.make_chart("Market", [smith])
    ann.share_chart(made, ["ben"])
    return made


@pytest.fixture
def secretly(ann: Session, id: str, chen: str) -> Callable[[], str]:
    """Has ann do something about somebody of whom ben may not know; gives the name of that change."""

    def change() -> str:
        return ann.change_chart(id, "note", {"text": "Chen was here", "on": chen}).head

    ann.change_chart(id, "add", {"ids": [chen]})
    return change


def test_what_hangs_on_something_hidden_is_hidden_too(
    ann: Session, ben: Session, id: str, smith: str, chen: str
) -> None:
    ann.change_chart(id, "add", {"ids": [chen]})
    before = ben.chart(id)
    said = {"label": "sells to", "one": smith, "other": chen, "reason": "Seen"}
    link = ann.change_chart(id, "propose_link", said).head
    ann.change_chart(id, "note", {"text": "Chen pays him", "on": link})
    ann.change_chart(id, "withdraw", {"key": ann.change_chart(id, "note", {"text": "Gone", "on": link}).head})
    assert len(ann.chart(id).notes) == 1
    assert ben.chart(id) == before


def test_where_a_chart_stands_and_when_it_was_changed_is_told_by_what_a_reader_knows_of(
    ann: Session, ben: Session, id: str, secretly: Callable[[], str]
) -> None:
    def asked() -> tuple[object, ...]:
        listed = next(each for each in ben.charts() if each.id == id)
        return ben.chart(id), ben.chart_head(id), listed, [each.id for each in ben.charts()]

    ben.make_chart("Ben’s own, made later")
    before = asked()
    stands = secretly()
    assert ann.chart_head(id) == ann.chart(id).head == stands
    assert next(each for each in ann.charts()).id == id
    assert asked() == before
    assert ben.change_chart(id, "note", {"text": "Mine"}).before == ben.chart(id).history[0].id
    assert [each.before for each in ben.chart(id).history] == [None, ben.chart(id).history[0].id]


def test_a_reader_steps_from_change_to_change_as_if_hidden_ones_had_not_been_made(
    ann: Session, ben: Session, id: str, smith: str, secretly: Callable[[], str]
) -> None:
    secretly()
    mine = ben.change_chart(id, "hide", {"ids": [smith]}).head
    secretly()
    assert ben.chart_head(id) == mine
    added = ben.chart(id).history[0].id
    assert ben.walk_chart(id, "back") == ben.chart(id).head == added
    assert (ben.chart(id).back, ben.chart(id).forward) == (True, True)
    assert ben.walk_chart(id, "back") == ""
    assert not ben.chart(id).back
    assert ben.walk_chart(id, "back") == ""
    assert ben.walk_chart(id, "forward") == added
    assert ben.walk_chart(id, "forward") == mine
    assert ben.walk_chart(id, "forward") == mine
    assert not ben.chart(id).forward
    # nothing was lost by it
    assert len(ann.chart(id).history) == 5


def test_nothing_is_taken_back_by_who_sees_nothing_to_take_back(ann: Session, ben: Session, chen: str) -> None:
    id = ann.make_chart("All hidden", [chen])
    ann.share_chart(id, ["ben"])
    assert (ben.chart(id).back, ben.chart(id).forward, ben.chart(id).head, ben.chart_head(id)) == (False, False, "", "")
    assert (ben.walk_chart(id, "back"), ben.walk_chart(id, "forward")) == ("", "")
    assert len(ann.chart(id).drawing.things) == 1


def test_a_change_that_a_reader_knows_nothing_of_cannot_be_gone_to_or_named_or_taken_back(
    ben: Session, id: str, secretly: Callable[[], str]
) -> None:
    for key in (secretly(), "change-000000000000", "change-\ud800"):
        for ask in (
            lambda key: ben.walk_chart(id, key),
            lambda key: ben.name_change(id, key, "Mine"),
            lambda key: ben.change_chart(id, "withdraw", {"key": key}),
            lambda key: ben.change_chart(id, "note", {"text": "On what?", "on": key}),
            lambda key: ben.change_chart(id, "propose_link", {"label": "a", "reason": "b", "one": key, "other": "change-1"}),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                ask(key)


def test_a_link_is_proposed_between_things_and_a_note_may_be_on_a_link(ann: Session, id: str, smith: str) -> None:
    thing = ann.change_chart(id, "propose", {"label": "A driver", "reason": "The CCTV"}).head
    said = {"label": "drove", "reason": "The CCTV", "one": smith}
    link = ann.change_chart(id, "propose_link", said | {"other": thing}).head
    ann.change_chart(id, "note", {"text": "Or was driven", "on": link})
    with pytest.raises(BlueLampError, match="between two things"):
        ann.change_chart(id, "propose_link", said | {"other": link})


def test_how_much_a_chart_holds_is_counted_by_what_its_reader_sees(
    ann: Session, ben: Session, id: str, chen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [str(hit.object) for hit in ben.search("", size=200).hits]
    monkeypatch.setattr(charting, "MOST_THINGS", 2)
    ann.change_chart(id, "add", {"ids": [chen]})
    ben.change_chart(id, "add", {"ids": [next(each for each in seen if each.startswith("custody"))]})
    with pytest.raises(BlueLampError, match="at most 2 things"):
        ben.change_chart(id, "add", {"ids": seen})


def test_who_is_no_longer_named_finds_nothing_and_both_that_is_written(
    force: BlueLamp, ann: Session, ben: Session, id: str, smith: str
) -> None:
    ben.chart(id)
    ann.share_chart(id, [])
    for ask in (
        lambda: ben.chart(id), lambda: ben.chart_head(id), lambda: ben.walk_chart(id, "back"),
        lambda: ben.change_chart(id, "hide", {"ids": [smith]}), lambda: ben.export_chart(id, "svg", ["CPS"]),
        lambda: ben.share_chart(id, ["ben"]), lambda: ben.name_change(id, "change-1", "Mine"),
    ):  # fmt: skip
        before = newest(force)
        with pytest.raises(NotFound):
            ask()
        assert id in str(entries(force, before)[-1]["fields_or_query"])
