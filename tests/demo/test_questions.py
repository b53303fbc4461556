"""The questions of the made-up force: each held against plain loops over the records and links of a small one."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import pytest

import bluelamp
from bluelamp.pipeline import build as builds
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.northgate import standing

SUSPECT = ("knownSuspect", "offender")
Counts = dict[int, dict[str, int]]


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """A fifth of a town: so few rows that the share of those that are turned away stops nothing."""
    folder = tmp_path_factory.mktemp("asked") / "northgate"
    opened = bluelamp.open(standing(folder, fresh_database()))
    opened.run("tester", lambda *_: None)
    yield opened
    opened.close()


@dataclass
class Rows:
    """What one session sees, as rows."""

    records: dict[str, list[dict[str, object]]]
    #: type, role, one object and the other, each with its type
    links: list[tuple[str, str, int, str, int, str]]

    def pairs(self, type: str, roles: Iterable[str] = (), one: str = "", other: str = "") -> set[tuple[int, int]]:
        """The objects that a link type joins, its first end first."""
        wanted = set(roles)
        return {
            (a, b)
            for kind, role, a, a_type, b, b_type in self.links
            if kind == type and (not wanted or role in wanted) and one in ("", a_type) and other in ("", b_type)
        }

    def of(self, type: str, fits: Callable[[dict[str, object]], bool]) -> set[int]:
        """The objects of which a record fits."""
        return {int(str(each["object"])) for each in self.records[type] if fits(each)}

    def days(self, type: str) -> dict[int, list[tuple[date, date]]]:
        """The days on which each event may have happened."""
        found = defaultdict(list)
        for each in self.records[type]:
            if each["day_from"]:
                found[each["object"]].append((each["day_from"], each["day_to"]))
        return found  # type: ignore[return-value]

    def points(self, type: str) -> dict[int, set[tuple[float, float]]]:
        """The points of the places where each event happened."""
        at = defaultdict(set)
        for each in self.records["Location"]:
            if each["point"]:
                south, east = str(each["point"]).split(",")
                at[each["object"]].add((float(south), float(east)))
        return {event: at[place] for event, place in self.pairs("happened_at", one=type) if at.get(place)}  # type: ignore[return-value]


def seen(session: Session) -> Rows:
    """All rows that a session sees, read from the tables of its build."""
    force = session.force
    path = builds.folder(force.store, force.build_number) / "objects.duckdb"
    visible = ", ".join(map(str, sorted(session.visible)))
    with duckdb.connect(str(path), read_only=True, config={"threads": "2", "memory_limit": "2GiB", "autoload_known_extensions": "false"}) as index:  # fmt: skip
        records = {}
        for name, slug in index.execute("SELECT name, slug FROM type").fetchall():
            found = index.execute(f"SELECT * FROM record_{slug} WHERE access IN ({visible})")
            columns = [column[0] for column in found.description or []]
            records[name] = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        links = index.execute(
            "SELECT type, role, object, object_type, other, other_type FROM link WHERE forward AND "
            + " AND ".join(f"{each} IN ({visible})" for each in ("access", "end_access", "other_access"))
        ).fetchall()
    there = {(name, each["object"]) for name, some in records.items() for each in some}
    return Rows(records, [each for each in links if (each[3], each[2]) in there and (each[5], each[4]) in there])


def counted(pairs: Iterable[tuple[int, int]], name: str, least: int) -> Counts:
    """How many different others each has, where there are enough."""
    others = defaultdict(set)
    for one, other in pairs:
        others[one].add(other)
    return {one: {name: len(some)} for one, some in others.items() if len(some) >= least}


def since(day: str) -> Callable[[dict[str, object]], bool]:
    return lambda each: each["day_to"] is not None and each["day_to"] >= date.fromisoformat(day)  # type: ignore[operator]


def quiet_friends(rows: Rows, least: int) -> Counts:
    crimes = rows.of("Crime", since("2024-01-01"))
    parties = {who for who, _ in rows.pairs("involved_in", one="Person", other="Crime")}
    suspects = {who for who, crime in rows.pairs("involved_in", SUSPECT, "Person", "Crime") if crime in crimes}
    know = rows.pairs("associated_with")
    know |= {(b, a) for a, b in know}
    return counted(((a, b) for a, b in know if a != b and a not in parties and b in suspects), "friend", least)


def cars_near_burglaries(rows: Rows, least: int) -> Counts:
    kind = rows.of("Crime", lambda each: each["crime_type"] == "Burglary - residential")
    crimes = kind & rows.of("Crime", since("2026-01-01"))
    reads, happened = rows.points("VehicleSighting"), rows.points("Crime")
    read_on, crime_on = rows.days("VehicleSighting"), rows.days("Crime")
    near: dict[tuple[tuple[float, float], tuple[float, float]], bool] = {}

    def close(read: int, crime: int) -> bool:
        reach = timedelta(10)
        if not any(a[0] - b[1] <= reach and b[0] - a[1] <= reach for a in read_on[read] for b in crime_on[crime]):
            return False
        for pair in ((a, b) for a in reads[read] for b in happened[crime]):
            if pair not in near:
                near[pair] = apart(*pair) <= 1_500
        return any(near[a, b] for a in reads[read] for b in happened[crime])

    burglaries = [each for each in crimes if each in happened]
    cars = rows.pairs("involves_vehicle", one="VehicleSighting")
    return counted(
        ((car, crime) for read, car in cars if read in reads for crime in burglaries if close(read, crime)), "crime", least
    )  # fmt: skip


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres along a great circle."""
    south, west, north, east = map(math.radians, (*one, *other))
    return 6_371_000 * math.acos(
        min(1, math.sin(south) * math.sin(north) + math.cos(south) * math.cos(north) * math.cos(west - east))
    )


