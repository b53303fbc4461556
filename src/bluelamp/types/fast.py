"""Pieces of the SQL fast paths, in functions that DuckDB and Spark both have.

DuckDB, Spark and Python differ on blanks, case and digits outside ASCII and on `$` before a line's end. So every
fast path begins by declining whatever holds anything but printable ASCII, and patterns may then use `^` and `$`.
"""

import re
from collections.abc import Iterable


def quote(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def plain(raw: str) -> str:
    """SQL that holds where `raw` has only printable ASCII."""
    return f"NOT regexp_matches({raw}, '[^ -~]')"


def matches(text: str, pattern: str) -> str:
    """SQL that holds where the whole of `text` (known to be plain) matches `pattern`."""
    return f"regexp_matches({text}, {quote(f'^(?:{pattern})$')})"


def without(text: str, characters: str) -> str:
    """SQL of `text` without any of `characters`."""
    # DuckDB takes five times as long to translate as to see that there is nothing to take out
    some = f"regexp_matches({text}, {quote(f'[{re.escape(characters)}]')})"
    return f"CASE WHEN {some} THEN translate({text}, {quote(characters)}, '') ELSE {text} END"


def single(text: str) -> str:
    """SQL that holds where `text` is not empty and has no two blanks together."""
    return f"{text} <> '' AND NOT {text} LIKE '%  %'"


def within(text: str, values: Iterable[str]) -> str:
    """SQL that holds where `text` is one of `values`."""
    return f"{text} IN ({', '.join(quote(value) for value in values)})"


def choose(raw: str, *cases: tuple[str, str]) -> str:
    """SQL of the first value whose condition holds, for plain `raw`; NULL where none does."""
    whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in cases)
    return f"CASE WHEN {plain(raw)} THEN CASE {whens} END END"


def translate(raw: str, key: str, values: dict[str, str]) -> str:
    """SQL of what `values` gives for `key`, an expression over plain `raw`; NULL where it gives nothing."""
    by_value: dict[str, list[str]] = {}
    for each, value in values.items():
        by_value.setdefault(value, []).append(each)
    return choose(raw, *((within(key, keys), quote(value)) for value, keys in by_value.items()))
