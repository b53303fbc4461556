"""Review: which pairs are worth a person's judgement, what speaks for and against each, and why an object is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product

import numpy as np

from bluelamp.ids import ObjectId
from bluelamp.index.found import Link, Record
from bluelamp.index.pairs import MOST, Likely
from bluelamp.ontology.grammar import ObjectType
from bluelamp.resolution.decided import Implied, Judged, Verdict
from bluelamp.resolution.declared import wording
from bluelamp.session import compose, decisions
from bluelamp.session.decisions import Decision
from bluelamp.session.judging import DecisionView, Judging
from bluelamp.session.permissions import Action
from bluelamp.session.scales import Scale, Weighed
from bluelamp.session.views import Fact, Tie, TieGroup

#: pairs on one page of the queue, and ties of each side that an item shows
PAIRS, TIES = 25, 30

#: records of one object among which joins are drawn
JOINED = 60


@dataclass(frozen=True)
class Side:
    """One of two objects that a person holds against each other, as this reader may see it."""

    record: ObjectId
    object: ObjectId
    caption: str
    facts: tuple[Fact, ...]
    groups: tuple[TieGroup, ...]
    records: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """One property of two objects side by side."""

    label: str
    left: Fact | None
    right: Fact | None
    #: `same` where some value of both agrees, `differ` where none does, `one` where only one side has any
    state: str


@dataclass(frozen=True)
class PairView:
    """Two records for a person to judge, with the objects that they belong to."""

    type: str
    left: Side
    right: Side
    held: tuple[Held, ...]
    #: what the model says of the two records; None where there is none
    weighed: Weighed | None
    #: the decisions in force on these two records, the newest first
    decisions: tuple[DecisionView, ...]
    #: whether the published build has them as one object
    one: bool
    marking: str


@dataclass(frozen=True)
class Waiting:
    """A pair in the queue."""

    left: ObjectId
    right: ObjectId
    captions: tuple[str, str]
    about: tuple[str, str]
    probability: float
    #: links that hang on both
    links: int
    #: whether somebody has said that they cannot tell
    unsure: bool
    #: whether it waits for a second judge, who may be you
    second: bool


@dataclass(frozen=True)
class Queue:
    """A page of what there is to judge. `more`: that there is more than was looked at."""

    type: str
    types: tuple[tuple[str, str], ...]
    waiting: tuple[Waiting, ...]
    total: int
    more: bool
    marking: str


@dataclass(frozen=True)
class Join:
    """One join of the tree that holds an object together."""

    left: ObjectId
    right: ObjectId
    #: what each record is called, and where it stands
    captions: tuple[str, str]
    sources: tuple[str, str]
    #: `decision`, `key`, `likeness`, or `writing`: what both write comes to one place
    by: str
    #: who decided, or which key they have in common; "" for likeness
    said: str
    probability: float | None = None
    scales: tuple[Scale, ...] = ()


@dataclass(frozen=True)
class JoinsView:
    """Why some records are one object."""

    object: ObjectId
    caption: str
    type: str
    joins: tuple[Join, ...]
    #: records among which joins are drawn
    records: int
    marking: str


@dataclass(frozen=True)
class Settled:
    """What decisions say of the objects of one type."""

    implied: Implied
    #: two objects of which somebody could not tell, and two that wait for a second judge
    unsure: set[tuple[int, int]]
    second: set[tuple[int, int]]

    def turn(self, pair: Likely) -> tuple[bool, bool]:
        """Its place in the queue: where somebody waits for a second judge comes first, what nobody could tell last."""
        return _ends(pair) not in self.second, _ends(pair) in self.unsure


class Reviewing(Judging):
    """The verbs of a session that show what there is to judge."""

    def review(self, type: str = "", page: int = 1, size: int = PAIRS) -> Queue:
        """A page of the pairs of one type that a person should judge, those first where a judgement is worth most.

        That is where it is least certain what is right, and of these where most hangs on it. One pair for each two
        objects; none that are decided, and those last of which somebody could not tell. Only records of sources of
        which you may see every row. Raises NotFound for a type of which there is no model.
        """
        self._may(Action.REVIEW, type)
        known = self._judged_types()
        noun = known.get(type) or next(iter(known.values()), None)
        if (type and type not in known) or noun is None:
            if type:
                raise self._absent(f"a review of {type}")
            self._log(Action.REVIEW, (), {"review": ""}, 0)
            return Queue("", (), (), 0, more=False, marking=self._marking(()))
        listed, settled, more = self._open_pairs(noun)
        links = self.index.pairs.linked(
            {end.number for each in listed for end in (each.object, each.other_object)}, self.visible
        )
        hang = {each: sum(links.get(end.number, 0) for end in (each.object, each.other_object)) for each in listed}
        listed.sort(key=lambda each: (*settled.turn(each), -_worth(each), -hang[each], -each.weight, *_ends(each)))
        first = (max(page, 1) - 1) * size
        page_of = listed[first : first + size]
        objects = [end for each in page_of for end in (each.object, each.other_object)]
        captions = self.index.captions(objects, self.visible)
        said = self.index.values(objects, {noun.name(): noun.glance}, self.visible)
        about = {id: ", ".join(each.value for each in compose.about(noun, said.get(id, ()))) for id in objects}
        shown = [
            Waiting(
                left=ObjectId(noun.slug(), each.record),
                right=ObjectId(noun.slug(), each.other),
                captions=(captions.get(each.object, ""), captions.get(each.other_object, "")),
                about=(about[each.object], about[each.other_object]),
                probability=_probability(each.weight),
                links=hang[each],
                unsure=_ends(each) in settled.unsure,
                second=_ends(each) in settled.second,
            )
            for each in page_of
        ]
        self._log(Action.REVIEW, objects, {"review": noun.name(), "page": page}, len(shown))
        types = tuple((name, each.plural) for name, each in known.items())
        return Queue(noun.name(), types, tuple(shown), len(listed), more, self._marking(objects))

    def compare(self, one: str | ObjectId, other: str | ObjectId) -> PairView:
        """Two records and the objects that they belong to, side by side, with what speaks for and against.

        Of two records of one object each is shown alone.

        Raises NotFound where you may not see all of both.
        """
        self._may(Action.REVIEW, f"{one} {other}")
        ends = self._two(one, other)
        places = self._places(ends[0].type, [each.number for each in ends])
        if len(places) < len(ends):
            raise self._absent(f"{one} and {other}")
        noun = self._noun(ends[0])
        alone = places[ends[0].number] == places[ends[1].number]
        left, right = (self._side(noun, end, places[end.number], alone=alone) for end in ends)
        scales = self.force.scales(noun.name())
        weighed = scales.weigh(scales.frame(e.number for e in ends), *(e.number for e in ends)) if scales else None
        said = self._shown(self._on(noun, ends))
        objects = [left.object, right.object]
        ids = [*ends, *objects, *(tie.other for side in (left, right) for group in side.groups for tie in group.ties)]
        self._log(Action.REVIEW, ids, {"pair": [str(each) for each in ends]}, 1)
        return PairView(
            noun.name(), left, right, tuple(_held(noun, left.facts, right.facts)), weighed, said[::-1],
            left.object == right.object, self._marking(objects),
        )  # fmt: skip

    def joins(self, id: str | ObjectId) -> JoinsView:
        """Why the records of an object are one: a tree of joins, the strongest that hold them together.

        Only records of sources of which you may see every row, at most 60 of them. Raises NotFound.
        """
        self._may(Action.REVIEW, str(id))
        found = self.index.find(str(id))
        caption = self.index.captions([found], self.visible).get(found) if found else None
        if found is None or caption is None:
            raise self._absent(str(id))
        noun = self._noun(found)
        every = self._records(found)
        records = {number: said[0] for number, said in every.items()}
        scales = self.force.scales(noun.name())
        frame = scales.frame(records) if scales else None
        tree = self._tree(noun, every, list(records))
        joins = tuple(
            self._join(noun, records, each, scales.weigh(frame, *each[:2]) if scales and frame else None)
            for each in tree
        )
        ids = [found, *(ObjectId(noun.slug(), number) for number in records)]
        self._log(Action.REVIEW, ids, {"joins": str(id)}, len(joins))
        return JoinsView(found, caption, noun.name(), joins, len(records), self._marking([found]))

    def between(self, one: str | ObjectId, other: str | ObjectId) -> tuple[ObjectId, ObjectId]:
        """The two records of two objects that are best held against each other: with a key in common, else most alike.

        Raises NotFound where you may see no record of either in whole.
        """
        self._may(Action.REVIEW, f"{one} {other}")
        ends = [self.index.find(str(each)) for each in (one, other)]
        left, right = (self._records(each) if each and each.type in self._slugs() else {} for each in ends)
        if not left or not right or ends[0] is None or ends[1] is None or ends[0].type != ends[1].type:
            raise self._absent(f"{one} and {other}")
        noun = self._noun(ends[0])
        likely = {(a, b): weight for weight, a, b, *_ in self._likenesses(noun, [*left, *right])}
        found = max(
            product(left, right),
            key=lambda pair: (bool(_shared(noun, left[pair[0]], right[pair[1]])), likely.get(_sorted(pair), -np.inf)),
        )
        ids = ObjectId(noun.slug(), found[0]), ObjectId(noun.slug(), found[1])
        self._log(Action.REVIEW, [*ids, ends[0], ends[1]], {"between": [str(one), str(other)]}, 1)
        return ids

    # ---- what these are made of ----

    def _slugs(self) -> set[str]:
        return {noun.slug() for noun in self.force.workspace.nouns.values()}

    def _records(self, id: ObjectId) -> dict[int, list[Record]]:
        """What this session may see in whole of an object, record by record."""
        every: dict[int, list[Record]] = {}
        for each in self.index.records(id, self.entire):
            every.setdefault(each.record, []).append(each)
        return dict(islice(every.items(), JOINED))

    def _judged_types(self) -> dict[str, type[ObjectType]]:
        """The types of which the published build joins by a model."""
        build = self.force.build
        models = build.models if build else {}
        return {name: noun for name, noun in self.force.workspace.nouns.items() if name in models}

    def _open_pairs(self, noun: type[ObjectType]) -> "tuple[list[Likely], Settled, bool]":
        """The pairs that nobody has decided on, of what is least certain; what decisions say; whether there are more
        than were looked at.
        """
        settled = self._settled(noun)
        listed: list[Likely] = []
        offset = 0
        while True:
            found = self.index.pairs.likely(noun.name(), self.entire, offset)
            listed += [
                each for each in found if not settled.implied.settles(each.object.number, each.other_object.number)
            ]
            if len(found) < MOST or len(listed) >= MOST // 2:
                return listed, settled, len(found) == MOST
            offset += MOST

    def _settled(self, noun: type[ObjectType]) -> "Settled":
        """What the decisions that this session may see say of objects."""
        with self.force.database.begin() as connection:
            listed = decisions.of(connection, noun.name())
        places = self._places(noun.slug(), {end for each in listed for end in (each.record, each.other)})
        implied, unsure, second = Implied(), set[tuple[int, int]](), set[tuple[int, int]]()
        for each in listed:
            if each.record not in places or each.other not in places:
                continue
            one, other = sorted((places[each.record].number, places[each.other].number))
            if each.verdict == Verdict.UNSURE:
                unsure.add((one, other))
            elif not each.holds and each.user != self.user.name:
                second.add((one, other))
            elif one != other:
                implied.take(Judged(each.type, one, other, each.verdict))
        return Settled(implied, unsure, second)

    def _on(self, noun: type[ObjectType], ends: Sequence[ObjectId]) -> list[Decision]:
        """The decisions in force on just these two records."""
        least, most = sorted(each.number for each in ends)
        with self.force.database.begin() as connection:
            return [e for e in decisions.of(connection, noun.name(), least) if (e.record, e.other) == (least, most)]

    def _side(self, noun: type[ObjectType], record: ObjectId, id: ObjectId, *, alone: bool) -> Side:
        """An object, or one record of it `alone`."""
        records, caption, linked = self.index.page(id, self.visible, TIES)
        links, counts = linked.links, linked.counts
        if alone:
            records = [each for each in self.index.records(id, self.visible) if each.record == record.number]
            caption = records[0].caption if records else caption
            rows = {(each.source, each.delivery, each.file, each.row) for each in records}
            every = self.index.links(id, self.visible, limit=MOST).links
            links = tuple(e for e in every if any((said[0], *said[2:]) in rows for said in e.said))
            counts, links = (), links[:TIES]
        known = compose.facts(noun, records, self.origins, sensitive=self.purpose.sensitive)
        groups = compose.groups([self._tie(link) for link in links], counts, self.force.workspace.links)
        return Side(
            record, id, caption or "", tuple(known), tuple(groups), len({each.record for each in records}),
            tuple(dict.fromkeys(each.source for each in records)),
        )  # fmt: skip

    def _tree(
        self, noun: type[ObjectType], every: dict[int, list[Record]], records: list[int]
    ) -> list[tuple[int, int, str, str]]:
        """The strongest joins that hold records together: a decision before a key, a key before likeness."""
        decided = {(e.record, e.other): e for e in self._decided(noun, records)}
        found: list[tuple[float, int, int, str, str]] = []
        for one, other in combinations(sorted(records), 2):
            if (one, other) in decided:
                who = decided[one, other]
                found.append((np.inf, one, other, "decision", f"{who.user}, {who.at:%d %b %Y}: {who.reason}"))
            elif key := _shared(noun, every[one], every[other]):
                found.append((1e6, one, other, "key", key))
        found += self._likenesses(noun, records)
        found.sort(key=lambda each: (-each[0], *each[1:3]))
        root = {each: each for each in records}

        def of(record: int) -> int:
            while root[record] != record:
                record = root[record]
            return record

        tree = []
        for _, one, other, by, said in found:
            if of(one) != of(other):
                root[of(one)] = of(other)
                tree.append((one, other, by, said))
        workspace = self.force.workspace
        if wording(noun, workspace.nouns, workspace.links.values()):
            apart = [record for record in sorted(records) if of(record) == record]
            tree += [(one, other, "writing", "") for one, other in pairwise(apart)]
        return tree

    def _decided(self, noun: type[ObjectType], records: list[int]) -> list[Decision]:
        with self.force.database.begin() as connection:
            listed = decisions.of(connection, noun.name(), *records)
        return [e for e in listed if e.verdict == Verdict.SAME and e.holds and {e.record, e.other} <= set(records)]

    def _likenesses(self, noun: type[ObjectType], records: list[int]) -> list[tuple[float, int, int, str, str]]:
        scales = self.force.scales(noun.name())
        frame = scales.frame(records) if scales else None
        if scales is None or frame is None or len(frame) < 2:  # noqa: PLR2004 (a pair)
            return []
        left, right = np.triu_indices(len(frame), 1)
        weights = scales.model.weigh(frame, left, right)
        known = frame.records.tolist()
        return [
            (weight, known[one], known[other], "likeness", "")
            for one, other, weight in zip(left.tolist(), right.tolist(), weights.tolist(), strict=True)
            if weight >= scales.model.bands.least
        ]

    def _join(
        self,
        noun: type[ObjectType],
        records: dict[int, Record],
        join: tuple[int, int, str, str],
        weighed: Weighed | None,
    ) -> Join:
        one, other, by, said = join
        titles = [
            f"{self.origins.sources[each.source].title}, row {each.row:,}" for each in (records[one], records[other])
        ]
        return Join(
            ObjectId(noun.slug(), one), ObjectId(noun.slug(), other),
            (records[one].caption, records[other].caption), (titles[0], titles[1]), by, said,
            weighed.probability if weighed else None, weighed.scales if weighed else (),
        )  # fmt: skip

    def _tie(self, link: Link) -> Tie:
        return compose.tie(link, self.force.workspace.links, self.force.workspace.nouns, self.origins)


def _held(noun: type[ObjectType], left: Iterable[Fact], right: Iterable[Fact]) -> Iterable[Held]:
    """Each property that either side has, in the order of the ontology."""
    mine, theirs = ({fact.name: fact for fact in facts} for facts in (left, right))
    for name, property in noun.properties.items():
        one, other = mine.get(name), theirs.get(name)
        if one and other:
            values = [(a.value, b.value) for a in one.values for b in other.values if not (a.masked or b.masked)]
            agree = any(property.type.agree(a, b) for a, b in values)
            state = "masked" if not values else "same" if agree else "differ"
            yield Held(property.label, one, other, state)
        elif one or other:
            yield Held(property.label, one, other, "one")


def _shared(noun: type[ObjectType], mine: Iterable[Record], theirs: Iterable[Record]) -> str:
    """The strong key that two records have in common, with its value; "" where there is none."""
    for key in noun.strong_keys():
        values = [{each.values[key.name] for each in side if key.name in each.values} for side in (mine, theirs)]
        for value in sorted(values[0] & values[1], key=str):
            return f"{key.label} {key.type.show(key.type.text(value))}"
    return ""


def _probability(weight: float) -> float:
    return float(1 / (1 + np.exp(-weight)))


def _worth(pair: Likely) -> float:
    """How uncertain it is what two records are: at most a quarter."""
    return round(_probability(pair.weight) * (1 - _probability(pair.weight)), 2)


def _ends(pair: Likely) -> tuple[int, int]:
    return pair.object.number, pair.other_object.number


def _sorted(pair: tuple[int, int]) -> tuple[int, int]:
    return min(pair), max(pair)
