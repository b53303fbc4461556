"""Checks the whole audit log: every entry, every seal, and the file of seals."""

import contextlib
import time
from collections.abc import Generator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, func, literal, select, text
from sqlalchemy.sql.elements import ColumnElement

from bluelamp.database.tables import audit, audit_head
from bluelamp.session import seal
from bluelamp.session.audit import AuditLog
from bluelamp.session.chain import FIELDS, Problem, check
from bluelamp.session.seal import Signatures

#: rows that come from the database at a time
BATCH = 5000

#: PostgreSQL's way to write a moment as it was hashed
TIME = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


@dataclass(frozen=True)
class Verdict:
    """What a check of the log found. `keys`: ids of the keys that may sign it, for comparing with a note elsewhere."""

    entries: int
    seals: int
    problems: tuple[Problem, ...]
    keys: tuple[str, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return not self.problems

    @property
    def first_bad(self) -> int | None:
        """The number of the first entry that is not as it was written."""
        return self.problems[0].seq if self.problems else None

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        said = f"{self.entries:,} entries, {self.seals:,} seals, keys {', '.join(self.keys) or 'none'}: "
        if self.ok:
            return said + "all as written."
        return said + "NOT as written.\n" + "\n".join(str(each) for each in self.problems)


def verify(log: AuditLog) -> Verdict:
    """Read the whole log at one moment and check it; raises DatabaseUnavailable."""
    began = time.monotonic()
    filed = seal.filed(log.folder)
    keys = seal.public_keys(log.key_path.parent)
    with log.database.begin() as connection:
        snapshot(connection)
        seals = seal.stored(connection)
        head = connection.execute(select(audit_head)).mappings().one()
        with contextlib.closing(entries(connection)) as rows:
            report = check(rows, [asdict(each) for each in seals], dict(head), Signatures(keys))
    problems = tuple(sorted([*report.problems, *_compare(seals, filed)], key=lambda problem: problem.seq))
    return Verdict(report.entries, report.seals, problems, tuple(keys), time.monotonic() - began)


def snapshot(connection: Connection) -> None:
    """See the database as it is now until the transaction ends; must be its first statement."""
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def columns() -> list[ColumnElement[Any]]:
    """The columns of an entry with the values that were hashed."""
    written = func.to_char(func.timezone("UTC", audit.c.ts_utc), literal(TIME)).label("ts_utc")
    return [written if name == "ts_utc" else audit.c[name] for name in FIELDS]


def entries(connection: Connection) -> Generator[dict[str, Any]]:
    """Every entry, in order, a batch in memory at a time."""
    wanted = select(*columns()).order_by(audit.c.seq).execution_options(yield_per=BATCH)
    with connection.execute(wanted) as rows:
        for row in rows:
            yield dict(zip(FIELDS, row, strict=True))


def _compare(stored: list[seal.Seal], filed: list[seal.Seal]) -> list[Problem]:
    """What the file of seals says that the database does not; the file may lack the last, but holds no other."""
    have = {each.number: each for each in stored}
    missing = [each for each in filed if have.get(each.number) != each]
    return [Problem(each.first_seq, f"seal {each.number} of {seal.SEALS} is not in the database") for each in missing]
