"""What analysts ask of people, crimes, places, phones and vehicles: 27 questions of a made-up force.

Each is asked through a session and worked out independently in plain Python, from the rows of records and links as the
build holds them, of those that this session may see.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import pytest

import bluelamp
from bluelamp.ids import ObjectId
from bluelamp.index.graph import Choice
from bluelamp.index.places import Area
from bluelamp.lake.sql import literal
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.factory import store
from tests.northgate import standing


class Known:
    """All that one session may see, as lists and dictionaries."""

    def __init__(self, force: BlueLamp, session: Session) -> None:
        self.session = session
        self.nouns = force.workspace.nouns
        visible = session.visible
        path = store(force.folder).builds / f"{force.build_number:06}" / "objects.duckdb"
        with duckdb.connect() as connection:
            connection.execute(f"attach {literal(str(path))} as built (read_only)")
            connection.execute("use built")
            self.records: dict[str, list[dict[str, Any]]] = {}
            for name, noun in self.nouns.items():
                rows = connection.sql(f"select * from record_{noun.slug()}").to_arrow_table().to_pylist()
                self.records[name] = [row for row in rows if row["access"] in visible]
            links = connection.sql("select * from link where forward").to_arrow_table().to_pylist()
        there = {(name, row["object"]) for name, rows in self.records.items() for row in rows}
        #: each link once: type, role, its two ends as (type, number)
        self.links = {
            (row["type"], row["role"] or "", (row["object_type"], row["object"]), (row["other_type"], row["other"]))
            for row in links
            if {row["access"], row["end_access"], row["other_access"]} <= visible
            and {(row["object_type"], row["object"]), (row["other_type"], row["other"])} <= there
        }
        self.near: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
        for _, _, one, other in self.links:
            self.near[one].add(other)
            self.near[other].add(one)

    def id(self, end: tuple[str, int]) -> ObjectId:
        return ObjectId(self.nouns[end[0]].slug(), end[1])

    def ids(self, ends: Any) -> set[ObjectId]:
        return {self.id(end) for end in ends}

    def by(self, type: str, *, first: str, roles: tuple[str, ...] = ()) -> dict[tuple[str, int], set[tuple[str, int]]]:
        """From each thing of type `first` what links of a type, in some roles, lead to; whichever way they are stated."""
        found: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
        for kind, role, one, other in self.links:
            for at, far in ((one, other), (other, one)):
                if kind == type and at[0] == first and (not roles or role in roles):
                    found[at].add(far)
        return found

    def said(self, type: str, name: str) -> dict[int, list[Any]]:
        """What the records of each object say in a property."""
        found: dict[int, list[Any]] = defaultdict(list)
        for row in self.records[type]:
            if row[name] is not None:
                found[row["object"]].append(row[name])
        return found

    def moments(self, type: str) -> dict[int, datetime]:
        """When each event happened, of those of which the minute is known."""
        return {
            number: min(map(datetime.fromisoformat, told))
            for number, values in self.said(type, self.nouns[type].when or "").items()
            if (told := [each for each in values if len(each) >= 16])
        }

    def places(self) -> dict[tuple[str, int], list[tuple[float, float]]]:
        """The points of each place."""
        said = self.said("Location", "point")
        return {
            ("Location", n): [(float(a), float(b)) for a, b in (p.split(",") for p in ps)] for n, ps in said.items()
        }


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[Known]:
    """A made-up force of some thousands of records, and what its analyst may see for intelligence work."""
    folder = tmp_path_factory.mktemp("enquiries") / "northgate"
    force = bluelamp.open(standing(folder, fresh_database()))
    force.run("tester", lambda *_: None)
    yield Known(force, force.session("amara", "intelligence", "Operation Ash"))
    force.close()


def most(found: dict[tuple[str, int], set[Any]]) -> tuple[str, int]:
    """That with most, of several the one with the least number."""
    return max(found, key=lambda end: (len(found[end]), -end[1]))


def far(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points."""
    east = (one[1] - other[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(one[0] - other[0], east) * 111_320


def follow(known: Known, end: tuple[str, int], **choice: Any) -> set[ObjectId]:
    sets = {name: frozenset(each) if isinstance(each, (set, tuple)) else each for name, each in choice.items()}
    return set(known.session.follow([known.id(end)], Choice(**sets), most=10_000).things)


# ---- people ----


def test_1_in_which_crimes_is_somebody_a_suspect(known: Known) -> None:
    suspects = known.by("involved_in", first="Person", roles=("knownSuspect",))
    man = most(suspects)
    found = follow(known, man, types=("involved_in",), roles=("knownSuspect",), others=("Crime",))
    assert found == known.ids(each for each in suspects[man] if each[0] == "Crime")
    assert len(found) > 1


def test_2_of_which_crimes_is_somebody_the_victim(known: Known) -> None:
    victims = known.by("involved_in", first="Person", roles=("victim",))
    who = most(victims)
    assert follow(known, who, roles=("victim",)) == known.ids(victims[who])


def test_3_who_are_the_associates_of_somebody(known: Known) -> None:
    associates = known.by("associated_with", first="Person")
    who = most(associates)
    assert follow(known, who, types=("associated_with",)) == known.ids(associates[who])


def test_4_who_stands_around_somebody_and_how_many_by_kind(known: Known) -> None:
    who = most({end: near for end, near in known.near.items() if end[0] == "Person"})
    kinds = known.session.around([known.id(who)]).kinds
    counted = {(k.type, k.role, k.other_type, k.forward): k.count for k in kinds}
    expected: dict[tuple[str, str, str, bool], set[tuple[str, int]]] = defaultdict(set)
    for type, role, one, other in known.links:
        for at, end, forward in ((one, other, True), (other, one, False)):
            if at == who and end != who:
                expected[type, role, end[0], forward].add(end)
    assert counted == {key: len(ends) for key, ends in expected.items()}


def test_5_how_are_two_suspects_of_different_crimes_connected(known: Known) -> None:
    suspects = sorted(known.by("involved_in", first="Person", roles=("knownSuspect",)))
    for one, other in zip(suspects[:6], suspects[6:12], strict=True):
        view = known.session.paths(known.id(one), known.id(other), longest=4, most=10_000)
        assert {tuple(path) for path in view.paths} == {
            tuple(map(known.id, path)) for path in shortest(known, one, other, 4)
        }


def shortest(
    known: Known, one: tuple[str, int], other: tuple[str, int], longest: int
) -> list[tuple[tuple[str, int], ...]]:
    """All shortest paths, a layer at a time from one end."""
    ways: dict[tuple[str, int], list[tuple[tuple[str, int], ...]]] = {one: [(one,)]}
    seen = {one}
    for _ in range(longest):
        wider: dict[tuple[str, int], list[tuple[tuple[str, int], ...]]] = defaultdict(list)
        for end, paths in ways.items():
            for step in known.near[end] - seen:
                wider[step] += [(*path, step) for path in paths]
        if other in wider:
            return wider[other]
        seen |= wider.keys()
        ways = wider
    return []


def test_6_what_have_two_people_at_one_address_in_common(known: Known) -> None:
    homes = known.by("lives_at", first="Location")
    pair = sorted(homes[most(homes)])[:2]
    found = known.session.common([known.id(each) for each in pair])
    assert set(found.things) == known.ids((known.near[pair[0]] & known.near[pair[1]]) - set(pair))


def test_7_who_lives_at_an_address(known: Known) -> None:
    homes = known.by("lives_at", first="Location")
    home = most(homes)
    assert follow(known, home, types=("lives_at",)) == known.ids(homes[home])


def test_8_how_often_was_somebody_stopped_and_searched_in_a_year(known: Known) -> None:
    searched = known.by("involved_in", first="Person", roles=("searched",))
    who = most(searched)
    days = known.said("StopSearch", "happened_at")
    in_2026 = [each for each in searched[who] if each[0] == "StopSearch" and min(days[each[1]])[:4] == "2026"]
    found = follow(known, who, roles=("searched",), others=("StopSearch",), first="2026-01-01", last="2026-12-31")
    assert found == known.ids(in_2026)


def test_9_what_do_reports_say_of_somebody_and_how_far_is_that_to_be_trusted(known: Known) -> None:
    subjects = known.by("involved_in", first="Person", roles=("subject",))
    who = most(subjects)
    drawing = known.session.drawing([known.id(who), *known.ids(subjects[who])])
    grades = known.said("IntelligenceReport", "grade")
    graded = {known.id(each): grades[each[1]][0] for each in subjects[who] if each[1] in grades}
    weak = {id for id, grade in graded.items() if grade[0] in "23" or grade[1] in "DE"}
    bonds = {bond.other: bond for bond in drawing.bonds if bond.role == "subject"}
    assert bonds.keys() == known.ids(subjects[who])
    for id, bond in bonds.items():
        assert bond.doubtful == (id in weak or bond.basis == "assessment")


def test_10_who_was_arrested_most_often(known: Known) -> None:
    arrested = known.by("involved_in", first="Person", roles=("arrested",))
    who = most(arrested)
    (kind,) = (k for k in known.session.around([known.id(who)]).kinds if k.role == "arrested")
    assert kind.count == len(arrested[who]) == max(map(len, arrested.values()))


# ---- crimes ----


def test_11_how_many_crimes_of_each_kind_are_there(known: Known) -> None:
    said = known.said("Crime", "crime_type")
    expected = Counter(value for values in said.values() for value in set(values))
    found = known.session.histogram("Crime", "crime_type")
    assert dict(found.counts) == {value: expected[value] for value, _ in found.counts}
    assert found.total == len(said)
    assert [n for _, n in found.counts] == sorted(expected.values(), reverse=True)[: len(found.counts)]


def test_12_how_many_crimes_of_each_kind_happened_in_a_month(known: Known) -> None:
    may = {row["object"] for row in known.records["Crime"]
           if row["day_from"] and row["day_from"] <= date(2026, 5, 31) and row["day_to"] >= date(2026, 5, 1)}  # fmt: skip
    found = known.session.histogram("Crime", "crime_type", date(2026, 5, 1), date(2026, 5, 31))
    assert found.total == len(may & known.said("Crime", "crime_type").keys())


def test_13_who_and_what_has_part_in_a_crime(known: Known) -> None:
    crime = most({end: near for end, near in known.near.items() if end[0] == "Crime"})
    assert follow(known, crime) == known.ids(known.near[crime])


def test_14_which_crimes_did_two_suspects_have_part_in_together(known: Known) -> None:
    crimes = known.by("involved_in", first="Crime", roles=("knownSuspect",))
    crime = most(crimes)
    pair = sorted(crimes[crime])[:2]
    found = known.session.common([known.id(each) for each in pair], Choice(others=frozenset({"Crime"})))
    assert set(found.things) == {
        known.id(each) for each in known.near[pair[0]] & known.near[pair[1]] if each[0] == "Crime"
    }


def test_15_what_was_stolen_in_a_crime(known: Known) -> None:
    stolen = known.by("involves_item", first="Crime", roles=("stolen",))
    crime = most(stolen)
    assert follow(known, crime, types=("involves_item",), roles=("stolen",)) == known.ids(stolen[crime])


def test_16_what_else_happened_near_a_crime_within_two_days(known: Known) -> None:
    where, points = known.by("happened_at", first="Crime"), known.places()
    moments = {("Crime", n): when for n, when in known.moments("Crime").items()}
    crime = next(each for each in sorted(moments) if any(place in points for place in where[each]))
    found = known.session.together(known.id(crime), 400, 2 * 24 * 60)
    mine = [point for place in where[crime] for point in points.get(place, ())][:1]
    near = {
        known.id(end)
        for kind, _, end, place in known.links
        if kind == "happened_at" and end != crime and end[0] == "Crime" and end in moments
        and abs(moments[end] - moments[crime]) <= timedelta(days=2)
        and any(far(point, each) <= 400 for point in points.get(place, ()) for each in mine)
    }  # fmt: skip
    assert {each.event for each in found if each.event.type == "crime" and len(each.when) >= 16} == near


# ---- places ----


def test_17_what_lies_within_half_a_kilometre(known: Known) -> None:
    points = known.places()
    centre = points[min(points)][0]
    found = known.session.near(Area((centre,), 500), Choice(others=frozenset({"Location"})), most=20_000)
    sure = {known.id(end) for end, each in points.items() if min(far(p, centre) for p in each) < 499.5}
    maybe = {known.id(end) for end, each in points.items() if min(far(p, centre) for p in each) < 500.5}
    assert sure <= set(found.things) <= maybe
    assert found.total == len(found.things)


def test_18_which_crimes_happened_in_an_area_in_a_season(known: Known) -> None:
    points, where = known.places(), known.by("happened_at", first="Crime")
    souths, wests = zip(*(point for each in points.values() for point in each), strict=True)
    south, west = sorted(souths)[len(souths) // 2], sorted(wests)[len(wests) // 2]
    corners = (
        (south - 0.01, west - 0.01),
        (south - 0.01, west + 0.01),
        (south + 0.01, west + 0.01),
        (south + 0.01, west - 0.01),
    )
    choice = Choice(others=frozenset({"Crime"}), first="2026-06-01", last="2026-08-31")
    found = known.session.near(Area(corners), choice, most=20_000)
    days = {("Crime", row["object"]): row["day_from"] for row in known.records["Crime"] if row["day_from"]}
    inside = {
        end for end, each in points.items() if any(abs(p[0] - south) < 0.01 and abs(p[1] - west) < 0.01 for p in each)
    }
    expected = {each for each, places in where.items() if places & inside and each in days
                and date(2026, 6, 1) <= min(r["day_from"] for r in known.records["Crime"] if r["object"] == each[1] and r["day_from"]) <= date(2026, 8, 31)}  # fmt: skip
    undated = {each for each, places in where.items() if places & inside and each not in days}
    assert set(found.things) == known.ids(expected | undated)


def test_19_at_which_address_did_most_happen(known: Known) -> None:
    happened = known.by("happened_at", first="Location")
    place = most(happened)
    assert sum(k.count for k in known.session.around([known.id(place)]).kinds if k.type == "happened_at") == len(
        happened[place]
    )


def test_20_by_which_way_are_two_addresses_connected(known: Known) -> None:
    homes = sorted(known.by("lives_at", first="Location"))
    for one, other in zip(homes[:5], homes[5:10], strict=True):
        view = known.session.paths(
            known.id(one), known.id(other), Choice(types=frozenset({"lives_at", "associated_with"})), 4
        )
        near: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
        for kind, _, a, b in known.links:
            if kind in ("lives_at", "associated_with"):
                near[a].add(b)
                near[b].add(a)
        narrow = Known.__new__(Known)
        narrow.near = near
        assert {tuple(path) for path in view.paths} == {
            tuple(map(known.id, path)) for path in shortest(narrow, one, other, 4)
        }


# ---- phones ----


def calls(known: Known) -> dict[int, tuple[tuple[str, int], tuple[str, int]]]:
    """The two phones of each call."""
    made, received = ({call[1]: next(iter(ends)) for call, ends in known.by(kind, first="Call").items()}
                      for kind in ("from_phone", "to_phone"))  # fmt: skip
    return {call: (made[call], received[call]) for call in made.keys() & received.keys()}


def test_21_with_which_numbers_was_a_phone_in_contact_most(known: Known) -> None:
    pairs = calls(known)
    busiest = Counter(end for ends in pairs.values() for end in ends).most_common(1)[0][0]
    out = Counter(b for a, b in pairs.values() if a == busiest != b)
    in_ = Counter(a for a, b in pairs.values() if b == busiest != a)
    found = known.session.contacts(known.id(busiest))
    assert {each.id: (each.out, each.in_) for each in found} == {
        known.id(end): (out[end], in_[end]) for end in out.keys() | in_.keys()
    }


def test_22_when_were_two_phones_first_and_last_in_contact(known: Known) -> None:
    pairs, moments = calls(known), known.moments("Call")
    (one, other), _ = Counter(pairs.values()).most_common(1)[0]
    times = sorted(moments[call] for call, ends in pairs.items() if set(ends) == {one, other} and call in moments)
    found = next(each for each in known.session.contacts(known.id(one)) if each.id == known.id(other))
    assert (found.first, found.last) == tuple(f"{each:%Y-%m-%dT%H:%M}" for each in (times[0], times[-1]))


def test_23_which_numbers_have_two_phones_in_common(known: Known) -> None:
    near: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
    for one, other in calls(known).values():
        if one != other:
            near[one].add(other)
            near[other].add(one)
    pair = next(
        (a, b)
        for a in sorted(near, key=lambda end: (-len(near[end]), end))
        for b in sorted(near)
        if a < b and near[a] & near[b]
    )
    found = known.session.shared_contacts([known.id(each) for each in pair])
    assert {contact.id for contact, _ in found} == known.ids(near[pair[0]] & near[pair[1]])


def test_24_at_which_hours_is_a_phone_used(known: Known) -> None:
    pairs, moments = calls(known), known.moments("Call")
    busiest = Counter(end for ends in pairs.values() for end in ends).most_common(1)[0][0]
    times = [moments[call] for call, ends in pairs.items() if busiest in ends and call in moments]
    found = known.session.rhythm(known.id(busiest))
    assert Counter((when.weekday(), when.hour) for when in times) == {
        (day, hour): n for day, hours in enumerate(found.hours) for hour, n in enumerate(hours) if n
    }


# ---- vehicles ----


def test_25_who_keeps_and_who_drives_a_car(known: Known) -> None:
    keepers = known.by("has_vehicle", first="Vehicle")
    car = most(keepers)
    assert follow(known, car, types=("has_vehicle",)) == known.ids(keepers[car])


def test_26_what_is_the_longest_time_in_which_a_car_was_not_read(known: Known) -> None:
    reads, moments = known.by("involves_vehicle", first="Vehicle"), known.moments("VehicleSighting")
    car = most({end: {each for each in found if each[0] == "VehicleSighting"} for end, found in reads.items()})
    others = {**{("Crime", n): w for n, w in known.moments("Crime").items()}, **{("StopSearch", n): w for n, w in known.moments("StopSearch").items()},
              **{("VehicleSighting", n): w for n, w in moments.items()}, **{("Incident", n): w for n, w in known.moments("Incident").items()}}  # fmt: skip
    times = sorted(others[each] for each in known.near[car] if each in others)
    longest = max(later - earlier for earlier, later in pairwise(times))
    assert known.session.rhythm(known.id(car)).gaps[0].days == pytest.approx(longest / timedelta(days=1))


def test_27_which_cars_travel_with_a_car(known: Known) -> None:
    moments, places = known.moments("VehicleSighting"), known.by("happened_at", first="VehicleSighting")
    reads = known.by("involves_vehicle", first="VehicleSighting")
    stops: dict[tuple[str, int], list[tuple[datetime, tuple[str, int]]]] = defaultdict(list)
    for read, cars in reads.items():
        for car in cars:
            stops[car] += [(moments[read[1]], place) for place in places[read] if read[1] in moments]
    car = max(stops, key=lambda each: (len(stops[each]), -each[1]))
    met: dict[tuple[str, int], set[datetime]] = defaultdict(set)
    for other, theirs in stops.items():
        for when, place in stops[car]:
            if other != car and any(
                there == place and abs(then - when) <= timedelta(minutes=10) for then, there in theirs
            ):
                met[other].add(when)
    found = known.session.convoy(known.id(car), minutes=10, least=1, places=1)
    assert {each.id: each.times for each in found} == {known.id(other): len(times) for other, times in met.items()}
