"""What of a chart is looked at: in which view, narrowed to what, and what of that is chosen."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bluelamp.errors import BlueLampError
from bluelamp.session.said import TITLE, id_of, text_of

if TYPE_CHECKING:
    from bluelamp.session.changes import Proposed
    from bluelamp.session.exploring import Thing

VIEWS = ("graph", "map", "timeline", "table")

#: what `by` calls the divisions of the chart as a network: how each reader sees it, so nothing to be kept
NETWORK = {"community": "Community", "set": "Connected set", "core": "Core"}

#: what `by` calls the declared styles
STYLE = "style"

#: things that are chosen in a look that is kept, and types or values that it is narrowed to
MOST_CHOSEN, MOST_NAMED = 200, 200

#: the type of what somebody proposes
PROPOSED = "proposed"

#: how far the edges of a frame may be from its middle, in degrees or places of the graph, of the views that have frames
FURTHEST = {"map": 360.0, "graph": 1_000_000.0}

#: hours of a week
HOURS = 7 * 24

_WHEN = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?")


@dataclass(frozen=True)
class Look:
    """What of a chart is looked at, as the address of its page says it; every view is told the same."""

    view: str = "graph"
    types: tuple[str, ...] = ()
    #: days, or minutes, both of which still belong to it
    first: str = ""
    last: str = ""
    #: hours of the week, 0 is Monday's first
    hours: tuple[int, ...] = ()
    words: str = ""
    #: the property by which bars are drawn, and the values of it that are looked at
    by: str = ""
    values: tuple[str, ...] = ()
    #: what is chosen, and whether nothing else is shown
    ids: tuple[str, ...] = ()
    only: bool = False
    #: the declared styles of which one fits what is looked at, whatever bars are drawn by
    styles: tuple[str, ...] = ()
    #: which part of a map or graph: its least and greatest x and y (degrees east and north, or places on the graph),
    #: counted from the thing nearest to its middle; none for all that shows. So it is found again where a layout comes
    #: out otherwise, and tells of no place to a reader who may not see that thing
    frame: tuple[float, ...] = ()
    middle: str = ""


def look(said: Mapping[str, Any]) -> Look:
    """A look as a change says it."""
    fields: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in said.items()}
    return Look(**fields)


def checked(said: Mapping[str, Any]) -> dict[str, Any]:
    """A look that is to be kept, without what does not belong there. Raises BlueLampError."""
    if not isinstance(said, Mapping):
        raise BlueLampError('Say what is looked at as an object: `{"view": "map", "first": "2026-01-06"}`.')
    view = said.get("view") or VIEWS[0]
    if view not in VIEWS:
        raise BlueLampError(f"There is no view {str(view)[:TITLE]!r}; the views are {', '.join(VIEWS)}.")
    by, values = text_of(said, "by", TITLE, needed=False), _listed(said, "values")
    if by in NETWORK and values:
        raise BlueLampError(
            f"{NETWORK[by]} differs by what a reader sees, so no passage is narrowed by it; choose the things instead."
        )
    chosen = [_named_by(each) for each in _listed(said, "ids", MOST_CHOSEN)]
    first, last = _when(said, "first"), _when(said, "last")
    if first and last and last < first[: len(last)]:
        raise BlueLampError(f"The time ends ({last}) before it begins ({first}); choose a later end.")
    made = Look(
        view, tuple(_listed(said, "types")), first, last, _hours(said), text_of(said, "words", TITLE, needed=False),
        by if values else "", tuple(values), tuple(dict.fromkeys(chosen)), bool(chosen) and said.get("only") is True,
        tuple(_listed(said, "styles")), *_frame(said, view),
    )  # fmt: skip
    return asdict(made)


def narrowed(
    things: Iterable["Thing"], wanted: Look, said: Callable[[str], Mapping[str, Sequence[str]]]
) -> "Iterator[Thing]":
    """Those of the things that are looked at, in their order; `said` gives what each says in a property."""
    types, chosen = frozenset(wanted.types), frozenset(wanted.ids)
    among = [
        (frozenset(values), said(by)) for by, values in ((wanted.by, wanted.values), (STYLE, wanted.styles)) if values
    ]
    hours = frozenset(wanted.hours)
    words = wanted.words.casefold().split()
    for thing in things:
        id = str(thing.id)
        if (
            (not wanted.only or id in chosen)
            and (not types or thing.type in types)
            and not any(values.isdisjoint(of.get(id, ())) for values, of in among)
            and (not (wanted.first or wanted.last) or _during(thing.when, thing.until, wanted.first, wanted.last))
            and (not hours or _within(thing.when, hours))
            and (not words or _named(f"{thing.caption} {thing.about} {thing.label}", words))
        ):
            yield thing


def thought(proposed: Mapping[str, "Proposed"], wanted: Look) -> Iterator[str]:
    """The keys of those proposed things that are looked at: of no time, and of no value that a source says."""
    words = wanted.words.casefold().split()
    for key, each in proposed.items():
        if (
            not each.link
            and not (wanted.values or wanted.styles)
            and (not wanted.only or key in wanted.ids)
            and (not wanted.types or PROPOSED in wanted.types)
            and _named(f"{each.label} {each.type} {each.reason}", words)
        ):
            yield key


def _named(text: str, words: Iterable[str]) -> bool:
    said = text.casefold()
    return all(word in said for word in words)


def _during(when: str, until: str, first: str, last: str) -> bool:
    """Whether what happened `when`, as far as that is known, may have happened then; what has no time may."""
    end = until or when
    begun = not first or end[: len(first)] >= first[: len(end)]
    return not when or (begun and (not last or when[: len(last)] <= last[: len(when)]))


def _within(when: str, hours: frozenset[int]) -> bool:
    """Whether it was at one of these hours of the week, where the minute is known; what has no time may have been."""
    if not when:
        return True
    if len(when) < len("2026-01-06T21:00"):
        return False
    at = datetime.fromisoformat(when[:16])
    return at.weekday() * 24 + at.hour in hours


def _frame(said: Mapping[str, Any], view: str) -> tuple[tuple[float, ...], str]:
    """The frame and its middle; none of a view that has no frames."""
    given = said.get("frame") or ()
    furthest = FURTHEST.get(view)
    if not given or furthest is None:
        return (), ""
    edges = tuple(float(each) for each in given if within(each, furthest)) if isinstance(given, list | tuple) else ()
    if len(edges) != len(given) or len(edges) != 4 or edges[0] >= edges[2] or edges[1] >= edges[3]:  # noqa: PLR2004
        raise BlueLampError(
            f"A frame of a {view} is four numbers, its least x and y and then its greatest, each no further from its "
            f"middle than {furthest:,.0f}."
        )
    return edges, _named_by(str(said.get("middle") or ""))


def within(value: object, furthest: float) -> bool:
    """Whether it is a number no further from nothing than `furthest`."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -furthest <= value <= furthest


