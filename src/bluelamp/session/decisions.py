"""The decisions of people about pairs of records, as PostgreSQL holds them; each change with its audit entry."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, exists, insert, select, text, update

from bluelamp import clock
from bluelamp.database.connection import Database
from bluelamp.database.glance import IN_FORCE
from bluelamp.database.tables import audit, decisions
from bluelamp.resolution.decided import Implied, Judged
from bluelamp.session.permissions import Action

#: decisions that are read at a time
BATCH = 200


@dataclass(frozen=True)
class Decision:
    """What a person said of two records."""

    id: str
    at: datetime
    user: str
    purpose: str
    reason: str
    case_ref: str
    type: str
    record: int
    other: int
    verdict: str
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_reason: str | None = None
    #: whether it holds only once another person has said the same, and whether somebody has
    second: bool = False
    seconded: bool = False

    @property
    def holds(self) -> bool:
        """Whether runs obey it while nobody undoes it."""
        return self.seconded or not self.second

    @property
    def judged(self) -> Judged:
        """What of it says which records are one."""
        return Judged(self.type, self.record, self.other, self.verdict, self.id)


_other = decisions.alias("another")
#: whether somebody else said the same of the two records
_SECONDED = exists().where(
    *(decisions.c[name] == _other.c[name] for name in ("type", "record", "other", "verdict")),
    decisions.c.user != _other.c.user,
    _other.c.undone_at.is_(None),
)
_OWN = [*(each for each in decisions.c if each.name != "place"), _SECONDED.label("seconded")]

#: every record that decisions in force make the same as one of two
_SAME = text(
    "WITH RECURSIVE same(record) AS (SELECT unnest(CAST(:ends AS bigint[])) UNION "
    "SELECT CASE WHEN d.record = same.record THEN d.other ELSE d.record END FROM decisions d JOIN same "
    "ON same.record IN (d.record, d.other) WHERE d.type = :type AND d.verdict = 'same' AND d.undone_at IS NULL) "
    "SELECT record FROM same"
)


def in_force(database: Database) -> list[Judged]:
    """Every decision that nobody has undone and that waits for no second judge, the oldest first."""
    with database.begin() as connection:
        return [Judged(*row) for row in connection.execute(text(IN_FORCE))]


def of(connection: Connection, type: str, *records: int) -> list[Decision]:
    """The decisions on one type, or on one of `records` of it, that nobody has undone; the oldest first."""
    mine = [decisions.c.record.in_(records) | decisions.c.other.in_(records)] if records else []
    return _read(connection, decisions.c.type == type, decisions.c.undone_at.is_(None), *mine)


def in_force_at(connection: Connection, type: str, moment: datetime) -> list[Decision]:
    """The decisions on one type that were in force at a moment, such as when a build was made; the oldest first."""
    undone = decisions.c.undone_at
    return _read(connection, decisions.c.type == type, decisions.c.at <= moment, undone.is_(None) | (undone > moment))


def alone(connection: Connection) -> None:
    """Let nobody else decide until the transaction ends, so that no two decisions contradict each other unseen."""
    connection.execute(text("LOCK TABLE decisions IN SHARE ROW EXCLUSIVE MODE"))


def against(connection: Connection, said: Judged, known: Callable[[list[Decision]], list[Decision]]) -> Decision | None:
    """The decision in force that `said` contradicts, of those that `known` lets through; None where there is none."""
    ends = connection.execute(_SAME, {"ends": [said.record, said.other], "type": said.type}).scalars().all()
    concerned = decisions.c.record.in_(ends) | decisions.c.other.in_(ends)
    listed = known(_read(connection, decisions.c.type == said.type, decisions.c.undone_at.is_(None), concerned))
    implied, named = Implied(), {each.id: each for each in listed}
    for each in listed:
        implied.take(each.judged)
    found = implied.take(said)
    return named[found.name] if found else None


def add(connection: Connection, decision: Decision) -> None:
    """Put a decision in force."""
    told = {name: value for name, value in vars(decision).items() if name != "seconded"}
    connection.execute(insert(decisions).values(**told))


def used_in_a_case(connection: Connection, ids: Iterable[str]) -> bool:
    """Whether the page of one of these objects was opened in a session for a case."""
    listed = list(ids)
    mine = audit.c.data_subject_ids.overlap(listed), audit.c.data_subject_ids[1].in_(listed)
    opened = audit.c.action == Action.VIEW, audit.c.case_ref != ""
    return bool(connection.execute(select(exists().where(*mine, *opened))).scalar_one())


def one(connection: Connection, id: str) -> Decision | None:
    """The decision of that name."""
    return next(iter(_read(connection, decisions.c.id == id)), None)


def undo(connection: Connection, id: str, user: str, reason: str) -> bool:
    """Take a decision out of force; False where somebody has done so already."""
    undone = {"undone_at": clock.now(), "undone_by": user, "undone_reason": reason}
    wanted = decisions.c.id == id, decisions.c.undone_at.is_(None)
    return connection.execute(update(decisions).where(*wanted).values(**undone)).rowcount == 1


def newest(database: Database) -> Iterator[Decision]:
    """All decisions, undone ones too, the newest first."""
    before: int | None = None
    while True:
        wanted = [decisions.c.place < before] if before is not None else []
        query = (
            select(decisions, _SECONDED.label("seconded"))
            .where(*wanted)
            .order_by(decisions.c.place.desc())
            .limit(BATCH)
        )
        with database.begin() as connection:
            rows = connection.execute(query).mappings().all()
        yield from map(_decision, rows)
        if len(rows) < BATCH:
            return
        before = rows[-1]["place"]


def _read(connection: Connection, *wanted: Any) -> list[Decision]:
    rows = connection.execute(select(*_OWN).where(*wanted).order_by(decisions.c.place)).mappings()
    return [_decision(row) for row in rows]


def _decision(row: RowMapping | Mapping[str, Any]) -> Decision:
    return Decision(**{name: value for name, value in row.items() if name != "place"})
