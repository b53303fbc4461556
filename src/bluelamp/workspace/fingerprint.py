"""What a source's mapping depends on, as one number: while it stays, nothing need be mapped anew."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass

from bluelamp.ontology.grammar import ObjectType, Property
from bluelamp.types.grammar import PropertyType
from bluelamp.workspace.model import Source, Value
from bluelamp.workspace.vocabulary import Vocabulary

#: the rest of a source is for people, or decides who may see it: it changes no record
MAPPED = ("name", "marking", "read", "records", "links")

#: counts up where mapping writes something else of the same rows
WRITES = 3


def fingerprint(source: Source, sources: Iterable[Source], known: Vocabulary) -> str:
    """SHA-256 of all that mapping `source` reads: its declaration, types, code lists and the records it points to."""
    content = {
        "writes": WRITES,
        "source": {key: plain(getattr(source, key)) for key in MAPPED},
        "codes": {name: known.codes[name] for name in sorted(_code_lists(source)) if name in known.codes},
        "ends": _ends(source, {each.name: each for each in sources}),
    }
    return _sha256(content)


def checks(source: Source) -> str:
    """SHA-256 of the health checks of `source`; empty where it has none."""
    return _sha256(plain(source.checks)) if source.checks else ""


def _sha256(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: object) -> object:
    """`value` as JSON can hold it, without the places where it was declared."""
    if isinstance(value, type) and issubclass(value, ObjectType):
        return {
            "type": value.__name__,
            "properties": {name: _property(each) for name, each in value.properties.items()},
        }
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value) if each.name != "place"}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return value


def _property(each: Property) -> object:
    """How values of a property are cleaned: its type and what that type was made with."""
    return [type(each.type).__qualname__, _made_with(each.type)]


def _made_with(kind: PropertyType) -> dict[str, str]:
    return {name: repr(value) for name, value in sorted(vars(kind).items()) if isinstance(value, (str, int, tuple))}


def _code_lists(source: Source) -> set[str]:
    said: list[Value | None] = []
    for record in source.records:
        said += [*record.set.values(), record.marking]
    for link in source.links:
        said += [link.role, link.category, link.basis, link.from_date, link.to_date]
    return {each.codes for each in said if each and each.codes}


def _ends(source: Source, sources: dict[str, Source]) -> list[object]:
    """The records of other sources that links point to: their type is written into the link."""
    ends = [end for link in source.links for end in (link.from_, link.to) if end.source in sources]
    return [
        [end.source, record.name, record.type.__name__]
        for end in ends
        for record in sources[str(end.source)].records
        if record.name == end.record
    ]
