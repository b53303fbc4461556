"""What is where: compared with the same worked out point by point, for readers who may see different things."""

import math
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.errors import BlueLampError, TooMuch
from bluelamp.index.places import Area
from bluelamp.types.place import metres
from tests.index.made import access, build_index, make, number, oid, record

#: a few streets round Trafalgar Square, and the Greenwich meridian
AROUND = st.tuples(st.integers(-3_000, 3_000), st.integers(-6_000, 6_000)).map(
    lambda at: (round(51.5 + at[0] * 1e-5, 6), round(at[1] * 1e-5, 6))
)
POINTS = st.lists(st.tuples(AROUND, st.sampled_from(["custody", "intelligence"])), max_size=12)

_fresh = count()

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def text(point: tuple[float, float]) -> str:
    return f"{point[0]:.6f},{point[1]:.6f}"


@FEW
@given(POINTS, AROUND, st.sampled_from([1, 200, 1_500]))
def test_within_a_distance_is_what_lies_no_further(tmp_path, points, centre, reach):
    said = [record("Location", f"l{n}", source, point=text(at)) for n, (at, source) in enumerate(points)]
    index = build_index(tmp_path / str(next(_fresh)), said)
    for sources in (("custody",), ("custody", "intelligence")):
        found = index.places.within(Area((centre,), reach), access(*sources))
        away = {oid("Location", f"l{n}"): metres(text(at), text(centre)) for n, (at, source) in enumerate(points)
                if source in sources}  # fmt: skip
        assert {each for each, far in away.items() if far < reach - 0.5} <= set(found)
        assert set(found) <= {each for each, far in away.items() if far < reach + 0.5}
        assert all(math.isclose(found[each], away[each], abs_tol=0.5) for each in found)


@FEW
@given(POINTS, st.tuples(AROUND, AROUND))
def test_inside_an_area_is_what_lies_between_its_sides(tmp_path, points, ends):
    (south, west), (north, east) = (
        (min(each) for each in zip(*ends, strict=True)),
        (max(each) for each in zip(*ends, strict=True)),
    )
    said = [record("Location", f"l{n}", point=text(at)) for n, (at, _) in enumerate(points)]
    index = build_index(tmp_path / str(next(_fresh)), said)
    corners = ((south, west), (south, east), (north, east), (north, west))
    found = set(index.places.within(Area(corners), access()))
    inside = {oid("Location", f"l{n}") for n, (at, _) in enumerate(points)
              if south < at[0] < north and west < at[1] < east}  # fmt: skip
    edge = {oid("Location", f"l{n}") for n, (at, _) in enumerate(points)
            if south <= at[0] <= north and west <= at[1] <= east}  # fmt: skip
    assert inside <= found <= edge


def test_near_a_route_is_what_lies_beside_any_of_its_legs(tmp_path):
    names = {
        "start": (51.5, -0.1),
        "beside": (51.5005, -0.095),
        "corner": (51.5, -0.09),
        "end": (51.51, -0.09),
        "off": (51.505, -0.1),
    }
    index = build_index(tmp_path / "b", [record("Location", name, point=text(at)) for name, at in names.items()])
    found = index.places.within(Area(((51.5, -0.1), (51.5, -0.09), (51.51, -0.09)), 100), access())
    assert set(found) == {oid("Location", name) for name in ("start", "beside", "corner", "end")}


def test_a_point_that_moved_is_where_it_is_now_and_one_that_is_gone_is_nowhere(tmp_path):
    still = record("Location", "still", point="51.500000,-0.100000")
    before = [
        record("Location", "moved", point="51.500000,-0.100000"),
        record("Location", "gone", point="51.500000,-0.100000"),
        still,
    ]
    make(tmp_path / "one", before)
    after = [record("Location", "moved", point="51.600000,-0.100000"), still]
    changed = [("Location", number("Location", name)) for name in ("moved", "gone")]
    index = build_index(tmp_path / "two", after, previous=tmp_path / "one", changed=changed)
    for centre, name in (((51.5, -0.1), "still"), ((51.6, -0.1), "moved")):
        assert set(index.places.within(Area((centre,), 50), access())) == {oid("Location", name)}


@pytest.mark.parametrize(
    ("corners", "metres_", "sentence"),
    [
        ((), 10, "1 to 1,000 corners"),
        (((91.0, 0.0),), 10, "1 to 1,000 corners"),
        (((51.0, 0.0),), 0, "distance in metres"),
        (((51.0, 0.0),), -1, "distance in metres"),
        (((51.0, 0.0), (52.0, 0.0)), 0, "three corners"),
    ],
)
def test_what_is_no_area_is_refused_in_one_sentence(corners, metres_, sentence):
    with pytest.raises(BlueLampError, match=sentence):
        Area(corners, metres_)


def test_an_area_like_a_country_is_too_much_at_once(tmp_path):
    index = build_index(tmp_path / "b", [])
    with pytest.raises(TooMuch, match="smaller"):
        index.places.within(Area(((50.0, -5.0), (50.0, 2.0), (55.0, 2.0))), access())
