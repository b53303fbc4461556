"""`styles.yaml`: how things and links of which something is said look on charts, so that everybody can tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from bluelamp.errors import BlueLampError
from bluelamp.ontology.grammar import Basis, ObjectType, Property
from bluelamp.types import AgeRange, Country, Ethnicity, Sex
from bluelamp.types.grade import PLACES
from bluelamp.workspace import inputs
from bluelamp.workspace.document import Items, Node, Table, Text
from bluelamp.workspace.fields import Fields
from bluelamp.workspace.model import Appearance, Condition, Place, Source, Style
from bluelamp.workspace.nouns import stands
from bluelamp.workspace.problems import Report, choose
from bluelamp.workspace.vocabulary import Vocabulary

FILE = Path("styles.yaml")

#: each colour has a contrast of 4.5 to white, which signs and letters on it are, and of 3 to light and dark paper
#: (WCAG 2.2, 1.4.3 and 1.4.11); none is that of a kind of thing
COLOURS = {
    "red": "#cc2b2b",
    "orange": "#bd5200",
    "olive": "#6f7400",
    "teal": "#007c85",
    "violet": "#8148e0",
    "pink": "#c3268a",
}
#: dotted is what somebody proposed, and a plain line what is pinned
OUTLINES = ("double", "dashed")
BADGES = ("alert", "query", "tick", "cross", "star", "clock")
SIZES = ("large",)
WIDTHS = ("thick", "heavy")
#: short dashes are doubt, and dots what somebody proposed
DASHES = ("long", "dash-dot")

CHANNELS: Mapping[str, Sequence[str]] = {
    "colour": tuple(COLOURS),
    "outline": OUTLINES,
    "badge": BADGES,
    "size": SIZES,
    "width": WIDTHS,
    "dash": DASHES,
}
OF_THINGS = ("colour", "outline", "badge", "size")
OF_LINKS = ("colour", "width", "dash")

#: letters of a name
LONGEST = 40

#: type and property -> the values that sources can say
Spoken = dict[tuple[str, str], set[str] | None]

#: what these say of somebody is protected: race, sex and age
PROTECTED = (AgeRange, Country, Ethnicity, Sex)


def read(table: Table | None, known: Vocabulary, sources: Iterable[Source], report: Report) -> tuple[Style, ...]:
    """Every declared style, in the order in which they count."""
    if table is None:
        return ()
    fields = Fields(table, "styles.yaml", report)
    if fields.node("styles") is None:
        fields.missing("styles", "write `styles:` and below it one item for each style")
    spoken = _spoken(sources, known.codes)
    opened = [fields.open(node, "The style") for node in fields.items("styles")]
    fields.finish()
    found = [style for each in opened if each and (style := _Reader(each, known, spoken, report).read())]
    _apart(found, report)
    return tuple(found)


class _Reader:
    """Reads one style. What is wrong is reported, and then there is no style."""

    def __init__(self, fields: Fields, known: Vocabulary, spoken: Spoken, report: Report) -> None:
        self._fields, self._known, self._spoken, self._report = fields, known, spoken, report

    def read(self) -> Style | None:
        fields = self._fields
        name = fields.required("style", "write `style: Stolen vehicle`, the name in the key to a chart")
        if len(name) > LONGEST or not name.isprintable():
            self._say("B028", "style", f'"{name[:LONGEST]}" is too long a name', f"use at most {LONGEST} letters")
        fields.what = f"The style {name}" if name else fields.what
        of_things, of_links = (fields.node(key) is not None for key in ("thing", "link"))
        style = Style(name, Appearance(), place=fields.at("style"))
        if of_things == of_links:
            fix = "write `thing: Vehicle` or `link: involved_in`, one of the two"
            self._report.add("B009", fields.place, f"{fields.what} does not say what it is for", fix)
            return None
        made = self._of_things(style) if of_things else self._of_links(style)
        made = replace(made, look=self._look(OF_THINGS if of_things else OF_LINKS)) if made else None
        if made:
            fields.finish()
        return made if name else None

    def _look(self, channels: Sequence[str]) -> Appearance:
        fields = self._fields
        said = {key: fields.word(key, CHANNELS[key], "") for key in channels if fields.node(key) is not None}
        other = [key for key in CHANNELS if key not in channels and fields.node(key) is not None]
        for key in other:
            self._say("B070", key, f"{fields.what} has `{key}`, which what it is for has not", _choices(channels))
        look = Appearance(**said)
        if not said and not other:
            self._report.add("B070", fields.place, f"{fields.what} changes nothing", _choices(channels))
        plain = look.width if channels == OF_LINKS else _besides(look)
        if look.colour and not plain:
            # the dashes of a link in doubt stay what they are, so dashes alone may not be seen
            fix = "add `width: thick`" if channels == OF_LINKS else "add `outline:`, `badge:` or `size:`"
            self._say("B071", "colour", f"{fields.what} is seen by its colour alone, which not everybody can", fix)
        return look

    # ---- of things ----

    def _of_things(self, style: Style) -> Style | None:
        fields, types = self._fields, self._known.nouns
        word = fields.text("thing")
        noun = types.get(word)
        if noun is None:
            self._say("B013", "thing", f'There is no object type "{word}"', choose(word, tuple(types)))
            return None
        where = fields.table_at("where", f"`where` of {fields.inner}")
        entries = where.table.entries if where else {}
        conditions = [self._condition(key, node, where.at(key), noun) for key, node in entries.items() if where]
        said = [each for each in fields.texts("said") if self._property(each.text.strip(), each.place, noun)]
        conditions += [Condition(each.text.strip()) for each in said]
        return replace(style, thing=noun, where=tuple(each for each in conditions if each))

    def _property(self, name: str, place: Place, noun: type[ObjectType]) -> Property | None:
        """A property that may decide how a thing looks; else a problem."""
        property = noun.properties.get(name)
        if property is None:
            message = f'{self._fields.what} is for a {noun.name()}, which has no property "{name}"'
            self._report.add("B014", place, message, choose(name, tuple(noun.properties)))
            return None
        if property.sensitive or isinstance(property.type, PROTECTED):
            what = "sensitive (DP-3)" if property.sensitive else "a protected characteristic (Equality Act 2010 s.4)"
            message = f"{self._fields.what} looks at `{name}` of {noun.name()}, which is {what}"
            fix = "nobody is marked on a chart by what they are; leave this condition out"
            self._report.add("B072", place, message, fix)
            return None
        return property

    def _condition(self, name: str, node: Node, place: Place, noun: type[ObjectType]) -> Condition | None:
        property = self._property(name, place, noun)
        if property is None:
            return None
        what = f"`{name}` of {self._fields.inner}"
        if isinstance(node, Table):
            return self._range(Fields(node, f"The condition {name}", self._report), property, what)
        nodes = node.items if isinstance(node, Items) else [node]
        texts = [each for each in nodes if isinstance(each, Text) and not each.blank]
        if not texts or len(texts) < len(nodes):
            self._report.add("B007", place, f"{what} is no value", f"write `{name}: value`, or a list of values")
        said = [(value, each.place) for each in texts if (value := self._value(each, property))]
        self._sayable(noun, property, said)
        return Condition(name, tuple(value for value, _ in said))

    def _range(self, fields: Fields, property: Property, what: str) -> Condition:
        ends = {key: fields.node(key) for key in ("from", "to")}
        fields.finish()
        if not inputs.ranged(property):
            fix = f"write `{property.name}: value`, or a list of values"
            self._report.add("B069", fields.place, f"{what} has no from and to", fix)
        first, last = (self._value(node, property) if isinstance(node, Text) else None for node in ends.values())
        if first is None and last is None:
            self._report.add("B069", fields.place, f"{what} has no end", "write `from:`, `to:` or both")
        return Condition(property.name, (), first, last)

    def _value(self, node: Text, property: Property) -> str | None:
        try:
            return inputs.value(property, node.text.strip())
        except BlueLampError as error:
            message = f'"{node.text.strip()}" is no value of {property.name}'
            self._report.add("B047", node.place, message, str(error))
            return None

    def _sayable(self, noun: type[ObjectType], property: Property, said: Iterable[tuple[str, Place]]) -> None:
        """Report a value that is in none of the code lists from which alone the property is made."""
        listed: set[str] = set()
        for (type, name), values in self._spoken.items():
            if name == property.name and stands(self._known.nouns[type], (noun.name(),)):
                if values is None:
                    return
                listed |= values
        folded = {each.casefold() for each in listed}
        for value, place in said:
            if listed and value.casefold() not in folded:
                message = f'No source says "{value}" as `{property.name}` of {noun.name()}'
                self._report.add("B073", place, message, choose(value, sorted(listed)))

    # ---- of links ----

    def _of_links(self, style: Style) -> Style | None:
        fields, types = self._fields, self._known.links
        named = fields.texts("link")
        for each in named:
            if each.text not in types:
                self._report.add(
                    "B015", each.place, f'There is no link type "{each.text}"', choose(each.text, tuple(types))
                )
        kinds = [types[each.text] for each in named if each.text in types]
        roles = fields.texts("role")
        known = tuple(dict.fromkeys(role for kind in kinds for role in kind.roles))
        for each in roles if kinds else ():
            if each.text not in known:
                message = f'{fields.what} is for links that have no role "{each.text}"'
                self._report.add("B019", each.place, message, choose(each.text, known))
        basis = fields.text("basis")
        if basis and basis not in {each.value for each in Basis}:
            fix = choose(basis, tuple(each.value for each in Basis))
            self._say("B020", "basis", f'{fields.what} has the basis "{basis}"', fix)
        grade = fields.table_at("grade", f"`grade` of {fields.inner}")
        evaluation = self._codes(grade, "source", PLACES[0])
        assessment = self._codes(grade, "information", PLACES[1])
        if grade:
            grade.finish()
        if not kinds:
            return None
        return replace(
            style, links=tuple(each.name for each in kinds), roles=tuple(each.text for each in roles), basis=basis,
            evaluation=evaluation, assessment=assessment,
        )  # fmt: skip

    def _codes(self, fields: Fields | None, key: str, codes: Mapping[str, str]) -> tuple[str, ...]:
        texts = fields.texts(key) if fields else ()
        for each in texts:
            if each.text not in codes:
                message = f'`{key}` of a grade is never "{each.text}"'
                self._report.add("B047", each.place, message, choose(each.text, tuple(codes)))
        return tuple(each.text for each in texts)

    def _say(self, code: str, key: str, message: str, fix: str) -> None:
        self._report.add(code, self._fields.at(key), message, fix)


def _choices(channels: Sequence[str]) -> str:
    return f"write one or more of {', '.join(f'`{each}:`' for each in channels)}"


def _besides(look: Appearance) -> Appearance | None:
    """What of a look is no colour; None where there is nothing else."""
    plain = replace(look, colour="")
    return plain if plain != Appearance() else None


def _spoken(sources: Iterable[Source], codes: Mapping[str, Mapping[str, str]]) -> Spoken:
    """By type and property, what sources can say: code lists and fixed texts; None where one says anything."""
    found: Spoken = {}
    for record in (record for source in sources for record in source.records):
        for name, value in record.set.items():
            key = record.type.name(), name
            said = (
                {value.constant or ""} if value.kind == "constant" else set(codes.get(value.codes or "", {}).values())
            )
            before = found.get(key, set())
            clean = record.type.properties[name].type.clean
            cleaned = {clean(each).value or each for each in said}
            found[key] = before | cleaned if before is not None and said else None
    return found


def _apart(styles: Sequence[Style], report: Report) -> None:
    """Report two styles of one name, and two for the same things or links that only colour tells apart."""
    for one, other in combinations(styles, 2):
        if one.place is None or other.place is None:
            continue
        if one.name.casefold() == other.name.casefold():
            message = f"The style {other.name} is declared twice"
            report.add("B027", other.place, message, f"see {FILE}:{one.place.line}: rename one")
        elif _meet(one, other) and _besides(one.look) == _besides(other.look) and _besides(one.look):
            message = f"The style {other.name} is told from {one.name} by its colour alone, if at all"
            report.add("B071", other.place, message, "choose other words for what is not colour")


def _meet(one: Style, other: Style) -> bool:
    """Whether both are for things of one type, or for links of one type."""
    if one.thing and other.thing:
        return stands(one.thing, (other.thing.name(),)) or stands(other.thing, (one.thing.name(),))
    return bool(set(one.links) & set(other.links))
