"""Writes the audit log: entries chained by hash, on disk before any answer leaves (DPA 2018 s.62)."""

import contextlib
import json
import queue
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, select

from bluelamp.database.connection import Database
from bluelamp.database.tables import audit_head
from bluelamp.errors import BlueLampError, DatabaseUnavailable
from bluelamp.ids import event_id
from bluelamp.session import seal
from bluelamp.session.chain import canonical, entry_hash
from bluelamp.session.permissions import Action
from bluelamp.session.seal import Key, Seal, moment

Decision = Literal["allowed", "refused", "break_glass"]

#: entries after which a seal is put, and seconds after which it is put on fewer
SEAL_EVERY = 1000
SEAL_WITHIN = 600.0

#: entries that one transaction takes at most
GROUP = 500

#: the largest count that the database takes
LARGEST = 2**63 - 1

# One statement, whatever the number of entries, is the whole transaction: where the log ends elsewhere than said it
# moves no head and so writes nothing. The columns come in the table's order.
APPEND = (
    "WITH head AS (UPDATE audit_head SET seq = %(seq)s, hash = %(hash)s, key = %(key)s, signature = %(signature)s "
    "WHERE seq = %(last_seq)s AND hash = %(last_hash)s RETURNING id) "
    "INSERT INTO audit SELECT entry.* FROM json_populate_recordset(NULL::audit, %(entries)s::json) AS entry, head"
)


def _software() -> str:
    try:
        return version("bluelamp")
    except PackageNotFoundError:
        return "source"


SOFTWARE = _software()


class Operation(StrEnum):
    """The six operations that s.62(1) wants logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


@dataclass(frozen=True, kw_only=True)
class Context:
    """Who acts, from where and for what: the part of an entry that one session's entries share."""

    actor_id: str = ""
    actor_role: str = ""
    actor_team: str = ""
    on_behalf_of: str = ""
    session_id: str = ""
    device_or_ip: str = ""
    purpose_code: str = ""
    justification_text: str = ""
    case_ref: str = ""
    legal_basis: str = ""
    policy_version: str = ""

    def entry(self, action: Action, operation: Operation, **said: Any) -> "Entry":
        """An entry of this context; `said` are the other fields of Entry."""
        shared = {each.name: getattr(self, each.name) for each in fields(Context)}
        return Entry(**shared, action=action, operation=operation, **said)


@dataclass(frozen=True, kw_only=True)
class Entry(Context):
    """One act, before it is written. `fields_or_query` is text, or a mapping that is kept as JSON."""

    action: Action
    operation: Operation
    object_ids: Sequence[str] = ()
    object_types: Sequence[str] = ()
    data_subject_ids: Sequence[str] = ()
    data_subject_categories: Sequence[str] = ()
    fields_or_query: str | Mapping[str, Any] = ""
    result_count: int | None = None
    sensitive_processing: bool = False
    recipients: Sequence[str] = ()
    decision: Decision = "allowed"
    software_version: str = SOFTWARE


@dataclass(frozen=True, kw_only=True)
class StoredEntry(Entry):
    """One act as it stands in the log."""

    seq: int
    event_id: str
    ts_utc: datetime
    prev_hash: str
    hash: str


