"""Telephone numbers: one form for one number, and no country guessed."""

import pytest

from bluelamp.errors import DeclarationError
from bluelamp.types import Phone

GB = Phone(country="GB")


@pytest.mark.parametrize(
    "raw",
    [
        "07700 900123",
        "07700-900-123",
        "(07700) 900123",
        "+44 7700 900123",
        "0044 7700 900123",
        "+44 (0)7700 900123",
        "447700900123",
    ],
)
def test_every_way_of_writing_a_number_gives_the_same(raw: str) -> None:
    assert GB.clean(raw).value == "+447700900123"
    assert GB.clean(raw).issue is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [("020 7946 0123", "+442079460123"), ("+33 1 23 45 67 89", "+33123456789"), ("01204 12345", "+44120412345")],
)
def test_landlines_and_other_countries_are_read(raw: str, value: str) -> None:
    assert GB.clean(raw).value == value


def test_a_national_number_without_a_declared_country_is_refused() -> None:
    issue = Phone().clean("07700 900123").issue
    assert issue is not None
    assert issue.code == "no_country"
    assert Phone(country="FR").clean("01 23 45 67 89").value == "+33123456789"


def test_a_source_says_of_which_country_its_national_numbers_are() -> None:
    polish = GB.formatted("PL")
    assert polish.clean("513 206 271").value == "+48513206271"
    assert polish.clean("+44 7700 900123").value == "+447700900123"
    assert GB.show("+48513206271") == "+48 513 206 271"
    with pytest.raises(DeclarationError, match="two capitals"):
        GB.formatted("Poland")


def test_what_is_refused_is_told_of_which_country_it_is_no_number() -> None:
    issue = GB.clean("727 304 2").issue
    assert issue is not None
    assert issue.message.startswith("This is not a telephone number of GB;")


@pytest.mark.parametrize("raw", ["00000000000", "01234567890", "unknown", "07000000000", "+440000000000", "-"])
def test_a_number_that_stands_for_none_joins_no_phones(raw: str) -> None:
    assert GB.clean(raw).value is None
    assert GB.clean(raw).issue is not None


@pytest.mark.parametrize(
    "raw", ["999", "12", "0770090012", "077009001234567", "0800 FLOWERS", "07700900123 or 07700900124"]
)
def test_what_is_no_whole_number_is_refused(raw: str) -> None:
    cleaned = GB.clean(raw)
    assert (cleaned.value, cleaned.issue and cleaned.issue.code) == (None, "format")


def test_an_extension_is_taken_off_and_said() -> None:
    cleaned = GB.clean("020 7946 0123 ext. 45")
    assert cleaned.value == "+442079460123"
    assert cleaned.issue is not None
    assert "45" in cleaned.issue.message


def test_a_number_that_repeats_one_digit_is_kept_with_a_doubt() -> None:
    cleaned = GB.clean("07777 777777")
    assert cleaned.value == "+447777777777"
    assert cleaned.issue is not None


def test_a_number_is_shown_as_its_country_writes_it() -> None:
    assert GB.show("+442079460123") == "020 7946 0123"
    assert GB.show("+33123456789") == "+33 1 23 45 67 89"
    assert Phone().show("+442079460123") == "+44 20 7946 0123"
