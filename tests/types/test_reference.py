"""References as strong keys: the same however they are punctuated, as long as no part runs into another."""

import duckdb
import pyarrow as pa
import pytest

from bluelamp.types import Reference, Text

ALIKE = (("GB-1", "gb 1", "GB1", "(gb/1)"), ("CAD 1234/21NOV26", "CAD1234-21 NOV 26"), ("A-1-B-2", "A1B2"))
APART = (("1/23", "12/3"), ("AB C", "A BC"), ("Ü1", "1"), ("GB-1", "GB-01"))


def key(raw: str) -> str:
    return Reference().join_key(Reference().clean(raw).value or "")


@pytest.mark.parametrize("raws", ALIKE)
def test_marks_between_letters_and_digits_make_no_other_reference(raws: tuple[str, ...]) -> None:
    assert len({key(raw) for raw in raws}) == 1


@pytest.mark.parametrize(("one", "other"), APART)
def test_references_that_only_squeezing_makes_the_same_stay_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_keys_in_sql_are_the_same() -> None:
    raws = [raw for group in (*ALIKE, *APART) for raw in group] + ["#-", "1-A-1-A", "A--1", "ß"]
    values = [value for raw in raws if (value := Reference().clean(raw).value)]
    with duckdb.connect() as connection:
        connection.register("said", pa.table({"value": values}))
        rows = connection.execute(f"select value, {Reference().join_key_sql('value')} from said").fetchall()
    assert rows == [(value, Reference().join_key(value)) for value in values]
    assert Text().join_key("GB-1") == "GB-1"
