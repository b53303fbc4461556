"""What a change of a chart says, field by field: how long it may be, how it is kept, what is wrong with it."""

from collections.abc import Mapping
from typing import Any

from bluelamp.errors import BlueLampError
from bluelamp.ids import parse

#: letters of a note, of a title or name, and of what is proposed
NOTE, TITLE = 4_000, 200


def kept(text: str) -> str:
    """Text as the database can hold it: no NUL, no half of a UTF-16 pair."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode().strip()


def text_of(said: Mapping[str, Any], name: str, most: int, *, needed: bool = True) -> str:
    """The text of a field, at most so many letters. Raises BlueLampError."""
    text = kept(str(said.get(name) or ""))
    if needed and not text:
        raise BlueLampError(f"The {name} is empty; write one.")
    if len(text) > most:
        raise BlueLampError(f"The {name} has {len(text):,} letters, and {most:,} is the most; shorten it.")
    return text


def id_of(said: object) -> str:
    """An id of a thing as ids are written. Raises BlueLampError."""
    found = parse(str(said)[:TITLE])
    if found is None:
        raise BlueLampError(f"{str(said)[:TITLE]!r} is no id of a thing; take one from an object's page.")
    return str(found)
