"""Email addresses."""

import pytest

from bluelamp.types import Email


@pytest.mark.parametrize(
    "raw",
    [
        "Jo.Example@Example.com",
        " jo.example@example.com ",
        "mailto:jo.example@example.com",
        "Jo E <jo.example@example.com>",
    ],
)
def test_an_address_is_in_lower_case_and_alone(raw: str) -> None:
    cleaned = Email().clean(raw)
    assert (cleaned.value, cleaned.issue) == ("jo.example@example.com", None)


def test_an_address_written_with_blanks_inside_keeps_a_doubt() -> None:
    cleaned = Email().clean("jo example@example.com")
    assert cleaned.value == "joexample@example.com"
    assert cleaned.issue is not None


@pytest.mark.parametrize(
    "raw",
    ["jo", "jo@example", "@example.com", "jo@@example.com", "jo@example..com", "jo@.com", "a@b.c;d@e.f", "x" * 300],
)
def test_what_is_no_address_is_refused(raw: str) -> None:
    assert Email().clean(raw).value is None
    assert Email().clean(raw).issue is not None


@pytest.mark.parametrize("raw", ["none@none.com", "noemail@example.com", "N/A", "test@test.com"])
def test_an_address_of_nobody_joins_no_people(raw: str) -> None:
    issue = Email().clean(raw).issue
    assert issue is not None
    assert issue.code == "filler"


def test_a_mask_does_not_tell_how_long_an_address_is() -> None:
    assert Email().mask("a@b.co") == Email().mask("someone.else@example.com")
