import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.connectors import columns
from bluelamp.errors import DeliveryError


@given(st.lists(st.sampled_from(["", "a", "A", "a_2", "a_3", "_row", "column_1", " b "])))
def test_names_are_unique_whatever_their_capitals_and_as_many_as_before(names: list[str]) -> None:
    found = columns.unique(names)
    assert len(found) == len(names)
    assert len({name.casefold() for name in found}) == len(found)
    assert not set(found) & set(columns.RESERVED)


def test_a_name_that_was_unique_stays_as_it_is() -> None:
    assert columns.unique(["x", "x", "x_2"]) == ["x", "x_3", "x_2"]


def test_all_missing_columns_are_named() -> None:
    with pytest.raises(DeliveryError, match="no column A, nor B, C; it has: zzz"):
        columns.require(frozenset("ABC"), ["zzz"], "f.csv")


def test_where_names_are_blank_it_is_said_that_they_may_stand_on_another_line() -> None:
    with pytest.raises(DeliveryError, match="write `header: 3` under `read:` where line 3 has the names"):
        columns.require(frozenset({"Name"}), columns.unique(["Register of permits", "", ""]), "f.xlsx")


def test_nothing_is_raised_where_all_is_there() -> None:
    columns.require(frozenset({"a", "_row"}), ["a", "b"], "f.csv")


def test_nulls_are_the_declared_texts() -> None:
    assert columns.column(["", "x", None, "-"], ("", "-")).to_pylist() == [None, "x", None, None]
