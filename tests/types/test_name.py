"""Names: kept as given, doubted where a rule of POLE says so, never filled."""

import duckdb
import pytest

from bluelamp.types import Name


@pytest.mark.parametrize(
    "raw",
    [
        "O'Neill",
        "O’Neill",
        "Smith-Jones",
        "de la Cruz",
        "SMITH",
        "mcdonald",
        "محمد",
        "王伟",
        "தமிழ்",
        "Nguyễn",
        "J.",
        "St. John",
        "Ng",
        "Na",
        "Łukasz",
    ],
)
def test_POLE_5_a_name_is_kept_as_given(raw: str) -> None:
    assert Name().clean(raw).value == raw


def test_POLE_5_only_blanks_and_the_way_accents_are_stored_are_made_the_same() -> None:
    assert Name().clean("  Ann   Marie ").value == "Ann Marie"
    assert Name().clean("Sia\u0302n").value == "Siân"
    assert Name().clean("\u202eSm\u200bith").value == "Smith"


@pytest.mark.parametrize("raw", ["unknown", "N/K", "not given", "test", "-", "N/A", "???", "XX", "."])
def test_POLE_1_a_filler_is_no_name(raw: str) -> None:
    cleaned = Name().clean(raw)
    assert cleaned.value is None
    assert cleaned.issue is not None
    assert cleaned.issue.code == "filler"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("Mr John", "title"),
        ("DR. Patel", "title"),
        ("Mrs", "title"),
        ("J4mes", "digits"),
        ("Bob (aka Rob)", "characters"),
        ("Smith, John", "characters"),
        ("Null", "filler"),
    ],
)
def test_POLE_1_what_hardly_is_a_name_is_kept_with_a_doubt(raw: str, code: str) -> None:
    cleaned = Name().clean(raw)
    assert cleaned.value == raw
    assert cleaned.issue is not None
    assert cleaned.issue.code == code


@pytest.mark.parametrize("raw", ["Lord", "Prince", "Di", "Drew", "Missy"])
def test_a_name_that_looks_like_a_title_has_no_doubt(raw: str) -> None:
    assert Name().clean(raw).issue is None


def test_an_organisation_may_have_digits_and_signs() -> None:
    for raw in ("7-Eleven", "Marks & Spencer plc", "Dr Martens", "A1 Cars (London) Ltd."):
        cleaned = Name("organisation").clean(raw)
        assert (cleaned.value, cleaned.issue) == (raw, None)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("SMITH", "Smith"),
        ("O'NEILL", "O'Neill"),
        ("MCDONALD", "McDonald"),
        ("SMITH-JONES", "Smith-Jones"),
        ("MC", "Mc"),
        ("D’SOUZA", "D’Souza"),
        ("McDonald", "McDonald"),
        ("smith", "smith"),
        ("ÉLODIE", "Élodie"),
    ],
)
def test_POLE_5_only_a_name_in_capitals_is_shown_otherwise_than_given(value: str, shown: str) -> None:
    assert Name().show(value) == shown


@pytest.mark.parametrize(
    "value",
    ["ANTHONY", "MCSMYTH", "MCSMYTH-JONES", "MC", "MCA", "J. MCADAM", "ÉLODIE", "GŴEN ŁUKASZ", "LE STRANGE", "O'NEILL",
     "NG", "McDonald", "mcdonald", "DE LA MCRAE", "MCĞIȚ", "ĦAKON ŊĴAR"],
)  # fmt: skip
def test_a_caption_has_a_name_in_capitals_as_pages_show_it(value: str) -> None:
    assert duckdb.execute(f"select {Name().shown_sql('$1::varchar')}", [value]).fetchall() == [(Name().show(value),)]


def test_the_name_of_an_organisation_is_shown_as_given() -> None:
    assert Name("organisation").show("BBC") == "BBC"


def test_a_mask_does_not_tell_how_long_a_name_is() -> None:
    assert Name().mask("Ng") == Name().mask("Featherstonehaugh")
