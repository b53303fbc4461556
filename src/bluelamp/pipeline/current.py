"""Which raw rows of a source count now, as its mode says: all, the last delivery's, or the newest of each key."""

from collections.abc import Iterable

from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.sql import ident, literal
from bluelamp.lake.store import Store
from bluelamp.pipeline.map import known_key, trimmed
from bluelamp.pipeline.needed import completed
from bluelamp.workspace.model import Read, Source


def rows(source: Source, store: Store, ledger: Ledger, since: int = 0) -> str | None:
    """SQL of the raw rows that count now, of deliveries after number `since`; None where there are none."""
    raw = store.raw(source.name)
    relation = raw.relation()
    if relation is None or not ledger.deliveries:
        return None
    relation = completed(relation, raw.columns(), source)
    match source.read.mode:
        case "append":
            return f"(select * from {relation} where _delivery > {since} and {_standing(ledger)})"
        case "replace":
            last = max(each.number for each in ledger.deliveries if each.kind == "file")
            return f"(select * from {relation} where _delivery >= {last})"
        case "upsert":
            first = source.records[0]
            key = known_key(first.key, first, trimmed)
            if source.read.each:
                return _newest_whole(relation, raw.columns(), key, source.read, ledger)
            order = f"{_came(ledger)} desc, _row desc, _delivery desc"
            newest = f"row_number() over (partition by {key} order by {order}) = 1"
            return f"(select * from {relation} qualify ({key}) is null or {newest})"


def _newest_whole(relation: str, columns: Iterable[str], key: str, read: Read, ledger: Ledger) -> str:
    """SQL of the rows of the newest object of each key, all of them, where each element of a list is a row.

    The rows of an object stand together, and each says which element it is.
    """
    nth = f"try_cast({ident(read.nth)} as bigint)" if read.nth.casefold() in map(str.casefold, columns) else "NULL"
    placed = f'select *, {_came(ledger)} as " came", _row - coalesce({nth}, 1) as " start" from {relation}'
    newest = f'rank() over (partition by {key} order by " came" desc, " start" desc) = 1'
    return f'(select * exclude (" came", " start") from ({placed}) qualify ({key}) is null or {newest})'


def _came(ledger: Ledger) -> str:
    """SQL of the delivery in which a row came: a corrected reject belongs where it was rejected, however late."""
    files = ", ".join(f"({literal(each.name)}, {each.number})" for each in ledger.deliveries if each.kind == "file")
    replays = ", ".join(str(each.number) for each in ledger.deliveries if each.kind == "replay")
    if not replays or not files:
        return "_delivery"
    came = f"(select max(number) from (values {files}) f (name, number) where name = _file and number < _delivery)"
    return f"case when _delivery in ({replays}) then {came} else _delivery end"


def deliveries(source: Source, ledger: Ledger) -> list[Delivery]:
    """The deliveries of which rows may count now. In an upsert each may still have the newest row of some key."""
    gone = ledger.replaced()
    first = 1
    if source.read.mode == "replace":
        first = max((each.number for each in ledger.deliveries if each.kind == "file"), default=1)
    return [each for each in ledger.deliveries if each.number >= first and each.number not in gone]


def _standing(ledger: Ledger) -> str:
    """SQL of whether no later delivery of a row's file took its place; corrected rejects go with their file."""
    newest = {each.name: each.number for each in ledger.deliveries if each.replaces is not None}
    if not newest:
        return "true"
    listed = ", ".join(f"({literal(name)}, {number})" for name, number in newest.items())
    return f"not exists (select 1 from (values {listed}) n (name, number) where _file = name and _delivery < number)"


def only_appended(source: Source, ledger: Ledger, since: int) -> bool:
    """Whether all that came after delivery `since` only adds rows, so that earlier records stay as they are."""
    new = [each for each in ledger.deliveries if each.number > since]
    return source.read.mode == "append" and all(each.replaces is None for each in new)
