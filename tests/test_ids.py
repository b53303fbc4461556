"""Ids: the same for who has the workspace's secret, not to be computed by anybody else."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp import ids

TEXT = st.text(max_size=80).filter(lambda text: "\0" not in text)


@settings(deadline=None)
@given(st.text("0123456789abcdef", min_size=ids.SECRET, max_size=ids.SECRET), st.tuples(TEXT, TEXT, TEXT))
def test_the_number_of_a_record_is_the_same_in_python_and_in_sql(secret: str, said: tuple[str, str, str]) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"set variable {ids.VARIABLE} = $1", [secret])
        query = f"select {ids.record_number_sql('$1::varchar', '$2::varchar', '$3::varchar')}"
        found = connection.execute(query, list(said)).fetchall()
    assert found == [(ids.record_number(secret, *said),)]
    assert 0 <= found[0][0] < 1 << 63


def test_another_secret_gives_another_number() -> None:
    ones = {ids.record_number(secret * ids.SECRET, "phones", "phone", "07700900001") for secret in "0123456789abcdef"}
    assert len(ones) == 16


def test_without_the_secret_there_is_no_number() -> None:
    with duckdb.connect() as connection:
        query = f"select {ids.record_number_sql(*['$1::varchar'] * 3)}"
        assert connection.execute(query, ["x"]).fetchall() == [(None,)]


@pytest.mark.parametrize("text", ["person-0123456789abcdef", " PERSON-0123456789ABCDEF "])
def test_an_id_is_read_however_it_is_typed(text: str) -> None:
    assert ids.parse(text) == ids.ObjectId("person", 0x0123456789ABCDEF)


@pytest.mark.parametrize("text", ["", "person", "person-123", "person-0123456789abcdeg", "person-0123456789abcdef0"])
def test_what_is_no_id_is_none(text: str) -> None:
    assert ids.parse(text) is None
