"""Reads the audit log: only for one of the four uses that s.62(4) permits, and the reading is itself an entry."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from bluelamp.database.tables import audit
from bluelamp.errors import Refused
from bluelamp.session.audit import AuditLog, Context, Operation, StoredEntry, stored_entry
from bluelamp.session.chain import FIELDS
from bluelamp.session.permissions import Action
from bluelamp.session.verify import columns

#: entries on one page, unless asked otherwise
PAGE = 100


class PermittedUse(StrEnum):
    """What the log may be used for; nothing else."""

    LAWFULNESS = "verify lawfulness of processing"
    SELF_MONITORING = "self-monitoring incl. internal disciplinary proceedings"
    SECURITY = "integrity and security of personal data"
    CRIMINAL_PROCEEDINGS = "criminal proceedings"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which entries are wanted: all conditions that are set must hold. `until` is exclusive."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    #: a data subject's, or any object's, public id
    subject: str = ""
    action: str = ""
    operation: str = ""
    decision: str = ""
    purpose: str = ""
    case: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions in SQL."""
        said: list[ColumnElement[bool]] = [
            column == value
            for column, value in (
                (audit.c.actor_id, self.actor),
                (audit.c.action, self.action),
                (audit.c.operation, self.operation),
                (audit.c.decision, self.decision),
                (audit.c.purpose_code, self.purpose),
                (audit.c.case_ref, self.case),
            )
            if value
        ]
        if self.since:
            said.append(audit.c.ts_utc >= self.since)
        if self.until:
            said.append(audit.c.ts_utc < self.until)
        if self.subject:
            concerned = audit.c.data_subject_ids.contains([self.subject]), audit.c.object_ids.contains([self.subject])
            said.append(or_(*concerned))
        return said

    def said(self) -> dict[str, str]:
        """The conditions that are set, as an entry tells them."""
        return {name: str(value) for name, value in asdict(self).items() if value}


EVERYTHING = Filter()


@dataclass(frozen=True)
class Page:
    """Entries, the newest first; `before` is what to ask for the next page with, None at the end."""

    entries: tuple[StoredEntry, ...]
    before: int | None


def permitted(use: str) -> PermittedUse | None:
    """The permitted use that `use` names: its text, or its short name (`lawfulness`, `criminal-proceedings`)."""
    plain = use.strip().lower()
    short = {each.name.lower().replace("_", "-"): each for each in PermittedUse}
    return short.get(plain) or next((each for each in PermittedUse if each.value == plain), None)


def demand(log: AuditLog, reader: Context, action: Action, operation: Operation, use: str) -> PermittedUse:
    """The permitted use, or Refused, with an entry that says so."""
    found = permitted(use)
    if found is None:
        asked = {"permitted_use": use}
        log.append(reader.entry(action, operation, fields_or_query=asked, decision="refused"))
        raise Refused(f"The audit log may be used only to: {'; '.join(PermittedUse)}. Choose one of these.")
    return found


def read(
    log: AuditLog,
    reader: Context,
    permitted_use: str,
    wanted: Filter = EVERYTHING,
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> Page:
    """A page of entries, the newest first; `before` is the `Page.before` of the page before.

    The caller has checked that the reader's role may read the log. Raises Refused (and logs it) for any use but
    the four. The entry about this reading names every subject whose entries are shown.
    """
    use = demand(log, reader, Action.AUDIT, Operation.CONSULTATION, permitted_use)
    with log.database.begin() as connection:
        found = _page(connection, wanted, before, limit + 1)
    shown = found[:limit]
    log.append(
        reader.entry(
            Action.AUDIT,
            Operation.CONSULTATION,
            fields_or_query={"permitted_use": use, **wanted.said(), "shown": _span(shown)},
            data_subject_ids=subjects(shown),
            result_count=len(shown),
        )
    )
    return Page(shown, shown[-1].seq if len(found) > limit else None)


def subjects(shown: tuple[StoredEntry, ...]) -> list[str]:
    """Everybody whom the entries are about; readings of the log are left out, or each would swell the next."""
    return sorted({each for entry in shown if entry.action != Action.AUDIT for each in entry.data_subject_ids})


def _page(connection: Connection, wanted: Filter, before: int | None, limit: int) -> tuple[StoredEntry, ...]:
    conditions = wanted.conditions()
    if before is not None:
        conditions.append(audit.c.seq < before)
    rows = connection.execute(select(*columns()).where(*conditions).order_by(audit.c.seq.desc()).limit(limit))
    return tuple(_entry(tuple(row)) for row in rows)


def _entry(row: tuple[Any, ...]) -> StoredEntry:
    return stored_entry(dict(zip(FIELDS, row, strict=True)))


def _span(shown: tuple[StoredEntry, ...]) -> str:
    return f"{shown[-1].seq}-{shown[0].seq}" if shown else "none"