def shared_phone(rows: Rows, least: int) -> Counts:
    assert least == 0
    homes, users = defaultdict(set), defaultdict(set)
    for who, home in rows.pairs("lives_at"):
        homes[who].add(home)
    for who, phone in rows.pairs("uses_phone", one="Person"):
        users[phone].add(who)
    return {
        one: {} for some in users.values() for one in some for other in some if one != other and not homes[one] & homes[other]
    }  # fmt: skip


def many_victims(rows: Rows, least: int) -> Counts:
    crimes = rows.of("Crime", since("2025-01-01"))
    victims = {who for who, crime in rows.pairs("involved_in", ["victim"], "Person", "Crime") if crime in crimes}
    return counted(((home, who) for who, home in rows.pairs("lives_at") if who in victims), "victim", least)


def missing_places(rows: Rows, least: int) -> Counts:
    high = rows.of("MissingEpisode", lambda each: each["risk"] == "High")
    at = dict(rows.pairs("happened_at", one="MissingEpisode"))
    gone = rows.pairs("involved_in", ["missingPerson"], "Person", "MissingEpisode")
    return counted(((at[episode], who) for who, episode in gone if episode in high and episode in at), "missing", least)


def searched_often(rows: Rows, least: int) -> Counts:
    suspects = {who for who, _ in rows.pairs("involved_in", (*SUSPECT, "unknownSuspect"), "Person", "Crime")}
    suspects |= {who for who, _ in rows.pairs("involved_in", ["arrested"], "Person", "Custody")}
    stops = rows.pairs("involved_in", ["searched"], "Person", "StopSearch")
    return counted(((who, stop) for who, stop in stops if who not in suspects), "stop", least)


def victims_called(rows: Rows, least: int) -> Counts:
    callers, users, crimes = defaultdict(set), defaultdict(set), defaultdict(set)
    for call, phone in rows.pairs("from_phone"):
        callers[call].add(phone)
    for who, phone in rows.pairs("uses_phone", one="Person"):
        users[phone].add(who)
    for who, crime in rows.pairs("involved_in", ["victim"], "Person", "Crime"):
        crimes[who].add(crime)
    called_on, crime_on, reach = rows.days("Call"), rows.days("Crime"), timedelta(3)
    found = {
        (caller, victim)
        for call, called in rows.pairs("to_phone")
        for caller in callers[call] - {called}
        for victim in users[called]
        for crime in crimes[victim]
        if any(a[0] - b[1] <= reach and b[0] - a[1] <= reach for a in called_on[call] for b in crime_on[crime])
    }
    return counted(found, "victim", least)


