"""What is told from numbers, letters and bits alone is never more than what asking each pair would tell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from bluelamp.types import names
from bluelamp.types.likeness import ADDRESS, CODE, DATE, NAME, POSTCODE, Likeness, same_name

#: few letters, so that many are shared; some of other scripts, one of them beyond 16 bits
LETTERS = "aabbeehmst李é\U00020000"
NAMES = st.lists(
    st.one_of(
        st.text(LETTERS, min_size=1, max_size=9),
        st.sampled_from(
            ["robert", "bob", "rob", "bobby", "mohammed", "muhamad", "john-paul", "john", "m", "a b c d e"]
        ),
        st.text("ab cd", min_size=1, max_size=60).filter(str.strip),
    ),
    min_size=2,
    max_size=8,
    unique=True,
)


def levels(likeness: Likeness, values: list[str]) -> dict[tuple[str, str], str]:
    """The level of every two values, each way round."""
    one, other = (each.ravel().astype(np.int32) for each in np.indices((len(values), len(values))))
    differ = one != other
    found = likeness.between(likeness.prepare(np.array(values, object)), one[differ], other[differ])
    ends = zip(one[differ].tolist(), other[differ].tolist(), strict=True)
    return {(values[a], values[b]): likeness.levels[level] for (a, b), level in zip(ends, found.tolist(), strict=True)}


def named(one: str, other: str) -> str:
    """How alike two names are, asked of them alone."""
    if min(len(one), len(other)) == 1:
        return "initial" if one[0] == other[0] else "other"
    likeness = JaroWinkler.similarity(one, other)
    ours, theirs = names.tokens(one), names.tokens(other)
    if likeness > 0.45:
        called = (
            {a for word in ours for a in names.nicknames(word)},
            {a for word in theirs for a in names.nicknames(word)},
        )
        if called[0] & set(theirs) or called[1] & set(ours):
            return "nickname"
        heard = ([a for word in words for a in names.sounds(word)][:4] for words in (ours, theirs))
        if set.intersection(*map(set, heard)):
            return "sound"
    return "close" if np.float32(likeness) >= 0.9 else "alike" if np.float32(likeness) >= 0.8 else "other"


@given(NAMES)
def test_names_are_as_alike_as_each_two_are_by_themselves(values: list[str]) -> None:
    assert levels(NAME, values) == {(a, b): named(a, b) for a in values for b in values if a != b}


@given(NAMES, NAMES)
def test_a_name_of_another_property_is_the_same_where_it_is_equal_or_close(mine: list[str], theirs: list[str]) -> None:
    one, other = (each.ravel().astype(np.int32) for each in np.indices((len(mine), len(theirs))))
    prepared = [NAME.prepare(np.array(values, object)) for values in (mine, theirs)]
    found = same_name(prepared[0], one, prepared[1], other)
    close = {"close", "sound", "nickname"}
    assert found.tolist() == [a == b or named(a, b) in close for a in mine for b in theirs]


@given(st.lists(st.text("12 abé-", min_size=1, max_size=14).filter(str.strip), min_size=2, max_size=8, unique=True))
def test_addresses_are_as_alike_as_each_two_are_by_themselves(values: list[str]) -> None:
    def asked(one: str, other: str) -> str:
        reached = np.searchsorted([70, 82, 92], np.float32(fuzz.token_sort_ratio(one, other)), side="right")
        return ADDRESS.levels[int(reached)]

    assert levels(ADDRESS, values) == {(a, b): asked(a, b) for a in values for b in values if a != b}


@pytest.mark.parametrize("likeness", [CODE, POSTCODE], ids=lambda each: each.name)
def test_a_slip_is_one_letter_wrong_missing_added_or_swapped(likeness: Likeness) -> None:
    @given(st.lists(st.text("ab12", min_size=4, max_size=8), min_size=2, max_size=8, unique=True))
    def holds(values: list[str]) -> None:
        for (one, other), level in levels(likeness, values).items():
            assert (level == "slip") == (OSA.distance(one, other) <= 1)

    holds()


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1980-03-04", "1980-04-03", "day_month_swapped"),
        ("1980-03-04", "1980-03-05", "slip"),
        ("1980-03-04", "1980-03-15", "two_parts"),
        ("1980-03-14", "1980-05-27", "year"),
        ("1980-01-01", "1980-05-27", "two_parts"),
        ("1980-03-14", "1971-03-27", "one_part"),
        ("1980-03-14", "1971-12-27", "other"),
        ("1980-06-41", "1980-08-09", "year"),
    ],
)
def test_dates_are_alike_by_their_parts(one: str, other: str, level: str) -> None:
    assert set(levels(DATE, [one, other]).values()) == {level}


@pytest.mark.parametrize("likeness", [NAME, ADDRESS, CODE, DATE, POSTCODE], ids=lambda each: each.name)
def test_no_values_are_not_alike(likeness: Likeness) -> None:
    nothing = np.empty(0, np.int32)
    assert not len(likeness.between(likeness.prepare(np.empty(0, object)), nothing, nothing))


def test_a_name_of_signs_alone_is_like_no_other() -> None:
    known = NAME.prepare(np.array(["ann", "'", "-", ""], object))
    pairs = np.array([[0, 0, 0, 1, 2], [1, 2, 3, 2, 3]], np.int32)
    with np.errstate(all="raise"):
        levels = NAME.between(known, *pairs)
    assert set(levels.tolist()) == {NAME.levels.index("other")}
