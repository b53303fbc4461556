"""The rows that one JSON object makes: itself, or each element of a list in it with the values around that list."""

import json
from collections.abc import Iterator
from typing import Any

from bluelamp.connectors.options import Options
from bluelamp.connectors.values import flat, words
from bluelamp.workspace.model import NTH

#: values by name, or the reason why there are none
Values = dict[str, str | None] | str

#: letters that the values around a list may have in all of its rows together: a small file must not become a huge one
MOST_REPEATED = 1 << 30


def made(found: Any, chosen: Options) -> Iterator[tuple[Values, Any]]:
    """Each row of what stands at one place of a file, or why it is none, with what a person would have to correct.

    Where `each` is declared, an element is a row, and an object whose list is empty or missing is one too. What is to
    be corrected is then the object with that element alone.
    """
    if not isinstance(found, dict):
        yield "It is not an object, which would name its values", found
        return
    between, each = chosen.text("lists"), chosen.text("each")
    if not each:
        yield _values(found, between), found
        return
    nth = each + NTH
    try:
        elements = _listed(found, each, each)
    except ValueError as error:
        yield str(error), found
        return
    around = _values(found, between, each)
    size = len(written(_with(found, each, []))) if isinstance(around, str) else _size(around)
    if size * len(elements) > MOST_REPEATED:
        yield f"Its {len(elements):,} rows would repeat {size:,} letters each, which is too much", found
        return
    if not elements:
        yield around if isinstance(around, str) else {**around, nth: None}, found
    for number, element in enumerate(elements, _first(found.get(nth))):
        own = _values({each: element}, between) if element not in (None, {}) else {}
        if isinstance(around, str) or isinstance(own, str):
            reason = around if isinstance(around, str) else str(own)
            yield reason, {**_with(found, each, [element]), nth: number}
        else:
            yield {**around, nth: str(number), **own}, found


def written(found: Any) -> str:
    """What stands in a file, as JSON text; empty where it is nested too deeply to be written."""
    try:
        return json.dumps(found, default=str, ensure_ascii=False)
    except RecursionError:
        return ""


def _listed(found: dict[str, Any], path: str, each: str) -> list[Any]:
    """The list at `path`; none where there is nothing. Raises ValueError where something else stands there."""
    if path in found:
        value = found[path]
        if value is not None and not isinstance(value, list):
            raise ValueError(f"What stands at {each} is not a list, which the option `each` says")
        return value or []
    for key, value in found.items():
        if path.startswith(f"{key}.") and value is not None:
            if not isinstance(value, dict):
                raise ValueError(f"What stands at {key} is not an object, so there is no list {each} in it")
            return _listed(value, path[len(key) + 1 :], each)
    return []


def _with(found: dict[str, Any], path: str, elements: list[Any]) -> dict[str, Any]:
    """The object with another list at `path`, where one is."""
    if path in found:
        return {**found, path: elements}
    inner = next((key for key, value in found.items() if path.startswith(f"{key}.") and value is not None), None)
    return {**found, inner: _with(found[inner], path[len(inner) + 1 :], elements)} if inner else found


def _values(found: dict[str, Any], between: str, without: str = "") -> Values:
    try:
        values = dict(flat(found, between, without))
        "".join(part for pair in values.items() for part in pair if part).encode()
    except RecursionError:
        return "It is nested too deeply"
    except UnicodeEncodeError:
        return "It holds half of a character (a lone surrogate)"
    except ValueError as error:
        return str(error)
    return values


def _size(values: dict[str, str | None]) -> int:
    return sum(len(value) for value in values.values() if value)


def _first(said: Any) -> int:
    """The number of the first element: 1, or what a corrected row says that it is."""
    text = words(said) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(MOST_REPEATED)) else 1
