"""Where and when: what lies or happened in an area, who was near something at its time; compared with plain Python."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

import bluelamp
from bluelamp.errors import BlueLampError, NotFound, TooMuch
from bluelamp.index import graph
from bluelamp.index.graph import Choice
from bluelamp.index.places import Area
from bluelamp.session import placing
from bluelamp.session.force import BlueLamp
from bluelamp.session.placing import between, spanned
from tests.factory import workspace
from tests.office import as_, entries, newest

SIGHTINGS = """
    source: {name}
    title: Reads of number plates
    owner: Roads
    lawful_basis: DPA 2018 s.35(2)(b)
    purposes: [investigation]
    marking: {marking}
    retention: mopi-3
    read: {{connector: csv, path: {name}.csv, mode: append}}
    records:
      read: {{type: VehicleSighting, key: [Id], set: {{happened_at: {{column: When, format: iso}}}}}}
      car: {{type: Vehicle, key: [Plate], set: {{vrm: Plate}}}}
      camera: {{type: Location, key: [Camera], set: {{name: Camera, point: {{lat: Lat, lon: Lon}}}}}}
    links:
      - {{type: involves_vehicle, from: read, to: car, role: seen}}
      - {{type: happened_at, from: read, to: camera}}
    """
HEAD = "Id,When,Plate,Camera,Lat,Lon\n"
OPEN = (
    "R1,2026-01-05T10:00,AB12CDE,North,51.500000,-0.100000\n"
    "R2,2026-01-05T10:04,CD34EFG,North,51.500000,-0.100000\n"
    "R3,2026-01-05T10:20,EF56GHJ,South,51.499000,-0.100000\n"
    "R4,2026-01-05T10:03,GH78JKL,Far,51.520000,-0.100000\n"
    "R5,2026-01-05,JK90LMN,North,51.500000,-0.100000\n"
    "R6,2026-01-09T10:00,LM12NPR,North,51.500000,-0.100000\n"
    "R7,9999-12-31,LM99XYZ,Nowhere,52.500000,-0.100000\n"
    "R8,9999-12-31T10:00,LM98XYZ,Nowhere,52.500000,-0.100000\n"
)
CLOSED = "S1,2026-01-05T10:01,PR34STU,North,51.500000,-0.100000\n"


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """Cameras and what they read; one read is of a source that ben may not see."""
    sources = {
        name: SIGHTINGS.format(name=name, marking=marking)
        for name, marking in (("reads", "OFFICIAL"), ("covert", "OFFICIAL-SENSITIVE"))
    }
    files = {"reads.csv": HEAD + OPEN, "covert.csv": HEAD + CLOSED}
    folder = tmp_path_factory.mktemp("placing") / "force"
    opened = bluelamp.open(workspace(folder, sources, files, database=fresh_database()))
    opened.run("tester", lambda *_: None)
    yield opened
    opened.close()


def event(force: BlueLamp, plate: str) -> str:
    """The read of a plate."""
    ann = as_(force)
    (car,) = ann.search(plate).hits
    return str(ann.follow([car.object]).things[0])


def plates(force: BlueLamp, user: str, ids: object) -> set[str]:
    """The plates of those that are vehicles."""
    things = as_(force, user).drawing(ids).things  # type: ignore[arg-type] # ids of any kind of answer
    return {each.caption.replace(" ", "") for each in things if each.type == "Vehicle"}


@pytest.mark.parametrize(
    ("user", "metres", "minutes", "expected"),
    [
        ("ann", 10, 5, {"CD34EFG": 4, "PR34STU": 1, "JK90LMN": 0}),
        ("ben", 10, 5, {"CD34EFG": 4, "JK90LMN": 0}),
        ("ann", 10, 0.5, {"JK90LMN": 0}),
        ("ben", 150, 30, {"CD34EFG": 4, "JK90LMN": 0, "EF56GHJ": 20}),
        ("ben", 3_000, 5, {"CD34EFG": 4, "JK90LMN": 0, "GH78JKL": 3}),
        ("ben", 10, 7 * 24 * 60, {"CD34EFG": 4, "JK90LMN": 0, "LM12NPR": 4 * 24 * 60}),
    ],
)
def test_who_was_near_at_that_time(
    force: BlueLamp, user: str, metres: float, minutes: float, expected: dict[str, float]
) -> None:
    found = as_(force, user).together(event(force, "AB12CDE"), metres, minutes)
    assert {plate: each.minutes for each in found for plate in plates(force, user, each.parties)} == expected
    assert [each.minutes for each in found] == sorted(each.minutes for each in found)


def test_an_area_holds_the_places_in_it_and_what_happened_there_in_those_days(force: BlueLamp) -> None:
    near = Area(((51.5, -0.1),), 50)
    for user, events in (("ann", 5), ("ben", 4)):
        session = as_(force, user)
        found = session.near(near, Choice(others=frozenset({"VehicleSighting"})))
        assert (found.total, {each.type for each in found.things}) == (events, {"vehicle_sighting"})
        assert session.near(near).total == events + len(
            {each for each in session.near(near).things if each.type == "location"}
        )
        days = Choice(others=frozenset({"VehicleSighting"}), first="2026-01-06", last="2026-01-31")
        assert session.near(near, days).total == 1
        assert session.near(near, most=2).total > len(session.near(near, most=2).things) == 2


def test_what_has_no_place_or_time_and_what_is_hidden_cannot_be_asked_about(force: BlueLamp) -> None:
    ben = as_(force, "ben")
    (car,) = ben.search("AB12CDE").hits
    with pytest.raises(BlueLampError, match="no place"):
        ben.together(car.object)
    with pytest.raises(BlueLampError, match="minutes"):
        ben.together(event(force, "AB12CDE"), 10, 0)
    with pytest.raises(NotFound):
        ben.together(event(force, "PR34STU"))


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2016", "2016-01-01T00:00", "2016-12-31T23:59"),
        ("2016-02", "2016-02-01T00:00", "2016-02-29T23:59"),
        ("2016-06-03", "2016-06-03T00:00", "2016-06-03T23:59"),
        ("2016-06-03T10:22:33", "2016-06-03T10:22", "2016-06-03T10:22"),
    ],
)
def test_a_time_means_all_that_it_may_mean(when: str, first: str, last: str) -> None:
    assert spanned(when) == (datetime.fromisoformat(first), datetime.fromisoformat(last))


def test_between_two_times_lies_the_least_that_may_lie_between() -> None:
    year, day, noon = spanned("2016"), spanned("2016-06-03"), spanned("2017-01-01T12:00")
    assert year is not None
    assert day is not None
    assert noon is not None
    assert between(year, day) == between(day, year) == 0
    assert between(year, noon) == 12 * 60 + 1
    assert spanned("") is None


def test_what_cannot_be_answered_is_an_entry_that_names_what_was_asked_about(
    force: BlueLamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben, read = as_(force, "ben"), event(force, "AB12CDE")
    car = str(ben.search("AB12CDE").hits[0].object)
    monkeypatch.setattr(placing, "MOST_THINGS", 0)
    for id, metres, sentence in ((car, 10, "no place"), (read, 10, "more than 0 places"), (read, 0, "distance")):
        before = newest(force)
        with pytest.raises(BlueLampError, match=sentence):
            ben.together(id, metres)
        (entry,) = entries(force, before)
        assert (entry["action"], entry["object_ids"], entry["result_count"]) == ("link:view", [id], 0)


def test_an_event_that_is_said_to_be_on_the_last_of_all_days_is_near_others_of_its_day(force: BlueLamp) -> None:
    found = as_(force).together(event(force, "LM99XYZ"), 10, 7 * 24 * 60)
    assert {plate for each in found for plate in plates(force, "ann", each.parties)} == {"LM98XYZ"}


def test_that_there_is_too_much_around_a_thing_is_an_entry_that_names_it(
    force: BlueLamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = as_(force)
    places = Choice(others=frozenset({"Location"}))
    (camera,) = ann.near(Area(((51.499, -0.1),), 1), places).things
    monkeypatch.setattr(graph, "MOST_STEPS", 0)
    for verb, ask in (
        ("around", lambda: ann.around([camera])),
        ("follow", lambda: ann.follow([camera])),
        ("common", lambda: ann.common([camera])),
        ("rhythm", lambda: ann.rhythm(camera)),
    ):
        before = newest(force)
        with pytest.raises(TooMuch, match="choose link types"):
            ask()
        (entry,) = entries(force, before)
        assert entry["object_ids"] == [str(camera)]
        assert verb in entry["fields_or_query"]
        assert entry["result_count"] == 0
