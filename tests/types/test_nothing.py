"""What says only that nothing is known is found in SQL as the types find it."""

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.types.grammar import PropertyType
from bluelamp.types.nothing import nothing_sql
from bluelamp.types.wording import FILLERS, is_filler
from tests.types.examples import INSTANCES, written
from tests.types.test_all import ALPHABET

SPELT = [form for word in sorted(FILLERS) for form in (word, word.lower(), f" ({word})", "/".join(word), word + "1")]
ODD = [
    "[]",
    "{}",
    "-",
    "???",
    "–",
    "N–K",
    "Ünk",
    "ñ",
    "½",
    "0",
    "000",
    "0/0",
    "00000000000",
    "No plate",
    "none@none.com",
    "do.",
    "Do",
]


def nothing(texts: list[str], kinds: list[PropertyType]) -> dict[str, bool]:
    with duckdb.connect() as connection:
        connection.register("texts", pa.table({"text": pa.array(texts, pa.string())}))
        return dict(connection.execute(f"select text, {nothing_sql('text', kinds)} from texts").fetchall())


def test_fillers_are_found_without_a_type() -> None:
    assert {text: said for text, said in nothing([*SPELT, *ODD], []).items() if said != is_filler(text)} == {}


@settings(max_examples=20, deadline=None, database=None)
@given(st.lists(st.text(ALPHABET, min_size=1, max_size=8), min_size=20))
def test_nothing_is_found_where_there_is_no_filler(texts: list[str]) -> None:
    assert [text for text, said in nothing(texts, []).items() if said and not is_filler(text)] == []


@pytest.mark.parametrize("name", [name for name, kind in INSTANCES.items() if name != "Point"])
def test_what_is_no_value_to_a_type_is_nothing_and_what_is_one_is_not(name: str) -> None:
    kind = INSTANCES[name]
    texts = [text for text in (*SPELT, *ODD, *written(name)) if text.strip(" ,")]
    for text, said in nothing(texts, [kind]).items():
        cleaned = kind.clean(text)
        if cleaned.value is None and cleaned.issue and cleaned.issue.code == "filler":
            assert said, text
        elif cleaned.value is not None and not is_filler(text):
            assert not said, text


def test_a_word_is_a_value_where_one_of_several_types_understands_it() -> None:
    name, text = INSTANCES["Name"], INSTANCES["Text"]
    assert nothing(["NA", "N/A"], [name]) == {"NA": False, "N/A": True}
    assert nothing(["NA"], [text]) == {"NA": True}
    assert nothing(["NA"], [text, name]) == {"NA": False}
