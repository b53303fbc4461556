"""The table twin of a chart: which of its things are shown, in what order, and how often each value stands there."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from bluelamp.ontology.grammar import ObjectType
from bluelamp.session.charting import ChartView
from bluelamp.session.exploring import Thing
from bluelamp.session.looks import NETWORK, STYLE, Look, narrowed
from bluelamp.session.measures import Measure
from bluelamp.session.story import OF, network

SORTS = ("caption", "type", "when", "links", "degree", "betweenness", "closeness", "core")

#: bars that a histogram shows
BARS = 12


@dataclass(frozen=True)
class Sift(Look):
    """What of a chart is looked at, and how its table is laid out."""

    sort: str = "type"
    down: bool = False
    hidden: bool = False
    #: whether the table tells how each thing stands in the network
    measures: bool = False
    #: whether it does so along the direction of links
    along: bool = False

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
    measured = network(chart.drawing, along=sift.along) if sift.measures or sift.sort in SORTS[4:] else {}
    here = (each for each in chart.drawing.things if sift.hidden or not chart.spots[str(each.id)].hidden)
    found = []
    for thing in narrowed(here, sift, chart.shown.said):
        id = str(thing.id)
        spot = chart.spots[id]
        found.append(Row(thing, links[id], spot.hidden, spot.pinned, spot.group, measured.get(id)))
    keys = {
        "caption": lambda row: row.thing.caption.casefold(),
        "type": lambda row: row.thing.label,
        "when": lambda row: row.thing.when,
        "links": lambda row: row.links,
    } | {name: partial(_measured, name) for name in SORTS[4:]}
    found.sort(key=lambda row: row.thing.caption.casefold())
    found.sort(key=keys[sift.sort], reverse=sift.down)
    return found


def histogram(chart: ChartView, sift: Sift, label: str) -> Histogram | None:
    """The bars of the property that was chosen, whatever of its values is looked at; None where none was."""
    if not sift.by:
        return None
    values = chart.shown.said(sift.by)
    chosen = (*sift.values, *sift.styles) if sift.by == STYLE else sift.values
    free = replace(sift, values=(), styles=() if sift.by == STYLE else sift.styles)
    listed = [str(row.thing.id) for row in rows(chart, replace(free, sort="type", measures=False))]
    counts = Counter(value for id in listed for value in dict.fromkeys(values.get(id, ())))
    most = max(counts.values(), default=1)
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    bars = tuple(
        Bar(
            value, counts[value], counts[value] / most, value in chosen,
            free.query(**{
                "styles" if sift.by == STYLE else "values":
                    tuple(each for each in chosen if each != value) if value in chosen else (*chosen, value)
            }),
        )
        for number, value in enumerate(ordered)
        if number < BARS or value in chosen
    )  # fmt: skip
    without = sum(not values.get(id) for id in listed)
    return Histogram(sift.by, label, bars, len(ordered) - len(bars), without)


def beyond(chart: ChartView, by: str) -> dict[str, tuple[str, ...]]:
    """What each thing has, by its id, of a property that things do not say themselves: none where they do."""
    if OF not in by and by not in NETWORK:
        return {}
    return {id: tuple(dict.fromkeys(values)) for id, values in chart.shown.said(by).items() if values}


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
    worn = [(STYLE, "Marked as")] if chart.drawing.styles else []
    divisions = [("type", "Type"), *worn, ("source", "Source"), ("group", "Group"), *NETWORK.items()]
    return [*divisions, *_ordered(own), *_ordered(linked)]


def _ordered(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def _measured(name: str, row: Row) -> float:
    return float(getattr(row.measure, name))
