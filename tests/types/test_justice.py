"""References of the criminal justice system, beyond the examples of their rules."""

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest

from bluelamp import clock
from bluelamp.types import Asn, CpsUrn, Cro, PncId


@pytest.fixture
def april_2026() -> Iterator[None]:
    clock.use(lambda: datetime(2026, 4, 3, tzinfo=UTC))
    yield
    clock.use()


@pytest.mark.usefixtures("april_2026")
@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("99/123P", "1999/0000123P"),
        ("99/0000123P", "1999/0000123P"),
        ("26/1W", "2026/0000001W"),
        ("27/1L", "1927/0000001L"),
    ],
)
def test_the_century_of_a_short_pnc_id_is_the_latest_that_is_not_in_the_future(short: str, whole: str) -> None:
    cleaned = PncId().clean(short)
    assert cleaned.value == whole
    assert cleaned.issue is not None
    assert cleaned.issue.code == "century"
    as_of = PncId().as_of("?::varchar", "'2025-12-31'")
    ((read,),) = duckdb.execute(f"select {as_of}", [whole] * as_of.count("?")).fetchall()
    assert read == whole.replace("2026", "1926")


def test_a_short_pnc_id_whose_letter_does_not_fit_is_none() -> None:
    for short, code in (("99/123Q", "check_digit"), ("99/123I", "format"), ("99/12345678A", "format")):
        cleaned = PncId().clean(short)
        assert cleaned.value is None
        assert cleaned.issue is not None
        assert cleaned.issue.code == code


def test_an_sf_number_of_after_1995_is_refused_by_name() -> None:
    cleaned = Cro().clean("SF96/54321Z")
    assert cleaned.value is None
    assert cleaned.issue is not None
    assert cleaned.issue.code == "sf_year"


def test_the_serial_of_a_divided_arrest_number_is_filled_with_noughts() -> None:
    assert Asn().clean("93/52HQ/01/123456N").value == "9352HQ0100000123456N"
    assert Asn().show("9352HQ0100000123456N") == "93/52HQ/01/00000123456N"


def test_a_case_reference_is_shown_in_its_parts() -> None:
    assert CpsUrn().show("01MP1234524") == "01/MP/12345/24"
