"""What the ontology says of resolution: by what the records of a type are compared, and where that stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bluelamp.lake.sql import ident, literal
from bluelamp.ontology import LINKS
from bluelamp.ontology.grammar import Kind, LinkType, ObjectType, Property
from bluelamp.resolution.compare import Comparison, Role
from bluelamp.types import (
    Address,
    Country,
    Date,
    Email,
    Identifier,
    Name,
    Note,
    Phone,
    Postcode,
    Reference,
    Sex,
    Text,
    Vrm,
)
from bluelamp.types.date import DEFAULT_DATES
from bluelamp.types.grammar import PropertyType
from bluelamp.types.likeness import ADDRESS, CHOICE, CODE, DATE, NAME, POSTCODE, WHOLE_NAME, WORDS, Likeness
from bluelamp.types.name import BARE_TITLES

#: how values of a type are compared, the first that fits; types that are not here say nothing of who it is
LIKENESS: tuple[tuple[type[PropertyType], Likeness], ...] = (
    (Name, NAME), (Date, DATE), (Address, ADDRESS), (Postcode, POSTCODE), (Sex, CHOICE), (Country, CHOICE),
    (Text, WORDS), (Identifier, CODE), (Reference, CODE),
)  # fmt: skip

#: links whose other end says something of who stands at this end; a force's own may all do
TELLING = ("lives_at", "based_at", "uses_phone", "uses_email", "has_vehicle")
_PACKAGED = frozenset(link.name for link in LINKS)


@dataclass(frozen=True)
class Told:
    """A comparison and where its values stand: in the record itself, or in one that a link leads to."""

    comparison: Comparison
    property: str
    #: the link type, and the type at its other end
    through: tuple[str, str] | None = None
    #: the property with the whole name of which this is the first word, or the last, where it has no value itself
    whole: str | None = None
    #: of a family name, the property with the given name: beside one a whole name of one word has no family name
    given: str | None = None


def told(noun: type[ObjectType], nouns: Mapping[str, type[ObjectType]], links: Iterable[LinkType]) -> list[Told]:
    """All that the records of `noun` are compared by; nothing for types of which a model cannot tell."""
    if untold(noun):
        return []
    found = list(_own(noun))
    given = next((each.name for each, _, role in found if role is Role.GIVEN), None)
    own = [
        Told(
            Comparison(each.name, like, role),
            each.name,
            whole=_whole(noun, role),
            given=given if role is Role.FAMILY else None,
        )
        for each, like, role in found
    ]
    return own + [each for link in links if telling(link.name) for each in _through(noun, link, nouns)]


def telling(link: str) -> bool:
    """Whether what a link leads to says something of who stands at its first end."""
    return link in TELLING or link not in _PACKAGED


def untold(noun: type[ObjectType]) -> str:
    """Why no model can tell which records of `noun` are one, after "as "; empty where one can."""
    if body(noun):
        return "bodies are joined by how their names and addresses are written"
    if noun.kind is Kind.PERSON:
        named = any(role in _NAMED for _, _, role in _own(noun))
        return "" if named else "it has no name of a person and no date of birth to compare"
    if noun.kind is Kind.LOCATION:
        return "places are joined by how their addresses are written"
    if noun.kind is Kind.EVENT:
        return "events are joined by keys"
    return "" if _alive(noun) else "a thing takes one only where it has a name and a date of birth, as animals do"


def _alive(noun: type[ObjectType]) -> bool:
    """Whether things are told apart as people are: they have names, and a date that says that it is of their birth."""
    born = _born(noun)
    names = (each for each in noun.properties.values() if isinstance(each.type, Name) and each.type.of == "person")
    return born is not None and _says(noun.properties[born], Role.BIRTH) and not all(each.varies for each in names)


@dataclass(frozen=True)
class Wording:
    """Where it stands how records write the place that they are, or that a body is at."""

    address: Told
    postcode: Told | None
    #: of a body
    name: Told | None

    @property
    def told(self) -> list[Told]:
        """All of them."""
        return [each for each in (self.address, self.postcode, self.name) if each]


def wording(noun: type[ObjectType], nouns: Mapping[str, type[ObjectType]], links: Iterable[LinkType]) -> Wording | None:
    """Where the address and postcode of a place stand, and for a body its name; None for other types."""
    name = body(noun)
    address, postcode = (_first(noun, kind, None) for kind in (Address, Postcode))
    if address is None and name:
        ways = (
            (link.name, nouns[other])
            for link in links
            if telling(link.name) and noun.name() in link.from_types
            for other in link.to_types
            if other in nouns and _first(nouns[other], Address, None)
        )
        link, other = next(ways, ("", noun))
        address, postcode = (_first(other, kind, (link, other.name())) for kind in (Address, Postcode))
    if address is None or not (name or noun.kind is Kind.LOCATION):
        return None
    return Wording(address, postcode, Told(Comparison(name, NAME, Role.WHOLE), name) if name else None)


def body(noun: type[ObjectType]) -> str | None:
    """The property with the name of a body, for types of bodies: those that have names of organisations only."""
    names = {each.name: each.type for each in noun.properties.values() if isinstance(each.type, Name)}
    if noun.kind is not Kind.PERSON or any(each.of != "organisation" for each in names.values()):
        return None
    return next((name for name in names if not noun.properties[name].varies), None)


def _first(noun: type[ObjectType], kind: type[PropertyType], through: tuple[str, str] | None) -> Told | None:
    for each in noun.properties.values():
        if isinstance(each.type, kind):
            name = f"{through[0]}.{each.name}" if through else each.name
            return Told(Comparison(name, ADDRESS, Role.PLACE), each.name, through)
    return None


#: without one of these nothing tells people apart
_NAMED = (Role.GIVEN, Role.FAMILY, Role.WHOLE, Role.BIRTH)


def _whole(noun: type[ObjectType], role: Role) -> str | None:
    """The property with the whole name, for a given or family one: what the caption falls back on, or what says so."""
    if role not in (Role.GIVEN, Role.FAMILY):
        return None
    said = (each.name for each in noun.properties.values() if each.name == "name" or _says(each, Role.WHOLE))
    names = (name for name in (*noun.instead, *said) if isinstance(noun.properties[name].type, Name))
    return next(names, None)


def _own(noun: type[ObjectType]) -> Iterator[tuple[Property, Likeness, Role]]:
    names, born = _names(noun), _born(noun)
    parted = {_whole(noun, Role.GIVEN)} if {Role.GIVEN, Role.FAMILY} <= set(names.values()) else set()
    for each in noun.properties.values():
        if each.name in parted:
            # its words are compared as given and family names; once more, and relatives would look like one
            continue
        like = likeness(each.type)
        role = Role.BIRTH if each.name == born else _role(each, names)
        if like and role and not (each.sensitive or each.warning):
            yield each, WHOLE_NAME if role is Role.WHOLE else like, role


#: words of a property's name or label that say which part of a name it is, or that a date is that of birth
_WORDS = {
    Role.GIVEN: ("given", "first", "fore", "christian"),
    Role.FAMILY: ("surname", "family", "last", "second"),
    Role.WHOLE: ("whole", "full"),
    Role.BIRTH: ("birth", "born", "dob"),
}


#: words of a date that is some later day of a life, which many may share
_LATER = ("death", "died", "decease", "buri", "marri", "wedding")


def _says(property: Property, role: Role) -> bool:
    return any(word in f"{property.name} {property.label}".casefold() for word in _WORDS[role])


def _names(noun: type[ObjectType]) -> dict[str, Role]:
    """Which names of a type are given, of the family, or whole: by their words, else by their place in the caption."""
    lasting = {name: each for name, each in noun.properties.items() if isinstance(each.type, Name) and not each.varies}
    found: dict[str, Role] = {}
    for role in (Role.FAMILY, Role.GIVEN):
        found |= {name: role for name, each in lasting.items() if _says(each, role) and name not in found}
    if found:
        return {next(name for name in found if found[name] is role): role for role in set(found.values())}
    named = [name for name in noun.caption if name in lasting] or list(lasting)
    if len(named) > 1:
        return {named[0]: Role.GIVEN, named[-1]: Role.FAMILY}
    return dict.fromkeys(named, Role.WHOLE)


def _born(noun: type[ObjectType]) -> str | None:
    """The date of birth of a type: the date that is steady, that says so, or that is the only one and no other day."""
    dates = [each for each in noun.properties.values() if isinstance(each.type, Date) and not each.varies]
    only = [each for each in dates if not any(word in f"{each.name} {each.label}".casefold() for word in _LATER)]
    steady = [each for each in dates if each.steady] or [each for each in dates if _says(each, Role.BIRTH)] or only
    return steady[0].name if len(steady) == 1 or (steady and steady[0].steady) else None


def likeness(kind: PropertyType) -> Likeness | None:
    """How values of a property type are compared; None where they say nothing of who it is."""
    return next((like for each, like in LIKENESS if isinstance(kind, each)), None)


#: what a property says of its bearer, by its type, the first that fits
ROLES: tuple[tuple[type[PropertyType], Role], ...] = (
    (Address, Role.PLACE), (Postcode, Role.PLACE), (Sex, Role.SEX), (Phone, Role.CONTACT), (Email, Role.CONTACT),
    (Vrm, Role.CONTACT), (Country, Role.TRAIT), (Identifier, Role.KEY), (Text, Role.TRAIT),
    # who gives it out may give one to a household
    (Reference, Role.CONTACT),
)  # fmt: skip


def _role(property: Property, names: Mapping[str, Role]) -> Role | None:
    if isinstance(property.type, Date | Note):
        return None
    if isinstance(property.type, Name):
        return names.get(property.name, Role.OTHER_NAME)
    if isinstance(property.type, Reference) and property.strong:
        return Role.KEY
    return next((role for kind, role in ROLES if isinstance(property.type, kind)), None)


def _through(noun: type[ObjectType], link: LinkType, nouns: Mapping[str, type[ObjectType]]) -> Iterator[Told]:
    if noun.name() not in link.from_types:
        return
    for other in (nouns[name] for name in link.to_types if name in nouns):
        for each in other.properties.values():
            like, role = likeness(each.type), _role(each, {})
            # a reference of a place, as its area code, is no means of contact
            if like and role in (Role.PLACE, Role.CONTACT) and not isinstance(each.type, Reference):
                yield Told(Comparison(f"{link.name}.{each.name}", like, role), each.name, (link.name, other.name()))


#: SQL of a value as it is compared: small letters, no accents, no blanks around
_FOLDED = "nullif(trim(lower(strip_accents({value}::VARCHAR))), '')"


@dataclass(frozen=True)
class Relation:
    """SQL of rows, and the columns that they have."""

    sql: str
    columns: frozenset[str]


def facts_sql(
    wanted: Iterable[Told],
    records: Relation,
    links: Mapping[str, Relation],
    others: Mapping[str, Relation],
    most: int,
    only: str | None = None,
    unread: str | None = None,
) -> str:
    """SQL of a row for each record, with a list of up to `most` values of each comparison.

    `records` are the type's records, of which those in `only` (SQL) are wanted; `links` and `others` are link types and
    the types at their ends. What a link leads to counts only where one source says all of it: so whoever may see the
    record may see what it is compared by. `unread` is SQL of the records' values that were not understood, as
    `record`, `property` and `raw`: a birth on `1855-01-81` still says that it may be one on `1855-01-18`.
    """
    listed = list(wanted)
    within = f"where record in ({only})" if only else ""
    own = {each.comparison.name: _list(records, each, most) for each in listed if each.through is None}
    lists = "".join(f", {value} as {ident(name)}" for name, value in own.items())
    parts = [f"(select record, any_value(source) as source{lists} from {records.sql} {within} group by record) own"]
    columns = {name: f"own.{ident(name)}" for name in own}
    odd = [each for each in listed if each.through is None and each.comparison.likeness in _AS_WRITTEN]
    if unread and odd:
        values = ", ".join(f"{_written(each, most)} as {ident(each.comparison.name)}" for each in odd)
        parts.append(f"left join (select record, {values} from {unread} {within} group by record) odd using (record)")
        columns |= {
            name: f"coalesce(own.{ident(name)}, odd.{ident(name)})" for name in (each.comparison.name for each in odd)
        }
    for number, through in enumerate(dict.fromkeys(each.through for each in listed if each.through)):
        link, other = through
        said = [each for each in listed if each.through == through]
        if link not in links or other not in others:
            columns |= {each.comparison.name: "NULL::VARCHAR[]" for each in said}
            continue
        values = ", ".join(f"{_list(others[other], each, most)} as {ident(each.comparison.name)}" for each in said)
        ends = f"select distinct from_record, to_record, source from {links[link].sql} where to_type = {literal(other)}"
        ends += f" and from_record in ({only})" if only else ""
        parts.append(
            f"left join (select l.from_record as record, l.source, {values} from ({ends}) l join {others[other].sql} o "
            f"on o.record = l.to_record and o.source = l.source group by all) t{number} "
            f"on t{number}.record = own.record and t{number}.source = own.source"
        )
        columns |= {each.comparison.name: f"t{number}.{ident(each.comparison.name)}" for each in said}
    chosen = ", ".join(f"{columns[each.comparison.name]} as {ident(each.comparison.name)}" for each in listed)
    return f"select own.record, {chosen} from {' '.join(parts)}"


def _list(relation: Relation, told: Told, most: int) -> str:
    if told.property not in relation.columns and told.whole not in relation.columns:
        return "NULL::VARCHAR[]"
    value = ident(told.property) if told.property in relation.columns else "NULL"
    if told.whole in relation.columns:
        given = ident(told.given) if told.given in relation.columns else "NULL"
        value = f"coalesce({value}, {_part(f'trim({ident(told.whole)})', told.comparison.role, given)})"
    folded = _FOLDED.format(value=value)
    if told.comparison.likeness is DATE:
        # what systems write where no date is known says nothing of anybody
        folded = f"case when {folded} not in ({', '.join(map(literal, DEFAULT_DATES))}) then {folded} end"
    return f"list_sort(list(distinct {folded}) filter ({folded} is not null))[:{most}]"


#: what a date that was not understood looks like where it is compared all the same, and how it then stands
_YEAR, _TWO, _REST = r"(1\d{3}|20\d{2})", r"(\d{2})", r"(?:\D.*)?"
_WRITTEN_DATES = (
    (rf"{_YEAR}\D?{_TWO}\D?{_TWO}{_REST}", r"\1-\2-\3"),
    (rf"{_TWO}\D?{_TWO}\D?{_YEAR}{_REST}", r"\3-\2-\1"),
)
#: of these a value that was not understood is often one slip from what is meant
_AS_WRITTEN = (DATE, POSTCODE)


def _written(told: Told, most: int) -> str:
    """SQL of the values of a property that were not understood, as far as they have its shape."""
    if told.comparison.likeness is DATE:
        cases = " ".join(
            f"when regexp_full_match(trim(raw), {literal(shape)}) "
            f"then regexp_replace(trim(raw), {literal(f'^{shape}$')}, {literal(iso)})"
            for shape, iso in _WRITTEN_DATES
        )
        value = f"case {cases} end"
    else:
        bare = "lower(replace(raw, ' ', ''))"
        value = f"case when regexp_full_match({bare}, '[a-z][a-z0-9]{{4,6}}') then {bare} end"
    mine = f"property = {literal(told.property)} and {value} is not null"
    return f"list_sort(list(distinct {value}) filter ({mine}))[:{most}]"


#: a title that is hardly ever a name, and what stands between it and the name
_TITLE = rf"^(?:{'|'.join(sorted(BARE_TITLES))})[.]? +"


def _part(whole: str, role: Role, given: str) -> str:
    """SQL of the given or the family name of a whole one: its first or last word, or what stands around a comma.

    One word alone is the family name, unless a given name stands beside it: then it is that once more.
    """
    after = f"nullif(trim(split_part({whole}, ',', 2)), '')"
    whole, after = (f"regexp_replace({each}, {literal(_TITLE)}, '', 'i')" for each in (whole, after))
    several = f"contains({whole}, ' ')"
    if role is Role.GIVEN:
        return f"CASE WHEN {after} IS NOT NULL OR {several} THEN string_split(coalesce({after}, {whole}), ' ')[1] END"
    last = f"CASE WHEN {several} OR {given} IS NULL THEN string_split({whole}, ' ')[-1] END"
    return f"CASE WHEN {after} IS NULL THEN {last} ELSE trim(split_part({whole}, ',', 1)) END"