def _named_by(said: str) -> str:
    """The id of a thing, or the key of one that is proposed. Raises BlueLampError."""
    return said[:TITLE] if said.startswith("change-") else id_of(said)


def _listed(said: Mapping[str, Any], name: str, most: int = MOST_NAMED) -> list[str]:
    given = said.get(name) or []
    if not isinstance(given, list | tuple):
        raise BlueLampError(f"The {name} are no list; write them in one.")
    if len(given) > most:
        raise BlueLampError(
            f"{len(given):,} {'things' if name == 'ids' else name} are more than a passage holds ({most:,}); choose "
            "fewer, or none for all that shows."
        )
    return [text_of({name: str(each)}, name, TITLE) for each in given]


def _when(said: Mapping[str, Any], name: str) -> str:
    text = text_of(said, name, TITLE, needed=False)
    if not text:
        return ""
    try:
        if _WHEN.fullmatch(text):
            datetime.fromisoformat(text)
            return text
    except ValueError:
        pass
    raise BlueLampError(f"{text!r} is no day and no minute; write it as 2026-01-06 or 2026-01-06T21:30.")


def _hours(said: Mapping[str, Any]) -> tuple[int, ...]:
    listed = _listed(said, "hours")
    if not all(each.isascii() and each.isdigit() and int(each) < HOURS for each in listed):
        raise BlueLampError(f"Hours of the week are numbers from 0 (Monday, 00:00) to {HOURS - 1}.")
    return tuple(sorted({int(each) for each in listed}))
