"""What a question can ask for: the kinds of inputs, and what is understood of what somebody gives."""

from collections.abc import Callable
from datetime import date

from bluelamp.errors import BlueLampError
from bluelamp.ontology.grammar import Property
from bluelamp.types import Date
from bluelamp.workspace.model import Given, Input

#: the most that an input of each kind can be
MOST = {"number": 1_000_000, "metres": 5_000, "days": 366}
#: the least
LEAST = {"number": 1, "metres": 1, "days": 0}

#: each kind, and what it is
KINDS = {
    "number": f"a whole number from {LEAST['number']} to {MOST['number']:,}",
    "metres": f"a distance from {LEAST['metres']} to {MOST['metres']:,} metres",
    "days": f"a time from {LEAST['days']} to {MOST['days']} days",
    "date": "a day, written 2026-01-31",
    "text": "a line of words",
    "choice": "one of `choices`",
}

#: letters of a text that somebody gives
LONGEST = 200


def understood(asked: Input, raw: object) -> Given:
    """What `raw` means as an input. Raises BlueLampError, with one sentence that says what to give instead."""
    text = raw.isoformat() if isinstance(raw, date) else str("" if raw is None else raw).strip()
    if not text:
        if asked.default is None:
            raise BlueLampError(f"“{asked.label}” is missing; give {what(asked)}.")
        return asked.default
    found = _READ.get(asked.kind, _text)(asked, text)
    if found is None:
        raise BlueLampError(f"“{asked.label}” cannot be “{text[:40]}”; give {what(asked)}.")
    return found


def what(asked: Input) -> str:
    """What to give for an input."""
    return f"one of {', '.join(asked.choices)}" if asked.kind == "choice" else KINDS[asked.kind]


def fits(asked: Input, property: Property) -> bool:
    """Whether an input can be what a property says."""
    if isinstance(property.type, Date):
        return asked.kind == "date"
    return asked.kind in (("number",) if property.type.storage in ("DOUBLE", "BIGINT") else ("text", "choice"))


def ranged(property: Property) -> bool:
    """Whether a property's values have an order that a person would mean by from and to."""
    return isinstance(property.type, Date) or property.type.storage in ("DOUBLE", "BIGINT")


def value(property: Property, given: Given) -> str:
    """What a property would say where it says `given`. Raises BlueLampError for what its type does not understand."""
    cleaned = property.type.clean(str(given)).value
    if cleaned is None:
        raise BlueLampError(f"“{given}” is not understood as {property.label}; write it like {property.type.example}.")
    return cleaned


def _whole(asked: Input, text: str) -> Given | None:
    plain = text.replace(",", "").replace("_", "")
    number = int(plain) if plain.isdecimal() and len(plain) <= len(str(MOST["number"])) else -1
    return number if LEAST[asked.kind] <= number <= MOST[asked.kind] else None


def _day(_: Input, text: str) -> Given | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _text(_: Input, text: str) -> Given | None:
    return text if len(text) <= LONGEST and text.isprintable() else None


def _choice(asked: Input, text: str) -> Given | None:
    by_folded = {each.casefold(): each for each in asked.choices}
    return by_folded.get(text.casefold())


_READ: dict[str, Callable[[Input, str], Given | None]] = {
    "number": _whole,
    "metres": _whole,
    "days": _whole,
    "date": _day,
    "choice": _choice,
}
