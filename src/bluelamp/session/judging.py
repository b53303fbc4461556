"""What people say of two records: that they are of one thing, or not, or that they cannot tell."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from bluelamp import clock
from bluelamp.errors import BlueLampError, Contradiction
from bluelamp.ids import ObjectId, decision_id, parse
from bluelamp.resolution.decided import Verdict
from bluelamp.session import decisions
from bluelamp.session.audit import Operation
from bluelamp.session.decisions import Decision
from bluelamp.session.door import Door
from bluelamp.session.permissions import Action

#: decisions on one page
DECISIONS = 50

SAID = {
    Verdict.SAME: "are the same",
    Verdict.NOT_SAME: "are not the same",
    Verdict.UNSURE: "may or may not be the same",
}


@dataclass(frozen=True)
class DecisionView:
    """A decision on two records, as a reader who may see both is shown it."""

    id: str
    at: str
    user: str
    reason: str
    case_ref: str
    type: str
    verdict: str
    #: the two records, and the objects that they belong to in the published build, with what these are called
    records: tuple[ObjectId, ObjectId]
    objects: tuple[ObjectId, ObjectId]
    captions: tuple[str, str]
    #: whether the published build was made before it, or before it was undone
    waits: bool
    #: whether runs obey it only once somebody else has said the same
    second: bool
    undone_at: str = ""
    undone_by: str = ""
    undone_reason: str = ""


@dataclass(frozen=True)
class Decisions:
    """A page of decisions, and whether there are more."""

    shown: tuple[DecisionView, ...]
    more: bool
    marking: str


class Judging(Door):
    """The verbs of a session by which people decide."""

    def decide(self, one: str | ObjectId, other: str | ObjectId, verdict: str, reason: str) -> str:
        """Say that two records are the `same`, `not_same`, or that you are `unsure`; returns the decision's name.

        Runs obey it from the next on. Both records must be of sources of which you may see every row; any others are
        as if they did not exist. Raises NotFound, and Contradiction with the decision in force that says otherwise,
        where you may see that one: of others nothing is told, and of two decisions that contradict each other the
        older holds until it is undone. Where the page of either was opened for a case, runs obey it once somebody
        else has said the same.
        """
        self._may(Action.DECIDE, f"{one} {other}")
        said = self._verdict(verdict, reason)
        ends = self._two(one, other)
        places = self._places(ends[0].type, [each.number for each in ends])
        if len(places) < len(ends):
            raise self._absent(f"{one} and {other}")
        least, most = sorted(each.number for each in ends)
        decision = Decision(
            decision_id(), clock.now(), self.user.name, self.purpose.name, reason.strip(), self.case,
            self._noun(ends[0]).name(), least, most, said,
        )  # fmt: skip
        asked = {"decision": decision.id, "verdict": said, "records": [str(each) for each in ends], "reason": reason}
        entry = self._entry(Action.DECIDE, Operation.ALTERATION, [*ends, *places.values()], asked, 1)
        with self.force.database.begin() as connection:
            decisions.alone(connection)
            needed = said != Verdict.UNSURE and decisions.used_in_a_case(connection, map(str, places.values()))
            decision = replace(decision, second=needed)
            against = decisions.against(connection, decision.judged, self._known)
            if against is None:
                decisions.add(connection, decision)
                self.force.audit.append_in(connection, entry)
        if against is not None:
            self._log(Action.DECIDE, [*ends, *places.values()], asked | {"contradicts": against.id}, 0, refused=True)
            raise Contradiction(self._contradiction(against))
        return decision.id

    def undo(self, id: str, reason: str) -> None:
        """Take a decision out of force. Raises NotFound where you may not see both of its records."""
        self._may(Action.DECISION_UNDO, id)
        if not reason.strip():
            raise BlueLampError("An undoing needs a reason; say why the decision should not hold.")
        with self.force.database.begin() as connection:
            found = decisions.one(connection, id)
        if found is None or not self._known([found]):
            raise self._absent(id)
        noun = self.force.workspace.nouns[found.type]
        ends = [ObjectId(noun.slug(), number) for number in (found.record, found.other)]
        asked = {"decision": id, "undone": found.verdict, "reason": reason}
        entry = self._entry(Action.DECISION_UNDO, Operation.ALTERATION, ends, asked, 1)
        with self.force.database.begin() as connection:
            undone = decisions.undo(connection, id, self.user.name, reason.strip())
            if undone:
                self.force.audit.append_in(connection, entry)
        if not undone:
            raise BlueLampError(f"{id} was undone already; nothing was changed.")

    def decisions(self, page: int = 1, size: int = DECISIONS) -> Decisions:
        """A page of the decisions, the newest first; undone ones too.

        Only those on two records of which you may see all.
        """
        self._may(Action.DECISIONS, "decisions")
        first = (max(page, 1) - 1) * size
        found = list(islice(self._visible(decisions.newest(self.force.database)), first, first + size + 1))
        shown = self._shown(found[:size])
        ids = [id for each in shown for id in (*each.records, *each.objects)]
        self._log(Action.DECISIONS, ids, {"page": page}, len(shown))
        return Decisions(shown, len(found) > size, self._marking(id for each in shown for id in each.objects))

    # ---- what these are made of ----

    def _places(self, slug: str, records: Iterable[int]) -> dict[int, ObjectId]:
        """The objects of those of the records of which this session may see all."""
        return self.index.pairs.places(slug, records, self.entire)

    def _two(self, one: str | ObjectId, other: str | ObjectId) -> tuple[ObjectId, ObjectId]:
        """The two records. Raises where these are not two of one type of which runs tell which records are one."""
        ends = parse(str(one)), parse(str(other))
        nouns = {noun.slug(): noun for noun in self.force.workspace.nouns.values()}
        if ends[0] is None or ends[1] is None or {each.type for each in ends if each} - set(nouns):
            raise self._absent(f"{one} and {other}")
        if ends[0].type != ends[1].type or ends[0] == ends[1]:
            raise BlueLampError("A decision is about two different records of one type; choose two such records.")
        noun, build = nouns[ends[0].type], self.force.build
        if not noun.strong_keys() and noun.name() not in (build.models if build else {}):
            raise BlueLampError(
                f"{noun.plural} are never joined here: they have no strong key and no model; nothing was changed."
            )
        return ends[0], ends[1]

    def _verdict(self, verdict: str, reason: str) -> Verdict:
        if verdict not in list(Verdict):
            raise BlueLampError(f"A decision says one of {', '.join(Verdict)}; choose one.")
        if not reason.strip():
            raise BlueLampError("A decision needs a reason; say what you judge by.")
        return Verdict(verdict)

    def _known(self, listed: list[Decision]) -> list[Decision]:
        """Those of the decisions of which this session may see all of both records."""
        known: dict[str, dict[int, ObjectId]] = {}
        for type_ in {each.type for each in listed}.intersection(self.force.workspace.nouns):
            records = {end for each in listed if each.type == type_ for end in (each.record, each.other)}
            known[type_] = self._places(type_, records)
        return [each for each in listed if {each.record, each.other} <= known.get(each.type, {}).keys()]

    def _visible(self, listed: Iterable[Decision]) -> Iterable[Decision]:
        rest = iter(listed)
        while some := list(islice(rest, decisions.BATCH)):
            yield from self._known(some)

    def _shown(self, listed: list[Decision]) -> tuple[DecisionView, ...]:
        build = self.force.build
        built = datetime.fromisoformat(build.at) if build else None
        places: dict[str, dict[int, ObjectId]] = {}
        for type_ in {each.type for each in listed}:
            mine = [each for each in listed if each.type == type_]
            places[type_] = self._places(type_, {end for each in mine for end in (each.record, each.other)})
        captions = self.index.captions({id for known in places.values() for id in known.values()}, self.visible)
        shown = []
        for each in listed:
            slug = self.force.workspace.nouns[each.type].slug()
            objects = places[each.type][each.record], places[each.type][each.other]
            changed = each.undone_at or each.at
            shown.append(
                DecisionView(
                    id=each.id,
                    at=_moment(each.at),
                    user=each.user,
                    reason=each.reason,
                    case_ref=each.case_ref,
                    type=each.type,
                    verdict=each.verdict,
                    records=(ObjectId(slug, each.record), ObjectId(slug, each.other)),
                    objects=objects,
                    captions=(captions.get(objects[0], ""), captions.get(objects[1], "")),
                    second=not each.holds and each.undone_at is None,
                    waits=each.verdict != Verdict.UNSURE and (built is None or changed > built),
                    undone_at=_moment(each.undone_at),
                    undone_by=each.undone_by or "",
                    undone_reason=each.undone_reason or "",
                )
            )
        return tuple(shown)

    def _contradiction(self, against: Decision) -> str:
        (shown,) = self._shown([against])
        one, other = (caption or str(id) for caption, id in zip(shown.captions, shown.records, strict=True))
        return (
            f"This contradicts {against.id} of {against.at:%d %b %Y} by {against.user}, that {one} "
            f"({shown.records[0]}) and {other} ({shown.records[1]}) {SAID[Verdict(against.verdict)]}; nothing was "
            "changed. Undo that one first if it is wrong, or ask who made it."
        )


def _moment(when: datetime | None) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds") if when else ""
