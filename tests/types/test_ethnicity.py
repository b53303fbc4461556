"""Ethnicity: what data.police.uk publishes is understood, and the two kinds stay apart (ETH-1)."""

import pytest

from bluelamp.errors import DeclarationError
from bluelamp.types import Ethnicity
from bluelamp.types.lists import table

#: every value of the self-defined column in London's published stops, 2016 to 2023
PUBLISHED = {
    "Other ethnic group - Not stated": "NS",
    "White - English/Welsh/Scottish/Northern Irish/British": "W1",
    "Black/African/Caribbean/Black British - Any other Black/African/Caribbean background": "B9",
    "White - Any other White background": "W9",
    "White - White British (W1)": "W1",
    "Black/African/Caribbean/Black British - African": "B2",
    "Asian/Asian British - Any other Asian background": "A9",
    "Black/African/Caribbean/Black British - Caribbean": "B1",
    "White - Any other White ethnic background (W9)": "W9",
    "Black or Black British - Any other Black ethnic background (B9)": "B9",
    "Black or Black British - African (B2)": "B2",
    "Not Stated (NS)": "NS",
    "Black or Black British - Caribbean (B1)": "B1",
    "Other ethnic group - Any other ethnic group": "O9",
    "Asian/Asian British - Bangladeshi": "A3",
    "Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background": "M9",
    "Asian or Asian British - Any other Asian ethnic background (A9)": "A9",
    "Asian/Asian British - Indian": "A1",
    "Asian/Asian British - Pakistani": "A2",
    "Asian or Asian British - Bangladeshi (A3)": "A3",
    "Mixed/Multiple ethnic groups - White and Black Caribbean": "M1",
    "White - Irish": "W2",
    "Chinese or other ethnic group - Any other ethnic group (O9)": "O9",
    "Mixed - Any other Mixed ethnic background (M9)": "M9",
    "Asian or Asian British - Pakistani (A2)": "A2",
    "Asian or Asian British - Indian (A1)": "A1",
    "Mixed - White and Black Caribbean (M1)": "M1",
    "White - White Irish (W2)": "W2",
    "Mixed/Multiple ethnic groups - White and Black African": "M2",
    "Mixed/Multiple ethnic groups - White and Asian": "M3",
    "Mixed - White and Black African (M2)": "M2",
    "Asian/Asian British - Chinese": "A4",
    "Mixed - White and Asian (M3)": "M3",
    "Chinese or other ethnic group - Chinese (O1)": "O1",
}


@pytest.mark.parametrize(("raw", "code"), PUBLISHED.items())
def test_ETH_1_every_published_self_definition_is_understood(raw: str, code: str) -> None:
    cleaned = Ethnicity("self").clean(raw)
    assert (cleaned.value, cleaned.issue) == (code, None)


@pytest.mark.parametrize("row", table("ethnicity.csv"), ids=lambda row: f"{row['scheme']} {row['code']}")
def test_ETH_1_every_code_and_label_of_the_lists_is_understood_by_its_own_kind_only(row: dict[str, str]) -> None:
    if row["scheme"] == "OBSERVED_4+1":
        assert Ethnicity("observed").clean(row["code"]).value is None
        return
    own, other = ("self", "observed") if row["scheme"] == "SDE" else ("observed", "self")
    assert Ethnicity(own).clean(row["code"]).value == row["code"]
    assert row["label"] in Ethnicity(own).show(row["code"])
    assert Ethnicity(other).clean(row["code"]).value is None


def test_ETH_1_codes_for_unknown_of_different_systems_are_one() -> None:
    assert {Ethnicity("observed").clean(raw).value for raw in ("IC0", "IC7", "ic 9", "Not known")} == {"IC9"}


def test_ETH_1_the_words_of_an_officer_are_kept_as_said() -> None:
    for word in ("White", "Black", "Asian", "Mixed", "Other"):
        assert Ethnicity("observed").clean(word).value == word


def test_a_bare_digit_is_refused_because_two_lists_use_it() -> None:
    issue = Ethnicity("observed").clean("4").issue
    assert issue is not None
    assert issue.code == "ambiguous"


def test_ethnicities_agree_across_schemes_and_with_what_was_not_stated() -> None:
    assert Ethnicity("self").agree("A4", "O1")
    assert Ethnicity("self").agree("W1", "NS")
    assert not Ethnicity("self").agree("W1", "W2")
    assert Ethnicity("observed").agree("White", "IC1")
    assert not Ethnicity("observed").agree("White", "IC3")


def test_there_is_no_third_kind_of_ethnicity() -> None:
    with pytest.raises(DeclarationError, match="`self` or `observed`"):
        Ethnicity("guessed")  # type: ignore[arg-type]
