"""Whatever a name or a text holds, it is one name or one text to the engine."""

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.lake.sql import ident, literal, literals

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(TEXTS)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert duckdb.execute(f"select {literal(text)}").fetchall() == [(text,)]


@given(TEXTS.filter(bool))
def test_a_name_comes_back_as_it_was(name: str) -> None:
    assert duckdb.execute(f"select 1 as {ident(name)}").fetchdf().columns.tolist() == [name]


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_list_holds_each_of_its_texts(texts: list[str]) -> None:
    found = [duckdb.execute(f"select $1 in {literals(texts)}", [text]).fetchall() for text in texts]
    assert found == [[(True,)]] * len(texts)
