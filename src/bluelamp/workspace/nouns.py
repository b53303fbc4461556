"""The force's own types without Python: `types/*.yaml` make object types, `links/*.yaml` make link types."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bluelamp.ontology.grammar import Kind, LinkType, ObjectType, Property
from bluelamp.types import BY_NAME
from bluelamp.types.grammar import PropertyType
from bluelamp.workspace.document import Node, Table, Text
from bluelamp.workspace.fields import Fields
from bluelamp.workspace.model import Place
from bluelamp.workspace.problems import Report, choose

TYPE_NAME = re.compile(r"[A-Z][A-Za-z]{0,39}")
WORD = re.compile(r"[a-z][a-z0-9_]{0,59}")
#: columns of every records table, and words that a class of the grammar uses
TAKEN = (
    "source",
    "delivery",
    "file",
    "row",
    "record",
    "key",
    "marking",
    "object",
    "access",
    "type",
    "label",
    "plural",
    "kind",
    "caption",
    "instead",
    "when",
    "until",
    "lasts",
    "properties",
)
FLAGS = ("strong", "steady", "sensitive", "warning", "varies")
KINDS = tuple(kind.value for kind in Kind)

Nouns = dict[str, type[ObjectType]]


@dataclass(frozen=True)
class Draft:
    """An object type whose parent may not be known yet."""

    name: str
    extends: str
    fields: Fields


def declare(tables: list[Table], nouns: Nouns, report: Report) -> Nouns:
    """The object types that `tables` declare, on top of `nouns`."""
    drafts = [draft for table in tables if (draft := _draft(table, report))]
    found = dict(nouns)
    while ready := [each for each in drafts if not each.extends or each.extends in found]:
        for draft in ready:
            noun = _noun(draft, found, report)
            if is_free(noun, found, draft.fields.at("type"), report):
                found[noun.name()] = noun
            drafts.remove(draft)
    for draft in drafts:
        place = draft.fields.at("extends")
        message = f"{draft.name} extends {draft.extends}, which is not an object type"
        report.add("B013", place, message, choose(draft.extends, tuple(found)))
    return found


def _draft(table: Table, report: Report) -> Draft | None:
    fields = Fields(table, "The object type", report)
    name = fields.required("type", "write `type: Member`, the name that sources use")
    if name and not TYPE_NAME.fullmatch(name):
        fix = "begin with a capital and use letters only, as in `AllotmentPlot`"
        report.add("B028", fields.at("type"), f'"{name}" is not a name for an object type', fix)
        return None
    return Draft(name, fields.text("extends"), fields) if name else None


def _noun(draft: Draft, nouns: Nouns, report: Report) -> type[ObjectType]:
    fields = draft.fields
    fields.what = f"The object type {draft.name}"
    fields.text("type")
    parent = nouns.get(draft.extends)
    fields.text("extends")
    body: dict[str, Any] = {"__doc__": fields.text("description"), "__module__": "workspace"}
    for key, example in (("label", draft.name), ("plural", f"{draft.name}s")):
        if parent is None:
            body[key] = fields.required(key, f"write `{key}: {example}`", "B053")
        elif fields.text(key):
            body[key] = fields.text(key)
    body |= _kind(fields, parent)
    caption = fields.words("caption")
    if caption or parent is None:
        body["caption"] = caption
    if instead := fields.words("instead"):
        body["instead"] = instead
    if fields.text("when"):
        body["when"] = fields.text("when")
    if fields.text("until"):
        body["until"] = fields.text("until")
    if fields.flag("lasts", default=False):
        body["lasts"] = True
    body |= _properties(fields, draft.name, report)
    fields.finish()
    noun: type[ObjectType] = type(draft.name, (parent or ObjectType,), body)
    _check_names(noun, fields, report)
    return noun


def _kind(fields: Fields, parent: type[ObjectType] | None) -> dict[str, Kind]:
    if fields.text("kind"):
        return {"kind": Kind(fields.word("kind", KINDS, "object"))}
    if parent is None:
        fields.missing("kind", f"write `kind:` and one of {', '.join(KINDS)}", "B053")
        return {"kind": Kind.OBJECT}
    return {}


def _properties(fields: Fields, noun: str, report: Report) -> dict[str, Property]:
    table = fields.table_at("properties", f"`properties` of {fields.what}")
    if table is None:
        return {}
    found = {}
    for name in list(table.table.entries):
        node = table.node(name)
        place = table.at(name)
        if not may_name_property(name, noun, place, report):
            continue
        made = _property(name, node, Fields(Table(place), f"The property {name}", report), report)
        if made:
            found[name] = made
    return found


def _property(name: str, node: Node | None, empty: Fields, report: Report) -> Property | None:
    """`name: Text` in short, or a table that says more."""
    what = f"The property {name}"
    readable = name.replace("_", " ").capitalize()
    if isinstance(node, Text):
        kind = _type(node.text.strip(), node.place, report)
        return Property(kind, readable) if kind else None
    fields = empty if node is None else empty.open(node, what)
    if fields is None:
        return None
    kind_name = fields.required("type", f"write `type:` and one of {', '.join(BY_NAME)}", "B056")
    kind = _type(kind_name, fields.at("type"), report) if kind_name else None
    label, help_text = fields.text("label", readable), fields.text("help")
    strong, steady, sensitive, warning, varies = (fields.flag(key, default=False) for key in FLAGS)
    fields.finish()
    if kind is None:
        return None
    return Property(
        kind, label, help_text, strong=strong, steady=steady, sensitive=sensitive, warning=warning, varies=varies
    )


def _type(name: str, place: Place, report: Report) -> PropertyType | None:
    found = BY_NAME.get(name)
    if found is None:
        report.add("B056", place, f'There is no property type "{name}"', choose(name, tuple(BY_NAME)))
        return None
    return found.declared()


def may_name_property(name: str, noun: str, place: Place, report: Report) -> bool:
    """Whether a property may be called `name`."""
    if not WORD.fullmatch(name):
        fix = "use small letters, digits and _, as in `roll_number`"
        report.add("B028", place, f'"{name}" is not a name for a property of {noun}', fix)
        return False
    if name in TAKEN:
        report.add(
            "B055",
            place,
            f"A property of {noun} is called `{name}`, which every record has already",
            f"give it another name, such as `{noun.lower()}_{name}`",
        )
        return False
    return True


def _check_names(noun: type[ObjectType], fields: Fields, report: Report) -> None:
    known = tuple(noun.properties)
    if not noun.caption:
        fields.missing("caption", f"write `caption: [...]` with some of {', '.join(known) or 'its properties'}", "B053")
    captions = [(each, key) for key in ("caption", "instead") for each in getattr(noun, key)]
    for said, key in [*captions, (noun.when, "when"), (noun.until, "until")]:
        if said and said not in known:
            report.add(
                "B054", fields.at(key), f'{noun.name()} has no property "{said}" for its `{key}`', choose(said, known)
            )


def is_free(noun: type[ObjectType], nouns: Mapping[str, type[ObjectType]], place: Place, report: Report) -> bool:
    """Whether no other type has the name of `noun`, or one that ids and tables could not tell from it."""
    for other in nouns.values():
        if other.slug() == noun.slug() or other.name().lower() == noun.name().lower():
            fix = "give it another name; to add properties to a type, declare a new one that `extends` it"
            report.add("B055", place, f"There is an object type {other.name()} already", fix)
            return False
    return True


def declare_links(tables: list[Table], links: dict[str, LinkType], nouns: Nouns, report: Report) -> dict[str, LinkType]:
    """The link types that `tables` declare, on top of `links`."""
    found = dict(links)
    for table in tables:
        fields = Fields(table, "The link type", report)
        link = _link(fields, nouns, report)
        if link.name in found:
            report.add("B055", fields.at("link"), f"There is a link type {link.name} already", "give it another name")
        elif link.name:
            found[link.name] = link
    return found


def _link(fields: Fields, nouns: Nouns, report: Report) -> LinkType:
    name = fields.required("link", "write `link: member_of`, the name that sources use")
    if name and not WORD.fullmatch(name):
        fix = "use small letters, digits and _, as in `member_of`"
        report.add("B028", fields.at("link"), f'"{name}" is not a name for a link type', fix)
        name = ""
    fields.what = f"The link type {name}" if name else fields.what
    label = fields.required("label", "write how it reads from its first end, as in `label: member of`", "B053")
    reverse = fields.required("reverse", "write how it reads from its second end, as in `reverse: has member`", "B053")
    ends = {key: link_ends(fields.texts(key), nouns, report) for key in ("from", "to")}
    for key in ends:
        if fields.node(key) is None:
            fields.missing(key, f"write `{key}: [Person]`, the object types at that end", "B053")
    roles = fields.words("roles")
    categorised = fields.flag("categorised", default=False)
    fields.finish()
    return LinkType(name, label, reverse, ends["from"], ends["to"], roles, categorised)


def link_ends(texts: tuple[Text, ...], nouns: Nouns, report: Report) -> tuple[str, ...]:
    """The object types that `texts` name."""
    for each in texts:
        if each.text not in nouns:
            report.add("B013", each.place, f'There is no object type "{each.text}"', choose(each.text, tuple(nouns)))
    return tuple(each.text for each in texts if each.text in nouns)


def stands(noun: type[ObjectType], allowed: tuple[str, ...]) -> bool:
    """Whether `noun`, or a type that it extends, is among the allowed ones."""
    return any(parent.__name__ in allowed for parent in noun.__mro__)
