"""The table twin of a chart: which of its things are shown, in what order, and how often each value stands there."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from bluelamp.ontology.grammar import ObjectType
from bluelamp.session.charting import ChartView
from bluelamp.session.exploring import Thing
from bluelamp.session.measures import Measure, measures

VIEWS = ("graph", "map", "timeline", "table")
SORTS = ("caption", "type", "when", "links", "degree", "betweenness", "closeness", "core")

#: what `by` calls the divisions of the chart as a network
NETWORK = {"community": "Community", "set": "Connected set"}

#: between the types of a link and of the thing at its other end, and the property of that
OF = ">"

#: bars that a histogram shows
BARS = 12


@dataclass(frozen=True)
class Sift:
    """What of a chart is looked at, as its address says it; every view of it is told the same."""

    view: str = "graph"
    types: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    words: str = ""
    #: the property by which bars are drawn, and the values of it that are looked at
    by: str = ""
    values: tuple[str, ...] = ()
    sort: str = "type"
    down: bool = False
    hidden: bool = False
    #: whether the table tells how each thing stands in the network
    measures: bool = False

    def query(self, **changed: object) -> str:
        """The address of the same with something changed, after its `?`."""
        wanted = replace(self, **changed)  # type: ignore[arg-type] # fields of a sift, as given
        usual = Sift()
        said: list[tuple[str, str]] = []
        for name, value in vars(wanted).items():
            if value != getattr(usual, name):
                listed = value if isinstance(value, tuple) else (value,)
                said += [(name, "1" if each is True else str(each)) for each in listed]
        return urlencode(said)


@dataclass(frozen=True)
class Row:
    """A thing in the table: how many links it has on the chart, and how it stands there."""

    thing: Thing
    links: int
    hidden: bool
    pinned: bool
    group: str
    measure: Measure | None = None


@dataclass(frozen=True)
class Bar:
    """One value of a property: how many of the things have it, and the address that chooses or leaves it."""

    value: str
    count: int
    share: float
    chosen: bool
    query: str


@dataclass(frozen=True)
class Histogram:
    """How often each value of a property stands on the chart."""

    by: str
    label: str
    bars: tuple[Bar, ...]
    #: values without a bar, and things that say none
    others: int
    without: int


def rows(chart: ChartView, sift: Sift) -> list[Row]:
    """The things that are looked at, in order."""
    links = Counter(end for bond in chart.drawing.bonds for end in (str(bond.one), str(bond.other)))
    values = _values(chart, sift.by)
    network = _network(chart) if sift.measures or sift.sort in SORTS[4:] else {}
    found = []
    for thing in chart.drawing.things:
        id, spot = str(thing.id), chart.spots[str(thing.id)]
        if spot.hidden and not sift.hidden:
            continue
        if _taken(thing, sift) and (not sift.values or set(sift.values) & set(values.get(id, ()))):
            found.append(Row(thing, links[id], spot.hidden, spot.pinned, spot.group, network.get(id)))
    keys = {
        "caption": lambda row: row.thing.caption.casefold(),
        "type": lambda row: row.thing.label,
        "when": lambda row: row.thing.when,
        "links": lambda row: row.links,
    } | {name: partial(_measured, name) for name in SORTS[4:]}
    found.sort(key=lambda row: row.thing.caption.casefold())
    found.sort(key=keys[sift.sort], reverse=sift.down)
    return found


def histogram(chart: ChartView, shown: Iterable[Row], sift: Sift, label: str) -> Histogram | None:
    """The bars of the property that was chosen; None where none was."""
    if not sift.by:
        return None
    values = _values(chart, sift.by)
    listed = [str(row.thing.id) for row in shown]
    counts = Counter(value for id in listed for value in dict.fromkeys(values.get(id, ())))
    most = max(counts.values(), default=1)
    ordered = sorted(counts, key=lambda value: (value not in sift.values, -counts[value], value))
    bars = tuple(
        Bar(
            value, counts[value], counts[value] / most, value in sift.values,
            sift.query(values=tuple(each for each in sift.values if each != value) if value in sift.values
                       else (*sift.values, value)),
        )
        for value in ordered[:BARS]
    )  # fmt: skip
    without = sum(not values.get(id) for id in listed)
    return Histogram(sift.by, label, bars, len(ordered) - len(bars), without)


def choices(chart: ChartView, nouns: dict[str, type[ObjectType]]) -> list[tuple[str, str]]:
    """The properties by which bars can be drawn, with their labels: of the things, and of what is linked to them."""
    present: dict[str, set[str]] = {}
    for thing in chart.drawing.things:
        present.setdefault(thing.type, set()).update(thing.values)
    types = {str(thing.id): thing.type for thing in chart.drawing.things}
    own = {(name, nouns[type].properties[name].label) for type, names in present.items() for name in names}
    far = {types[str(end)] for bond in chart.drawing.bonds for end in (bond.one, bond.other)}
    linked = {
        (f"{type}{OF}{name}", f"{nouns[type].label}: {nouns[type].properties[name].label}")
        for type in far
        for name in present[type]
    }
    divisions = [("type", "Type"), ("source", "Source"), ("group", "Group"), *NETWORK.items()]
    return [*divisions, *_ordered(own), *_ordered(linked)]


def _ordered(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def _network(chart: ChartView) -> dict[str, Measure]:
    """How each thing stands among those on the chart, by what this reader sees of it."""
    things = [str(each.id) for each in chart.drawing.things]
    return measures(things, ((str(bond.one), str(bond.other)) for bond in chart.drawing.bonds))


def _measured(name: str, row: Row) -> float:
    return float(getattr(row.measure, name))


def _taken(thing: Thing, sift: Sift) -> bool:
    said = f"{thing.caption} {thing.about} {thing.label}".casefold()
    return (
        (not sift.types or thing.type in sift.types)
        and all(word in said for word in sift.words.casefold().split())
        and (not (sift.first or sift.last) or _during(thing.when, thing.until, sift.first, sift.last))
    )


def _during(when: str, until: str, first: str, last: str) -> bool:
    """Whether what happened `when`, as far as that is known, may have happened in these days; what has no day may."""
    said, end = when[:10], (until or when)[:10]
    return not said or ((not first or end >= first[: len(end)]) and (not last or said <= last[: len(said)]))


def _values(chart: ChartView, by: str) -> dict[str, Sequence[str]]:
    """What each thing says in a property, or what it is linked to does."""
    things = chart.drawing.things
    far, linked, name = by.rpartition(OF)
    if linked:
        said = {str(each.id): each.values.get(name, ()) for each in things if each.type == far}
        found: dict[str, list[str]] = {}
        for bond in chart.drawing.bonds:
            for end, other in ((str(bond.one), str(bond.other)), (str(bond.other), str(bond.one))):
                found.setdefault(end, []).extend(said.get(other, ()))
        return dict(found)
    if by == "type":
        return {str(each.id): (each.label,) for each in things}
    if by == "source":
        return {str(each.id): each.sources for each in things}
    if by in NETWORK:
        return {id: (f"{NETWORK[by]} {getattr(each, by)}",) for id, each in _network(chart).items()}
    if by == "group":
        return {str(each.id): (group,) for each in things if (group := chart.spots[str(each.id)].group)}
    return {str(each.id): each.values.get(by, ()) for each in things}
