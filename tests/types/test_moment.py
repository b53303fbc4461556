"""Dates with times of day."""

import pytest

from bluelamp.types import Moment


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2016-06-03T10:22", "2016-06-03T10:22"),
        ("2016-06-03 10:22:05", "2016-06-03T10:22:05"),
        ("2016-06-03T10:22:05.123456", "2016-06-03T10:22:05"),
        ("03/06/2016 10:22", "2016-06-03T10:22"),
        ("3 Jun 2016 at 9:05", "2016-06-03T09:05"),
        ("2016-06-03", "2016-06-03"),
        ("2016-06", "2016-06"),
        ("2016-06-03 00:00:00", "2016-06-03T00:00:00"),
    ],
)
def test_a_moment_is_local_time_as_recorded(raw: str, value: str) -> None:
    cleaned = Moment().clean(raw)
    assert (cleaned.value, cleaned.issue) == (value, None)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2016-06-03T10:22Z", "2016-06-03T11:22"),
        ("2016-01-03T10:22Z", "2016-01-03T10:22"),
        ("2016-06-03T23:30:00+00:00", "2016-06-04T00:30:00"),
        ("2016-06-03T10:22:05+0530", "2016-06-03T05:52:05"),
        ("2016-06-03 10:22 BST", "2016-06-03T10:22"),
        ("2015-12-31T20:00-05:00", "2016-01-01T01:00"),
    ],
)
def test_a_stated_zone_is_turned_to_local_time_of_london(raw: str, value: str) -> None:
    assert Moment().clean(raw).value == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2021-05-31T23:00", "2021-06-01T00:00"),
        ("2021-12-31T23:59", "2021-12-31T23:59"),
        ("2016-03-27T01:00", "2016-03-27T02:00"),
        ("2016-03-27T00:59", "2016-03-27T00:59"),
        ("2016-06-03T10:22+02:00", "2016-06-03T09:22"),
        ("2016-06", "2016-06"),
    ],
)
def test_universal_time_that_is_not_said_can_be_declared(raw: str, value: str) -> None:
    assert Moment().formatted("iso-utc").clean(raw).value == value


@pytest.mark.parametrize(
    "raw", ["2016-06-03T24:00", "2016-06-03T10:60", "2016-06-03T10:22:60", "9999-12-31T23:59-05:00", "2016-06T10:22"]
)
def test_a_time_that_no_day_has_is_refused(raw: str) -> None:
    cleaned = Moment().clean(raw)
    assert cleaned.value is None
    assert cleaned.issue is not None


def test_twelve_hours_are_read_where_declared() -> None:
    kind = Moment().formatted("%d/%m/%Y %I:%M %p")
    assert [kind.clean(f"03/06/2016 {clock}").value for clock in ("12:05 am", "12:05 PM", "1:05 pm", "13:05 pm")] == [
        "2016-06-03T00:05",
        "2016-06-03T12:05",
        "2016-06-03T13:05",
        None,
    ]


def test_the_start_of_unix_time_is_a_default_date_in_any_zone() -> None:
    for raw in ("1970-01-01T00:00:00Z", "1970-01-01 00:00:00", "1970-01-01"):
        issue = Moment().clean(raw).issue
        assert issue is not None
        assert issue.code == "default_date"


def test_a_moment_is_shown_in_24_hours() -> None:
    assert Moment().show("2026-11-21T14:05") == "21 Nov 2026, 14:05"
    assert Moment().show("2026-11-21") == "21 Nov 2026"


def test_a_time_to_the_minute_agrees_with_one_to_the_second() -> None:
    assert Moment().agree("2016-06-03T10:22", "2016-06-03T10:22:05")
    assert Moment().agree("2016-06-03", "2016-06-03T10:22")
    assert not Moment().agree("2016-06-03T10:2", "2016-06-03T10:22")
