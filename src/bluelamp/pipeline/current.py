"""Which raw rows of a source count now, as its mode says: all, the last delivery's, or the newest of each key."""

from bluelamp.lake.ledger import Ledger
from bluelamp.lake.sql import literal
from bluelamp.lake.store import Store
from bluelamp.pipeline.map import known_key, trimmed
from bluelamp.workspace.model import Source


def rows(source: Source, store: Store, ledger: Ledger, since: int = 0) -> str | None:
    """SQL of the raw rows that count now, of deliveries after number `since`; None where there are none."""
    relation = store.raw(source.name).relation()
    if relation is None or not ledger.deliveries:
        return None
    match source.read.mode:
        case "append":
            return f"(select * from {relation} where _delivery > {since} and {_standing(ledger)})"
        case "replace":
            last = max(each.number for each in ledger.deliveries if each.kind == "file")
            return f"(select * from {relation} where _delivery >= {last})"
        case "upsert":
            first = source.records[0]
            key = known_key(first.key, first, trimmed)
            newest = f"row_number() over (partition by {key} order by _delivery desc, _row desc) = 1"
            return f"(select * from {relation} qualify ({key}) is null or {newest})"


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
