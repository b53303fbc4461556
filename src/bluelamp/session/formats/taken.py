"""What of a chart is taken out, with all that must travel with it: the same for every format."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bluelamp.ontology.grammar import Basis, ObjectType
from bluelamp.session.changes import Note, Proposed, Spot
from bluelamp.session.charting import ChartView
from bluelamp.session.exploring import Bond, Thing
from bluelamp.session.story import Told
from bluelamp.session.styling import StyleLine
from bluelamp.types import Date

#: the property in which a source says how what it tells must be handled (INT-4)
CONDITIONS = "conditions"

#: between several values where a format holds one
SEVERAL = "; "

Cell = str | bool | float | None | tuple[str, ...]
Row = dict[str, Cell]


@dataclass(frozen=True)
class Part:
    """The things and links of a chart that leave, and what people wrote and think about these."""

    things: tuple[Thing, ...]
    bonds: tuple[Bond, ...]
    spots: dict[str, Spot]
    notes: dict[str, Note]
    proposed: dict[str, Proposed]
    #: the chart's story, where the whole chart leaves
    story: tuple[Told, ...] = ()
    #: the key to the styles of what leaves
    styles: tuple[StyleLine, ...] = ()

    @property
    def markings(self) -> set[str]:
        """The markings of what sources said of them."""
        said = [each.markings for each in self.things] + [each.markings for each in self.bonds]
        return {marking for each in said for marking in each}


@dataclass(frozen=True)
class Taken:
    """A part of a chart on its way out: to whom, by whom, for what, and under which marking."""

    part: Part
    chart: str
    title: str
    marking: str
    who: str
    purpose: str
    reason: str
    recipients: tuple[str, ...]
    at: datetime
    force: str
    #: source -> its title
    titles: Mapping[str, str]
    nouns: Mapping[str, type[ObjectType]]

    @property
    def about(self) -> dict[str, str]:
        """What is said of the whole in every format."""
        said = {
            "title": self.title,
            "marking": self.marking,
            "force": self.force,
            "purpose": self.purpose,
            "reason": self.reason,
            "taken_out_by": self.who,
            "recipients": SEVERAL.join(self.recipients),
            "at": self.at.isoformat(timespec="seconds"),
            "sources": SEVERAL.join(self.sources),
            "handling_conditions": SEVERAL.join(self.conditions),
            "chart": self.chart,
        }
        return {name: legible(each) for name, each in said.items()}

    @property
    def sources(self) -> list[str]:
        """The titles of all sources that say something here."""
        said = [each.sources for each in self.part.things] + [each.sources for each in self.part.bonds]
        return self.called({source for each in said for source in each})

    @property
    def conditions(self) -> list[str]:
        """Every handling condition, with what it is a condition of."""
        return [f"{each.caption}: {said}" for each in self.part.things for said in each.values.get(CONDITIONS, ())]

    def called(self, sources: Iterable[str]) -> list[str]:
        """Sources by their titles."""
        return sorted(self.titles.get(each, each) for each in sources)

    def values(self, thing: Thing) -> dict[str, tuple[str, ...]]:
        """What is said of a thing, by property; days and times in ISO form, all else as pages show it."""
        properties = self.nouns[thing.type].properties
        return {
            name: tuple(_iso(properties[name].type, each) for each in said) if name in properties else said
            for name, said in thing.values.items()
        }


def part(view: ChartView, ids: Collection[str] | None = None) -> Part:
    """What of a chart leaves: all that is not hidden, or only these things and proposals, with the links among them."""
    things = tuple(each for each in view.drawing.things if _leaves(str(each.id), view.spots, ids))
    there = {str(each.id) for each in things} | {
        key for key, each in view.proposed.items() if not each.link and (ids is None or key in ids)
    }
    bonds = tuple(each for each in view.drawing.bonds if str(each.one) in there and str(each.other) in there)
    kept = {
        key: each
        for key, each in view.proposed.items()
        if key in there or (each.link and {each.one, each.other} <= there)
    }
    notes = {
        key: each
        for key, each in view.notes.items()
        if each.on in there or each.on in kept or (not each.on and ids is None)
    }
    spots = {id: spot for id, spot in view.spots.items() if id in there}
    worn = {name for each in things for name in each.styles} | {name for each in bonds for name in each.styles}
    key = tuple(each for each in view.drawing.styles if each.name in worn)
    return Part(things, bonds, spots, notes, kept, view.story if ids is None else (), key)


def things(taken: Taken) -> list[Row]:
    """Everything on the chart, proposed things too, a row each; columns like `Person.surname` are what was said."""
    rows: list[Row] = []
    for each in taken.part.things:
        spot = taken.part.spots.get(str(each.id), Spot())
        latitude, longitude = each.points[0] if each.points else (None, None)
        rows.append(
            {
                "id": str(each.id), "type": each.type, "type_label": each.label, "caption": each.caption or each.label,
                "about": each.about, "when": each.when, "latitude": latitude, "longitude": longitude,
                "precision": each.precision, "sources": tuple(taken.called(each.sources)), "markings": each.markings,
                "handling_conditions": each.values.get(CONDITIONS, ()), "group": spot.group,
                "marked_as": each.styles, **_thought(None),
                **{f"{each.type}.{name}": said for name, said in taken.values(each).items()},
            }
        )  # fmt: skip
    for key, one in taken.part.proposed.items():
        if not one.link:
            rows.append(
                {
                    "id": key, "type": one.type, "type_label": one.type, "caption": one.label, "about": "", "when": "",
                    "latitude": None, "longitude": None, "precision": "", "sources": (), "markings": (),
                    "handling_conditions": (), "group": "", "marked_as": (), **_thought(one),
                }
            )  # fmt: skip
    return _legible(rows)


def bonds(taken: Taken) -> list[Row]:
    """Every link on the chart, proposed ones too, a row each."""
    names = captions(taken.part)
    rows: list[Row] = []
    for each in taken.part.bonds:
        one, other = str(each.one), str(each.other)
        rows.append(
            {
                "id": _name(each), "one": one, "one_caption": names[one], "other": other, "other_caption": names[other],
                "type": each.type, "label": each.label, "role": each.role, "category": each.category,
                "from_date": each.from_date, "to_date": each.to_date, "basis": each.basis, "doubtful": each.doubtful,
                "sources": tuple(taken.called(each.sources)), "markings": each.markings, "marked_as": each.styles,
                **_thought(None),
            }
        )  # fmt: skip
    for key, thought in taken.part.proposed.items():
        if thought.link:
            rows.append(
                {
                    "id": key, "one": thought.one, "one_caption": names[thought.one], "other": thought.other,
                    "other_caption": names[thought.other], "type": thought.type, "label": thought.label, "role": "",
                    "category": "", "from_date": "", "to_date": "", "basis": Basis.ASSESSMENT.value, "doubtful": True,
                    "sources": (), "markings": (), "marked_as": (), **_thought(thought),
                }
            )  # fmt: skip
    return _legible(rows)


def notes(taken: Taken) -> list[Row]:
    """What people wrote, on the chart or on one thing of it, a row each."""
    return _legible(
        {"id": key, "text": each.text, "on": each.on, "user": each.user, "at": each.at.isoformat(timespec="seconds")}
        for key, each in taken.part.notes.items()
    )


def captions(part: Part) -> dict[str, str]:
    """What each thing and proposed thing is called, by its id."""
    return {str(each.id): each.caption or each.label for each in part.things} | {
        key: each.label for key, each in part.proposed.items() if not each.link
    }


def columns(rows: Iterable[Row]) -> list[str]:
    """The columns of all rows, in the order in which they first stand there."""
    return list(dict.fromkeys(name for row in rows for name in row))


def one_text(cell: Cell) -> str:
    """A cell as one text; what is not known is blank."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case tuple():
            return SEVERAL.join(cell)
    return str(cell)


