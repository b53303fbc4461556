"""Every join of two records is on the audit log, naming both sides (DPA 2018 s.62(1): combination), before it shows."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from bluelamp.ids import ObjectId
from bluelamp.ontology.grammar import Kind, ObjectType
from bluelamp.session.audit import AuditLog, Entry, Operation
from bluelamp.session.permissions import Action

#: joins that one entry names; a first build may make a hundred thousand
JOINS = 500


def enter(
    log: AuditLog, nouns: Mapping[str, type[ObjectType]], joined: pa.Table, who: str, models: Mapping[str, str]
) -> None:
    """Write entries for `joined` (type, record, object): each pair of ids is a record and the object it joined.

    `models` are the fingerprints of the models that joined them beside keys and decisions, by type. Raises
    DatabaseUnavailable.
    """
    for name, noun in nouns.items():
        mine = joined.filter(pc.equal(joined.column("type"), name))
        pairs = list(zip(mine.column("record").to_pylist(), mine.column("object").to_pylist(), strict=True))
        for at in range(0, len(pairs), JOINS):
            log.append(entry(noun, pairs[at : at + JOINS], who, models.get(name, "")))


def entry(noun: type[ObjectType], pairs: list[tuple[int, int]], who: str, model: str) -> Entry:
    """What the log says of some joins of one object type, by keys, decisions, and a model where there is one."""
    rule = f"strong keys, decisions and the model {model}" if model else "strong keys and decisions"
    ids = [str(ObjectId(noun.slug(), number)) for pair in pairs for number in pair]
    return Entry(
        action=Action.RECORD_COMBINE,
        operation=Operation.COMBINATION,
        actor_id=who,
        object_ids=ids,
        object_types=[noun.slug()],
        data_subject_ids=ids if noun.kind is Kind.PERSON else [],
        fields_or_query={"rule": rule, "ids": "in pairs: a record, and the object that it joined"},
        result_count=len(pairs),
    )
