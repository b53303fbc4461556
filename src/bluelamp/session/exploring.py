"""How things are connected: what stands around some things, the ways between two, what a chart shows of many."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from bluelamp.errors import BlueLampError, TooMuch
from bluelamp.ids import ObjectId
from bluelamp.index.graph import Choice, Step, day
from bluelamp.ontology.grammar import Basis, Kind, ObjectType
from bluelamp.ontology.links import PLACED as AT_A_PLACE
from bluelamp.session import compose, visibility
from bluelamp.session.permissions import Action
from bluelamp.session.sampling import Sampling
from bluelamp.session.styling import StyleLine, Styling

#: things that one chart, or one question about several things, may hold
MOST_THINGS = 20_000

#: things that one search around brings at most, unless told otherwise
CAP = 100

#: the longest paths that are looked for, in links, and how many of them are shown
LONGEST, MOST_PATHS = 6, 100

#: link types that say where an event was
PLACED = frozenset({AT_A_PLACE})

EVERYTHING = Choice()


@dataclass(frozen=True)
class Thing:
    """One object as a chart shows it, from what this reader may see of it."""

    id: ObjectId
    type: str
    label: str
    #: `person`, `object`, `location` or `event`
    kind: str
    caption: str
    about: str
    #: property name -> the values to show, the best attested first; sensitive ones only where the purpose sees them
    values: dict[str, tuple[str, ...]]
    #: when it happened, as far as it was said: `2016-06`; "" for what is no event
    when: str
    #: latitude and longitude of it, or of the place where it happened
    points: tuple[tuple[float, float], ...]
    #: how exact these are, in the source's word; "" where it says none
    precision: str
    sources: tuple[str, ...]
    markings: tuple[str, ...]
    #: when it ended, of an event that lasts; else until when it must have happened; "" where nothing is said
    until: str = ""
    #: whether it went on from `when` to `until`
    lasts: bool = False
    #: the names of the declared styles that fit it, the first of which decides
    styles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bond:
    """One link between two things of a chart, as one or more source rows state it."""

    one: ObjectId
    other: ObjectId
    type: str
    label: str
    role: str
    category: str
    from_date: str
    to_date: str
    basis: str
    #: whether it rests on an assessment, or on information that is graded untested or worse
    doubtful: bool
    sources: tuple[str, ...]
    #: of the rows that state it
    markings: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """Some things and the links among them."""

    things: tuple[Thing, ...]
    bonds: tuple[Bond, ...]
    marking: str
    #: the key to those styles that fit something of it, in the order in which they count
    styles: tuple[StyleLine, ...] = ()


@dataclass(frozen=True)
class Around:
    """One kind of link that leads away from some things, and how many other things it leads to."""

    type: str
    forward: bool
    label: str
    role: str
    other_type: str
    other_label: str
    count: int


@dataclass(frozen=True)
class AroundView:
    """What stands around some things, counted, before anything of it is shown."""

    kinds: tuple[Around, ...]
    #: different things in all
    total: int
    marking: str


@dataclass(frozen=True)
class Followed:
    """The things that a search around found, at most as many as were asked for."""

    things: tuple[ObjectId, ...]
    total: int


@dataclass(frozen=True)
class PathsView:
    """All shortest paths between two things; each is a sequence of things."""

    paths: tuple[tuple[ObjectId, ...], ...]
    #: links of each path; 0 where there is none within the limit
    length: int
    #: whether there are more than are shown
    more: bool
    drawing: Drawing


class Exploring(Sampling):
    """The verbs of a session that follow links."""

    def around(self, ids: Iterable[str | ObjectId], choice: Choice = EVERYTHING) -> AroundView:
        """How many things stand around some things, by kind of link.

        Raises NotFound where one is not there, and TooMuch.
        """
        asked = self._asked(ids)
        question = {"around": [str(each) for each in asked], **told(choice)}
        with self._answered(asked, question):
            kinds = self.index.graph.around(asked, choice, self.visible)
        links, nouns = self.force.workspace.links, self.force.workspace.nouns
        listed = [
            Around(
                kind.type, kind.forward, links[kind.type].label if kind.forward else links[kind.type].reverse,
                kind.role or "", kind.other_type, nouns[kind.other_type].plural, len(others),
            )
            for kind, others in kinds.items()
        ]  # fmt: skip
        order = {name: place for place, name in enumerate(links)}
        listed.sort(key=lambda each: (order[each.type], not each.forward, each.role, each.other_type))
        total = len(set().union(*kinds.values())) if kinds else 0
        self._log(Action.LINKS, asked, question, total)
        return AroundView(tuple(listed), total, self._marking_around(asked, choice, kinds.values()))

    def follow(self, ids: Iterable[str | ObjectId], choice: Choice = EVERYTHING, most: int = CAP) -> Followed:
        """The things around some things, the best connected with them first.

        Raises NotFound where one is not there, and TooMuch.
        """
        asked = self._asked(ids)
        question = {"follow": [str(each) for each in asked], **told(choice)}
        with self._answered(asked, question):
            kinds = self.index.graph.around(asked, choice, self.visible)
        ties = Counter(other for others in kinds.values() for other in others)
        captions = self.index.captions(ties, self.visible)
        found = sorted(ties, key=lambda each: (-ties[each], each.type, captions[each], each.number))
        shown = found[: max(0, min(most, MOST_THINGS))]
        self._log(Action.LINKS, [*asked, *shown], question, len(shown))
        return Followed(tuple(shown), len(found))

    def common(self, ids: Iterable[str | ObjectId], choice: Choice = EVERYTHING) -> Followed:
        """What two or more of some things are both linked to, that of most of them first. Raises TooMuch."""
        asked = self._asked(ids)
        question = {"common": [str(each) for each in asked], **told(choice)}
        with self._answered(asked, question):
            shared = self.index.graph.common(asked, choice, self.visible)
        captions = self.index.captions(shared, self.visible)
        found = sorted(shared, key=lambda each: (-len(shared[each]), each.type, captions[each], each.number))
        self._log(Action.LINKS, [*asked, *found], question, len(found))
        return Followed(tuple(found), len(found))

    def paths(
        self,
        one: str | ObjectId,
        other: str | ObjectId,
        choice: Choice = EVERYTHING,
        longest: int = 4,
        most: int = MOST_PATHS,
    ) -> PathsView:
        """All shortest paths between two things, through what this reader may see alone.

        Raises NotFound where one of them is not there, BlueLampError for a length that is not looked for, and TooMuch.
        """
        if not 1 <= longest <= LONGEST:
            raise BlueLampError(f"Paths are looked for up to {LONGEST} links; choose a length from 1 to {LONGEST}.")
        ends = self._asked([one, other])
        asked = {"path": [str(each) for each in ends], "longest": longest, **told(choice)}
        with self._answered(ends, asked):
            if len(ends) == 1:
                raise BlueLampError("A path needs two different things; choose another.")
            found = self.index.graph.paths(ends[0], ends[1], choice, self.visible, longest, MOST_THINGS)
        ids = self.index.graph.ids({number for path in found.paths for number in path}, self.visible)
        captions = self.index.captions(ids.values(), self.visible)
        paths = [tuple(ids[number] for number in path) for path in found.paths]
        # numbers may be those of hidden records, so they order only what nothing else tells apart
        paths.sort(key=lambda path: ([captions[each] for each in path], path))
        shown = paths[:most]
        drawing = self._drawing(dict.fromkeys(each for path in shown for each in path))
        self._log(Action.LINKS, [*ends, *(each.id for each in drawing.things)], asked, len(shown))
        return PathsView(tuple(shown), found.length, found.more or len(paths) > most, drawing)

    def drawing(self, ids: Iterable[str | ObjectId]) -> Drawing:
        """Some things with the links among them; those that this reader may not see are left out."""
        self._may(Action.LINKS, "a chart")
        drawing = self._drawing(dict.fromkeys(self._found(ids)))
        self._log(Action.LINKS, [each.id for each in drawing.things], {"drawing": True}, len(drawing.things))
        return drawing

    # ---- what these are made of ----

    @contextmanager
    def _answered(self, things: Sequence[ObjectId], asked: dict[str, object]) -> Iterator[None]:
        """The entry of a question that comes to a sentence: that its things are there, that there is too much around
        them, or that one of them has no place, is an answer too.
        """
        try:
            yield
        except BlueLampError:
            self._log(Action.LINKS, things, asked, 0)
            raise

    def _marking_around(self, asked: Sequence[ObjectId], choice: Choice, others: Iterable[Iterable[ObjectId]]) -> str:
        """The marking of what stands around some things, and of the links that lead there."""
        numbers = {each.number for each in chain(asked, *others)}
        steps = self.index.graph.steps((each.number for each in asked), choice, self.visible)
        marks = {self.index.accesses[step.access][1] for step in steps}
        marks |= self.index.pairs.markings(numbers, self.visible)
        return visibility.highest(marks, self.force.workspace.markings)

    def _found(self, ids: Iterable[str | ObjectId]) -> list[ObjectId]:
        """The objects that ids mean now, of those that this reader may know of; each once, in the order asked."""
        wanted = list(ids)
        if len(wanted) > MOST_THINGS:
            raise TooMuch(f"{len(wanted):,} things are more than one chart holds ({MOST_THINGS:,}); choose fewer.")
        return list(dict.fromkeys(self._mean(map(str, wanted)).values()))

    def _mean(self, ids: Iterable[str]) -> dict[str, ObjectId]:
        """What each id means now, of those that this reader may know of."""
        found = {each: object for each in ids if (object := self._meant(each))}
        seen = self.index.graph.seen(found.values(), self.visible)
        return {each: object for each, object in found.items() if object in seen}

    def _meant(self, id: str) -> ObjectId | None:
        """The object that an id means, where what it was called by is no secret for this reader."""
        found = self.index.find(id)
        if found is None or str(found) == id.strip().lower():
            return found
        number = int(id.strip().lower().rpartition("-")[2], 16)
        return found if self.index.holds(found, number, self.visible) else None

    def _asked(self, ids: Iterable[str | ObjectId]) -> list[ObjectId]:
        """The objects asked about, all of which must be there."""
        wanted = list(ids)
        self._may(Action.LINKS, " ".join(map(str, wanted[:10])))
        if not wanted:
            raise BlueLampError("Choose at least one thing first.")
        if len(wanted) > MOST_THINGS:
            raise TooMuch(f"{len(wanted):,} things are more than one question holds ({MOST_THINGS:,}); choose fewer.")
        found = self._mean(map(str, wanted))
        for each in wanted:
            if str(each) not in found:
                raise self._absent(str(each))
        return list(dict.fromkeys(found.values()))

    def _drawing(self, ids: Iterable[ObjectId]) -> Drawing:
        listed = list(ids)
        # the database looks for links while the things are read
        with ThreadPoolExecutor(1) as beside:
            asked = beside.submit(self.index.graph.among, listed, EVERYTHING, self.visible)
            things = self._things(listed)
            steps = asked.result()
        grades = {each.id.number: _grade(each) for each in things}
        bonds = self._bonds(steps, grades)
        fitting = [each.styles for each in things] + [each.styles for each in bonds]
        styles = self._styling.key(name for names in fitting for name in names)
        markings = {marking for each in things for marking in each.markings}
        markings |= {self.index.accesses[step.access][1] for step in steps}
        marking = visibility.highest(markings, self.force.workspace.markings)
        return Drawing(tuple(things), tuple(bonds), marking, styles)

    def _things(self, ids: Sequence[ObjectId]) -> list[Thing]:
        seen = self.index.graph.seen(ids, self.visible)
        nouns = self.force.workspace.nouns
        names = {name: self._shown_of(noun) for name, noun in nouns.items()}
        said = self.index.values(ids, names, self.visible)
        places = self._places_of([each for each in ids if self._noun(each).kind is Kind.EVENT])
        things = []
        for id in ids:
            if id not in seen:
                continue
            noun, at = self._noun(id), [self.index.accesses[access] for access in seen[id].accesses]
            given = {name for each in said.get(id, ()) for name in each}
            facts = {name: _values(noun, name, said[id]) for name in names[noun.name()] if name in given}
            own = (facts.get("point", ()), facts.get("precision", ()))
            points, precision = own if own[0] else places.get(id, ((), ()))
            when, until = (facts.get(each, ()) if each else () for each in (noun.when, noun.until))
            things.append(
                Thing(
                    id, noun.name(), noun.label, noun.kind.value, seen[id].caption,
                    ", ".join(each.value for each in compose.about(noun, said.get(id, ()))),
                    {n: tuple(map(noun.properties[n].type.show, values)) for n, values in facts.items() if values},
                    when[0] if when else day(seen[id]), tuple(map(_point, points)), precision[0] if precision else "",
                    tuple(sorted({source for source, _ in at})), tuple(sorted({marking for _, marking in at})),
                    until[0] if until else "", noun.lasts, self._styling.of_thing(noun, facts),
                )
            )  # fmt: skip
        return things

    @cached_property
    def _styling(self) -> Styling:
        workspace = self.force.workspace
        return Styling(workspace.styles, workspace.nouns, workspace.links)

    def _shown_of(self, noun: type[ObjectType]) -> list[str]:
        return [name for name, each in noun.properties.items() if self.purpose.sensitive or not each.sensitive]

    def _places_of(self, events: Sequence[ObjectId]) -> dict[ObjectId, tuple[tuple[str, ...], tuple[str, ...]]]:
        """The points of the places of events, and how exact these are."""
        steps = [
            step
            for step in self.index.graph.steps((each.number for each in events), Choice(types=PLACED), self.visible)
            if step.forward
        ]
        nouns = self.force.workspace.nouns
        ends = {ObjectId(nouns[step.other_type].slug(), step.other) for step in steps}
        said = self.index.values(ends, dict.fromkeys(nouns, ("point", "precision")), self.visible)
        by_number = {each.number: each for each in events}
        found: dict[ObjectId, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for step in sorted(steps, key=lambda step: (step.object, step.other)):
            noun, event = nouns[step.other_type], by_number[step.object]
            records = said.get(ObjectId(noun.slug(), step.other), ())
            if event not in found and (points := _values(noun, "point", records)):
                found[event] = points[:1], _values(noun, "precision", records)
        return found

    def _bonds(self, steps: Iterable[Step], grades: dict[int, str]) -> list[Bond]:
        said: dict[Step, set[int]] = {}
        for step in steps:
            said.setdefault(step._replace(access=0), set()).add(step.access)
        links, nouns = self.force.workspace.links, self.force.workspace.nouns
        bonds = []
        for step, accesses in said.items():
            basis = step.basis or Basis.FACT.value
            grade = grades.get(step.object, "") or grades.get(step.other, "")
            bonds.append(
                Bond(
                    ObjectId(nouns[step.object_type].slug(), step.object),
                    ObjectId(nouns[step.other_type].slug(), step.other), step.type, links[step.type].label,
                    step.role or "", step.category or "", step.from_date or "", step.to_date or "", basis,
                    basis == Basis.ASSESSMENT.value or _weak(grade),
                    tuple(sorted({self.index.accesses[access][0] for access in accesses})),
                    tuple(sorted({self.index.accesses[access][1] for access in accesses})),
                    self._styling.of_link(step.type, step.role or "", basis, grade),
                )
            )  # fmt: skip
        bonds.sort(key=lambda each: (each.type, each.role, each.from_date, each.one, each.other))
        return bonds


def told(choice: Choice) -> dict[str, object]:
    """A choice as the audit log says it."""
    said = {name: sorted(each) if isinstance(each, frozenset) else each for name, each in vars(choice).items()}
    return {name: each for name, each in said.items() if each}


def _values(noun: type[ObjectType], name: str, records: Iterable[dict[str, object]]) -> tuple[str, ...]:
    """The distinct values of a property, said most often first."""
    if name not in noun.properties:
        return ()
    said = [noun.properties[name].type.text(each[name]) for each in records if name in each]
    if len(said) < 2:  # noqa: PLR2004 (most things: there is nothing to count)
        return tuple(said)
    given = Counter(said)
    return tuple(sorted(given, key=lambda value: (-given[value], value)))


def _grade(thing: Thing) -> str:
    return thing.values.get("grade", ("",))[0][:3] if thing.type == "IntelligenceReport" else ""


def _weak(grade: str) -> bool:
    """Whether a 3x5x2 grade says an untested source, or information not known or suspected false (INT-1)."""
    return bool(grade) and (grade[0] in "23" or grade[1:2] in ("D", "E"))


def _point(text: str) -> tuple[float, float]:
    latitude, longitude = text.split(",")
    return float(latitude), float(longitude)
