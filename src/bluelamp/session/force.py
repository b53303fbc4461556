"""An opened workspace: its declarations, its published build, its database; and the sessions that look into it."""

import getpass
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from bluelamp.errors import NotFound, Refused
from bluelamp.index.index import Index
from bluelamp.lake import duck
from bluelamp.lake.ledger import Delivery
from bluelamp.ontology.grammar import ObjectType
from bluelamp.pipeline import build as builds
from bluelamp.pipeline import states
from bluelamp.pipeline.build import Build, Progress
from bluelamp.pipeline.evaluate import evaluate, train
from bluelamp.pipeline.likely import STOOD
from bluelamp.pipeline.replay import replay
from bluelamp.pipeline.run import Outcome
from bluelamp.resolution import decided
from bluelamp.resolution.measure import Measure
from bluelamp.resolution.model import Model
from bluelamp.session import decisions, sample, scales, visibility
from bluelamp.session.accounts import Accounts
from bluelamp.session.audit import Context, Entry, Operation
from bluelamp.session.compose import Origins
from bluelamp.session.estimate import estimate
from bluelamp.session.export import Export, export
from bluelamp.session.judges import Judge, judges
from bluelamp.session.permissions import Action, allowed
from bluelamp.session.reading import Filter, Page, read
from bluelamp.session.sample import Sample
from bluelamp.session.scales import Scales
from bluelamp.session.session import Session
from bluelamp.session.upkeep import Upkeep
from bluelamp.session.verify import Verdict, verify
from bluelamp.workspace.model import User


@dataclass(frozen=True)
class Published:
    """A published build, opened."""

    number: int
    index: Index
    #: where its rows came from
    origins: Origins


