"""The story of a chart: passages that each reader reads with what that reader may see, made of changes like all else."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bluelamp.errors import BlueLampError, NotFound
from bluelamp.ids import ObjectId
from bluelamp.session import story
from bluelamp.session.changes import PASSAGE
from bluelamp.session.exploring import Thing
from bluelamp.session.force import BlueLamp
from bluelamp.session.looks import Look, narrowed
from bluelamp.session.session import Session
from bluelamp.session.telling import StoryView
from tests.office import as_, entries, newest
from tests.session.test_charting import id_of


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, built and opened."""
    opened = run_once(tmp_path_factory.mktemp("telling") / "force")
    yield opened
    opened.close()


@pytest.fixture
def people(force: BlueLamp) -> tuple[str, str]:
    """Somebody whom ann and ben see, and somebody whom only ann sees."""
    ann = as_(force)
    return id_of(ann, "john smith"), id_of(ann, "wei chen")


@pytest.fixture
def chart(force: BlueLamp, people: tuple[str, str]) -> str:
    """A chart of both, of what stands around them, shared with ben."""
    ann = as_(force)
    id = ann.make_chart("Operation Ash", people)
    ann.change_chart(id, "add", {"ids": [str(each) for each in ann.follow(people).things]})
    ann.share_chart(id, ["ben"])
    return id


def tell(session: Session, chart: str, heading: str, **look: object) -> str:
    """Tell a passage; returns its key."""
    return session.change_chart(chart, "tell", {"heading": heading, "text": "What we know.", "look": look or None}).head


def headings(view: StoryView) -> list[str]:
    return [each.heading for each in view.passages]


def shown(view: StoryView, key: str) -> set[str]:
    """What the things that a passage shows are called."""
    names = {str(each.id): each.caption or each.label for each in view.drawing.things}
    return {names.get(id, id) for id in view.things[key]}


