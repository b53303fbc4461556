"""An address is taken apart: numbers decide, words may vary."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.types.place import Address
from bluelamp.types.premises import one_street, premises

SAME = (
    ("Flat 2, 10 High Street, London", "FLAT 2 10 HIGH ST LONDON", "Apartment 2, 10, High St., London", "2, 10 High Street, London"),
    ("12a High Road, Romford", "12 A High Rd, Romford", "No. 12A High Road, Romford"),
    ("Flat 10, Elm House, 20 High Street", "10 Elm House, 20 High Street"),
    ("Flat 2B, 14 Kings Road", "Flat 2B/14 King's Rd", "Flat 2b 14 Kings Road"),
    ("First Floor Flat, 10 High Street", "1st floor flat, 10 High St", "First Floor, 10 High Street"),
    ("12-14 High Road, Romford", "12 - 14 High Road, Romford", "12 & 14 High Road, Romford"),
    ("10 St. John's Road, E1 6AA", "10 st johns rd, E16AA", "10 St John’s Road, E1 6AA, UK"),
    ("Abacus News, 78 Cedar Street", "78 Cedar Street", "Abacus News 78 Cedar Street"),
    ("Rose Cottage, Church Lane, Bildeston", "ROSE COTTAGE CHURCH LA, BILDESTON"),
)  # fmt: skip

DIFFERENT = (
    ("Flat 2, 10 High Street", "Flat 3, 10 High Street"),
    ("Flat 2, 10 High Street", "Flat 2, 12 High Street"),
    ("Flat 2, 10 High Street", "10 High Street"),
    ("Flat 2, 10 High Street", "Flat 10, 2 High Street"),
    ("Flat A, 10 High Street", "Flat B, 10 High Street"),
    ("Room 2, 10 High Street", "Flat 2, 10 High Street"),
    ("12 High Street", "12a High Street"),
    ("12 High Street", "12-14 High Street"),
    ("First floor flat, 10 High Street", "Second floor flat, 10 High Street"),
    ("10 High Street", "Rear of 10 High Street"),
    ("10 High Street", "Outside 10 High Street"),
    ("5 Star Cafe, 10 High Street", "Flat 5, 10 High Street"),
    ("Junction of High Street and Station Road", "Junction of High Street and Church Lane"),
    ("Unit 5K, Horndon Industrial Park, Station Road", "5K Station Road"),
)


@pytest.mark.parametrize("written", SAME)
def test_one_address_comes_to_one_however_it_is_written(written: tuple[str, ...]) -> None:
    assert len({(each.unit, each.number, each.street) for each in map(premises, written)}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_door_is_another_address(one: str, other: str) -> None:
    assert premises(one) != premises(other)


@pytest.mark.parametrize(
    ("text", "number", "street", "locality"),
    [
        ("118-122 HIGH STREET BILDESTON IPSWICH", "118-122", "high street", "bildeston ipswich"),
        ("THE ROSE 45 HIGH STREET BEDFORD", "45", "high street", "bedford"),
        ("18 LADYGATE CENTRE 40 HIGH STREET WICKFORD", "40", "high street", "wickford"),
        ("1 ST JOHNS TERRACE, Great Bardfield", "1", "st johns terrace", "great bardfield"),
        ("10 The Green, Little Snoring", "10", "the green", "little snoring"),
        ("10 Cheapside, London", "10", "cheapside", "london"),
        ("10 Broadway, London SE1", "10", "broadway", "london se1"),
        ("0010 High Street", "10", "high street", ""),
        ("", "", "", ""),
    ],
)
def test_street_and_locality_are_told_apart(text: str, number: str, street: str, locality: str) -> None:
    found = premises(text)
    assert (found.number, found.street, found.locality) == (number, street, locality)


_words = st.sampled_from(
    ["flat", "unit", "10", "2", "12a", "a", "high", "street", "road", "elm", "house", ",", ", ", "7-9", "3/4", "rear of",
     "first floor", "no.", "court", "romford", "st", "&", "nx1 3ab", "5k", "b12", "&", "'"]
)  # fmt: skip


@given(st.lists(_words, max_size=12).map(" ".join))
def test_no_number_is_lost(text: str) -> None:
    cleaned = Address().clean(text).value or ""
    found = premises(cleaned)
    said = f"{found.unit} {found.number} {found.street} {found.locality} {found.postcode}"
    assert sorted("".join(re.findall(r"\d", cleaned))) == sorted("".join(re.findall(r"\d", said)))


@given(st.text(max_size=60))
def test_any_text_is_taken_apart(text: str) -> None:
    premises(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("cedar street", "cedra street", True),
        ("cedar street", "cedar", False),
        ("cedar street", "cedar road", False),
        ("broadway", "broad way", True),
        ("north street", "south street", False),
        ("elm road", "elms road", False),
        ("laburnum walk", "laburnm walkk", True),
    ],
)
def test_a_slip_leaves_a_street_what_it_is(one: str, other: str, same: bool) -> None:  # noqa: FBT001 a case
    assert one_street(one, other) is same
