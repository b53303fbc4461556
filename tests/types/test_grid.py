"""The British National Grid, against points that the Ordnance Survey published with its OSTN15 transformation."""

import math
import random

import duckdb
import pytest

from bluelamp.errors import DeclarationError
from bluelamp.types import Point
from bluelamp.types.grid import EAST, NORTH, point

#: latitude and longitude (ETRS89, within a metre WGS 84), easting and northing: from St Mary's to Shetland
PUBLISHED = [
    (49.92226393730, -6.29977752014, 91492.146, 11318.804),
    (49.96006137820, -5.20304609998, 170370.718, 11572.405),
    (50.43885825610, -4.10864563561, 250359.811, 62016.569),
    (50.93127937910, -1.45051433700, 438710.920, 114792.250),
    (51.37447025550, 1.44454730409, 639821.835, 169565.858),
    (51.48936564950, -0.11992557180, 530624.974, 178388.464),
    (52.96219109410, -1.19747655922, 454002.834, 340834.943),
    (53.77911025760, -3.04045490691, 331534.564, 431920.794),
    (55.92478265510, -3.29479219337, 319188.434, 670947.534),
    (57.00606696050, -5.82836691850, 167634.202, 797067.144),
    (58.51560361300, -6.26091455533, 151968.652, 966483.780),
    (60.13308091660, -2.07382822798, 395999.668, 1138728.951),
]
KIND = Point().formatted("grid")


def in_sql(raw: str) -> str | None:
    ((found,),) = duckdb.execute(f"select {KIND.sql('raw')} from (select $1::varchar as raw)", [raw]).fetchall()
    return found if found is None else str(found)


@pytest.mark.parametrize(("latitude", "longitude", "east", "north"), PUBLISHED)
def test_published_points_are_met_within_five_metres(
    latitude: float, longitude: float, east: float, north: float
) -> None:
    found = point(east, north)
    up = (found[0] - latitude) * 111_200
    along = (found[1] - longitude) * 111_320 * math.cos(math.radians(latitude))
    assert math.hypot(up, along) < 5


def test_sql_gives_what_python_gives() -> None:
    chance = random.Random(1)  # noqa: S311
    raws = [f"{chance.uniform(1, EAST - 1):.1f},{chance.uniform(1, NORTH - 1):.1f}" for _ in range(5000)]
    raws += [f"{539_000 + step / 100:.2f},177300" for step in range(-5000, 5000, 7)]
    found = duckdb.execute(
        f"select raw, {KIND.sql('raw')} from (select unnest($1::varchar[]) as raw)", [raws]
    ).fetchall()
    assert [pair for pair in found if pair[1] != KIND.clean(pair[0]).value] == []


@pytest.mark.parametrize("raw", ["530000.123456,180000", " 530000 , 180000 ", "1,2", "", "700000,5", "5,1300000"])
def test_what_sql_declines_python_judges(raw: str) -> None:
    assert in_sql(raw) in (None, KIND.clean(raw).value)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0,0", "range"),
        ("700000,5", "range"),
        ("1,1300000", "range"),
        ("TQ 3080", "format"),
        ("51.5,-0.1", "format"),
        ("530,000,180,000", "format"),
    ],
)
def test_what_is_not_in_britain_is_an_issue(raw: str, code: str) -> None:
    cleaned = KIND.clean(raw)
    assert cleaned.value is None
    assert cleaned.issue is not None
    assert cleaned.issue.code == code
    assert in_sql(raw) is None


def test_points_have_no_other_format() -> None:
    with pytest.raises(DeclarationError, match="easting"):
        Point().formatted("%Y")
