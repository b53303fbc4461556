"""The `checks` of a source: what must hold of it before a build is published."""

from collections.abc import Callable
from typing import Literal

from bluelamp.workspace.document import Node
from bluelamp.workspace.fields import Fields
from bluelamp.workspace.model import HealthCheck
from bluelamp.workspace.problems import Report

Then = Literal["warn", "stop"]

#: each check and an example that shows what it needs
KINDS = {
    "fresh": "{fresh: {days: 60}, then: warn}",
    "rows": "{rows: {least: 100}, then: stop}",
    "unique": "{unique: [Custody No], then: warn}",
    "allowed": "{allowed: {column: Sex, values: [M, F, U]}, then: warn}",
    "rejects": "{rejects: {most: 0.05}, then: stop}",
}
#: when each fails
FAILS = {
    "fresh": "the newest delivery is older than so many days",
    "rows": "the rows that count are fewer than `least` or more than `most`",
    "unique": "a value of the columns together stands in more than one row",
    "allowed": "a row has another value; a blank one is allowed",
    "rejects": "more than this share (0 to 1) of the rows of a delivery were rejected",
}


def read(nodes: list[Node], holder: Fields, report: Report) -> tuple[HealthCheck, ...]:
    """The checks that `nodes` declare."""
    opened = [holder.open(node, "The check") for node in nodes]
    return tuple(check for fields in opened if fields and (check := _check(fields, report)))


def _check(fields: Fields, report: Report) -> HealthCheck | None:
    kinds = [kind for kind in KINDS if fields.node(kind) is not None]
    then: Then = "stop" if fields.word("then", ("warn", "stop"), "warn") == "stop" else "warn"
    fields.finish()
    if len(kinds) != 1:
        fix = "write one of: " + " ".join(KINDS.values())
        report.add("B040", fields.place, "It is not clear what is checked", fix)
        return None
    kind = kinds[0]
    made = _unique(fields, then) if kind == "unique" else _detailed(kind, fields, then)
    if made is None:
        report.add("B040", fields.at(kind), f"The check `{kind}` lacks what it checks", f"write it like {KINDS[kind]}")
    return made


def _unique(fields: Fields, then: Then) -> HealthCheck | None:
    columns = fields.columns("unique")
    return HealthCheck("unique", then, columns=columns, place=fields.place) if columns else None


def _detailed(kind: str, fields: Fields, then: Then) -> HealthCheck | None:
    own = fields.table_at(kind, f"The check `{kind}`")
    if own is None:
        return None
    made = _READERS[kind](own, then)
    own.finish()
    return made


def _fresh(fields: Fields, then: Then) -> HealthCheck | None:
    days = fields.number("days")
    return HealthCheck("fresh", then, days=int(days), place=fields.place) if days else None


def _rows(fields: Fields, then: Then) -> HealthCheck | None:
    least, most = fields.number("least"), fields.number("most")
    if least is None and most is None:
        return None
    return HealthCheck("rows", then, least=least, most=most, place=fields.place)


def _allowed(fields: Fields, then: Then) -> HealthCheck | None:
    column, allowed = fields.column("column"), fields.words("values")
    if not column or not allowed:
        return None
    return HealthCheck("allowed", then, columns=(column,), values=allowed, place=fields.place)


def _rejects(fields: Fields, then: Then) -> HealthCheck | None:
    most = fields.number("most")
    return None if most is None or most > 1 else HealthCheck("rejects", then, most=most, place=fields.place)


_READERS: dict[str, Callable[[Fields, Then], HealthCheck | None]] = {
    "fresh": _fresh,
    "rows": _rows,
    "allowed": _allowed,
    "rejects": _rejects,
}
