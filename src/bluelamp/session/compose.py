"""Put an object together from the visible records and links: facts with their sources, ties, timeline."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bluelamp.index.found import About, Link, LinkCount, Record, Unread
from bluelamp.lake.ledger import Delivery
from bluelamp.ontology.grammar import LinkType, ObjectType, Property
from bluelamp.session.views import Fact, Moment, NotUnderstood, Said, Seen, Tie, TieGroup
from bluelamp.types import Date
from bluelamp.types import Moment as MomentType
from bluelamp.workspace.model import Source
from bluelamp.workspace.sensitive import sensitive_columns, sensitive_properties

_WHEN = MomentType()

#: a timeline tells the time to the minute: letters of `2026-10-30T17:26`
_MINUTES = 16

#: values of one property that a list shows
MOST_VALUES = 2


@dataclass(frozen=True)
class Origins:
    """What is needed to say where a row came from."""

    sources: Mapping[str, Source]
    #: source -> delivery number -> delivery
    deliveries: Mapping[str, Mapping[int, Delivery]]

    def said(self, source: str, marking: str, delivery: int, file: str, row: int, key: str = "") -> Said:
        """The place of a source row, with its source's title and the day it came."""
        known = self.deliveries.get(source, {}).get(delivery)
        title = self.sources[source].title if source in self.sources else source
        return Said(source, title, delivery, file, row, key, marking, known.at[:10] if known else "")


def facts(
    noun: type[ObjectType],
    records: Iterable[Record],
    origins: Origins,
    unread: Iterable[Unread] = (),
    *,
    sensitive: bool,
) -> list[Fact]:
    """Every property that a visible record gives, with each distinct value and all who say it.

    Values that differ only in case are one. Without `sensitive`, values of sensitive properties are masked: only
    that there is one is shown, be it understood or not.
    """
    said: dict[str, dict[str, list[Said]]] = {}
    for record in records:
        place = origins.said(record.source, record.marking, record.delivery, record.file, record.row, record.key)
        for name, value in record.values.items():
            if name in noun.properties:
                text = noun.properties[name].type.text(value)
                said.setdefault(name, {}).setdefault(text, []).append(place)
    wrong = _wrong(noun, unread, origins, sensitive=sensitive)
    return [
        _fact(property, said.get(name, {}), wrong.get(name, {}), masked=property.sensitive and not sensitive)
        for name, property in noun.properties.items()
        if name in said or name in wrong
    ]


def _wrong(
    noun: type[ObjectType], unread: Iterable[Unread], origins: Origins, *, sensitive: bool
) -> dict[str, dict[tuple[str, str, bool], list[Said]]]:
    """What was not understood of each property: raw text, message and whether it is masked, with all who say it."""
    wrong: dict[str, dict[tuple[str, str, bool], list[Said]]] = {}
    hidden: dict[str, set[str]] = {}
    for each in unread:
        if each.source not in hidden:
            hidden[each.source] = set() if sensitive else _hidden(noun, origins.sources.get(each.source))
        masked = each.property in hidden[each.source]
        told = ("", "", True) if masked else (each.raw, each.message, False)
        place = origins.said(each.source, each.marking, each.delivery, each.file, each.row)
        wrong.setdefault(each.property, {}).setdefault(told, []).append(place)
    return wrong


def _hidden(noun: type[ObjectType], source: Source | None) -> set[str]:
    """The properties of a type of which the raw text of this source is masked as sensitive."""
    if source is None:
        return set(noun.properties)
    columns = sensitive_columns(source)
    made = [record for record in source.records if record.type.name() == noun.name()]
    return {name for record in made for name in sensitive_properties(record, columns)}


def about(noun: type[ObjectType], records: Iterable[Mapping[str, object]]) -> tuple[About, ...]:
    """What tells an object from another with the same caption: of each property the two values said most often."""
    told = []
    said = list(records)
    for name in noun.glance:
        property = noun.properties[name]
        given = [property.type.text(record[name]) for record in said if name in record]
        values = given if len(given) == 1 else _most_said(given)
        if values:
            shown = " or ".join(property.type.show(value) for value in values[:MOST_VALUES])
            told.append(About(property.label, f"{shown} …" if len(values) > MOST_VALUES else shown))
    return tuple(told)


