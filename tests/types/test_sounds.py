"""Names that are written differently and sound alike share a key."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.types.names import fold, sounds
from bluelamp.types.sounds import MOST

ALIKE = [
    "Mohammed Muhammad Mohamed Mohamad Muhammed محمد",
    "Hussain Hussein Hossein Husain Hüseyin Xuseen",
    "Yusuf Youssef Yousuf Yusef Jusuf",
    "Omar Umar Cumar",
    "Abdulrahman Abdirahman Abdurrahman Abdelrahman",
    "Usman Othman Uthman Osman",
    "Khan Kan",
    "Sheikh Shaikh Sheik",
    "Chowdhury Choudhury Chaudhry",
    "Oluwaseun Oluseun Seun",
    "McDonald MacDonald Macdonald",
    "Siobhán Shivaun",
    "Niamh Neve",
    "Sean Shaun Shawn",
    "Steven Stephen",
    "Stephan Stefan",
    "Catherine Katherine Kathryn",
    "Geoffrey Jeffrey",
    "Thompson Thomson",
    "Paweł Pavel",
    "Kowalczyk Kovalchik",
    "Çelik Chelik",
    "Şahin Shahin",
    "Andrei Andrej",
    "Haralambous Charalambous",
    "Diallo Jallow",
    "Li Lee",
    "Wang Huang",
    "White Wyte",
]

APART = [
    ("Smith", "Jones"),
    ("Mohammed", "Mahmoud"),
    ("Ali", "Omar"),
    ("Li", "Lo"),
    ("Patel", "Begum"),
    ("Khan", "Chen"),
    ("Oluwaseun", "Oluwatobi"),
]


@pytest.mark.parametrize("group", ALIKE)
def test_spellings_of_one_name_share_a_key(group: str) -> None:
    for one, other in combinations(group.split(), 2):
        assert set(sounds(fold(one))) & set(sounds(fold(other))), (one, other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_names_share_none(one: str, other: str) -> None:
    assert not set(sounds(fold(one))) & set(sounds(fold(other)))


@settings(max_examples=300, database=None)
@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=20))
def test_every_token_has_a_few_keys(token: str) -> None:
    keys = sounds(token)
    assert len(keys) <= MOST
    assert all(keys)
    assert bool(keys) == bool(token)
    assert len(set(keys)) == len(keys)
