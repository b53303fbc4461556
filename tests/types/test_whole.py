import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.types.whole import MAY_BE_ONE, alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "SMITH, John"),
        ("Robert Jones", "Bob Jones"),
        ("Mohammed al-Hassan", "Muhammad Hassan"),
        ("Siobhan O'Neill", "Siobhán ONeill"),
        ("Krzysztof Wójcik", "Krzystof Wojcik"),
        ("Dr Amara Okafor", "Amara Okafor"),
        ("Maria del Carmen Lopez", "Maria Carmen Lopez"),
        ("Nguyen Thi Hoa", "Hoa Nguyen Thi"),
        ("Jean-Pierre Dubois", "Jeanpierre Dubois"),
    ],
)
def test_one_person_however_the_name_is_written(one: str, other: str) -> None:
    assert alike(one, other) >= MAY_BE_ONE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Peter Smith"),
        ("John Smith", "John Brown"),
        ("Mohammed Ali Khan", "Mohammed Iqbal Hussain"),
        ("Anna Kowalska", "Maria Kowalska"),
        ("Smith", "John Smith"),
        ("Octavian Scholz", "Olaf Scholz"),
    ],
)
def test_other_people_with_a_word_in_common(one: str, other: str) -> None:
    assert alike(one, other) < MAY_BE_ONE


@given(st.text(max_size=30), st.text(max_size=30))
def test_it_is_the_same_from_both_sides_and_never_above_one(one: str, other: str) -> None:
    assert alike(one, other) == pytest.approx(alike(other, one), abs=1e-9)
    assert alike(one, other) <= 1.0


@pytest.mark.parametrize("nothing", ["", " ", "-", "'"])
def test_no_name_is_like_none(nothing: str) -> None:
    assert alike(nothing, "John Smith") == 0.0
