"""Addresses, postcodes and points."""

import pytest

from bluelamp.types import Address, Point, Postcode


def test_an_address_is_on_one_line_with_commas() -> None:
    raw = "Flat 2 ,10 High Street\r\n\r\nLondon,,\nE1 1AA"
    assert Address().clean(raw).value == "Flat 2, 10 High Street, London, E1 1AA"
    assert Address().clean(" , ,").value is None


def test_addresses_agree_where_the_one_says_no_more_than_the_other() -> None:
    assert Address().agree("10 High Street, London", "Flat 2, 10 HIGH STREET, London")
    assert not Address().agree("10 High Street, London", "12 High Street, London")


@pytest.mark.parametrize("raw", ["ec1a1bb", "EC1A 1BB", "EC1A1 BB", " ec1a  1bb "])
def test_a_postcode_has_one_blank(raw: str) -> None:
    assert Postcode().clean(raw).value == "EC1A 1BB"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("51.583427,0.140619", "51.583427,0.140619"),
        ("51.5, -0.1", "51.500000,-0.100000"),
        ("51.58342749;0.1406191", "51.583427,0.140619"),
        ("-33.86 151.21", "-33.860000,151.210000"),
        ("51.5,-0.0000001", "51.500000,0.000000"),
        ("90,-180", "90.000000,-180.000000"),
    ],
)
def test_a_point_is_latitude_and_longitude_to_six_decimals(raw: str, value: str) -> None:
    cleaned = Point().clean(raw)
    assert (cleaned.value, cleaned.issue) == (value, None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0,0", "filler"),
        ("0.0,-0.0", "filler"),
        ("91,0", "range"),
        ("51.5,181", "range"),
        ("51.5", "format"),
        ("TQ 30 80", "format"),
        ("nan,nan", "format"),
    ],
)
def test_a_place_that_is_nowhere_has_no_point(raw: str, code: str) -> None:
    cleaned = Point().clean(raw)
    assert cleaned.value is None
    assert cleaned.issue is not None
    assert cleaned.issue.code == code
