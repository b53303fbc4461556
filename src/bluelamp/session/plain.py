"""Views as plain JSON values, for the API and the command line."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from operator import attrgetter
from typing import Any

from bluelamp.ids import ObjectId

#: most of what a view holds
_PLAIN = frozenset({str, int, float, bool, type(None)})
#: kind -> what tells its values, worked out once: a chart has thousands of each of a few kinds
_TOLD: dict[type, Callable[[Any], Any]] = {}


def plain(value: Any) -> Any:
    """`value` as dicts, lists, texts and numbers; ids as `person-3f9a...`, days in ISO form."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    told = _TOLD.get(kind) or _TOLD.setdefault(kind, _telling(kind))
    return told(value)


def _telling(kind: type) -> Callable[[Any], Any]:  # noqa: PLR0911 (a table, one line a kind)
    """What tells values of a kind."""
    if issubclass(kind, ObjectId):
        return str
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, date):
        return kind.isoformat
    if issubclass(kind, Mapping):
        return lambda value: {str(key): plain(each) for key, each in value.items()}
    if hasattr(kind, "_asdict"):
        return lambda value: plain(value._asdict())
    if issubclass(kind, (list, tuple, set, frozenset)):
        return lambda value: [each if type(each) in _PLAIN else plain(each) for each in value]
    if is_dataclass(kind):
        names = [each.name for each in fields(kind)]
        return lambda value: {name: plain(getattr(value, name)) for name in names}
    return lambda value: value
