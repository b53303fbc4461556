"""Every delivery is an entry on the audit log, once, before anything of it is shown."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bluelamp.database.tables import audit
from bluelamp.lake.ledger import Delivery
from bluelamp.session.audit import AuditLog, Entry, Operation
from bluelamp.session.permissions import Action
from bluelamp.workspace.model import Source

#: kind of delivery -> what it is on the log: correcting rejects alters what is held
ACTS = {
    "file": (Action.DELIVERY_COLLECT, Operation.COLLECTION),
    "replay": (Action.RECORD_CORRECT, Operation.ALTERATION),
}


def enter(log: AuditLog, sources: Mapping[str, Source], deliveries: Mapping[str, Sequence[Delivery]]) -> None:
    """Write the entry of each of `deliveries` (by source) that has none yet. Raises DatabaseUnavailable."""
    due = [(sources[name], each) for name, listed in deliveries.items() for each in listed]
    entered = _entered(log) if due else set()
    for source, delivery in due:
        if _told(said(source, delivery)) not in entered:
            log.append(entry(source, delivery))


def entry(source: Source, delivery: Delivery) -> Entry:
    """What the log says of a delivery."""
    action, operation = ACTS[delivery.kind]
    return Entry(
        action=action,
        operation=operation,
        actor_id=delivery.who,
        legal_basis=source.lawful_basis,
        fields_or_query=said(source, delivery),
        result_count=delivery.kept,
    )


def said(source: Source, delivery: Delivery) -> dict[str, str]:
    """What tells a delivery from every other one."""
    return {
        "source": source.name,
        "delivery": str(delivery.number),
        "file": delivery.name,
        "checksum": delivery.checksum,
        "came": delivery.at,
    }


def _told(fields: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(fields.get(name, "")) for name in ("source", "delivery", "checksum", "came"))


def _entered(log: AuditLog) -> set[tuple[str, ...]]:
    wanted = select(audit.c.fields_or_query).where(audit.c.action.in_([action.value for action, _ in ACTS.values()]))
    with log.database.begin() as connection:
        return {_told(json.loads(text)) for text in connection.execute(wanted).scalars() if text.startswith("{")}