def test_a_passage_shows_what_it_is_narrowed_to_as_it_is_today(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann = as_(force)
    typed = tell(ann, chart, "In custody", view="timeline", types=["Custody"], first="2026-01-01", last="2026-12-31")
    chosen = tell(ann, chart, "The two", view="graph", ids=list(people), only=True)
    among = tell(ann, chart, "Among all", view="graph", ids=[people[0]])
    plain = tell(ann, chart, "What next")
    view = ann.story(chart)
    assert {id.partition("-")[0] for id in view.things[typed]} == {"custody"}
    assert shown(view, chosen) == {"John Smith", "Wei Chen"}
    assert len(view.things[among]) == len(ann.chart(chart).drawing.things)
    assert (view.things[plain], view.passages[3].look) == ((), None)
    ann.change_chart(chart, "hide", {"ids": [people[1]]})
    assert shown(ann.story(chart), chosen) == {"John Smith"}
    assert ann.chart(chart).story == ann.story(chart).passages


def test_two_readers_of_one_story_each_read_their_own_part_of_it(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann, ben = as_(force), as_(force, "ben")
    smith, chen = people
    first = tell(ann, chart, "Both of them", view="graph", ids=[smith, chen], only=True)
    tell(ann, chart, "Chen alone", view="graph", ids=[chen], only=True)
    types = tell(ann, chart, "All reports", view="table", types=["IntelligenceReport"])
    source = tell(ann, chart, "By source", view="table", by="source", values=["intelligence", "custody"])
    mixed = tell(ann, chart, "Reports and people", view="map", types=["IntelligenceReport", "Person"])
    whole, part = ann.story(chart), ben.story(chart)
    assert headings(whole) == ["Both of them", "Chen alone", "All reports", "By source", "Reports and people"]
    assert headings(part) == ["Both of them", "All reports", "By source", "Reports and people"]
    assert shown(part, first) == {"John Smith"}
    looks = {each.key: each.look for each in part.passages}
    assert looks[types] is None
    assert looks[source] is not None
    assert (looks[source].values, part.things[source] != ()) == (("custody",), True)
    assert looks[mixed] is not None
    assert looks[mixed].types == ("Person",)
    for secret in ("Chen", "IntelligenceReport", "intelligence", chen):
        assert secret not in repr(part)
        assert secret not in repr(ben.chart(chart))


def test_a_frame_is_kept_of_views_that_have_one_and_tells_of_no_place_that_is_not_seen(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann, ben = as_(force), as_(force, "ben")
    smith, chen = people
    tell(ann, chart, "By Smith", view="map", frame=[-0.1, -0.1, 0.1, 0.1], middle=smith)
    tell(ann, chart, "By Chen", view="graph", frame=[-50, -50, 50.5, 50], middle=chen)
    tell(ann, chart, "In time", view="timeline", frame=[0, 0, 1, 1], middle=smith)
    frames = [
        [(each.look.frame, each.look.middle) for each in reader.story(chart).passages if each.look]
        for reader in (ann, ben)
    ]
    assert frames[0] == [((-0.1, -0.1, 0.1, 0.1), smith), ((-50, -50, 50.5, 50), chen), ((), "")]
    assert frames[1] == [((-0.1, -0.1, 0.1, 0.1), smith), ((), ""), ((), "")]


def test_what_happens_to_a_passage_that_is_not_there_for_a_reader_is_not_told(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann, ben = as_(force), as_(force, "ben")
    before = [each.said for each in ben.chart(chart).history]
    key = tell(ann, chart, "Chen alone", view="graph", ids=[people[1]])
    note = ann.change_chart(chart, "note", {"text": "A new phone", "on": people[1]}).head
    ann.change_chart(chart, "rewrite", {"key": key, "heading": "Chen again"})
    ann.change_chart(chart, "reorder", {"key": key})
    ann.change_chart(chart, "untell", {"key": key})
    ann.change_chart(chart, "withdraw", {"key": note})
    assert [each.said for each in ben.chart(chart).history] == before
    assert [each.said for each in ann.chart(chart).history][-6:] == [
        "Told the passage “Chen alone”", "Wrote a note", "Rewrote a passage", "Moved a passage", "Removed a passage",
        "Took back a note or proposal",
    ]  # fmt: skip


def test_what_is_done_to_a_passage_is_told_by_what_it_is_about_at_that_time(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann, ben = as_(force), as_(force, "ben")
    smith, chen = people
    key = tell(ann, chart, "The buyer", view="graph", ids=[smith])
    ann.change_chart(chart, "rewrite", {"key": key, "text": "He was seen."})
    before = ben.chart(chart)
    # from here on it is about somebody of whom ben may not know
    for kind, said in (
        ("rewrite", {"look": {"view": "graph", "ids": [chen]}}),
        ("rewrite", {"text": "She was seen."}),
        ("reorder", {}),
    ):
        ann.change_chart(chart, kind, {"key": key, **said})
        now = ben.chart(chart)
        assert (now.history, now.head, now.chart) == (before.history, before.head, before.chart)
        assert headings(ben.story(chart)) == []
    hidden = ann.chart_head(chart)
    ann.change_chart(chart, "untell", {"key": key})
    assert [each.id for each in ben.chart(chart).history] == [each.id for each in before.history]
    # and where it is about something that he sees again, or about nothing, so is what is done to it
    ann.walk_chart(chart, hidden)
    for look in ({"view": "graph", "ids": [smith, chen]}, None):
        told = ann.change_chart(chart, "rewrite", {"key": key, "look": look}).head
        moved = ann.change_chart(chart, "reorder", {"key": key}).head
        assert [each.id for each in ben.chart(chart).history][-2:] == [told, moved]
        assert headings(ben.story(chart)) == ["The buyer"]


def test_a_passage_that_was_told_of_somebody_hidden_is_told_of_once_it_is_about_others(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann, ben = as_(force), as_(force, "ben")
    key = tell(ann, chart, "The seller", view="graph", ids=[people[1]])
    shown_ = ann.change_chart(chart, "rewrite", {"key": key, "look": {"view": "graph", "ids": [people[0]]}}).head
    again = ann.change_chart(chart, "rewrite", {"key": key, "text": "He was seen."}).head
    assert headings(ben.story(chart)) == ["The seller"]
    assert [each.id for each in ben.chart(chart).history][-2:] == [shown_, again]
    assert ben.chart_head(chart) == again


def test_a_reader_can_do_nothing_to_a_passage_that_is_not_there_for_them_as_to_one_that_never_was(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann, ben = as_(force), as_(force, "ben")
    hidden, open_ = tell(ann, chart, "Chen", view="graph", ids=[people[1]]), tell(ann, chart, "Open")
    for kind in ("rewrite", "reorder", "untell"):
        told = []
        for key in (hidden, "change-0123456789ab"):
            with pytest.raises(NotFound) as refused:
                ben.change_chart(chart, kind, {"key": key})
            told.append(str(refused.value).replace(key, ""))
        assert told[0] == told[1]
    with pytest.raises(NotFound):
        ben.change_chart(chart, "reorder", {"key": open_, "before": hidden})
    with pytest.raises(NotFound):
        tell(ben, chart, "Chen", view="graph", ids=[people[1]])
    assert headings(ann.story(chart)) == ["Chen", "Open"]


def test_passages_are_rewritten_moved_and_taken_out_and_each_step_can_be_undone(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann = as_(force)
    one, two, three = (tell(ann, chart, each, view="map", ids=[people[0]]) for each in ("One", "Two", "Three"))
    stands = [ann.story(chart)]
    for kind, said in (
        ("reorder", {"key": three, "before": one}),
        ("reorder", {"key": one, "before": ""}),
        ("rewrite", {"key": two, "heading": "Second", "text": "Otherwise"}),
        ("rewrite", {"key": two, "look": {"view": "timeline"}}),
        ("rewrite", {"key": two, "look": None}),
        ("untell", {"key": three}),
    ):
        ann.change_chart(chart, kind, said)
        stands.append(ann.story(chart))
    assert [headings(each) for each in stands] == [
        ["One", "Two", "Three"], ["Three", "One", "Two"], ["Three", "Two", "One"], ["Three", "Second", "One"],
        ["Three", "Second", "One"], ["Three", "Second", "One"], ["Second", "One"],
    ]  # fmt: skip
    looks = [next(each.look for each in view.passages if each.key == two) for view in stands[3:6]]
    assert [look and look.view for look in looks] == ["map", "timeline", None]
    for earlier in reversed(stands[:-1]):
        ann.walk_chart(chart, "back")
        assert ann.story(chart).passages == earlier.passages
    for later in stands[1:]:
        ann.walk_chart(chart, "forward")
        assert ann.story(chart).passages == later.passages


def test_what_one_reader_moves_passes_over_what_is_not_there_for_them(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann, ben = as_(force), as_(force, "ben")
    one = tell(ann, chart, "One")
    tell(ann, chart, "Chen", view="graph", ids=[people[1]])
    two = tell(ann, chart, "Two")
    ben.change_chart(chart, "reorder", {"key": two, "before": one})
    assert headings(ben.story(chart)) == ["Two", "One"]
    assert headings(ann.story(chart)) == ["Two", "One", "Chen"]


def test_hostile_words_are_kept_as_they_are(force: BlueLamp, chart: str) -> None:
    ann = as_(force)
    words = "<script>alert(1)</script> {things} {0} “ends”\n\n'; drop table charts; --\0\ud800"
    key = ann.change_chart(chart, "tell", {"heading": "{heading} <b>", "text": words}).head
    (passage,) = (each for each in ann.story(chart).passages if each.key == key)
    assert (passage.heading, passage.text) == ("{heading} <b>", words.replace("\0", "␀").replace("\ud800", "?"))
    assert ann.chart(chart).history[-1].said == "Told the passage “{heading} <b>”"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"heading": " "}, "heading is empty"),
        ({"heading": "x" * 201}, "201 letters, and 200 is the most"),
        ({"heading": "One", "text": "x" * (PASSAGE + 1)}, "8,001 letters, and 8,000 is the most"),
        ({"heading": "One", "look": "map"}, "as an object"),
        ({"heading": "One", "look": {"view": "radar"}}, "no view 'radar'; the views are graph"),
        ({"heading": "One", "look": {"first": "yesterday"}}, "'yesterday' is no day"),
        ({"heading": "One", "look": {"first": "2026-02-30"}}, "'2026-02-30' is no day"),
        ({"heading": "One", "look": {"first": "2026-02-03", "last": "2026-02-01"}}, "ends .* before it begins"),
        ({"heading": "One", "look": {"hours": [168]}}, "numbers from 0"),
        ({"heading": "One", "look": {"ids": "person-1"}}, "no list"),
        ({"heading": "One", "look": {"ids": ["' or 1=1"]}}, "no id of a thing"),
        ({"heading": "One", "look": {"ids": [f"person-{n:016x}" for n in range(201)]}}, "201 things are more"),
        ({"heading": "One", "look": {"view": "map", "frame": [0, 1, 2]}}, "A frame of a map is four numbers"),
        ({"heading": "One", "look": {"view": "map", "frame": [0, 0, 361, 1]}}, "from its middle than 360"),
        ({"heading": "One", "look": {"view": "map", "frame": [0, 0, float("nan"), 1]}}, "four numbers"),
        (
            {"heading": "One", "look": {"view": "graph", "frame": [5, 0, 4, 1]}},
            "its least x and y and then its greatest",
        ),
        ({"heading": "One", "look": {"view": "graph", "frame": [0, 0, "1", 1]}}, "four numbers"),
        ({"heading": "One", "look": {"view": "graph", "frame": [0, 0, 1, 1]}}, "no id of a thing"),
        ({"heading": "One", "look": {"by": "community", "values": ["Community 1"]}}, "differs by what a reader sees"),
    ],
)
def test_what_a_passage_cannot_say_is_refused_in_one_sentence(
    force: BlueLamp, chart: str, said: dict[str, object], sentence: str
) -> None:
    with pytest.raises(BlueLampError, match=sentence):
        as_(force).change_chart(chart, "tell", said)


def test_a_story_has_so_many_passages_and_those_that_are_not_there_for_a_reader_do_not_count(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann, ben = as_(force), as_(force, "ben")
    tell(ann, chart, "Chen", view="graph", ids=[people[1]])
    for number in range(story.MOST_PASSAGES - 1):
        tell(ann, chart, str(number))
    with pytest.raises(BlueLampError, match="at most 50 passages; remove one"):
        tell(ann, chart, "One more")
    tell(ben, chart, "One more")
    with pytest.raises(BlueLampError, match="at most 50 passages"):
        tell(ben, chart, "And one")


def test_reading_a_story_is_an_entry_that_names_what_stands_in_it_and_so_is_each_change(
    force: BlueLamp, chart: str, people: tuple[str, str]
) -> None:
    ann = as_(force)
    before = newest(force)
    tell(ann, chart, "Smith", view="graph", ids=[people[0]], only=True)
    ann.story(chart)
    told, read = (entry for entry in entries(force, before) if entry["action"] in ("chart:change", "chart:view"))
    assert (told["operation"], told["object_ids"]) == ("alteration", [people[0]])
    assert (read["operation"], read["object_ids"]) == ("consultation", [people[0]])
    assert chart in str(read["fields_or_query"])


@pytest.mark.parametrize(
    ("look", "when", "shows"),
    [
        (Look(hours=(9,)), "2026-01-05T09:59", True),
        (Look(hours=(9,)), "2026-01-05T10:00", False),
        (Look(hours=(9,)), "2026-01-05", False),
        (Look(hours=(9,)), "", True),
        (Look(first="2026-01-05T09:30", last="2026-01-05T09:40"), "2026-01-05T09:40", True),
        (Look(first="2026-01-05T09:30", last="2026-01-05T09:40"), "2026-01-05T09:41", False),
        (Look(first="2026-01-05T09:30"), "2026-01-05", True),
        (Look(last="2026-01-05"), "2026-01-05T23:59", True),
        (Look(last="2026-01-05"), "2026-01", True),
        (Look(last="2026-01-05"), "2026-02", False),
    ],
)
def test_a_look_shows_what_may_have_happened_in_its_time(look: Look, when: str, *, shows: bool) -> None:
    thing = Thing(ObjectId("call", 1), "Call", "Call", "event", "", "", {}, when, (), "", (), ())
    assert list(narrowed([thing], look, lambda _: {})) == ([thing] if shows else [])