def children_with_suspects(rows: Rows, least: int) -> Counts:
    assert least == 0
    born = rows.of("Person", lambda each: bool(each["date_of_birth"]) and str(each["date_of_birth"])[:4] >= "2006")
    gone = rows.of("MissingEpisode", since("2024-01-01"))
    missing = {
        who for who, each in rows.pairs("involved_in", ["missingPerson"], "Person", "MissingEpisode") if each in gone
    }
    violent = rows.of("Crime", lambda each: each["crime_type"] == "Violence with injury")
    suspects = {who for who, crime in rows.pairs("involved_in", SUSPECT, "Person", "Crime") if crime in violent}
    at = defaultdict(set)
    for who, home in rows.pairs("lives_at"):
        at[home].add(who)
    return {child: {} for some in at.values() for child in some & born & missing if (some & suspects) - {child}}


#: what each is asked with besides its defaults, and for which purpose
ASKED: list[tuple[Callable[[Rows, int], Counts], str, int, Mapping[str, object]]] = [
    (quiet_friends, "safeguarding", 1, {}),
    (cars_near_burglaries, "investigation", 2, {"metres": 1_500, "days": 10}),
    (shared_phone, "safeguarding", 0, {}),
    (many_victims, "safeguarding", 2, {}),
    (missing_places, "safeguarding", 1, {}),
    (searched_often, "investigation", 1, {}),
    (victims_called, "investigation", 1, {}),
    (children_with_suspects, "safeguarding", 0, {"born": "2006-01-01", "since": "2024-01-01"}),
]


@pytest.mark.parametrize(("truth", "purpose", "least", "more"), ASKED, ids=lambda each: getattr(each, "__name__", None))
def test_a_question_of_the_demo_is_answered_as_plain_loops_answer_it(
    force: BlueLamp, truth: Callable[[Rows, int], Counts], purpose: str, least: int, more: Mapping[str, object]
) -> None:
    session = force.session("amara", purpose, "A test")
    expected = truth(seen(session), least)
    assert expected
    answer = session.ask(truth.__name__.replace("_", "-"), **({"least": least} if least else {}), **more)
    assert answer.total == len(expected)
    assert len(answer.findings) == min(len(expected), answer.question.most)
    assert {each.id.number: each.counts for each in answer.findings}.items() <= expected.items()
    assert all(each.said and all(each.things.values()) for each in answer.findings)


def test_every_style_of_the_demo_fits_something(force: BlueLamp) -> None:
    styles, fits = force.workspace.styles, set[str]()
    types = {each.thing.name() for each in styles if each.thing} | {"IntelligenceReport"}
    for purpose in ("intelligence", "safeguarding", "investigation"):
        session = force.session("amara", purpose, "A test")
        for type in types:
            ids = dict.fromkeys(session.table(type, ["object"]).rows.column("object").to_pylist())
            around = session.follow(list(ids)[:200], most=2_000).things if ids else ()
            fits |= {each.name for each in session.drawing([*ids, *around]).styles}
    assert fits == {each.name for each in styles}


def test_every_question_of_the_demo_is_held_against_loops(force: BlueLamp) -> None:
    assert {each[0].__name__.replace("_", "-") for each in ASKED} == set(force.workspace.questions)


def test_who_is_labelled_by_others_is_asked_about_for_safeguarding_alone(force: BlueLamp) -> None:
    labelling = {name for name, each in force.workspace.questions.items() if each.labels}
    assert labelling == {"quiet-friends", "shared-phone", "children-with-suspects"}
    assert {force.workspace.questions[name].purposes for name in labelling} == {("safeguarding",)}