class BlueLamp(Upkeep):
    """One force's workspace, opened. Give `session` a user and a purpose to look at its data."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._opened: Published | None = None
        self._opening = threading.Lock()
        #: what models say, by build and type
        self._scales: dict[tuple[int, str], Scales | None] = {}
        #: what was drawn to be judged, by build, type and accesses
        self._samples: dict[tuple[int, str, frozenset[int]], Sample] = {}

    @cached_property
    def accounts(self) -> Accounts:
        """Passwords, sign-ins and tokens of the declared users."""
        return Accounts(self.database, self.workspace, self.audit)

    @cached_property
    def nouns(self) -> Mapping[str, type[ObjectType]]:
        """The declared object types, as ids name them."""
        return {each.slug(): each for each in self.workspace.nouns.values()}

    @property
    def build(self) -> Build | None:
        """The published build, or None before the first."""
        return builds.current(self.store)

    @property
    def published(self) -> Published:
        """The published build, opened; a newly published one is taken up here. Raises NotFound before the first."""
        number = builds.pointed(self.store)
        if number is None:
            raise NotFound(f"Nothing is published yet; run: bluelamp run {self.folder}")
        opened = self._opened
        if opened is None or opened.number != number:
            with self._opening:
                # somebody may have opened it meanwhile, or published another
                opened, number = self._opened, builds.pointed(self.store) or number
                if opened is None or opened.number != number:
                    opened = self._opened = self._open(number)
        return opened

    @property
    def build_number(self) -> int:
        """The number of the published build that readers now see. Raises NotFound before the first."""
        return self.published.number

    @property
    def index(self) -> Index:
        """The published index."""
        return self.published.index

    def origins(self) -> Origins:
        """Where rows came from, for the published build."""
        return self.published.origins

    def deliveries(self, source: str) -> Mapping[int, Delivery]:
        """The deliveries of a source by number."""
        return self.origins().deliveries.get(source, {})

    def scales(self, type: str) -> Scales | None:
        """What the model of a type says of records, in the published build; None where there is none."""
        number = self.build_number
        if (number, type) not in self._scales:
            noun, stood = self.workspace.nouns[type], builds.folder(self.store, number) / STOOD
            kept = {known: each for known, each in self._scales.items() if known[0] == number}
            self._scales = kept | {(number, type): scales.scales(stood, self.workspace, noun)}
        return self._scales.get((number, type))

    def sample(self, published: Published, noun: type[ObjectType], visible: frozenset[int]) -> Sample:
        """The pairs of a type that are drawn for a reader who sees everything of some accesses."""
        asked = published.number, noun.name(), visible
        if asked not in self._samples:
            kept = {known: each for known, each in self._samples.items() if known[0] == published.number}
            self._samples = kept | {asked: sample.sample(self, published, noun, visible)}
        return self._samples[asked]

    def session(
        self,
        user: str | None = None,
        purpose: str | None = None,
        reason: str | None = None,
        case: str | None = None,
        place: str = "",
    ) -> Session:
        """A session for a declared user and purpose. Raises Refused with the reason; a refusal is logged too.

        What is left out comes from the `[command_line]` table of bluelamp.toml, where the force declares one.
        """
        usual = self.workspace.settings.command_line
        user, purpose, reason = user or usual.user, purpose or usual.purpose, reason or usual.reason
        declared = self.workspace.users.get(user)
        why = visibility.refusal(self.workspace, declared, purpose, reason, case)
        place = place or self._shell()
        if why or declared is None:
            self._refuse(user, purpose, reason, case or "", place, why or "")
            raise Refused(why or "")
        return Session(self, declared, self.workspace.purposes[purpose], reason, case or "", place)

    def replay(self, source: str, file: Path, who: str, progress: Progress) -> Outcome:
        """Take corrected rejects in and publish, as `run` does."""
        declared = self.workspace.sources.get(source)
        if declared is None:
            raise NotFound(f"There is no source {source}; the sources are {', '.join(self.workspace.sources)}.")
        replay(declared, self.store, file, who)
        return self.run(who, progress)

    def train(self, type_name: str, who: str, progress: Progress) -> tuple[Model, Path]:
        """Learn the model of a type anew from its records and the decisions in force; the next run joins by it."""
        judged = decided.obeyed(decisions.in_force(self.database))
        self._study(Action.RESOLUTION_TRAIN, who, {"type": type_name})
        return train(self.workspace, type_name, progress, judged)

    def evaluate(
        self, type_name: str, truth: Path, by: Sequence[str], who: str, progress: Progress
    ) -> tuple[Measure, Path]:
        """Measure how well records are joined against a file of what is true; kept in the workspace."""
        self._study(Action.RESOLUTION_EVALUATE, who, {"type": type_name, "truth": truth.name, "by": list(by)})
        return evaluate(self.workspace, type_name, truth, by, progress)

    def estimate(self, type_name: str, by: Sequence[str], who: str) -> tuple[Measure, Path]:
        """Measure how well the published build joins by what people said of its sample; kept in the workspace."""
        self._study(Action.RESOLUTION_EVALUATE, who, {"type": type_name, "judged": "sample", "by": list(by)})
        return estimate(self, type_name, by)

    def _study(self, action: Action, who: str, told: dict[str, Any]) -> None:
        self.audit.append(Entry(action=action, operation=Operation.CONSULTATION, actor_id=who, fields_or_query=told))

    def verify_audit(self, user: User | None = None, place: str = "") -> Verdict:
        """Check every entry and seal of the audit log; that somebody did is itself an entry. Raises Refused.

        Without a user it is whoever has this machine's command line, which asks for no role.
        """
        if user is not None:
            self._may(user, Action.AUDIT_VERIFY, place)
        verdict = verify(self.audit)
        reader = self.context(user, place) if user else Context(actor_id=getpass.getuser(), device_or_ip=self._shell())
        told = {"ok": verdict.ok, "entries": verdict.entries, "seals": verdict.seals}
        self.audit.append(reader.entry(Action.AUDIT_VERIFY, Operation.CONSULTATION, fields_or_query=told))
        return verdict

    def read_audit(self, user: User, use: str, wanted: Filter, before: int | None = None, place: str = "") -> Page:
        """A page of the log for a permitted use; the reading is itself an entry. Raises Refused."""
        self._may(user, Action.AUDIT, place)
        return read(self.audit, self.context(user, place), use, wanted, before=before)

    def judges(self, user: User, place: str = "") -> list[Judge]:
        """How people judge which records are one; the reading is itself an entry. Raises Refused."""
        self._may(user, Action.DECISION_COUNT, place)
        found = judges(decisions.newest(self.database))
        told = self.context(user, place).entry(Action.DECISION_COUNT, Operation.CONSULTATION, result_count=len(found))
        self.audit.append(told)
        return found

    def export_audit(self, into: Path, user: str, use: str, recipients: Sequence[str], wanted: Filter) -> Export:
        """Write entries, seals, keys and a verifier to `into`, as a disclosure. Raises Refused."""
        declared = self.user(user)
        self._may(declared, Action.AUDIT_EXPORT, self._shell())
        return export(self.audit, into, self.context(declared, self._shell()), use, recipients, wanted)

    def user(self, name: str | None) -> User:
        """A declared user; without a name, the usual one of the command line. Raises Refused."""
        found = self.workspace.users.get(name or self.workspace.settings.command_line.user)
        if found is None:
            raise Refused("There is no such user in users.yaml; name one with --user.")
        return found

    def context(self, user: User, place: str) -> Context:
        """What the entries of one user's acts outside any purpose share."""
        return Context(actor_id=user.name, actor_role=" ".join(user.roles), actor_team=user.team, device_or_ip=place)

    def _may(self, user: User, action: Action, place: str) -> None:
        decision = allowed(user, action)
        if not decision:
            refused = self.context(user, place).entry(action, Operation.CONSULTATION, decision="refused")
            self.audit.append(refused)
            raise Refused(decision.reason)

    def _shell(self) -> str:
        return f"{getpass.getuser()}, process {os.getpid()}"

    @contextmanager
    def scratch(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A small DuckDB for one question to the lake."""
        with duck.question(self.store.scratch) as connection:
            yield connection

    def _open(self, number: int) -> Published:
        ledgers = states.states(self.workspace, self.store)
        deliveries = {name: {each.number: each for each in ledger.deliveries} for name, ledger in ledgers.items()}
        index = self._index(builds.folder(self.store, number))
        return Published(number, index, Origins(self.workspace.sources, deliveries))

    def _index(self, folder: Path) -> Index:
        try:
            return Index(folder)
        except (NotFound, duckdb.Error, ValueError, OSError) as error:
            raise builds.Damaged(folder) from error

    def _refuse(self, user: str, purpose: str, reason: str, case: str, place: str, why: str) -> None:
        self.audit.append(
            Entry(
                action=Action.SESSION_START,
                operation=Operation.CONSULTATION,
                actor_id=user,
                purpose_code=purpose,
                justification_text=reason,
                case_ref=case,
                device_or_ip=place,
                fields_or_query={"refused": why},
                decision="refused",
            )
        )


def open(folder: Path | str) -> BlueLamp:
    """Open the workspace in `folder`. Raises DeclarationError with every mistake in its files."""
    return BlueLamp(Path(folder))
