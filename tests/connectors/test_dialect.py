import pytest

from bluelamp.connectors.dialect import Dialect, dialect
from bluelamp.connectors.options import Options


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [("a,b;c,d", ","), ("a;b", ";"), ("a|b|c,d", "|"), ("a\tb", "\t"), ('"a,b,c";d', ";"), ("alone", ",")],
)
def test_the_likeliest_delimiter_is_the_commonest_outside_quotes(line: str, delimiter: str) -> None:
    assert dialect(Options("csv"), line).delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        (b'a,b\n"c","d"\n', 12),
        (b'"a""b",c', 8),
        (b'a"b,c', 1),
        (b'"a"b', 0),
        (b'x,"a\n', 2),
        (b'""', 2),
    ],
)
def test_tidy_reaches_to_the_first_quote_out_of_place(text: str, reach: int) -> None:
    found = Dialect().tidy.match(text)
    assert found
    assert found.end() == reach


@pytest.mark.parametrize("delimiter", ["^", "]", "-", "\\", "|", "\t"])
def test_any_delimiter_may_stand_beside_a_quote(delimiter: str) -> None:
    text = f'"a"{delimiter}"b"\n'.encode()
    found = Dialect(delimiter=delimiter).tidy.match(text)
    assert found
    assert found.end() == len(text)


def test_texts_that_mean_nothing_always_include_the_empty_one() -> None:
    assert dialect(Options("csv", {"null": "NULL, -"}), "").nulls == ("", "NULL", "-")
