"""Values from short lists: sex, outcome and age range."""

import pytest

from bluelamp.types import AgeRange, Cleaned, Outcome, Sex
from bluelamp.types.age import ages
from bluelamp.types.lists import document, table


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("M", "Male"),
        ("female", "Female"),
        ("1", "Male"),
        ("2", "Female"),
        ("0", "Not Known"),
        ("9", "Not Specified"),
        ("TRANS MALE", "Trans Male"),
        ("non binary", "Non-Binary"),
        ("U", "Not Known"),
    ],
)
def test_sex_is_a_value_of_the_pole_list(raw: str, value: str) -> None:
    assert Sex().clean(raw).value == value
    assert value in document("pole_entities.json")["value_lists"]["gender"]


def test_a_sex_that_the_list_has_not_is_refused_and_names_what_it_has() -> None:
    issue = Sex().clean("Other").issue
    assert issue is not None
    assert issue.code == "unknown_value"
    assert "Male, Female" in issue.message


def test_a_sex_not_known_contradicts_nothing() -> None:
    assert Sex().agree("Not Known", "Female")
    assert not Sex().agree("Male", "Female")


@pytest.mark.parametrize("row", table("ho_outcome_types.csv"), ids=lambda row: row["code"])
def test_every_outcome_type_is_read_by_number_and_by_name(row: dict[str, str]) -> None:
    for raw in (row["code"], row["label"], f"Outcome {row['code']}", f"{row['code']} - {row['label']}"):
        cleaned = Outcome().clean(raw)
        assert (cleaned.value, cleaned.issue) == (row["code"], None), raw
    assert Outcome().show(row["code"]) == f"{row['code']}: {row['label']}"


def test_a_published_outcome_that_may_be_several_types_is_refused() -> None:
    assert Outcome().clean("Suspect charged").value == "1"
    assert Outcome().clean("018").value == Outcome().clean("18.0").value == "18"
    for raw, code in (("Unable to prosecute suspect", "several"), ("23", "unknown_value"), ("180", "unknown_value")):
        issue = Outcome().clean(raw).issue
        assert issue is not None
        assert issue.code == code


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("18-24", "18-24"),
        ("10 to 17", "10-17"),
        ("over 34", "over 34"),
        ("35+", "over 34"),
        ("Under 10", "under 10"),
        ("<10", "under 10"),
        ("23", "23"),
        ("18\u201324 years", "18-24"),
    ],
)
def test_an_age_range_has_one_form(raw: str, value: str) -> None:
    assert AgeRange().clean(raw).value == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [("48 yrs", "48"), ("aged 48", "48"), ("9 mths", "0"), ("11 mo.", "0"), ("3 weeks", "0"), ("2 days old", "0")],
)
def test_an_age_in_a_register_is_in_years_and_under_one_it_is_0(raw: str, value: str) -> None:
    assert AgeRange().clean(raw) == Cleaned(value)


def test_an_age_that_is_only_about_right_is_kept_with_a_doubt() -> None:
    for raw in ("abt. 66", "about 66", "66?"):
        cleaned = AgeRange().clean(raw)
        assert (cleaned.value, cleaned.issue and cleaned.issue.code) == ("66", "estimate")
    assert AgeRange().clean("30 months").value is None


def test_age_ranges_agree_where_some_age_is_in_both() -> None:
    assert AgeRange().agree("18-24", "23")
    assert AgeRange().agree("over 34", "35")
    assert not AgeRange().agree("over 34", "34")
    assert not AgeRange().agree("under 10", "10-17")
    assert ages("under 10") == (0, 9)


@pytest.mark.parametrize("raw", ["24-18", "200", "17-Oct", "young", "10-"])
def test_what_is_no_age_is_refused(raw: str) -> None:
    assert AgeRange().clean(raw).value is None
    assert AgeRange().clean(raw).issue is not None
