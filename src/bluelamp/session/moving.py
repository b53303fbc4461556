"""Calls and movements: who was in contact with a number, when a thing is active and when not, what travels with it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from bluelamp.errors import BlueLampError
from bluelamp.ids import ObjectId
from bluelamp.index.graph import Choice
from bluelamp.ontology.grammar import Kind
from bluelamp.session import visibility
from bluelamp.session.exploring import PLACED
from bluelamp.session.permissions import Action
from bluelamp.session.placing import Placing

#: the links of a call to its two phones, and of a read to its vehicle
ENDS, SEEN = frozenset({"from_phone", "to_phone"}), "involves_vehicle"

#: gaps that are told, and minutes that a convoy may be apart at most
GAPS, MOST_APART = 10, 120


@dataclass(frozen=True)
class Contact:
    """A phone that another was in contact with: how many calls each way, the first and the last."""

    id: ObjectId
    caption: str
    out: int
    in_: int
    first: str
    last: str


@dataclass(frozen=True)
class Gap:
    """A time in which nothing of a thing is known."""

    first: str
    last: str
    days: float


@dataclass(frozen=True)
class Rhythm:
    """When the events of a thing happened, of those of which the minute is known."""

    id: ObjectId
    caption: str
    events: int
    first: str
    last: str
    #: events by day of the week (Monday first) and hour
    hours: tuple[tuple[int, ...], ...]
    #: the longest times between two events
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Traveller:
    """A vehicle that was read where another was, soon before or after: how often and at how many places."""

    id: ObjectId
    caption: str
    times: int
    places: int
    first: str
    last: str


@dataclass(frozen=True)
class Values:
    """How many objects of a type say each value of a property, the most first; `total` say any."""

    type: str
    property: str
    counts: tuple[tuple[str, int], ...]
    total: int
    marking: str


class Moving(Placing):
    """The verbs of a session about calls and movements."""

    def contacts(self, id: str | ObjectId) -> tuple[Contact, ...]:
        """Every number that a phone called or was called by, that with most calls first. Raises NotFound."""
        (phone,) = self._asked([id])
        asked: dict[str, object] = {"contacts": str(phone)}
        with self._answered([phone], asked):
            found = self._contacts(phone)
        self._log(Action.LINKS, [phone, *(each.id for each in found)], asked, len(found))
        return tuple(found)

    def shared_contacts(self, ids: Iterable[str | ObjectId]) -> tuple[tuple[Contact, tuple[ObjectId, ...]], ...]:
        """The numbers that two or more phones were in contact with, each with these phones; that of most first."""
        phones = self._asked(ids)
        asked: dict[str, object] = {"shared_contacts": [str(each) for each in phones]}
        with self._answered(phones, asked):
            contacts = [(phone, contact) for phone in phones for contact in self._contacts(phone)]
        by_number: dict[ObjectId, list[tuple[ObjectId, Contact]]] = {}
        for phone, contact in contacts:
            by_number.setdefault(contact.id, []).append((phone, contact))
        shared = [
            (_together([contact for _, contact in each]), tuple(phone for phone, _ in each))
            for each in by_number.values()
            if len(each) > 1
        ]
        shared.sort(key=lambda each: (-len(each[1]), -(each[0].out + each[0].in_), each[0].caption, each[0].id))
        self._log(Action.LINKS, [*phones, *(each.id for each, _ in shared)], asked, len(shared))
        return tuple(shared)

    def rhythm(self, id: str | ObjectId) -> Rhythm:
        """By day of the week and hour when the events of a thing happened, and the longest gaps. Raises NotFound."""
        (thing,) = self._asked([id])
        asked: dict[str, object] = {"rhythm": str(thing)}
        with self._answered([thing], asked):
            moments = sorted(self._moments(thing).values())
        hours = Counter((each.weekday(), each.hour) for each in moments)
        gaps = sorted(pairwise(moments), key=lambda pair: (pair[0] - pair[1], pair[0]))[:GAPS]
        caption = self.index.captions([thing], self.visible)[thing]
        self._log(Action.LINKS, [thing], asked, len(moments))
        return Rhythm(
            thing, caption, len(moments), _said(moments[0]) if moments else "", _said(moments[-1]) if moments else "",
            tuple(tuple(hours[day, hour] for hour in range(24)) for day in range(7)),
            tuple(Gap(_said(one), _said(other), (other - one) / timedelta(days=1)) for one, other in gaps),
        )  # fmt: skip

    def convoy(self, id: str | ObjectId, minutes: float = 5, least: int = 3, places: int = 2) -> tuple[Traveller, ...]:
        """The vehicles read within minutes of a vehicle at the same cameras, at least so often and at so many places.

        That they were read together says nothing of why: a main road brings the same cars together every day.
        Raises NotFound.
        """
        if not 0 < minutes <= MOST_APART or least < 1 or places < 1:
            raise BlueLampError(f"Choose 1 to {MOST_APART} minutes, and at least one time and one place.")
        (vehicle,) = self._asked([id])
        asked = {"convoy": str(vehicle), "minutes": minutes, "least": least, "places": places}
        with self._answered([vehicle], asked):
            travellers = self._travellers(vehicle, timedelta(minutes=minutes))
        found = [each for each in travellers if each.times >= least and each.places >= places and each.id != vehicle]
        found.sort(key=lambda each: (-each.times, -each.places, each.caption, each.id))
        self._log(Action.LINKS, [vehicle, *(each.id for each in found)], asked, len(found))
        return tuple(found)

    def histogram(self, type: str, property: str, first: date | None = None, last: date | None = None) -> Values:
        """How often each value of a property is said of the objects of a type, the most first.

        With days, only of events that may have happened then. Raises NotFound for what is no type or property, and
        for a sensitive property that this purpose may not see.
        """
        self._may(Action.SEARCH, f"{type} {property}")
        noun = self.force.workspace.nouns.get(type)
        known = noun.properties.get(property) if noun else None
        if noun is None or known is None or (known.sensitive and not self.purpose.sensitive):
            raise self._absent(f"a property {property} of {type}")
        days = (first.isoformat() if first else "", last.isoformat() if last else "")
        found, total, accesses = self.index.movement.histogram(noun.name(), property, self.visible, *days)
        asked = {"histogram": property, "from": days[0], "to": days[1]}
        self._log(Action.SEARCH, (), {name: each for name, each in asked.items() if each}, total, noun=noun.name())
        marking = visibility.highest(
            {self.index.accesses[access][1] for access in accesses}, self.force.workspace.markings
        )
        return Values(type, property, tuple((known.type.show(value), n) for value, n in found), total, marking)

    # ---- what these are made of ----

    def _contacts(self, phone: ObjectId) -> list[Contact]:
        steps = self.index.graph.steps([phone.number], Choice(types=ENDS), self.visible)
        calls = {step.other: step.type == "from_phone" for step in steps if not step.forward}
        ends = self.index.graph.steps(calls, Choice(types=ENDS), self.visible)
        moments = self._when("Call", calls)
        said: dict[int, dict[int, bool]] = {}
        for step in ends:
            if step.forward and step.other != phone.number:
                said.setdefault(step.other, {})[step.object] = calls[step.object]
        ids = {number: ObjectId("phone", number) for number in said}
        captions = self.index.captions(ids.values(), self.visible)
        contacts = []
        for number, theirs in said.items():
            if ids[number] in captions:
                times = sorted(moments[call] for call in theirs if call in moments)
                out = sum(theirs.values())
                first, last = (_said(times[0]), _said(times[-1])) if times else ("", "")
                contacts.append(Contact(ids[number], captions[ids[number]], out, len(theirs) - out, first, last))
        contacts.sort(key=lambda each: (-(each.out + each.in_), each.caption, each.id))
        return contacts

    def _moments(self, thing: ObjectId) -> dict[int, datetime]:
        """When each event that a thing has part in, or that happened there, happened."""
        nouns, events = self.force.workspace.nouns, dict[str, set[int]]()
        for step in self.index.graph.steps([thing.number], Choice(), self.visible):
            if step.object_type == self._noun(thing).name() and nouns[step.other_type].kind is Kind.EVENT:
                events.setdefault(step.other_type, set()).add(step.other)
        return {event: moment for type, some in events.items() for event, moment in self._when(type, some).items()}

    def _when(self, type: str, events: Iterable[int]) -> dict[int, datetime]:
        when = self.force.workspace.nouns[type].when
        return self.index.movement.moments(type, when, events, self.visible) if when else {}

    def _travellers(self, vehicle: ObjectId, apart: timedelta) -> list[Traveller]:
        type = "VehicleSighting"
        reads = [
            step.other
            for step in self.index.graph.steps([vehicle.number], Choice(types=frozenset({SEEN})), self.visible)
            if step.other_type == type
        ]
        moments = self._when(type, reads)
        places = self.index.graph.steps(reads, Choice(types=PLACED), self.visible)
        seen = sorted({(step.other, moments[step.object]) for step in places if step.object in moments})
        when = self.force.workspace.nouns[type].when or ""
        found = self.index.movement.companions(type, when, SEEN, seen, apart, self.visible)
        ids = {each.number: ObjectId("vehicle", each.number) for each in found}
        captions = self.index.captions(ids.values(), self.visible)
        return [
            Traveller(
                ids[each.number],
                captions[ids[each.number]],
                each.times,
                each.places,
                _said(each.first),
                _said(each.last),
            )
            for each in found
            if ids[each.number] in captions
        ]


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _together(contacts: list[Contact]) -> Contact:
    """What several phones had to do with one number."""
    first = min((each.first for each in contacts if each.first), default="")
    last = max(each.last for each in contacts)
    out, in_ = sum(each.out for each in contacts), sum(each.in_ for each in contacts)
    return Contact(contacts[0].id, contacts[0].caption, out, in_, first, last)
