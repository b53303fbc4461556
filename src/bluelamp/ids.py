"""Ids: 63-bit numbers inside (Delta has no unsigned type), `person-3f9ac0d2e1b4a787` outside.

A record's number is the first 63 bits of the MD5 of source, record name and key, so the same row gets the
same id in every build on every machine. MD5 is used for its speed inside DuckDB, never for secrecy. Each
build checks that no two keys share a number (the chance is about 1 in 200,000 for 10 million records).
"""

import hashlib
import re
import uuid
from functools import cache
from typing import NamedTuple

SEPARATOR = "\x1f"

_SHAPE = re.compile(r"([a-z][a-z_]*)-([0-9a-f]{16})")


class ObjectId(NamedTuple):
    """An object's type in id form (`stop_search`) and its 63-bit number."""

    type: str
    number: int

    def __str__(self) -> str:
        return f"{self.type}-{self.number:016x}"


def parse(text: str) -> ObjectId | None:
    """The parts of a public id, or None where the text is not one."""
    found = _SHAPE.fullmatch(text.strip().lower())
    return ObjectId(found[1], int(found[2], 16)) if found else None


@cache
def slug(type_name: str) -> str:
    """`StopSearch` as ids and addresses write it: `stop_search`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type_name).lower()


def record_number(source: str, record: str, key: str) -> int:
    """The number of one record; `record_number_sql` gives the same inside DuckDB."""
    digest = hashlib.md5(SEPARATOR.join((source, record, key)).encode(), usedforsecurity=False).hexdigest()
    return int(digest[:16], 16) >> 1


def record_number_sql(source: str, record: str, key: str) -> str:
    """DuckDB SQL of `record_number`; the three arguments are SQL expressions of type VARCHAR."""
    text = f"{source} || chr(31) || {record} || chr(31) || {key}"
    return f"(('0x' || left(md5({text}), 16))::UBIGINT >> 1)::BIGINT"


def event_id() -> str:
    """A new random id, for audit entries and sessions."""
    return str(uuid.uuid4())
