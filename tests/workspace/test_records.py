from pathlib import Path

import pytest

from bluelamp.workspace.model import Key, Value
from tests.workspace.made import SETTINGS, SOURCE, loaded, problems, swap


def member_key(folder: Path, declared: str) -> Key:
    return loaded(folder, {SOURCE: swap("key: [Member No]", f"key: {declared}")}).sources["library"].records[0].key


@pytest.mark.parametrize(
    ("declared", "key"),
    [
        ("[A, B]", Key(("A", "B"))),
        ("Member No", Key(("Member No",))),
        ("row", Key((), otherwise_row=True)),
        ("[row]", Key(("row",))),
        ("{columns: [A, B], otherwise: row}", Key(("A", "B"), otherwise_row=True)),
        ("{columns: A}", Key(("A",))),
    ],
)
def test_a_key_is_columns_or_the_place_of_the_row(tmp_path: Path, declared: str, key: Key) -> None:
    assert member_key(tmp_path, declared) == key


@pytest.mark.parametrize("declared", ["[]", "", "{}", "{otherwise: row}", "[[[a]]]", "{columns: [A], otherwise: file}"])
def test_a_key_that_names_nothing_is_a_problem(tmp_path: Path, declared: str) -> None:
    found = problems(tmp_path, {SOURCE: swap("key: [Member No]", f"key: {declared}")})
    assert {each.code for each in found} <= {"B030", "B007", "B039"}
    assert found


def test_a_row_may_carry_its_own_marking(tmp_path: Path) -> None:
    record = loaded(tmp_path, {SOURCE: swap("    set:", "    marking: GSC\n    set:")}).sources["library"].records[0]
    assert record.marking == Value("column", ("GSC",))


def test_a_fixed_marking_must_be_known(tmp_path: Path) -> None:
    fixed = {SOURCE: swap("    set:", "    marking: {constant: PSD-ONLY}\n    set:")}
    assert [each.code for each in problems(tmp_path, fixed)] == ["B023"]
    fixed[SETTINGS] = swap('"Exshire"', '"Exshire"\n[markings.PSD-ONLY]\ntitle = "Standards"')
    assert problems(tmp_path, fixed) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("surnam", 'did you mean "surname"?'),
        ("dob", 'did you mean "date_of_birth"?'),
        ("registration", 'did you mean "vrm"? it belongs to Vehicle'),
        ("company_number", '"company_number" belongs to Organisation'),
    ],
)
def test_a_wrong_property_is_answered_with_the_one_that_was_meant(tmp_path: Path, name: str, hint: str) -> None:
    (found,) = problems(tmp_path, {SOURCE: swap("given_name:", f"{name}:")})
    assert found.code == "B014"
    assert found.message == f'Person has no property "{name}"'
    assert f"({hint})" in found.fix


def test_an_event_without_its_time_is_a_warning_and_still_loads(tmp_path: Path) -> None:
    crime = "  crime:\n    type: Crime\n    key: [No]\n    set: {reference: No}\n  member:"
    (found,) = problems(tmp_path, {SOURCE: swap("  member:", crime)})
    assert (found.code, found.severity) == ("B031", "warning")
    assert len(loaded(tmp_path, {SOURCE: swap("  member:", crime)}).sources["library"].records) == 3


def test_an_event_that_a_strong_key_joins_to_a_dated_one_needs_no_time_of_its_own(tmp_path: Path) -> None:
    crime = "  crime:\n    type: Crime\n    key: [No]\n    set: {reference: No, happened_at: When}\n"
    outcome = "  outcome:\n    type: Crime\n    key: [No]\n    set: {reference: No, outcome: Outcome}\n  member:"
    assert problems(tmp_path, {SOURCE: swap("  member:", crime + outcome)}) == []


def test_latitude_and_longitude_belong_to_a_point(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {SOURCE: swap("address: Address", "address: {lat: A, lon: B}")})
    assert (found.code, found.fix) == ("B034", "set `point` in this way")
    (found,) = problems(tmp_path, {SOURCE: swap("given_name: Forename", "given_name: {lat: A, lon: B}")})
    assert (found.code, found.fix) == ("B034", "set it on a Location and link the two")
