"""Views as plain JSON values, for the API and the command line."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from bluelamp.ids import ObjectId

#: most of what a view holds
_PLAIN = (str, int, float, bool, type(None))


def plain(value: Any) -> Any:  # noqa: PLR0911 (a table, one line a kind)
    """`value` as dicts, lists, texts and numbers; ids as `person-3f9a...`, days in ISO form."""
    if type(value) in _PLAIN:
        return value
    match value:
        case ObjectId():
            return str(value)
        case Enum():
            return value.value
        case date() | datetime():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            if hasattr(value, "_asdict"):
                return plain(value._asdict())
            return [plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value
