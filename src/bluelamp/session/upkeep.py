"""A workspace opened to be kept up: its declarations, its database, its log, and the run that publishes."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from bluelamp.connectors import OPTIONS
from bluelamp.database.glance import IN_FORCE, Glance
from bluelamp.lake.ledger import Delivery
from bluelamp.lake.store import Store
from bluelamp.pipeline import kept
from bluelamp.pipeline.build import Progress
from bluelamp.pipeline.run import Outcome, run
from bluelamp.resolution import decided
from bluelamp.session.permissions import Action
from bluelamp.workspace import load
from bluelamp.workspace.model import Workspace

if TYPE_CHECKING:
    from bluelamp.database.connection import Database
    from bluelamp.session.audit import AuditLog


def policy(workspace: Workspace) -> str:
    """What the audit log calls the declarations in force: the start of a SHA-256 of all of them."""
    sources = sorted((each.name, each.fingerprint, each.purposes, each.marking) for each in workspace.sources.values())
    others = workspace.purposes, workspace.users, workspace.markings, workspace.questions
    said = repr((sources, *(sorted(map(repr, each.values())) for each in others)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


class Upkeep:
    """One force's workspace, as far as a run needs it: nothing here looks into an index.

    It is apart from `BlueLamp` because what looks takes longer to load than an unchanged run does.
    """

    def __init__(self, folder: Path) -> None:
        """Raises DeclarationError with every mistake in the files of the workspace."""
        self.folder = folder.resolve()
        self.workspace = load(self.folder, OPTIONS)
        self.store = Store(self.workspace.store)

    @cached_property
    def _glance(self) -> Glance:
        return Glance(self.folder, self.workspace.settings.database.url or None, store=self.workspace.store)

    @cached_property
    def database(self) -> "Database":
        """PostgreSQL, started when first asked for."""
        from bluelamp.database.connection import connect  # noqa: PLC0415 (who asks only what was published needs none)

        return connect(self.folder, self.workspace.settings.database.url or None, store=self.workspace.store)

    @cached_property
    def audit(self) -> "AuditLog":
        """The audit log."""
        from bluelamp.session.audit import AuditLog  # noqa: PLC0415 (a run with nothing new writes nothing on it)

        return AuditLog(self.database, self.workspace.store / "audit", policy_version=policy(self.workspace))

    def run(self, who: str, progress: Progress, base: Path | None = None, leave_out: Collection[str] = ()) -> Outcome:
        """Bring the published build up to date.

        Each delivery is a collection on the audit log (of corrected rejects, an alteration) before anything of
        it is published. Raises DatabaseUnavailable where the log cannot be written: then nothing is published,
        and the next run writes what is missing. That sources are to be left out is an entry of its own. The
        decisions in force are obeyed.
        """
        if leave_out:
            from bluelamp.session.audit import Entry, Operation  # noqa: PLC0415 (as below)

            told = {"left_out": sorted(leave_out)}
            self.audit.append(
                Entry(action=Action.BUILD_RUN, operation=Operation.ALTERATION, actor_id=who, fields_or_query=told)
            )
        # a database that has to be made or started is, while the sources are read
        with ThreadPoolExecutor(1) as beside:
            judged = beside.submit(self._judged)

            def collected(unpublished: Mapping[str, Sequence[Delivery]]) -> None:
                judged.result()
                self._enter(unpublished)

            combined = partial(self._combine, who=who)
            return run(self.workspace, who, progress, base, collected, combined, leave_out, judged.result)

    def _judged(self) -> list[decided.Obeyed]:
        """Of the decisions in force those that are obeyed."""
        said = self._glance.rows(IN_FORCE)
        if said is not None:
            return decided.obeyed(decided.Judged(*row) for row in said)
        from bluelamp.session import decisions  # noqa: PLC0415 (a run with nothing new asks the driver alone)

        return decided.obeyed(decisions.in_force(self.database))

    def close(self) -> None:
        """Stop what this process started."""
        if "audit" in self.__dict__:
            self.audit.close()
        if "database" in self.__dict__:
            self.database.close()
        if "_glance" in self.__dict__:
            self._glance.close()

    def _enter(self, unpublished: Mapping[str, Sequence[Delivery]]) -> None:
        if any(unpublished.values()):
            from bluelamp.session import collect  # noqa: PLC0415 (as above)

            collect.enter(self.audit, self.workspace.sources, unpublished)

    def _combine(self, joined: pa.Table, who: str) -> None:
        if joined.num_rows:
            from bluelamp.session import combine  # noqa: PLC0415 (as above)

            combine.enter(self.audit, self.workspace.nouns, joined, who, kept.fingerprints(self.workspace))
