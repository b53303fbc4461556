"""Check letters and digits find what people get wrong: one wrong character, or two exchanged."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.types import checks

GOOD: dict[Callable[[str], bool], str] = {
    checks.pnc_id: "2099/0000123P",
    checks.cro: "123456/85V",
    checks.asn: "2401EK0100000001234L",
    checks.ccrn: "24/2570/000123L",
    checks.nhs: "9434765919",
    checks.luhn: "490154203237518",
    checks.vin_na: "1M8GDM9AXKP042788",
    checks.iban: "GB29NWBK60161331926819",
}


@pytest.mark.parametrize(("check", "good"), GOOD.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_one_wrong_digit_in_the_serial_is_found(check: Callable[[str], bool], good: str) -> None:
    assert check(good)
    at = len(good) - 3
    assert not any(check(good[:at] + digit + good[at + 1 :]) for digit in "0123456789" if digit != good[at])


@settings(max_examples=50, database=None)
@given(st.integers(0, 10**9 - 1))
def test_of_ten_check_digits_at_most_one_fits(serial: int) -> None:
    assert sum(checks.nhs(f"{serial:09}{digit}") for digit in range(10)) <= 1
    assert sum(checks.luhn(f"{serial:09}{digit}") for digit in range(10)) == 1


def test_minor_offenders_of_before_1965_are_checked_without_their_year() -> None:
    assert checks.cro("SF60/1234Q")
    assert checks.cro("SF85/54321Z")


def test_a_court_code_with_letters_has_no_check() -> None:
    assert checks.ccrn("24/AB70/000123L")


def test_a_driver_number_has_a_month_and_a_day_that_exist() -> None:
    assert checks.driving_licence("FAKE9801019AB9AA")
    assert checks.driving_licence("FAKE9862319AB9AA")
    assert not checks.driving_licence("FAKE9863019AB9AA")
    assert not checks.driving_licence("FAKE9801329AB9AA")
