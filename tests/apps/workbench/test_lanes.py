"""Gaps and overlaps: what dates allow and what they do not, by example and by rule."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.apps.workbench import lanes
from bluelamp.apps.workbench.lanes import Lane, Mark, Stretch, by_thing, by_type, gaps, of_thing, overlaps, span
from bluelamp.ids import ObjectId
from bluelamp.ontology import NOUNS
from bluelamp.session.charting import ChartLine, ChartView
from bluelamp.session.exploring import Bond, Drawing, Thing

SMITH, HOME, OTHER = ObjectId("person", 1), ObjectId("location", 2), ObjectId("location", 3)


def thing(id: ObjectId, when: str = "", until: str = "", caption: str = "") -> Thing:
    noun = next(each for each in NOUNS if each.slug() == id.type)
    return Thing(
        id, noun.name(), noun.label, noun.kind.value, caption or str(id), "", {}, when, (), "", (), (), until, noun.lasts
    )  # fmt: skip


def bond(one: ObjectId, other: ObjectId, type: str, first: str = "", last: str = "") -> Bond:
    return Bond(one, other, type, type.replace("_", " "), "", "", first, last, "fact", doubtful=False, sources=())


def chart(things: Iterable[Thing], bonds: Iterable[Bond]) -> ChartView:
    line = ChartLine("chart-1", "A", "ann", (), "", "", "")
    drawing = Drawing(tuple(things), tuple(bonds), "OFFICIAL")
    return ChartView(line, "", "force", drawing, {}, {}, {}, (), (), back=False, forward=False)


def events(*said: tuple[str, str, str]) -> ChartView:
    """A chart of Smith and the events that he had part in: type, when, until."""
    ids = [ObjectId(type, 10 + at) for at, (type, _, _) in enumerate(said)]
    listed = [thing(id, when, until) for id, (_, when, until) in zip(ids, said, strict=True)]
    return chart([thing(SMITH, caption="Smith"), *listed], [bond(SMITH, id, "involved_in") for id in ids])


def homes(*said: tuple[ObjectId, str, str]) -> ChartView:
    """A chart of Smith and where he lived: address, from, to."""
    return chart([thing(SMITH), thing(HOME), thing(OTHER)], [bond(SMITH, at, "lives_at", a, b) for at, a, b in said])


def told(found: Iterable[Stretch]) -> list[tuple[str, str, str]]:
    return [
        (
            each.kind,
            each.first.isoformat(timespec="minutes"),
            each.last.isoformat(timespec="minutes") if each.last else "",
        )
        for each in found
    ]


def gaps_of(view: ChartView, longer: timedelta = timedelta(days=1)) -> list[tuple[str, str, str]]:
    return told(gaps([lane for lane in by_thing(view) if lane.key == str(SMITH)], longer))


def test_between_two_events_nothing_is_known() -> None:
    view = events(("vehicle_sighting", "2026-01-03T10:22", ""), ("crime", "2026-01-10", ""))
    assert gaps_of(view) == [("gap", "2026-01-03T10:23", "2026-01-10T00:00")]
    assert gaps_of(view, timedelta(days=7)) == []


def test_a_date_that_is_not_whole_may_fill_the_gap() -> None:
    assert gaps_of(events(("crime", "2026-01-03", ""), ("incident", "2026-01", ""), ("crime", "2026-02-03", ""))) == [
        ("gap", "2026-02-01T00:00", "2026-02-03T00:00")
    ]


def test_custody_fills_the_time_until_release_and_a_burglary_that_in_which_it_must_have_happened() -> None:
    for type in ("custody", "crime"):
        view = events((type, "2026-01-03T22:00", "2026-01-09T07:00"), ("incident", "2026-01-09T08:00", ""))
        assert gaps_of(view) == []


def test_a_link_fills_its_time_and_one_without_an_end_its_first_day() -> None:
    closed = homes((HOME, "2020-01-01", "2021-12-31"), (OTHER, "2023-01-01", ""))
    assert gaps_of(closed) == [("gap", "2022-01-01T00:00", "2023-01-01T00:00")]
    open_ = homes((HOME, "2020-01-01", ""), (OTHER, "2023-01-01", ""))
    assert gaps_of(open_) == [("gap", "2020-01-02T00:00", "2023-01-01T00:00")]


def test_each_type_has_a_lane_of_its_own() -> None:
    view = events(("crime", "2026-01-03", ""), ("custody", "2026-01-05", ""), ("crime", "2026-01-09", ""))
    (found,) = gaps(by_type(view), timedelta(days=1))
    assert (found.lane, found.title, found.length) == ("Crime", "Crime", timedelta(days=5))
    assert [mark.said[0] for mark in (found.one, found.other)] == ["2026-01-03", "2026-01-09"]


def test_who_is_seen_while_in_custody_is_in_two_places_at_once() -> None:
    view = events(
        ("custody", "2026-01-03T22:00", "2026-01-04T09:00"), ("vehicle_sighting", "2026-01-04T01:00", ""),
        ("vehicle_sighting", "2026-01-04T09:30", ""),
    )  # fmt: skip
    assert told(overlaps(by_thing(view))) == [("sure", "2026-01-04T01:00", "2026-01-04T01:01")]


def test_what_is_known_by_the_day_may_overlap() -> None:
    view = events(("custody", "2026-01-03T22:00", "2026-01-04T09:00"), ("incident", "2026-01-04", ""))
    assert told(overlaps(by_thing(view))) == [("may", "2026-01-04T00:00", "2026-01-04T09:01")]


def test_two_moments_are_no_overlap_and_nor_is_custody_of_which_no_end_is_said() -> None:
    assert overlaps(by_thing(events(("incident", "2026-01-04", ""), ("crime", "2026-01-04", "")))) == []
    assert overlaps(by_thing(events(("custody", "2026-01-04", ""), ("crime", "2026-01-04", "")))) == []


def test_two_addresses_at_once_overlap_for_certain_or_perhaps() -> None:
    assert told(overlaps(by_thing(homes((HOME, "2020-01-01", "2022-01-01"), (OTHER, "2021-06", "2023"))))) == [
        ("sure", "2021-07-01T00:00", "2022-01-01T00:00")
    ]
    assert told(overlaps(by_thing(homes((HOME, "2020-01-01", ""), (OTHER, "2021-06-01", ""))))) == [
        ("may", "2021-06-01T00:00", "")
    ]


def test_who_moves_on_a_day_and_who_is_said_twice_to_live_somewhere_lives_nowhere_else() -> None:
    assert overlaps(by_thing(homes((HOME, "2020-01-01", "2021-06-01"), (OTHER, "2021-06-01", "")))) == []
    assert overlaps(by_thing(homes((HOME, "2020-01-01", ""), (HOME, "2021-06-01", "")))) == []


def test_an_address_may_have_many_people_at_once() -> None:
    lodger = ObjectId("person", 4)
    bonds = [bond(SMITH, HOME, "lives_at", "2020", "2022"), bond(lodger, HOME, "lives_at", "2020", "2022")]
    assert overlaps(by_thing(chart([thing(SMITH), thing(HOME), thing(lodger)], bonds))) == []


def test_a_date_that_cannot_be_is_none() -> None:
    assert [span(each) for each in ("", "soon", "2026-13", "2026-02-30", "2026-01-01Tx")] == [None] * 5
    assert of_thing(thing(ObjectId("crime", 9), "2026-02-30")) is None


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))  # noqa: DTZ001
SAID = MOMENTS.flatmap(
    lambda at: st.sampled_from([f"{at:%Y}", f"{at:%Y-%m}", f"{at:%Y-%m-%d}", f"{at:%Y-%m-%dT%H:%M}"])
)
EVENTS = st.lists(
    st.tuples(st.sampled_from(["custody", "crime", "incident"]), SAID, st.one_of(st.just(""), SAID)), max_size=12
)


def smith(view: ChartView) -> Lane:
    return next((lane for lane in by_thing(view) if lane.key == str(SMITH)), Lane("", "", ()))


def may_be_at(mark: Mark, at: datetime) -> bool:
    return mark.first <= at < mark.known


@given(EVENTS, st.integers(0, 60 * 24 * 30))
def test_no_mark_reaches_into_a_gap_and_each_is_long_enough_and_between_its_marks(
    said: list[tuple[str, str, str]], minutes: int
) -> None:
    lane, longer = smith(events(*said)), timedelta(minutes=minutes)
    found = list(gaps([lane], longer))
    for gap in found:
        assert gap.last is not None
        assert gap.last - gap.first > longer
        assert not any(mark.first < gap.last and mark.known > gap.first for mark in lane.marks)
        assert (gap.one.known, gap.other.first) == (gap.first, gap.last)
    assert all(one.last <= other.first for one, other in pairwise(found) if one.last)


@given(EVENTS)
def test_every_moment_from_the_first_mark_to_the_last_is_in_a_gap_or_a_mark(said: list[tuple[str, str, str]]) -> None:
    lane = smith(events(*said))
    found = list(gaps([lane], timedelta(0)))
    edges = sorted({edge for mark in lane.marks for edge in (mark.first, mark.known)})
    for one, other in pairwise(edges):
        middle = one + (other - one) / 2
        in_gap = any(gap.first <= middle < (gap.last or middle) for gap in found)
        assert in_gap != any(may_be_at(mark, middle) for mark in lane.marks)


@given(EVENTS)
def test_overlaps_are_all_the_pairs_of_which_one_lasts_and_that_may_share_a_moment(
    said: list[tuple[str, str, str]],
) -> None:
    lane = smith(events(*said))
    expected = {
        frozenset((one.ids, other.ids))
        for at, one in enumerate(lane.marks)
        for other in lane.marks[at + 1 :]
        if (one.lasts or other.lasts) and one.first < other.known and other.first < one.known
    }
    found = overlaps([lane])
    assert {frozenset((each.one.ids, each.other.ids)) for each in found} == expected
    for each in found:
        sure = max(each.one.begun, each.other.begun) < min(each.one.ended, each.other.ended)
        assert (each.kind == "sure") == sure
        assert each.last is None or each.first < each.last


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_in_which_things_stand_on_the_chart_says_nothing(
    said: list[tuple[str, str, str]], chance: object
) -> None:
    view = events(*said)
    things, bonds = list(view.drawing.things), list(view.drawing.bonds)
    chance.shuffle(things)  # type: ignore[attr-defined]
    chance.shuffle(bonds)  # type: ignore[attr-defined]
    other = chart(things, bonds)
    assert set(told(gaps(by_thing(view), timedelta(0)))) == set(told(gaps(by_thing(other), timedelta(0))))
    assert sorted(told(overlaps(by_thing(view)))) == sorted(told(overlaps(by_thing(other))))


def test_there_may_be_more_overlaps_than_are_told_of_and_less_time_tells_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lanes, "MOST_OVERLAPS", 1)
    view = homes((HOME, "2020-01-01", "2020-03-01"), (OTHER, "2020-02-01", "2023"), (HOME, "2022-01-01", "2022-03-01"))
    assert told(overlaps(by_thing(view))) == [("sure", "2020-02-02T00:00", "2020-03-01T00:00")]
    when = span("2021-01-01")
    assert when
    later = overlaps(by_thing(view), when[0])
    assert told(later) == [("sure", "2022-01-02T00:00", "2022-03-01T00:00")]
