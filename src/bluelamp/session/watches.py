"""Watches as PostgreSQL holds them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bluelamp import clock
from bluelamp.database.tables import watches


@dataclass(frozen=True)
class Watch:
    """What somebody has watched, what was found so far, and what of that they have not seen."""

    id: str
    title: str
    owner: str
    purpose: str
    reason: str
    case_ref: str
    kind: str
    said: Mapping[str, Any]
    made_at: datetime
    ends: date
    ended_at: datetime | None
    build: int
    found: Sequence[str]
    news: Sequence[str]

    @property
    def runs(self) -> bool:
        """Whether it is still looked at."""
        return self.ended_at is None and clock.today() <= self.ends


def listed(connection: Connection, owner: str, purpose: str) -> list[Watch]:
    """A user's watches for a purpose, the newest first."""
    mine = watches.c.owner == owner, watches.c.purpose == purpose
    query = select(watches).where(*mine).order_by(watches.c.made_at.desc(), watches.c.id)
    return [_watch(row) for row in connection.execute(query).mappings()]


def add(connection: Connection, watch: Watch) -> None:
    """A new watch."""
    said = json.dumps(watch.said, ensure_ascii=False)
    values = {**vars(watch), "said": said, "found": list(watch.found), "news": list(watch.news)}
    connection.execute(insert(watches).values(**values))


def looked(connection: Connection, watch: Watch, build: int, found: Iterable[str], news: Iterable[str]) -> None:
    """Note what a build holds of what is watched, and what of it is news."""
    _change(connection, watch, build=build, found=list(found), news=list(news))


def seen(connection: Connection, watch: Watch) -> None:
    """Note that the owner has seen the news."""
    _change(connection, watch, news=[])


def end(connection: Connection, watch: Watch) -> None:
    """Watch no more."""
    _change(connection, watch, ended_at=clock.now())


def _change(connection: Connection, watch: Watch, **values: Any) -> None:
    connection.execute(update(watches).where(watches.c.id == watch.id).values(**values))


def _watch(row: Any) -> Watch:
    return Watch(**{**row, "said": json.loads(row["said"])})
