"""What a chart made elsewhere holds: GraphML and FollowTheMoney, read without believing anything of it."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET
from xml.parsers import expat

from bluelamp.errors import BlueLampError
from bluelamp.session.changes import FAR
from bluelamp.session.formats.ftm import READ, inside
from bluelamp.session.formats.taken import legible
from bluelamp.session.said import NOTE, TITLE

#: how deep elements may stand in each other, and how many things, links and notes a file may hold
DEEPEST, MOST = 40, 50_000

#: attributes that say what a thing or a link is called, or of what type it is; the first that is there is taken
CALLED = ("caption", "label", "name", "title")
TYPED = ("type", "type_label", "kind", "class", "category", "relationship", "role")


class BroughtThing(NamedTuple):
    """A thing as a file says it."""

    label: str
    type: str
    reason: str = ""
    place: tuple[float, float] | None = None


class BroughtLink(NamedTuple):
    """A link as a file says it, between two things of the file."""

    one: str
    other: str
    label: str
    type: str
    reason: str = ""


@dataclass
class Brought:
    """All that a file says: things by their ids, links, and notes as (text, id of what it is on)."""

    things: dict[str, BroughtThing] = field(default_factory=dict)
    links: list[BroughtLink] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def whole(self) -> "Brought":
        """The same without links that lead nowhere or from a thing to itself."""
        links = [each for each in self.links if each.one != each.other and {each.one, each.other} <= set(self.things)]
        return Brought(self.things, links, self.notes)


def from_graphml(data: bytes) -> Brought:
    """The nodes and edges of a GraphML file. Raises BlueLampError for what is none, or has a document type."""
    root = _tree(data)
    keys = {each.get("id", ""): each.get("attr.name", "") or each.get("id", "") for each in root.iter("key")}
    made = Brought()
    for node in root.iter("node"):
        said = _said(node, keys)
        label, id = _first(said, CALLED) or node.get("id", ""), node.get("id", "")
        made.things.setdefault(id, BroughtThing(label, _first(said, TYPED), said.get("reason", ""), _place(said)))
    for edge in root.iter("edge"):
        said = _said(edge, keys)
        type = _first(said, TYPED)
        ends = edge.get("source", ""), edge.get("target", "")
        made.links.append(BroughtLink(*ends, _first(said, CALLED) or type or "linked", type, said.get("reason", "")))
    return _checked(made)


def from_ftm(data: bytes) -> Brought:
    """The entities of a FollowTheMoney file, one JSON object a line. Raises BlueLampError for what is none."""
    entities: dict[str, _Entity] = {}
    for number, line in enumerate(_lines(data), 1):
        if line.strip():
            id, entity = _entity(line, number)
            # one entity may come in several lines, each with a part of it
            known = entities.setdefault(inside(id), entity)
            for name, values in entity.said.items() if known is not entity else ():
                known.said.setdefault(name, []).extend(values)
    made = Brought()
    for id, (schema, type, reason, said) in entities.items():
        label = _one(said, *CALLED, "firstName", "lastName", "registrationNumber", "full", "username", "subject")
        if schema in READ:
            one, other = (inside(_one(said, end)) for end in READ[schema])
            role = _one(said, "role", "relationship")
            made.links.append(BroughtLink(one, other, role or schema, type, reason or _one(said, "summary")))
        elif schema == "Note":
            if not id.startswith("chart-"):
                made.notes.append((_one(said, "description", "name"), inside(_one(said, "entity"))))
        else:
            made.things[id] = BroughtThing(label or id, type, reason or _one(said, "summary", "notes"))
            made.links += [
                BroughtLink(id, inside(value), name, name)
                for name, values in said.items()
                for value in values
                if inside(value) in entities
            ]
    return _checked(made)


#: formats that are read, with what they are called
READERS: dict[str, tuple[str, Callable[[bytes], Brought]]] = {
    "graphml": ("GraphML", from_graphml),
    "ftm": ("FollowTheMoney", from_ftm),
}


def read(format: str, data: bytes) -> Brought:
    """What a file of a format says. Raises BlueLampError."""
    if format not in READERS:
        raise BlueLampError(f"There is no format {format[:50]!r} to read; the formats are {', '.join(READERS)}.")
    return READERS[format][1](data)


def short(said: str, most: int) -> str:
    """Text of at most so many letters, that can be kept; what is left out is marked."""
    clean = legible(said).strip()
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def _checked(made: Brought) -> Brought:
    count = len(made.things) + len(made.links) + len(made.notes)
    if count > MOST:
        raise BlueLampError(f"The file holds {count:,} things and links, and {MOST:,} is the most; take a part of it.")
    if not made.things:
        raise BlueLampError("The file holds nothing that a chart could show; check that it is of the chosen format.")
    things = {
        id: BroughtThing(short(each.label, TITLE) or "?", short(each.type, TITLE), short(each.reason, NOTE), each.place)
        for id, each in made.things.items()
    }
    links = [
        BroughtLink(each.one, each.other, short(each.label, TITLE) or "linked", short(each.type, TITLE),
                    short(each.reason, NOTE))
        for each in made.links
    ]  # fmt: skip
    return Brought(things, links, [(short(text, NOTE), on) for text, on in made.notes if text.strip()])


# ---- GraphML ----


def _tree(data: bytes) -> ET.Element:
    """The elements of an XML file that has no document type, and so neither entities nor a word of other files."""
    parser, builder = expat.ParserCreate(), ET.TreeBuilder()
    deep = 0

    def refuse(*_: Any) -> int:
        raise BlueLampError("The file has a document type (DOCTYPE), which could name other files; save it without.")

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal deep
        deep += 1
        if deep > DEEPEST:
            raise BlueLampError(f"The file’s elements stand more than {DEEPEST} deep in each other; save it plainer.")
        builder.start(tag.rpartition(":")[2], attributes)

    def end(tag: str) -> None:
        nonlocal deep
        deep -= 1
        builder.end(tag.rpartition(":")[2])

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)  # noqa: FBT003 (expat’s own argument: that was all)
        root: ET.Element = builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise BlueLampError(f"The file cannot be read as XML ({str(error)[:100]}); save it as GraphML again.") from None
    if root.tag != "graphml":
        raise BlueLampError(f"The file is XML but no GraphML: it begins with <{root.tag[:50]}>; save it as GraphML.")
    return root


def _said(element: ET.Element, keys: Mapping[str, str]) -> dict[str, str]:
    """What a node or an edge says, by attribute; programs that draw write the label as an element of their own."""
    said = {keys.get(each.get("key", ""), ""): "".join(each.itertext()).strip() for each in element.findall("data")}
    drawn = [
        "".join(label.itertext()).strip()
        for each in element.findall("data")
        for name in ("NodeLabel", "EdgeLabel")
        for label in each.iter(name)
    ]
    return {**({"label": drawn[0]} if drawn else {}), **{name: text for name, text in said.items() if name}}


def _first(said: Mapping[str, str], names: tuple[str, ...]) -> str:
    folded = {name.lower(): text for name, text in said.items()}
    return next((text for name in names if (text := folded.get(name, ""))), "")


def _place(said: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        x, y = float(said["x"]), float(said["y"])
    except (KeyError, ValueError):
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) and max(abs(x), abs(y)) <= FAR else None


# ---- FollowTheMoney ----


def _lines(data: bytes) -> list[str]:
    try:
        return data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise BlueLampError("The file is not in UTF-8; save it as FollowTheMoney JSON, one entity a line.") from None


class _Entity(NamedTuple):
    """An entity; its type and why it was proposed are said where the file is one of ours."""

    schema: str
    type: str
    reason: str
    said: dict[str, list[str]]


def _entity(line: str, number: int) -> tuple[str, _Entity]:
    try:
        said = json.loads(line)
        id, schema, properties = said["id"], said["schema"], said.get("properties", {})
        type, reason = (said[name] if isinstance(said.get(name), str) else "" for name in ("type", "reason"))
        known = {
            str(name): [str(each) for each in (values if isinstance(values, list) else [values])]
            for name, values in properties.items()
        }
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        id = schema = None
    if not isinstance(id, str) or not isinstance(schema, str) or not id:
        raise BlueLampError(
            f"Line {number:,} is no FollowTheMoney entity: a JSON object with `id`, `schema` and `properties`."
        )
    return id, _Entity(schema, type or schema, reason, known)


def _one(said: Mapping[str, list[str]], *names: str) -> str:
    return next((values[0] for name in names if (values := said.get(name))), "")