class AuditLog:
    """The log of one workspace; threads share it, and other processes may write to the same database.

    Entries of threads that wait at the same time are committed together by one writer thread.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        key: Path | None = None,
        policy_version: str = "",
        seal_every: int = SEAL_EVERY,
        seal_within: float = SEAL_WITHIN,
    ) -> None:
        """Keep seals in `folder`, and the signing key unless `key` says otherwise; each is made when needed."""
        self.database = database
        self.folder = folder
        self.key_path = key or folder / "key.pem"
        self.policy_version = policy_version
        self._every = seal_every
        self._within = seal_within
        self._key: Key | None = None
        self._waiting: queue.SimpleQueue[tuple[dict[str, Any], Future[StoredEntry]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None
        self._closed = False
        self._sealed: int | None = None
        self._newest = 0
        self._oldest_unsealed: float | None = None
        #: where the log ended when the writer thread last wrote: its number and hash
        self._end: tuple[int, str] | None = None
        #: whether the database was seen to hold all that the file of seals covers
        self._followed = False

    def append(self, entry: Entry) -> StoredEntry:
        """Write `entry` and return when it is on disk; raises DatabaseUnavailable: then do not answer."""
        prepared, stored = self._prepare(entry), Future[StoredEntry]()
        with self._lock:
            if self._closed:
                raise DatabaseUnavailable("The audit log is closed; open the workspace again.")
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write, name="audit", daemon=True)
                self._writer.start()
            self._waiting.put((prepared, stored))
        return stored.result()

    def append_in(self, connection: Connection, *entries: Entry) -> tuple[StoredEntry, ...]:
        """Write entries in the caller's transaction, with the change that they are about: both or neither.

        Other writers wait from here until that transaction ends, so make it the last thing in it.
        """
        return tuple(self._extend(connection, [self._prepare(entry) for entry in entries]))

    def seal(self, at_least: int = 1) -> Seal | None:
        """Put a seal on what has none, if that is `at_least` so many entries."""
        with self.database.begin() as connection:
            made = seal.seal(connection, self.key(), at_least)
            unfiled = seal.stored(connection, seal.last_number(self.folder)) if made else []
        seal.file(self.folder, unfiled)
        return made

    def close(self) -> None:
        """Write what waits, put the last seal, and stop."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            writer = self._writer
            if writer:
                self._waiting.put(None)
        if writer:
            writer.join()
        if self._key:
            with contextlib.suppress(BlueLampError):
                self.seal()

    def key(self) -> Key:
        """The signing key, made on first use."""
        if self._key is None:
            self._key = Key(self.key_path)
        return self._key

    def _prepare(self, entry: Entry) -> dict[str, Any]:
        """The entry's own fields as they will be hashed; what the database could not keep is made safe here."""
        prepared = {name: _plain(getattr(entry, name)) for name in _OWN}
        prepared["policy_version"] = prepared["policy_version"] or _plain(self.policy_version)
        if entry.result_count is not None and not 0 <= entry.result_count <= LARGEST:
            raise ValueError(f"result_count is {entry.result_count}")
        return prepared

    def _write(self) -> None:
        """The writer thread: take all that waits, commit it as one, tell everybody; seal in between."""
        stop = False
        while not stop:
            group, stop = self._group()
            if group:
                self._commit(group)
            self._seal_when_due()

    def _group(self) -> tuple[list[tuple[dict[str, Any], Future[StoredEntry]]], bool]:
        group = []
        with contextlib.suppress(queue.Empty):
            waiting = self._waiting.get(timeout=self._patience())
            while waiting is not None:
                group.append(waiting)
                if len(group) == GROUP:
                    break
                waiting = self._waiting.get_nowait()
            else:
                return group, True
        return group, False

    def _commit(self, group: list[tuple[dict[str, Any], Future[StoredEntry]]]) -> None:
        entries = [prepared for prepared, _ in group]
        end, self._end = self._end, None
        try:
            if end is None or not self._follow(end, entries):
                with self.database.begin() as connection:
                    self._extend(connection, entries)
        except Exception as error:  # noqa: BLE001 (whatever it is belongs to those who wait)
            for _, stored in group:
                stored.set_exception(error)
            return
        self._end = entries[-1]["seq"], entries[-1]["hash"]
        for entry, stored in group:
            stored.set_result(stored_entry(entry))
        self._oldest_unsealed = self._oldest_unsealed or time.monotonic()
        if self._sealed is None:
            # whoever wrote what came before seals it
            self._sealed = entries[0]["seq"] - 1
        self._newest = entries[-1]["seq"]

    def _follow(self, end: tuple[int, str], entries: list[dict[str, Any]]) -> bool:
        """Put entries behind `end` in one go; False, and nothing is written, where others have written since."""
        return self.database.at_once(APPEND, self._chained(end, entries)) == len(entries)

    def _extend(self, connection: Connection, entries: list[dict[str, Any]]) -> list[StoredEntry]:
        """Put entries at the end of the chain; the locked head keeps every other writer out until commit."""
        last, before = connection.execute(select(audit_head.c.seq, audit_head.c.hash).with_for_update()).one()
        self._go_on_from(last)
        if connection.exec_driver_sql(APPEND, self._chained((last, before), entries)).rowcount != len(entries):
            raise DatabaseUnavailable("The audit log did not take what was to be written; nothing can be shown.")
        return [stored_entry(entry) for entry in entries]

    def _chained(self, end: tuple[int, str], entries: list[dict[str, Any]]) -> dict[str, Any]:
        """Chain entries to `end`; what APPEND needs to write them."""
        key = self.key()
        last, before = end
        for entry in entries:
            last += 1
            entry.update(seq=last, event_id=event_id(), ts_utc=moment(), prev_hash=before)
            before = entry["hash"] = entry_hash(entry)
        signed = {"seq": last, "hash": before, **key.sign_head(last, before)}
        return {**signed, "last_seq": end[0], "last_hash": end[1], "entries": _array(entries)}

    def _go_on_from(self, last: int) -> None:
        """Refuse a database that is behind the file of seals: going on would hide that entries are lost."""
        if self._followed:
            return
        filed = seal.last_filed(self.folder)
        if filed and filed.last_seq > last:
            raise DatabaseUnavailable(
                f"The audit log ends at entry {last:,}, but {self.folder / seal.SEALS} has a seal over entry "
                f"{filed.last_seq:,}; put back the database that the log was written to, or move that folder aside "
                "to begin a new log."
            )
        self._followed = True

    def _patience(self) -> float | None:
        if self._oldest_unsealed is None:
            return None
        return max(0.0, self._oldest_unsealed + self._within - time.monotonic())

    def _seal_when_due(self) -> None:
        if self._oldest_unsealed is None or self._sealed is None:
            return
        if self._newest - self._sealed < self._every and self._patience():
            return
        # a seal that fails now is put with the next entries, or by the next process
        with contextlib.suppress(BlueLampError, OSError):
            self.seal()
            self._sealed = self._newest
        self._oldest_unsealed = None


_OWN = tuple(each.name for each in fields(Entry))


def stored_entry(entry: Mapping[str, Any]) -> StoredEntry:
    """An entry from the values that were hashed."""
    when = datetime.fromisoformat(entry["ts_utc"])
    action, operation = Action(entry["action"]), Operation(entry["operation"])
    return StoredEntry(**{**entry, "ts_utc": when, "action": action, "operation": operation})


def _plain(value: Any) -> Any:
    """A value as it is hashed and stored: text that UTF-8 and PostgreSQL can hold, lists of it, numbers."""
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:
            return str(value)
        # NUL, and halves of UTF-16 pairs, exist in Python's text but not in the database's
        return (
            str(value)
            .replace("\0", "\N{SYMBOL FOR NULL}")
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )
    if isinstance(value, Mapping):
        return _plain(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str))
    if isinstance(value, Iterable):
        return [_plain(str(each)) for each in value]
    return value


def _array(entries: list[dict[str, Any]]) -> str:
    return f"[{','.join(canonical(entry).decode() for entry in entries)}]"
