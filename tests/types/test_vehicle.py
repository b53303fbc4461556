"""Registration marks: kept when odd, dropped when nothing is known."""

import pytest

from bluelamp.types import Vrm


def test_a_mark_of_no_british_shape_is_kept_with_a_doubt() -> None:
    cleaned = Vrm().clean("B-XY 12345")
    assert cleaned.value == "BXY12345"
    assert cleaned.issue is not None
    assert cleaned.issue.code == "not_gb"


@pytest.mark.parametrize("raw", ["UNKNOWN", "n/k", "No plate", "AB12 ***", "000", "??", "FOREIGN"])
def test_what_is_no_mark_joins_no_vehicles(raw: str) -> None:
    cleaned = Vrm().clean(raw)
    assert cleaned.value is None
    assert cleaned.issue is not None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("AB12CDE", "AB12 CDE"),
        ("A123BCD", "A 123 BCD"),
        ("1A", "1 A"),
        ("BXY12345", "BXY12345"),
        ("AIZ1234", "AIZ 1234"),
    ],
)
def test_a_mark_is_shown_in_its_groups(value: str, shown: str) -> None:
    assert Vrm().show(value) == shown
    assert Vrm().clean(shown).value == value
