"""Watches as PostgreSQL holds them: what is watched, the numbers of all that was found, and what of it is new."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bluelamp import clock
from bluelamp.database.tables import watch_news, watches
from bluelamp.index.search import Numbers

#: bytes of a number
SIZE = 8

#: looks of which the owner has seen what was new that are still shown
KEPT = 5


@dataclass(frozen=True)
class Watch:
    """What somebody has watched, and how the last look at it went."""

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
    #: the build that was looked at last, and the declarations that were in force
    build: int
    policy: str
    looked_at: datetime
    #: seconds
    took: float
    #: things that the owner has not seen yet
    unseen: int
    #: why it could not be looked at
    problem: str
    #: how many things were found
    found: int

    @property
    def runs(self) -> bool:
        """Whether it is still looked at."""
        return self.ended_at is None and clock.today() <= self.ends

    @property
    def stands(self) -> tuple[object, ...]:
        """What another look, or its owner, would have changed."""
        return self.build, self.policy, self.ends, self.ended_at


@dataclass(frozen=True)
class News:
    """What one look found that was not there before."""

    watch: str
    build: int
    at: datetime
    numbers: Numbers
    seen_at: datetime | None = None


def _count(packed: ColumnElement[bytes]) -> ColumnElement[int]:
    return cast(func.octet_length(packed), BigInteger) // SIZE


def _sum(numbers: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(numbers), 0), BigInteger)


_COLUMNS = [watches.c[name] for name in Watch.__annotations__]


def listed(connection: Connection, owner: str, purpose: str) -> list[Watch]:
    """A user's watches for a purpose, the newest first."""
    mine = watches.c.owner == owner, watches.c.purpose == purpose
    query = select(*_COLUMNS).where(*mine).order_by(watches.c.made_at.desc(), watches.c.id)
    return [_watch(row) for row in connection.execute(query).mappings()]


def due(connection: Connection, build: int, policy: str, *whose: ColumnElement[bool]) -> list[Watch]:
    """The watches to look at in a build, those first that took the least time: a slow one holds up only slower ones.

    One that has ended is among them, to leave out of what is new what may be seen no more, and for nothing else.
    """
    runs = watches.c.ended_at.is_(None) & (watches.c.ends >= clock.today())
    older = watches.c.build != build
    again = runs & (older | (watches.c.policy != policy))
    tidy = and_(~runs, older, watches.c.unseen > 0, watches.c.policy == policy)
    query = select(*_COLUMNS).where(or_(again, tidy), *whose).order_by(watches.c.took, watches.c.id)
    return [_watch(row) for row in connection.execute(query).mappings()]


def of(owner: str, purpose: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Only one user's for one purpose."""
    return watches.c.owner == owner, watches.c.purpose == purpose


def one(connection: Connection, id: str, *, alone: bool = False) -> Watch | None:
    """A watch; `alone`: nobody else changes it until the transaction ends."""
    query = select(*_COLUMNS).where(watches.c.id == id)
    row = connection.execute(query.with_for_update() if alone else query).mappings().one_or_none()
    return _watch(row) if row else None


def numbers(connection: Connection, id: str) -> Numbers:
    """The numbers of all that is not new any more, sorted."""
    return _unpacked(connection.execute(select(watches.c.numbers).where(watches.c.id == id)).scalar_one())


def add(connection: Connection, watch: Watch, found: Numbers) -> None:
    """A new watch."""
    values = {**vars(watch), "said": json.dumps(watch.said, ensure_ascii=False), "numbers": _packed(found)}
    connection.execute(insert(watches).values(**values))


def looked(connection: Connection, watch: Watch, known: Numbers, news: Sequence[News]) -> None:
    """Note how a look went, what is not new any more, and what of that its owner is told as news."""
    unseen = [each for each in news if not each.seen_at]
    seen = sorted((each for each in news if each.seen_at), key=lambda each: each.build, reverse=True)
    names = ("build", "policy", "looked_at", "took", "problem", "found")
    _change(
        connection, watch.id, **{name: getattr(watch, name) for name in names},
        numbers=_packed(known), unseen=sum(len(each.numbers) for each in unseen),
    )  # fmt: skip
    connection.execute(delete(watch_news).where(watch_news.c.watch == watch.id))
    rows = [{**vars(each), "numbers": _packed(each.numbers)} for each in (*unseen, *seen[:KEPT])]
    if rows:
        connection.execute(insert(watch_news), rows)


def set_aside(connection: Connection, watch: Watch, *, hide: bool) -> None:
    """Note that a watch was not looked at, and why; with `hide`, what is new on it is so again with the next look."""
    rows = news(connection, [watch.id])
    known = numbers(connection, watch.id)
    for each in rows if hide else ():
        known = known if each.seen_at else np.setdiff1d(known, each.numbers, assume_unique=True)
    looked(connection, replace(watch, found=0) if hide else watch, known, [] if hide else rows)


def news(connection: Connection, ids: Iterable[str]) -> list[News]:
    """What is new of some watches, and what was, the newest first."""
    query = select(*[watch_news.c[name] for name in News.__annotations__]).where(watch_news.c.watch.in_(list(ids)))
    rows = connection.execute(query.order_by(watch_news.c.build.desc(), watch_news.c.place)).mappings()
    return [News(**{**row, "numbers": _unpacked(row["numbers"])}) for row in rows]


def seen(connection: Connection, id: str, build: int | None) -> None:
    """Note that the owner has seen what is new, up to a build."""
    mine = [watch_news.c.watch == id, watch_news.c.seen_at.is_(None)]
    upto = [] if build is None else [watch_news.c.build <= build]
    connection.execute(update(watch_news).where(*mine, *upto).values(seen_at=clock.now()))
    left = select(_sum(_count(watch_news.c.numbers))).where(*mine).scalar_subquery()
    _change(connection, id, unseen=left)


def end(connection: Connection, id: str) -> None:
    """Watch no more."""
    _change(connection, id, ended_at=clock.now())


def remove(connection: Connection, id: str) -> None:
    """Forget a watch, with all numbers that it found and what was new."""
    connection.execute(delete(watch_news).where(watch_news.c.watch == id))
    connection.execute(delete(watches).where(watches.c.id == id))


def extend(connection: Connection, watch: Watch, ends: date) -> None:
    """Watch until another day; what has ended is due at once, for it may have been left out of builds."""
    _change(connection, watch.id, ended_at=None, ends=ends, **({} if watch.runs else {"build": 0}))


def unread(owner: ColumnElement[str], purpose: ColumnElement[str], policy: ColumnElement[str]) -> ScalarSelect[Any]:
    """How many things are new on the watches of somebody for a purpose, as part of a query that names both.

    What was found under other declarations is not counted: what its owner may see may be another thing now.
    """
    mine = watches.c.owner == owner, watches.c.purpose == purpose, watches.c.policy == policy
    return select(_sum(watches.c.unseen)).where(*mine).scalar_subquery()


def _change(connection: Connection, id: str, **values: Any) -> None:
    connection.execute(update(watches).where(watches.c.id == id).values(**values))


def _packed(numbers: Numbers) -> bytes:
    return numbers.astype("<i8").tobytes()


def _unpacked(packed: bytes) -> Numbers:
    return np.frombuffer(packed, "<i8").astype(np.int64)


def _watch(row: Any) -> Watch:
    return Watch(**{**row, "said": json.loads(row["said"])})