def legible(text: str) -> str:
    """Text that every format can hold, with a mark in place of what XML cannot: control characters, halves of pairs."""
    return "".join(each if _held(ord(each)) else "\N{REPLACEMENT CHARACTER}" for each in text)


def _legible(rows: Iterable[Row]) -> list[Row]:
    return [{name: _cell(cell) for name, cell in row.items()} for row in rows]


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, tuple):
        return tuple(map(legible, cell))
    return legible(cell) if isinstance(cell, str) else cell


def _held(code: int) -> bool:
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000  # noqa: PLR2004 (XML 1.0, production 2)


def _leaves(id: str, spots: Mapping[str, Spot], ids: Collection[str] | None) -> bool:
    return not spots.get(id, Spot()).hidden if ids is None else id in ids


def _thought(each: Proposed | None) -> Row:
    if each is None:
        return {"proposed": False, "reason": "", "proposed_by": "", "proposed_at": ""}
    at = each.at.isoformat(timespec="seconds")
    return {"proposed": True, "reason": each.reason, "proposed_by": each.user, "proposed_at": at}


def _name(bond: Bond) -> str:
    """A name for a link that stays the same from one file to the next."""
    said = (bond.one, bond.other, bond.type, bond.role, bond.category, bond.from_date, bond.to_date, bond.basis)
    return f"link-{hashlib.sha256(repr(tuple(map(str, said))).encode()).hexdigest()[:16]}"


def _iso(kind: object, shown: str) -> str:
    return (kind.clean(shown).value or shown) if isinstance(kind, Date) else shown
