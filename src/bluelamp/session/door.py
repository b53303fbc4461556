"""What every verb of a session stands on: who asks and why, what is open to them, and the entry on the log."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bluelamp.errors import NotFound, Refused
from bluelamp.ids import ObjectId
from bluelamp.index.found import Hit
from bluelamp.index.index import Index
from bluelamp.ontology.grammar import Kind, ObjectType
from bluelamp.session import compose, visibility
from bluelamp.session.audit import Entry, Operation
from bluelamp.session.permissions import Action, allowed
from bluelamp.workspace.model import Purpose, Source, User

if TYPE_CHECKING:
    from bluelamp.session.force import BlueLamp, Published


class Door:
    """One user, for one purpose, with a reason. It knows what is open to them, and writes down what they do."""

    def __init__(self, force: "BlueLamp", user: User, purpose: Purpose, reason: str, case: str, place: str) -> None:
        self.force = force
        self.user = user
        self.purpose = purpose
        self.reason = reason
        self.case = case
        self.place = place
        self._looked: tuple[Published, frozenset[int]] | None = None

    @property
    def index(self) -> Index:
        """The index of the build that was published when this session first looked; it stays with it."""
        return self._look()[0].index

    @property
    def origins(self) -> compose.Origins:
        """Where the rows of that build came from."""
        return self._look()[0].origins

    @property
    def visible(self) -> frozenset[int]:
        """The accesses of that build that are open to this session."""
        return self._look()[1]

    def _look(self) -> "tuple[Published, frozenset[int]]":
        # not a cached_property: up to Python 3.11 all sessions wait for each other at the one lock that it has
        if self._looked is None:
            published, workspace = self.force.published, self.force.workspace
            accesses = (visibility.Access(number, *pair) for number, pair in published.index.accesses.items())
            self._looked = published, visibility.visible(workspace, self.user, self.purpose, accesses)
        return self._looked

    @cached_property
    def entire(self) -> frozenset[int]:
        """Of those, the accesses of sources of which this session sees every row, whatever marking one may carry.

        What is worked out from all that a source says of a record, such as how like another it is, may be told only
        to whom nothing of that source is closed.
        """
        workspace = self.force.workspace
        closed = {source for number, (source, _) in self.index.accesses.items() if number not in self.visible}
        opened = visibility.open_sources(workspace, self.user, self.purpose)
        whole = {name for name, source in opened.items() if name not in closed and self._whole(source)}
        return frozenset(number for number, (source, _) in self.index.accesses.items() if source in whole)

    def _told(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        """The hits with what tells those of one caption apart."""
        listed, nouns = list(hits), self.force.workspace.nouns
        names = {name: noun.glance for name, noun in nouns.items()}
        said = self.index.values([hit.object for hit in listed], names, self.visible)
        return tuple(replace(hit, about=compose.about(nouns[hit.type], said.get(hit.object, ()))) for hit in listed)

    def _marking(self, objects: Iterable[ObjectId]) -> str:
        """The marking for a screen with these objects."""
        marks = self.index.pairs.markings({each.number for each in objects}, self.visible)
        return visibility.highest(marks, self.force.workspace.markings)

    def _noun(self, id: ObjectId) -> type[ObjectType]:
        return self.force.nouns[id.type]

    def _whole(self, source: Source) -> bool:
        """Whether the user may see every marking that a row of `source` can carry."""
        workspace = self.force.workspace
        return visibility.carried(workspace, source) <= visibility.cleared(workspace, self.user)

    def _open(self, name: str) -> Source:
        """The source, if the purpose opens it; otherwise it is as if there were none."""
        source = visibility.open_sources(self.force.workspace, self.user, self.purpose).get(name)
        if source is None:
            raise self._absent(f"an open source {name}")
        return source

    def _absent(self, what: str) -> NotFound:
        self._log(Action.VIEW, (), {"asked": what}, 0)
        return NotFound(
            f"Nothing that your purpose and clearance open is {what}. Check how it is written, or search for it."
        )

    def _may(self, action: Action, what: str) -> None:
        decision = allowed(self.user, action)
        if not decision.ok:
            self._log(action, (), {"asked": what}, 0, refused=True)
            raise Refused(decision.reason)

    def _log(
        self,
        action: Action,
        objects: Iterable[ObjectId],
        asked: dict[str, Any],
        count: int,
        noun: str = "",
        recipients: Sequence[str] = (),
        *,
        refused: bool = False,
    ) -> None:
        """Write the audit entry. Raises DatabaseUnavailable where it cannot: then there is no answer."""
        operation = Operation.DISCLOSURE if action is Action.EXPORT else Operation.CONSULTATION
        self.force.audit.append(
            self._entry(action, operation, objects, asked, count, noun, recipients, refused=refused)
        )

    def _entry(
        self,
        action: Action,
        operation: Operation,
        objects: Iterable[ObjectId],
        asked: dict[str, Any],
        count: int,
        noun: str = "",
        recipients: Sequence[str] = (),
        *,
        refused: bool = False,
    ) -> Entry:
        """What the log says of one act of this session."""
        ids = list(dict.fromkeys(objects))
        types = {each.type for each in ids}
        people = {each for each in types if (kind := self.force.nouns.get(each)) and kind.kind is Kind.PERSON}
        return Entry(
            action=action,
            operation=operation,
            actor_id=self.user.name,
            actor_role=" ".join(self.user.roles),
            actor_team=self.user.team,
            device_or_ip=self.place,
            purpose_code=self.purpose.name,
            justification_text=self.reason,
            case_ref=self.case,
            legal_basis=self.purpose.lawful_basis,
            object_ids=[str(each) for each in ids],
            object_types=sorted(types | ({noun} if noun else set())),
            data_subject_ids=[str(each) for each in ids if each.type in people],
            fields_or_query=asked,
            result_count=count,
            sensitive_processing=self.purpose.sensitive,
            recipients=list(recipients),
            decision="refused" if refused else "allowed",
        )
