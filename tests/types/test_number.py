"""Numbers with and without decimals."""

import pytest

from bluelamp.types import Flag, Integer, Number


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1250.50", "1250.5"),
        ("1,250", "1250"),
        ("£1,250.00", "1250"),
        ("-£5", "-5"),
        ("-0.0", "0"),
        ("007", "7"),
        ("0.10", "0.1"),
        ("5.", "5"),
        ("6.207999999999999", "6.207999999999999"),
    ],
)
def test_a_number_is_plain_decimal_text(raw: str, value: str) -> None:
    cleaned = Number().clean(raw)
    assert (cleaned.value, cleaned.issue) == (value, None)


@pytest.mark.parametrize(
    "raw", ["1,5", "1.250,50", "12,34", "45%", "1e3", "(5)", "five", "--5", "-£-5", "1234567890.12345678", "٣"]
)
def test_a_number_that_may_be_another_is_refused(raw: str) -> None:
    assert Number().clean(raw).value is None
    assert Number().clean(raw).issue is not None


def test_a_whole_number_has_no_decimals_and_fits_its_column() -> None:
    assert Integer().clean("1,200.00").value == "1200"
    assert Integer().clean("-9223372036854775807").value == "-9223372036854775807"
    for raw, code in (("12.5", "not_whole"), ("9223372036854775808", "too_long"), ("n/k", "filler")):
        issue = Integer().clean(raw).issue
        assert issue is not None
        assert issue.code == code


def test_numbers_are_shown_in_thousands() -> None:
    assert Number().show("1250000.5") == "1,250,000.5"
    assert Number().show("-0.5") == "-0.5"
    assert Integer().show("-1234") == "-1,234"


def test_yes_and_no_have_many_ways_and_maybe_is_neither() -> None:
    assert {Flag().clean(raw).value for raw in ("yes", "Y", "TRUE", "1", " t ")} == {"true"}
    assert {Flag().clean(raw).value for raw in ("no", "N", "False", "0", "f")} == {"false"}
    assert Flag().clean("maybe").issue is not None
    assert [Flag().show(value) for value in ("true", "false")] == ["Yes", "No"]