def _most_said(given: Iterable[str]) -> list[str]:
    """The values, those said most often first; those that differ only in case are one."""
    times = Counter(given)
    forms = _forms(times)
    values: Counter[str] = Counter()
    for value, number in times.items():
        values[forms[value]] += number
    return [value for value, _ in values.most_common()]


def _forms(said: Mapping[str, int]) -> dict[str, str]:
    """The form to show each value in: of those that differ only in case, the one with small letters said most."""
    best = {}
    for value in sorted(said, key=lambda value: (not value.isupper(), said[value], value)):
        best[value.casefold()] = value
    return {value: best[value.casefold()] for value in said}


def _fact(
    property: Property, given: dict[str, list[Said]], wrong: dict[tuple[str, str, bool], list[Said]], *, masked: bool
) -> Fact:
    ordered = _ordered(given)
    if masked:
        everything = [place for said in (*given.values(), *wrong.values()) for place in said]
        return Fact(property.name, property.label, (Seen("", "", _once(everything), masked=True),), disagree=False)
    seen = tuple(Seen(value, property.type.show(value), _once(said)) for value, said in ordered)
    disagree = not property.varies and any(not property.type.agree(seen[0].value, other.value) for other in seen[1:])
    not_understood = tuple(NotUnderstood(*told[:2], _once(said), told[2]) for told, said in wrong.items())
    return Fact(property.name, property.label, seen, disagree, property.warning, not_understood)


def _ordered(given: dict[str, list[Said]]) -> list[tuple[str, list[Said]]]:
    """The values in the form to show them in, the best attested first."""
    if len(given) == 1:
        return list(given.items())
    forms = _forms({value: len(said) for value, said in given.items()})
    values: dict[str, list[Said]] = {}
    for value, said in given.items():
        values.setdefault(forms[value], []).extend(said)
    return sorted(values.items(), key=lambda item: (-len({s.source for s in item[1]}), -len(item[1]), item[0]))


def _once(said: Iterable[Said]) -> tuple[Said, ...]:
    return tuple({(each.source, each.delivery, each.file, each.row): each for each in said}.values())


def tie(link: Link, links: Mapping[str, LinkType], nouns: Mapping[str, type[ObjectType]], origins: Origins) -> Tie:
    """One link as this object sees it."""
    declared = links[link.type]
    return Tie(
        link.type,
        declared.label if link.forward else declared.reverse,
        link.other,
        link.caption,
        nouns[link.other_type].label,
        link.role or "",
        link.category or "",
        link.from_date or "",
        link.to_date or "",
        link.basis or "fact",
        tuple(origins.said(*place) for place in link.said),
        link.day,
    )


def groups(ties: Iterable[Tie], counts: Iterable[LinkCount], links: Mapping[str, LinkType]) -> list[TieGroup]:
    """Ties by type and direction, in the order of the ontology, each with the number of all there are."""
    shown: dict[tuple[str, str], list[Tie]] = {}
    for each in ties:
        shown.setdefault((each.type, each.label), []).append(each)
    totals: dict[tuple[str, str], int] = {}
    for count in counts:
        declared = links[count.type]
        label = declared.label if count.forward else declared.reverse
        totals[count.type, label] = totals.get((count.type, label), 0) + count.objects
    order = [(name, label) for name, link in links.items() for label in dict.fromkeys((link.label, link.reverse))]
    return [
        TieGroup(name, label, max(totals.get((name, label), 0), len(shown[name, label])), tuple(shown[name, label]))
        for name, label in order
        if (name, label) in shown
    ]


def timeline(noun: type[ObjectType], known: Iterable[Fact], ties: Iterable[Tie]) -> list[Moment]:
    """What happened, newest first: the object's own dates and the events that it is tied to."""
    entries = [
        Moment(value.value, _WHEN.show(value.value[:_MINUTES]), fact.label, value.said[0].title, None)
        for fact in known
        if isinstance(noun.properties[fact.name].type, Date | MomentType)
        for value in fact.values
        if not value.masked
    ]
    for each in ties:
        when = each.from_date or (each.day.isoformat() if each.day else "")
        if when:
            entries.append(
                Moment(
                    when,
                    _WHEN.show(when[:_MINUTES]),
                    each.caption or each.other_type,
                    each.label,
                    each.other,
                    each.role,
                )
            )
    return sorted(entries, key=lambda entry: entry.when, reverse=True)
