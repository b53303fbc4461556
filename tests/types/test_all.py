"""What holds for every property type."""

import string
from functools import cache

import duckdb
import pyarrow as pa
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.types import BY_NAME, TYPES, PropertyType
from tests.types.examples import FORMATTED, INSTANCES, written

ALL = INSTANCES | FORMATTED

#: characters on which DuckDB, Spark and Python differ, and those that types know
NASTY = " \t\n\r\x00\x0b\x1c\x85\xa0\u2003\u200b\u2028\u202e\ufeff٣３ßıİſﬁÅé\u0301'’-–/.,;:()+@#*?\\%\"`|"
ALPHABET = string.ascii_letters + string.digits + NASTY
EVERYTHING = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text(ALPHABET, max_size=30),
    st.text(string.printable, max_size=30),
)


@st.composite
def mutated(draw: st.DrawFn, texts: list[str]) -> str:
    """One of `texts` with a few characters put in, taken out or changed."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.text(ALPHABET, max_size=2)) + text[at + draw(st.integers(0, 2)) :]
    return text


def texts_for(name: str) -> st.SearchStrategy[str]:
    return st.one_of(EVERYTHING, mutated(written(name)), mutated(written(name)))


@pytest.mark.parametrize("name", ALL)
def test_clean_never_raises_and_its_value_cleans_to_itself(name: str) -> None:
    kind = ALL[name]

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(texts_for(name))
    def holds(raw: str) -> None:
        cleaned = kind.clean(raw)
        if not raw.strip():
            assert cleaned.value is None
            assert cleaned.issue is None
        if cleaned.value is not None:
            assert cleaned.value.strip()
            assert name in FORMATTED or kind.clean(cleaned.value).value == cleaned.value
            assert isinstance(kind.show(cleaned.value), str)
            assert kind.agree(cleaned.value, cleaned.value)

    holds()


@pytest.mark.parametrize("name", ALL)
def test_no_letter_or_digit_survives_a_mask(name: str) -> None:
    kind = ALL[name]
    values = [value for raw in written(name) if (value := kind.clean(raw).value)]
    assert values
    for value in values:
        masked = kind.mask(value)
        assert masked
        assert not any(character.isalnum() for character in masked), (value, masked)


@cache
def engine() -> duckdb.DuckDBPyConnection:
    """One DuckDB for all of these tests."""
    return duckdb.connect()


def compare(kind: PropertyType, raws: list[str]) -> int:
    """Check the fast path against `clean` for all `raws` at once. Returns how many it understood."""
    expression = kind.sql("raw")
    assert expression is not None
    engine().register("texts", pa.table({"raw": pa.array(raws, pa.string())}))
    rows = engine().execute(f"select raw, {expression} from texts").fetchall()
    for raw, value in rows:
        if value is not None:
            cleaned = kind.clean(raw)
            assert (cleaned.value, cleaned.issue) == (value, None), raw
    return sum(value is not None for _, value in rows)


@pytest.mark.parametrize("name", ALL)
def test_a_caption_has_a_value_as_pages_show_it_or_as_it_is_kept(name: str) -> None:
    kind = ALL[name]
    values = sorted({value for raw in written(name) if (value := kind.clean(raw).value)})
    engine().register("texts", pa.table({"value": pa.array(values, pa.string())}))
    rows = engine().execute(f"select value, {kind.shown_sql('value')} from texts").fetchall()
    assert [value for value, shown in rows if shown not in (kind.show(value), value)] == []


WITHOUT_SQL = [name for name, kind in ALL.items() if kind.sql("raw") is None]
WITH_SQL = [name for name in ALL if name not in WITHOUT_SQL]


def variants(raw: str) -> list[str]:
    """`raw` with every odd character put at its start, middle and end, and in other cases."""
    middle = len(raw) // 2
    odd = [text for each in NASTY for text in (each + raw, raw + each, raw[:middle] + each + raw[middle:])]
    return [raw, raw.lower(), raw.upper(), raw.swapcase(), f" {raw} ", raw[:-1], raw[1:], raw + raw, raw + "0", *odd]


@pytest.mark.parametrize("name", WITH_SQL)
def test_where_the_fast_path_gives_a_value_clean_gives_the_same_and_no_issue(name: str) -> None:
    asked = {text for raw in written(name) for text in variants(raw)}

    @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(texts_for(name), min_size=50, max_size=200))
    def draw(raws: list[str]) -> None:
        asked.update(raws)

    draw()
    # all at once: asking DuckDB takes longer than answering
    assert compare(ALL[name], sorted(asked)) > 0


def test_only_types_with_a_check_or_a_rare_shape_have_no_fast_path() -> None:
    assert set(WITHOUT_SQL) == {
        "Imei", "Iccid", "PncId", "Cro", "Asn", "CourtCase", "Nino", "NhsNumber", "DrivingLicence", "Iban",
        "Date short", "Date universal", "Date counted", "Moment counted", "Moment American",
    }  # fmt: skip


@pytest.mark.parametrize("name", WITH_SQL)
def test_the_fast_path_can_be_said_in_spark(name: str) -> None:
    query = f"select {ALL[name].sql('raw')} from texts"
    assert (
        "RLIKE" in sqlglot.transpile(query, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
    )


@pytest.mark.parametrize("name", ALL)
def test_canonical_text_casts_to_the_storage_type(name: str) -> None:
    kind = ALL[name]
    values = [value for raw in written(name) if (value := kind.clean(raw).value)]
    for value in values:
        engine().execute(f"select ?::{kind.storage}", [value])


@pytest.mark.parametrize("name", ALL)
def test_what_storage_gives_back_is_shown_as_what_was_cleaned(name: str) -> None:
    kind = ALL[name]
    values = [value for raw in written(name) if (value := kind.clean(raw).value)]
    for value in values:
        ((stored,),) = engine().execute(f"select ?::{kind.storage}", [value]).fetchall()
        assert kind.show(kind.text(stored)) == kind.show(value) or stored == 0


@pytest.mark.parametrize("name", ALL)
def test_a_megabyte_of_anything_is_answered(name: str) -> None:
    for piece in ("a", "1", " ", "ا", "e\u0301\u0323", "\u0301", "@", "a,", "-", "\n", "1.", "Mr "):
        cleaned = ALL[name].clean(piece * (1_000_000 // len(piece)))
        assert cleaned.value or cleaned.issue or not piece.strip()


def test_every_type_has_a_name_a_label_a_sensitivity_and_a_good_example() -> None:
    for kind in TYPES:
        assert BY_NAME[kind.name] is kind
        assert kind.label
        assert kind.sensitivity in {"none", "personal", "location", "financial", "criminal-record", "case", "worker"}
        cleaned = kind().clean(kind.example)
        assert cleaned.value is not None
        assert cleaned.issue is None, kind.name
