"""The grade of an intelligence report (INT-1)."""

import pytest

from bluelamp.types import Grade
from bluelamp.types.grade import parts


@pytest.mark.parametrize("source", "123")
@pytest.mark.parametrize("information", "ABCDE")
@pytest.mark.parametrize("handling", "PC")
def test_INT_1_every_grade_is_read_and_shown_in_words(source: str, information: str, handling: str) -> None:
    value = source + information + handling
    for raw in (value, value.lower(), f"{source}/{information}/{handling}", f"{source} {information} {handling}"):
        cleaned = Grade().clean(raw)
        assert (cleaned.value, cleaned.issue) == (value, None)
    assert all(part.lower() in Grade().show(value) for part in parts(value))


@pytest.mark.parametrize("raw", ["4AP", "1FP", "1AX", "AP1", "1A", "1APP"])
def test_INT_1_what_is_no_grade_is_refused(raw: str) -> None:
    cleaned = Grade().clean(raw)
    assert (cleaned.value, cleaned.issue and cleaned.issue.code) == (None, "format")


@pytest.mark.parametrize("raw", ["E41", "B 2 3", "a/1/1"])
def test_INT_1_an_old_grade_is_not_turned_into_a_new_one(raw: str) -> None:
    cleaned = Grade().clean(raw)
    assert (cleaned.value, cleaned.issue and cleaned.issue.code) == (None, "legacy_grade")
