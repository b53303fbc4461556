from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.apps.words import day, moment, number, plural, share


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (date(2026, 11, 21), "21 Nov 2026"),
        ("2026-06-03", "3 Jun 2026"),
        ("2026-06", "Jun 2026"),
        ("2026", "2026"),
        ("2026-06-03T10:22", "3 Jun 2026"),
        (None, ""),
        ("before the war", "before the war"),
        ("2026-13-01", "2026-13-01"),
    ],
)
def test_a_day_is_told_as_precisely_as_it_is_known(given: date | str | None, shown: str) -> None:
    assert day(given) == shown


def test_a_moment_is_told_in_londons_time_in_24_hours() -> None:
    assert moment(datetime(2026, 7, 1, 23, 5, tzinfo=UTC)) == "2 Jul 2026, 00:05"
    assert moment(datetime(2026, 12, 1, 14, 5, tzinfo=UTC)) == "1 Dec 2026, 14:05"


def test_a_moment_as_recorded_keeps_its_precision() -> None:
    assert moment("2016-06-03T10:22:05") == "3 Jun 2016, 10:22"
    assert moment("2016-06") == "Jun 2016"


@given(st.dates())
def test_a_day_is_the_same_from_a_date_and_from_its_text(value: date) -> None:
    assert day(value).endswith(str(value.year))
    assert day(value).split(" ")[:2] == day(value.isoformat()).split(" ")[:2]


def test_numbers_have_commas_and_nothing_is_a_dash() -> None:
    assert [number(1204), number(3), number(2.5), number(None)] == ["1,204", "3", "2.50", "–"]
    assert [share(0.1234), share(None)] == ["12.3%", "–"]


def test_one_thing_is_singular() -> None:
    assert plural(1, "record") == "1 record"
    assert plural(2000, "record") == "2,000 records"
    assert plural(2, "entry", "entries") == "2 entries"
