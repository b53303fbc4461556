"""Calls and reads in bulk: compared with plain Python over the delivered rows, for readers who see different sources."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

import bluelamp
from bluelamp.errors import BlueLampError, NotFound
from bluelamp.index import movement
from bluelamp.session.force import BlueLamp
from tests.factory import workspace
from tests.office import as_
from tests.session.test_placing import SIGHTINGS

CALLS = """
    source: {name}
    title: Billing
    owner: Communications
    lawful_basis: IPA 2016
    purposes: [investigation]
    marking: {marking}
    retention: mopi-3
    read: {{connector: csv, path: {name}.csv, mode: append}}
    records:
      call: {{type: Call, key: [Id], set: {{happened_at: {{column: When, format: iso}}}}}}
      one: {{type: Phone, key: [From], set: {{number: From}}}}
      other: {{type: Phone, key: [To], set: {{number: To}}}}
    links:
      - {{type: from_phone, from: call, to: one}}
      - {{type: to_phone, from: call, to: other}}
    """
START = datetime.fromisoformat("2026-01-05")
PHONES = [f"077009000{n:02}" for n in range(6)]
PLATES = [f"AB12CD{letter}" for letter in "EFGHJK"]
CAMERAS = {f"Camera {n}": f"51.5{n}0000,-0.100000" for n in range(3)}

Row = tuple[str, datetime, str, str]


def rows(seed: int, number: int, ones: list[str], others: list[str]) -> list[Row]:
    """Made-up rows: an id, a time, and two ends."""
    luck = random.Random(seed)  # noqa: S311 (rows, no secrets)
    return [
        (f"{seed}-{n}", START + timedelta(minutes=luck.randrange(14 * 24 * 60)), luck.choice(ones), luck.choice(others))
        for n in range(number)
    ]


#: what each source says: two of calls and two of reads, the second of which ben may not see
SAID = {
    "billing": rows(1, 120, PHONES, PHONES), "intercept": rows(2, 40, PHONES, PHONES),
    "reads": rows(3, 900, PLATES, list(CAMERAS)), "covert": rows(4, 300, PLATES, list(CAMERAS)),
}  # fmt: skip
CLOSED = ("intercept", "covert")


def table(name: str) -> str:
    if name in ("billing", "intercept"):
        return "Id,When,From,To\n" + "".join(f"{id},{when:%Y-%m-%dT%H:%M},{a},{b}\n" for id, when, a, b in SAID[name])
    lines = (f"{id},{when:%Y-%m-%dT%H:%M},{a},{b},{CAMERAS[b]}\n" for id, when, a, b in SAID[name])
    return "Id,When,Plate,Camera,Lat,Lon\n" + "".join(lines)


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """A force that holds these calls and reads."""
    sources = {
        name: (CALLS if name in ("billing", "intercept") else SIGHTINGS).format(
            name=name, marking="OFFICIAL-SENSITIVE" if name in CLOSED else "OFFICIAL"
        )
        for name in SAID
    }
    folder = tmp_path_factory.mktemp("moving") / "force"
    files = {f"{name}.csv": table(name) for name in SAID}
    opened = bluelamp.open(workspace(folder, sources, files, database=fresh_database()))
    opened.run("tester", lambda *_: None)
    yield opened
    opened.close()


def seen(user: str, *names: str) -> list[Row]:
    return [row for name in names if user == "ann" or name not in CLOSED for row in SAID[name]]


def named(force: BlueLamp, text: str) -> str:
    return str(next(hit.object for hit in as_(force).search(text).hits if hit.type in ("Phone", "Vehicle")))


def plain(caption: str) -> str:
    return caption.replace(" ", "").replace("+44", "0")


@pytest.mark.parametrize("user", ["ann", "ben"])
def test_contacts_of_a_number_are_counted_each_way_with_the_first_and_the_last(force: BlueLamp, user: str) -> None:
    mine = PHONES[0]
    expected: dict[str, list[tuple[bool, datetime]]] = defaultdict(list)
    for _, when, one, other in seen(user, "billing", "intercept"):
        if mine in (one, other) and one != other:
            expected[other if one == mine else one].append((one == mine, when))
    found = as_(force, user).contacts(named(force, mine))
    assert {plain(each.caption): (each.out, each.in_, each.first, each.last) for each in found} == {
        number: (
            sum(out for out, _ in calls), sum(not out for out, _ in calls),
            f"{min(when for _, when in calls):%Y-%m-%dT%H:%M}", f"{max(when for _, when in calls):%Y-%m-%dT%H:%M}",
        )
        for number, calls in expected.items()
    }  # fmt: skip
    assert [each.out + each.in_ for each in found] == sorted((len(calls) for calls in expected.values()), reverse=True)


@pytest.mark.parametrize("user", ["ann", "ben"])
def test_numbers_in_common_are_those_that_both_were_in_contact_with(force: BlueLamp, user: str) -> None:
    pair = PHONES[:2]
    near: dict[str, set[str]] = defaultdict(set)
    for _, _, one, other in seen(user, "billing", "intercept"):
        if one != other:
            near[one].add(other)
            near[other].add(one)
    found = as_(force, user).shared_contacts([named(force, each) for each in pair])
    assert {plain(contact.caption) for contact, _ in found} == near[pair[0]] & near[pair[1]]
    assert all(len(phones) == 2 for _, phones in found)


@pytest.mark.parametrize("user", ["ann", "ben"])
def test_a_rhythm_counts_every_event_in_its_hour_and_tells_the_longest_gaps(force: BlueLamp, user: str) -> None:
    mine = PLATES[0]
    times = sorted(when for _, when, plate, _ in seen(user, "reads", "covert") if plate == mine)
    found = as_(force, user).rhythm(named(force, mine))
    assert found.events == len(times) == sum(map(sum, found.hours))
    counts = Counter((when.weekday(), when.hour) for when in times)
    assert {
        (day, hour): found.hours[day][hour] for day in range(7) for hour in range(24) if found.hours[day][hour]
    } == counts
    longest = max(later - earlier for earlier, later in pairwise(times))
    assert found.gaps[0].days == pytest.approx(longest / timedelta(days=1))
    assert (found.first, found.last) == (f"{times[0]:%Y-%m-%dT%H:%M}", f"{times[-1]:%Y-%m-%dT%H:%M}")


@pytest.mark.parametrize("user", ["ann", "ben"])
@pytest.mark.parametrize(("minutes", "least", "places"), [(20, 1, 1), (45, 8, 2), (60, 1, 3)])
def test_a_convoy_is_who_was_read_at_the_same_cameras_at_the_same_times(
    force: BlueLamp, user: str, minutes: int, least: int, places: int
) -> None:
    mine = PLATES[0]
    # each source has cameras of its own, even where two stand at one point
    every = [
        (when, plate, name + camera) for name in ("reads", "covert") for _, when, plate, camera in seen(user, name)
    ]
    with_: dict[str, set[tuple[datetime, str]]] = defaultdict(set)
    for when, plate, camera in every:
        for later, other, there in every:
            if plate == mine != other and camera == there and abs(later - when) <= timedelta(minutes=minutes):
                with_[other].add((when, camera))
    expected = {
        plate: (len({when for when, _ in times}), len({camera for _, camera in times}))
        for plate, times in with_.items()
    }
    found = as_(force, user).convoy(named(force, mine), minutes, least, places)
    assert {plain(each.caption): (each.times, each.places) for each in found} == {
        plate: said for plate, said in expected.items() if said[0] >= least and said[1] >= places
    }


def test_what_cannot_be_asked_is_one_sentence_and_what_is_hidden_is_not_there(force: BlueLamp) -> None:
    ben = as_(force, "ben")
    with pytest.raises(BlueLampError, match="minutes"):
        ben.convoy(named(force, PLATES[0]), 0)
    with pytest.raises(NotFound):
        ben.contacts("phone-0123456789abcdef")
    assert as_(force).contacts(named(force, PLATES[0])) == ()


@pytest.mark.parametrize("user", ["ann", "ben"])
@pytest.mark.parametrize("listed", [movement.SEVERAL, 0])
def test_a_histogram_counts_what_is_said_of_each_thing_by_sources_that_are_seen(
    force: BlueLamp, user: str, listed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(movement, "SEVERAL", listed)
    force.published.index.movement._several.cache_clear()
    session = as_(force, user)
    found = session.histogram("Vehicle", "vrm")
    plates = {plate for _, _, plate, _ in seen(user, "reads", "covert")}
    assert {plain(value): number for value, number in found.counts} == dict.fromkeys(plates, 1)
    assert found.total == len(plates)
    assert found.marking == ("OFFICIAL-SENSITIVE" if user == "ann" else "OFFICIAL")
    reads = seen(user, "reads", "covert")
    some = session.histogram("VehicleSighting", "happened_at", first=START.date(), last=START.date())
    assert some.total == sum(when.date() == START.date() for _, when, _, _ in reads)
    with pytest.raises(NotFound):
        session.histogram("Person", "ethnicity_self")
    with pytest.raises(NotFound):
        session.histogram("Vehicle", "nothing")
