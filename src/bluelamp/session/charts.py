"""Charts as PostgreSQL holds them: each is a tree of changes, and the one of them that it stands at."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import distinct_on

from bluelamp import clock
from bluelamp.database.tables import chart_changes, charts
from bluelamp.session.changes import Change


@dataclass(frozen=True)
class Chart:
    """A chart without what is on it."""

    id: str
    title: str
    owner: str
    shared: Sequence[str]
    purpose: str
    case_ref: str
    made_at: datetime
    changed_at: datetime
    head: str | None


#: the changes from the first to the one that a chart stands at
_PATH = text(
    "WITH RECURSIVE path AS (SELECT * FROM chart_changes WHERE id = :head UNION ALL "
    "SELECT c.* FROM chart_changes c JOIN path ON c.id = path.before) "
    'SELECT id, kind, said, "user", at, before, name FROM path ORDER BY place'
)

_CHANGE = [chart_changes.c[name] for name in ("id", "kind", "said", "user", "at", "before", "name")]


def listed(connection: Connection, user: str, purpose: str) -> list[Chart]:
    """The charts that a user may open for a purpose, the last changed first."""
    mine = (charts.c.owner == user) | charts.c.shared.contains([user])
    query = select(charts).where(mine, charts.c.purpose == purpose).order_by(charts.c.changed_at.desc(), charts.c.id)
    return [Chart(**row) for row in connection.execute(query).mappings()]


def one(connection: Connection, id: str, user: str, purpose: str, *, alone: bool = False) -> Chart | None:
    """A chart that the user may open for the purpose; `alone`: nobody else changes it until the transaction ends."""
    mine = (charts.c.owner == user) | charts.c.shared.contains([user])
    query = select(charts).where(charts.c.id == id, mine, charts.c.purpose == purpose)
    row = connection.execute(query.with_for_update() if alone else query).mappings().one_or_none()
    return Chart(**row) if row else None


def add(connection: Connection, chart: Chart) -> None:
    """A new chart."""
    connection.execute(insert(charts).values(**vars(chart)))


def once(connection: Connection, chart: Chart) -> bool:
    """A new chart, unless there is one of that name; whether there was none."""
    query = postgresql.insert(charts).values(**vars(chart)).on_conflict_do_nothing().returning(charts.c.id)
    return connection.execute(query).one_or_none() is not None


def share(connection: Connection, id: str, users: Sequence[str]) -> None:
    """Let these other users, and no more, open a chart."""
    connection.execute(update(charts).where(charts.c.id == id).values(shared=list(users)))


def path(connection: Connection, chart: Chart) -> list[Change]:
    """The changes that make a chart what it is, the first first."""
    return [_change(row) for row in connection.execute(_PATH, {"head": chart.head}).mappings()]


def every(connection: Connection, chart: Chart) -> list[Change]:
    """All changes that were ever made to a chart, the first first."""
    query = select(*_CHANGE).where(chart_changes.c.chart == chart.id).order_by(chart_changes.c.place)
    return [_change(row) for row in connection.execute(query).mappings()]


def named(connection: Connection, chart: Chart, id: str) -> Change | None:
    """One change of a chart."""
    query = select(*_CHANGE).where(chart_changes.c.id == id, chart_changes.c.chart == chart.id)
    row = connection.execute(query).mappings().one_or_none()
    return _change(row) if row else None


def newest(connection: Connection, listed: Sequence[Chart]) -> dict[str, Change]:
    """The change that was made last to each of some charts, by the names of these."""
    of = chart_changes.c.chart
    query = select(of, *_CHANGE).where(of.in_([each.id for each in listed])).ext(distinct_on(of))
    rows = connection.execute(query.order_by(of, chart_changes.c.place.desc())).mappings().all()
    return {row["chart"]: _change({name: each for name, each in row.items() if name != "chart"}) for row in rows}


def change(connection: Connection, chart: Chart, made: Change) -> None:
    """Put a change after the one that a chart stands at, and have it stand there."""
    said = json.dumps(made.said, ensure_ascii=False)
    row = {**vars(made), "said": said, "before": chart.head, "chart": chart.id}
    connection.execute(insert(chart_changes), [row])
    stand(connection, chart, made.id)


def stand(connection: Connection, chart: Chart, head: str | None) -> None:
    """Have a chart stand at another of its changes."""
    connection.execute(update(charts).where(charts.c.id == chart.id).values(head=head, changed_at=clock.now()))


def name(connection: Connection, chart: Chart, change: str, called: str) -> None:
    """Call the chart as it stood after a change something."""
    mine = chart_changes.c.id == change, chart_changes.c.chart == chart.id
    connection.execute(update(chart_changes).where(*mine).values(name=called))


def _change(row: Any) -> Change:
    return Change(**{**row, "said": json.loads(row["said"])})
