"""The code lists and tables that the package carries as data (`bluelamp/reference`)."""

import csv
import json
from functools import cache
from importlib.resources import files
from typing import Any

FOLDER = files("bluelamp.reference")


@cache
def document(name: str) -> Any:
    """A JSON file of the package's reference folder."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file of the package's reference folder."""
    return tuple(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))


@cache
def groups(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of a text file of the package's reference folder, each split into words; `#` opens a comment."""
    lines = (line.partition("#")[0].split() for line in (FOLDER / name).read_text(encoding="utf-8").splitlines())
    return tuple(tuple(words) for words in lines if words)


@cache
def rule(key: str) -> dict[str, Any]:
    """What `identifiers.json` says of one kind of identifier."""
    found: dict[str, Any] = next(each for each in document("identifiers.json")["identifiers"] if each["key"] == key)
    return found
