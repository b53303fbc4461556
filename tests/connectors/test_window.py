import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.connectors.dialect import Dialect
from bluelamp.connectors.window import BLOCK, Window, count_lines, cut


def rows(content: bytes, block: int = BLOCK, **how: Any) -> list[tuple[int, list[str], str]]:
    place, found = Window(io.BytesIO(content), block=block), []
    while row := cut(place, Dialect(**how)):
        found.append((row.line, row.values, row.reason))
    return found


def test_each_row_says_on_which_line_it_begins() -> None:
    assert rows(b'a,"1\n2"\n\nb,c') == [(1, ["a", "1\n2"], ""), (4, ["b", "c"], "")]


def test_an_escape_makes_the_next_character_plain() -> None:
    assert rows(rb'"a\"b\\","c"', escape="\\") == [(1, ['a"b\\', "c"], "")]


def test_a_quoted_row_over_the_limit_costs_its_first_line_only() -> None:
    found = rows(b'"' + b"x\n" * 100 + b'"\ny\n', max_line=50)
    assert found[0] == (1, [], "A quote is never closed")
    assert found[-1] == (102, ["y"], "")


def test_skipping_a_line_counts_it_and_holds_none_of_it() -> None:
    place = Window(io.BytesIO(b"x" * 1000 + b"\r\nnext"), block=8)
    place.skip_line()
    assert (place.line, place.data[place.at :][:4]) == (2, b"next")
    assert len(place.data) < 50


def test_nothing_is_copied_while_enough_bytes_wait() -> None:
    place = Window(io.BytesIO(b"a\nb\nc\n" * 100))
    place.fill()
    held = place.data
    assert cut(place, Dialect())
    assert place.data is held


def test_a_crlf_cut_in_two_by_a_block_is_one_line_end() -> None:
    assert [line for line, _, _ in rows(b"a\r\nb\r\n\r\nc", block=1)] == [1, 2, 4]


@pytest.mark.parametrize(("text", "lines"), [(b"", 0), (b"a\nb", 1), (b"a\r\nb\rc\n", 3), (b"\n\r", 2)])
def test_line_ends_are_counted_whatever_they_are(text: str, lines: int) -> None:
    assert count_lines(text) == lines


@given(st.lists(st.sampled_from([b"a", b",", b'"', b"\n", b"\r", b"\0", b"\xff"])).map(b"".join), st.integers(1, 9))
def test_cutting_ends_whatever_the_bytes_and_gives_each_row_values_or_a_reason(content: bytes, limit: int) -> None:
    assert all(bool(values) != bool(reason) for _, values, reason in rows(content, max_line=limit))
