"""Every example of the identifier rules goes through its type."""

import pytest

from bluelamp.types import TYPES, Country, Date, Iccid, PropertyType, Reference, Uprn, Vin
from bluelamp.types.identifier import LONGEST, Identifier
from bluelamp.types.lists import document

#: the date rule is about the exchange form, which is what the declared format `iso` reads
BY_KEY: dict[str, PropertyType] = {
    each.key: each() for each in TYPES if issubclass(each, Identifier) and "key" in vars(each)
} | {"date": Date().formatted("iso")}
RULES = document("identifiers.json")["identifiers"]
VALID = [(each["key"], raw) for each in RULES for raw in each["valid"]]
INVALID = [(each["key"], wrong["value"], wrong["why"]) for each in RULES for wrong in each["invalid"]]


def test_every_rule_has_a_type() -> None:
    assert {each["key"] for each in RULES} == set(BY_KEY)
    assert len(RULES) == 28
    assert len(VALID) + len(INVALID) == 135


@pytest.mark.parametrize(("key", "raw"), VALID)
def test_a_valid_example_has_a_value(key: str, raw: str) -> None:
    assert BY_KEY[key].clean(raw).value is not None


@pytest.mark.parametrize(("key", "raw", "why"), INVALID)
def test_an_invalid_example_has_an_issue(key: str, raw: str, why: str) -> None:
    cleaned = BY_KEY[key].clean(raw)
    assert cleaned.issue is not None, why
    assert cleaned.issue.message.endswith(tuple("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789)")), why


def test_identifiers_that_are_nought_all_through_stand_for_nothing_known() -> None:
    for kind in ("nhs_number", "imei", "uprn", "uk_passport", "uk_sort_code"):
        digits = "0" * len(BY_KEY[kind].clean(BY_KEY[kind].example).value or "")
        assert (issue := BY_KEY[kind].clean(digits).issue)
        assert issue.code == "filler"


def test_dashes_and_blanks_of_any_kind_are_no_part_of_a_number() -> None:
    assert BY_KEY["nhs_number"].clean("943\u00a0476\u20135919").value == "9434765919"


def test_digits_of_other_scripts_are_not_taken_for_ours() -> None:
    assert BY_KEY["nsir_code"].clean("٠١١").value is None


def test_a_text_far_too_long_is_refused_without_a_closer_look() -> None:
    assert BY_KEY["vin"].clean("A" * (LONGEST + 1)).value is None


def test_a_uprn_has_twelve_digits_and_is_shown_without_the_leading_noughts() -> None:
    assert Uprn().clean("10033544614").value == "010033544614"
    assert Uprn().show("010033544614") == "10033544614"


def test_a_european_vehicle_number_that_fails_the_american_check_has_no_doubt() -> None:
    assert Vin().clean("WVWZZZ1KZAW000001").issue is None
    doubted = Vin().clean("1M8GDM9A1KP042788")
    assert doubted.value == "1M8GDM9A1KP042788"
    assert doubted.issue is not None
    assert doubted.issue.code == "check_digit"


def test_a_sim_serial_that_fails_its_check_is_kept_with_a_doubt() -> None:
    cleaned = Iccid().clean("8944110068012345672")
    assert cleaned.value == "8944110068012345672"
    assert cleaned.issue is not None


def test_a_reference_is_in_capitals_with_single_blanks() -> None:
    assert Reference().clean(" cad  1234 ").value == "CAD 1234"
    assert Reference().clean("n/a").value is None
    assert Reference().clean("x" * 300).issue is not None


def test_a_country_may_be_said_by_its_name_or_its_people() -> None:
    assert [Country().clean(raw).value for raw in ("France", "polish", "UK", "Côte d'Ivoire")] == [
        "FRA",
        "POL",
        "GBR",
        "CIV",
    ]
    assert Country().show("GBR") == "United Kingdom"
    unknown = Country().clean("ZZZ")
    assert unknown.value is None
    assert unknown.issue is not None
    assert unknown.issue.code == "unknown_code"
