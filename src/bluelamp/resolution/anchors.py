"""Which number a cluster of records goes by: the one that it had, so that each id ever published leads somewhere.

Every record starts as an object of its own, under its own number. Records that are one belong to the object of one of
them, its anchor; an id whose record is gone stays that of the records that it stood for.
"""

import duckdb
import pyarrow as pa

from bluelamp.lake import duck

#: what `place` makes, beside its result `resolve_placed`
ASIDE = ("alive", "place", "anchor", "placed")

_WHERE = "coalesce(p.object, b.record)"


def place(connection: duckdb.DuckDBPyConnection, records: str, held: str | None = None) -> None:
    """Make `resolve_placed` (record, object): the object of each number that is not its own.

    `resolve_member` (record, cluster) says which `records` are one, under the least of each cluster; those not in
    it are alone. `resolve_before` (record, object) holds the last build's objects, and `held` is SQL of its
    records. A cluster keeps the id it had, or takes that of a record that was there: so an id that a reader knows
    does not turn into one of a record that he may not see, where such a record comes and joins. A new one takes its
    least. An id whose record is gone, or whose cluster joined another, leads to where its records went.
    """
    if held is None and not duck.count(connection, "select count(*) from resolve_before"):
        query = "select record, cluster as object from resolve_member where record <> cluster"
        return _table(connection, "placed", query)
    numbers = "select record as number from resolve_before union select object from resolve_before"
    _table(connection, "alive", f"select number from ({numbers}) where number in (select record from {records})")
    _table(
        connection,
        "place",
        "select record, cluster from resolve_member union all select record, record from resolve_before "
        "where record in (from resolve_alive) and record not in (select record from resolve_member)",
    )
    _table(
        connection,
        "anchor",
        "select cluster, min(record) as anchor from resolve_place where record in (select object from resolve_before) "
        "group by cluster",
    )
    _inherit(connection)
    if held:
        connection.execute(
            "insert into resolve_anchor select cluster, min(record) from resolve_place "
            "where cluster not in (select cluster from resolve_anchor) "
            f"and record in (select record from {held}) group by cluster"
        )
    _table(
        connection,
        "placed",
        "select record, coalesce(anchor, cluster) as object from resolve_place "
        "left join resolve_anchor using (cluster) where record <> coalesce(anchor, cluster)",
    )
    return _redirect(connection)


def _table(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    connection.execute(f"create or replace temp table resolve_{name} as {query}")


def _inherit(connection: duckdb.DuckDBPyConnection) -> None:
    """Clusters that hold no anchor of the last build take up the id of one whose record is gone: the least first."""
    orphans = connection.execute(
        "select distinct cluster, object from resolve_place join resolve_before using (record) "
        "where object not in (from resolve_alive) and cluster not in (select cluster from resolve_anchor) order by all"
    ).fetchall()
    taken: dict[int, int] = {}
    heirs: set[int] = set()
    for cluster, orphan in orphans:
        if cluster not in heirs and orphan not in taken:
            taken[orphan] = cluster
            heirs.add(cluster)
    if taken:
        found = pa.table({"cluster": pa.array(taken.values(), pa.int64()), "anchor": pa.array(taken, pa.int64())})
        connection.register("resolve_heirs", found)
        connection.execute("insert into resolve_anchor select cluster, anchor from resolve_heirs")
        connection.unregister("resolve_heirs")


def _redirect(connection: duckdb.DuckDBPyConnection) -> None:
    """Let ids and records that are gone lead to where their records and objects went."""
    gone = "not in (from resolve_alive)"
    unplaced = "not in (select object from resolve_placed)"
    connection.execute(
        f"insert into resolve_placed select b.object, arg_min({_WHERE}, b.record) from resolve_before b "
        f"left join resolve_placed p using (record) where b.object {gone} and b.object {unplaced} "
        "and b.record in (from resolve_alive) group by b.object"
    )
    connection.execute(
        "insert into resolve_placed select b.record, coalesce(p.object, b.object) from resolve_before b "
        f"left join resolve_placed p on p.record = b.object where b.record {gone} and b.record {unplaced} "
        "and b.record not in (select record from resolve_placed)"
    )
