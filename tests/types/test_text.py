"""Words as said, and what is made of them before they are understood."""

import unicodedata

import pytest

from bluelamp.types import Note, Text
from bluelamp.types.wording import LONGEST_WORD, composed, dashes, is_filler, line, visible


def test_a_text_is_one_line() -> None:
    assert Text().clean(" a\t b\r\nc\u00a0d ").value == "a b c d"
    assert Text().clean("\x00 \u200b").value is None


def test_a_note_keeps_its_paragraphs() -> None:
    assert Note().clean("\n One.  \r\n\r\nTwo.\rThree.\n").value == "One.\n\nTwo.\nThree."


def test_characters_that_hide_or_turn_the_direction_are_taken_out() -> None:
    assert visible("pay\u202eload\u2066\ufeff") == "payload"
    assert line("می\u200cخواهم") == "می\u200cخواهم"


def test_what_looks_the_same_is_the_same() -> None:
    assert composed("e\u0301") == "é"
    long = "e\u0301" * LONGEST_WORD
    assert composed(f"e\u0301 {long}") == f"é {long}"
    assert composed("a" * LONGEST_WORD + " e\u0301") == unicodedata.normalize("NFC", "a" * LONGEST_WORD + " e\u0301")


def test_every_dash_is_a_hyphen() -> None:
    assert dashes("1\u20132\u20143\u22124") == "1-2-3-4"


@pytest.mark.parametrize(
    "text", ["N/K", "n.k.", "Unknown", "not known", "-", "...", "???", "TBC", "do.", "Do. Do.", "-do-"]
)
def test_a_filler_says_only_that_nothing_is_known(text: str) -> None:
    assert is_filler(text)


@pytest.mark.parametrize("text", ["Nick", "Knowles", "Do", "தமிழ்", "0", "Nothing was stolen"])
def test_what_says_something_is_no_filler(text: str) -> None:
    assert not is_filler(text)
