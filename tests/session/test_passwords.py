"""A password is long and not one that others would try; it is kept so that it cannot be read back."""

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.session import passwords


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password12345!",
        "P@ssw0rdP@ssw0rd",
        "passwordpassword",
        "qwertyuiop123",
        "qwerty123456",
        "123456789012",
        "111111111111",
        "abcabcabcabc",
        "abcdefghijkl",
        "metropolitan1",
        "letmeinletmein",
        "Summer2026!!!",
        "policeofficer1",
        "1q2w3e4r5t6y",
        "jamesreed2026",
        "!!!!!!!!!!!!",
    ],
)
def test_common_passwords_are_refused_however_they_are_dressed(password: str) -> None:
    about = ("jreed", "James Reed", "Metropolitan Police")
    assert "first that others would try" in str(passwords.problem(password, about))


@pytest.mark.parametrize(
    "password",
    [
        "lantern-harbour-biscuit",
        "correct horse battery staple",
        "monday dragon cheese winter",
        "k7mf-2hqz-9xwd-p4ts",
        "пароль для работы",
        "summerhouse kettle",
        "tr0ub4dor&3xyz",
    ],
)
def test_good_passwords_are_taken_without_rules_of_composition(password: str) -> None:
    assert passwords.problem(password, ("jreed", "James Reed")) is None


def test_a_short_password_is_refused() -> None:
    assert passwords.problem("xk7-plume-9") == (
        "Enter at least 12 characters; three or four unrelated words are easy to remember."
    )
    assert passwords.problem("xk7-plume-9q") is None


def test_a_password_longer_than_any_is_refused() -> None:
    assert passwords.problem("x" * 257) == "Enter at most 256 characters."


@given(st.text(max_size=300))
def test_any_text_is_judged(password: str) -> None:
    assert passwords.problem(password) is None or len(str(passwords.problem(password))) > 10


def test_a_password_matches_what_is_kept_of_it_and_nothing_else() -> None:
    kept = passwords.make("lantern-harbour-biscuit")
    assert kept.startswith("$argon2id$")
    assert "lantern" not in kept
    assert passwords.matches(kept, "lantern-harbour-biscuit")
    assert not passwords.matches(kept, "lantern-harbour-biscuits")


def test_nothing_matches_where_there_is_no_password() -> None:
    assert not passwords.matches(None, "")
    assert not passwords.matches("not a hash", "")


def test_a_one_time_password_is_a_good_one() -> None:
    made = {passwords.one_time() for _ in range(20)}
    assert len(made) == 20
    assert all(passwords.problem(each) is None for each in made)


def test_who_is_not_there_is_checked_at_the_cost_of_who_is() -> None:
    assert extract_parameters(passwords.NOBODY) == extract_parameters(passwords.HASHER.hash("a"))
