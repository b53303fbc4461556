"""Names as they are compared."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.types.names import fold, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("O’Neill", "oneill"),
        ("O'NEILL", "oneill"),
        ("Smith-Jones", "smith jones"),
        ("Siân", "sian"),
        ("Łukasz Żak", "lukasz zak"),
        ("Müller", "muller"),
        ("Nguyễn", "nguyen"),
        ("محمد", "mhmd"),
        ("Дмитрий", "dmitriy"),
        ("  de  la Cruz. ", "de la cruz"),
        ("", ""),
    ],
)
def test_case_accents_script_and_marks_fall_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=300, database=None)
@given(st.text(max_size=40))
def test_folded_text_is_small_ascii_and_folds_to_itself(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert folded == folded.lower() == fold(folded)
    assert " ".join(tokens(text)) == folded
