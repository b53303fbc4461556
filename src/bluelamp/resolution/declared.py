"""What the ontology says of resolution: by what the records of a type are compared, and where that stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bluelamp.lake.sql import ident
from bluelamp.ontology.grammar import Kind, LinkType, ObjectType, Property
from bluelamp.resolution.compare import Comparison, Role
from bluelamp.types import Address, Country, Date, Email, Identifier, Name, Phone, Postcode, Sex, Text, Vrm
from bluelamp.types.grammar import PropertyType
from bluelamp.types.likeness import ADDRESS, CHOICE, CODE, DATE, NAME, POSTCODE, WORDS, Likeness

#: how values of a type are compared, the first that fits; types that are not here say nothing of who it is
LIKENESS: tuple[tuple[type[PropertyType], Likeness], ...] = (
    (Name, NAME), (Date, DATE), (Address, ADDRESS), (Postcode, POSTCODE), (Sex, CHOICE), (Country, CHOICE),
    (Text, WORDS), (Identifier, CODE),
)  # fmt: skip

#: links whose other end says something of who stands at this end
TELLING = ("lives_at", "based_at", "uses_phone", "uses_email", "has_vehicle")


@dataclass(frozen=True)
class Told:
    """A comparison and where its values stand: in the record itself, or in one that a link leads to."""

    comparison: Comparison
    property: str
    #: the link type, and the type at its other end
    through: tuple[str, str] | None = None


def told(noun: type[ObjectType], nouns: Mapping[str, type[ObjectType]], links: Iterable[LinkType]) -> list[Told]:
    """All that the records of `noun` are compared by; nothing for types that only keys can join."""
    if noun.kind is not Kind.PERSON:
        return []
    own = [Told(Comparison(each.name, like, role), each.name) for each, like, role in _own(noun)]
    return own + [each for link in links if link.name in TELLING for each in _through(noun, link, nouns)]


def _own(noun: type[ObjectType]) -> Iterator[tuple[Property, Likeness, Role]]:
    named = [name for name in noun.caption if isinstance(noun.properties[name].type, Name)]
    for each in noun.properties.values():
        like = likeness(each.type)
        role = _role(each, named) if like and not (each.sensitive or each.warning) else None
        if like and role:
            yield each, like, role


def likeness(kind: PropertyType) -> Likeness | None:
    """How values of a property type are compared; None where they say nothing of who it is."""
    return next((like for each, like in LIKENESS if isinstance(kind, each)), None)


#: what a property says of its bearer, by its type, the first that fits
ROLES: tuple[tuple[type[PropertyType], Role], ...] = (
    (Address, Role.PLACE), (Postcode, Role.PLACE), (Sex, Role.SEX), (Phone, Role.CONTACT), (Email, Role.CONTACT),
    (Vrm, Role.CONTACT), (Country, Role.TRAIT), (Identifier, Role.KEY), (Text, Role.TRAIT),
)  # fmt: skip


def _role(property: Property, named: list[str]) -> Role | None:
    """`named` are the names in the caption: the first is given, the last is the family's."""
    if isinstance(property.type, Date):
        return Role.BIRTH if property.steady else None
    if isinstance(property.type, Name):
        known = {named[-1]: Role.FAMILY, named[0]: Role.GIVEN if len(named) > 1 else Role.WHOLE} if named else {}
        return known.get(property.name, Role.OTHER_NAME)
    return next((role for kind, role in ROLES if isinstance(property.type, kind)), None)


def _through(noun: type[ObjectType], link: LinkType, nouns: Mapping[str, type[ObjectType]]) -> Iterator[Told]:
    if noun.name() not in link.from_types:
        return
    for other in (nouns[name] for name in link.to_types if name in nouns):
        for each in other.properties.values():
            like, role = likeness(each.type), _role(each, [])
            if like and role in (Role.PLACE, Role.CONTACT):
                yield Told(Comparison(f"{link.name}.{each.name}", like, role), each.name, (link.name, other.name()))


#: SQL of a value as it is compared: small letters, no accents, no blanks around
_FOLDED = "nullif(trim(lower(strip_accents({value}::VARCHAR))), '')"


def facts_sql(
    wanted: Iterable[Told], records: str, links: Mapping[str, str], others: Mapping[str, str], most: int
) -> str:
    """SQL of a row for each record, with a list of up to `most` values of each comparison.

    `records` is SQL of the type's records; `links` and `others` give SQL of link types and of the types at their ends.
    """
    listed = list(wanted)
    own = [each for each in listed if each.through is None]
    lists = ", ".join(f"{_list(ident(each.property), most)} as {ident(each.comparison.name)}" for each in own)
    parts = [f"(select record, {lists} from {records} group by record) own"]
    columns = ["own.*"]
    for number, through in enumerate(dict.fromkeys(each.through for each in listed if each.through)):
        link, other = through
        if link not in links or other not in others:
            continue
        said = [each for each in listed if each.through == through]
        values = ", ".join(
            f"{_list('o.' + ident(each.property), most)} as {ident(each.comparison.name)}" for each in said
        )
        parts.append(
            f"left join (select l.from_record as record, {values} from {links[link]} l join {others[other]} o "
            f"on o.record = l.to_record group by l.from_record) t{number} on t{number}.record = own.record"
        )
        columns += [f"t{number}.{ident(each.comparison.name)}" for each in said]
    return f"select {', '.join(columns)} from {' '.join(parts)}"


def _list(value: str, most: int) -> str:
    folded = _FOLDED.format(value=value)
    return f"list_sort(list(distinct {folded}) filter ({folded} is not null))[:{most}]"
