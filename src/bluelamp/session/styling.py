"""Which declared styles fit a thing or a link, by what one reader sees of it, and how that looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from bluelamp.ontology.grammar import LinkType, ObjectType, Property
from bluelamp.types import Date
from bluelamp.workspace.model import Appearance, Condition, Style, Term

#: of ISO text, the days: of what is not known in full counts that it may be any of those
DAY = 10


@dataclass(frozen=True)
class StyleLine:
    """One style in the key to a chart."""

    name: str
    #: what it is for, in words: the type of thing, or how the links read
    label: str
    #: type and kind of the things that it is for; "" of links
    type: str
    kind: str
    look: Appearance


class Styling:
    """The styles of a workspace."""

    def __init__(
        self, styles: Sequence[Style], nouns: Mapping[str, type[ObjectType]], links: Mapping[str, LinkType]
    ) -> None:
        self._styles, self._links = styles, links
        self._of_noun = {
            name: [each for each in styles if each.thing and issubclass(noun, each.thing)]
            for name, noun in nouns.items()
        }
        self._of_link = {name: [each for each in styles if name in each.links] for name in links}

    def of_thing(self, noun: type[ObjectType], facts: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """The names of the styles that fit a thing of which its visible records say `facts` (cleaned values)."""
        return tuple(
            style.name
            for style in self._of_noun.get(noun.name(), ())
            if all(_says(noun.properties[each.property], each, facts.get(each.property, ())) for each in style.where)
        )

    def of_link(self, type: str, role: str, basis: str, grade: str) -> tuple[str, ...]:
        """The names of the styles that fit a link; `grade` is that of a visible report at an end of it, or ""."""
        return tuple(
            style.name
            for style in self._of_link.get(type, ())
            if (not style.roles or role in style.roles)
            and style.basis in ("", basis)
            and (not style.evaluation or grade[:1] in style.evaluation)
            and (not style.assessment or grade[1:2] in style.assessment)
        )

    def key(self, names: Iterable[str]) -> tuple[StyleLine, ...]:
        """The styles of these names, in the order in which they count."""
        wanted = set(names)
        return tuple(self._line(each) for each in self._styles if each.name in wanted)

    def _line(self, style: Style) -> StyleLine:
        if style.thing:
            return StyleLine(style.name, style.thing.label, style.thing.name(), style.thing.kind.value, style.look)
        label = ", ".join(dict.fromkeys(self._links[each].label for each in style.links))
        return StyleLine(style.name, label, "", "", style.look)


def look_of(names: Sequence[str], key: Iterable[StyleLine]) -> Appearance:
    """How something looks that these styles fit: the first of them that says a part of the look decides it."""
    looks = [each.look for each in key if each.name in names]
    return Appearance(
        **{
            each.name: next((said for look in looks if (said := getattr(look, each.name))), "")
            for each in fields(Appearance)
        }
    )


def _says(property: Property, wanted: Condition, said: Iterable[str]) -> bool:
    """Whether one of the values that are said is wanted; of a condition without values and ends, every one is."""
    ends = [(wanted.first, wanted.last)] if (wanted.first, wanted.last) != (None, None) else []
    if isinstance(property.type, Date):
        spans = [*((each, each) for each in wanted.values), *ends]
        return any(
            not spans or any(_in(each, str(first or ""), str(last or "")) for first, last in spans) for each in said
        )
    if ends:
        return any(_between(float(each), *ends[0]) for each in said)
    values = {str(each).casefold() for each in wanted.values}
    return any(not values or each.casefold() in values for each in said)


def _in(said: str, first: str, last: str) -> bool:
    """Whether a day may lie between two others."""
    known, other = min(DAY, len(said), len(first)), min(DAY, len(said), len(last))
    return said[:known] >= first[:known] and (not last or said[:other] <= last[:other])


def _between(said: float, first: Term | None, last: Term | None) -> bool:
    return (first is None or said >= float(str(first))) and (last is None or said <= float(str(last)))
