"""A chart is its changes in turn: each is checked, each does one thing, and to leave one out takes it back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.errors import BlueLampError
from bluelamp.ids import ObjectId
from bluelamp.session import changes
from bluelamp.session.changes import KINDS, Board, Change, Spot, board, checked, sentence
from bluelamp.session.known import Known

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PEOPLE = [f"person-{n:016x}" for n in range(6)]

IDS = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4)
SAID = st.one_of(
    st.tuples(st.sampled_from(["add", "remove", "hide", "show", "pin", "unpin", "ungroup"]), st.builds(dict, ids=IDS)),
    st.tuples(st.just("group"), st.builds(dict, ids=IDS, name=st.sampled_from(["one", "two"]))),
    st.tuples(
        st.just("put"),
        st.dictionaries(st.sampled_from(PEOPLE), st.just([1.25, -3]), min_size=1).map(lambda places: {"places": places}),
    ),
    st.tuples(st.just("note"), st.builds(dict, text=st.just("seen"), on=st.sampled_from(["", PEOPLE[0]]))),
    st.tuples(st.just("layout"), st.builds(dict, layout=st.sampled_from(changes.LAYOUTS))),
)  # fmt: skip


def made(number: int, kind: str, said: dict[str, object]) -> Change:
    return Change(f"change-{number}", kind, checked(kind, said), "ann", NOW)


@given(st.lists(SAID, max_size=12))
def test_a_chart_after_some_changes_is_the_same_however_often_it_is_worked_out(
    said: list[tuple[str, dict[str, object]]],
) -> None:
    every = [made(number, *each) for number, each in enumerate(said)]
    assert board(every) == board(every)
    on = board(every).things
    added = {id for kind, each in said if kind == "add" for id in each["ids"]}  # type: ignore[attr-defined]
    assert set(on) <= added
    for note in board(every).notes.values():
        assert note.text == "seen"


def test_each_kind_of_change_does_what_it_says() -> None:
    one, two = PEOPLE[:2]
    story = [
        made(1, "add", {"ids": [one, two]}),
        made(2, "put", {"places": {one: [10, 20.04]}, "pinned": True}),
        made(3, "hide", {"ids": [two]}),
        made(4, "group", {"ids": [one], "name": "family"}),
        made(5, "note", {"text": "Seen together", "on": one}),
        made(6, "propose", {"label": "An unknown driver", "type": "Person", "reason": "the CCTV"}),
        made(7, "propose_link", {"label": "drove", "one": "change-6", "other": two, "reason": "the CCTV"}),
    ]
    found = board(story)
    assert found.things == {one: Spot(10, 20, pinned=True, group="family"), two: Spot(hidden=True)}
    assert [note.on for note in found.notes.values()] == [one]
    assert [each.link for each in found.proposed.values()] == [False, True]
    assert board([*story, made(8, "withdraw", {"key": "change-6"})]).proposed == {}
    assert board([*story, made(8, "remove", {"ids": [one]})]).notes == {}
    assert board([*story, made(8, "layout", {"layout": "circle"})]).things[one].x == 10
    assert (
        board([*story, made(8, "unpin", {"ids": [one]}), made(9, "layout", {"layout": "circle"})]).things[one].x is None
    )
    assert board([]) == Board()


def test_a_file_is_one_change_whatever_is_in_it() -> None:
    one, two = PEOPLE[:2]
    man = {"label": "A man", "type": "Person", "reason": "the file"}
    parts = [man, man | {"label": "knows", "one": 0, "other": one}, {"text": "Seen", "on": 0}, {"text": "All of it"}]
    change = made(1, "bring", {"file": "GraphML file", "ids": [one, two], "places": {one: [1, 2]}, "parts": parts})
    found = board([change])
    assert found.things == {one: Spot(1, 2), two: Spot()}
    assert {key: (each.one, each.other) for key, each in found.proposed.items()} == {
        "change-1-0": ("", ""), "change-1-1": ("change-1-0", one),
    }  # fmt: skip
    assert [each.on for each in found.notes.values()] == ["change-1-0", ""]
    assert board([change, made(2, "withdraw", {"key": "change-1-0"})]).proposed == {}
    assert set(changes.concerns(change)) == {one, two, "change-1-0"}
    for number, seen in enumerate(([], [two], [one, two])):
        assert knowing(seen, change).tells(change)
        assert knowing(seen, change).has("change-1-0")
        assert knowing(seen, change).has("change-1-1") == (one in seen)
        told = sentence(change, dict(zip(seen, seen, strict=True)))
        assert told == f"Brought in the GraphML file, with {'1 thing' if number == 1 else f'{number} things'}"
    hers = made(3, "bring", {"file": "x", "parts": [{"text": "Of her", "on": one}]})
    assert not knowing([two], hers).tells(hers)


def knowing(seen: list[str], change: Change) -> Known:
    """What somebody who sees these things knows of a chart with one change."""
    return Known(lambda ids: {id: ObjectId("person", 1) for id in ids if id in seen}, {change.id: change}.get)


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        ("paint", {}, "cannot be changed by 'paint'"),
        ("add", {}, "at least one thing"),
        ("add", {"ids": "person-1"}, "at least one thing"),
        ("add", {"ids": ["' or 1=1"]}, "no id of a thing"),
        ("put", {"places": {PEOPLE[0]: [1]}}, "two numbers"),
        ("put", {"places": {PEOPLE[0]: [float("nan"), 1]}}, "two numbers"),
        ("put", {"places": {PEOPLE[0]: [True, 1]}}, "two numbers"),
        ("put", {"places": []}, "where each thing stands"),
        ("note", {"text": "  "}, "text is empty"),
        ("note", {"text": "x" * 4001}, "4,001 letters"),
        ("propose", {"label": "A man", "reason": ""}, "reason is empty"),
        ("propose_link", {"label": "knows", "reason": "said so", "one": PEOPLE[0], "other": PEOPLE[0]}, "two different ends"),
        ("bring", {"parts": []}, "file is empty"),
        ("bring", {"file": "x", "parts": [{"text": "Seen", "on": 0}]}, "names one that is not before it"),
        ("bring", {"file": "x", "parts": [{"text": "Seen", "on": -1}]}, "names one that is not before it"),
        ("bring", {"file": "x", "parts": [{"label": "A man"}]}, "reason is empty"),
        ("bring", {"file": "x", "parts": ["A man"]}, "part of a file is a note"),
        ("layout", {"layout": "spiral"}, "no layout 'spiral'"),
    ],
)  # fmt: skip
def test_what_a_change_cannot_say_is_refused_in_one_sentence(kind: str, said: dict[str, object], sentence: str) -> None:
    with pytest.raises(BlueLampError, match=sentence):
        checked(kind, said)


def test_what_a_change_did_is_told_by_what_its_reader_sees() -> None:
    change = made(1, "add", {"ids": PEOPLE[:3]})
    assert sentence(change, dict(zip(PEOPLE, PEOPLE, strict=True))) == "Added 3 things"
    assert sentence(change, {PEOPLE[0]: 1}) == sentence(change, dict.fromkeys(PEOPLE, 1)) == "Added 1 thing"
    assert sentence(made(2, "propose", {"label": "{ids}", "reason": "a hunch"}), {}) == "Proposed “{ids}”"
    assert set(KINDS) >= {"add", "put", "note"}
