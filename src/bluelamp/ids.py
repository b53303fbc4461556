"""Ids: 63-bit numbers inside (Delta has no unsigned type), `person-3f9ac0d2e1b4a787` outside.

A record's number is 63 bits of the MD5 of the workspace's secret, source, record name and key: the same row gets the
same id in every build, and who only guesses what a row says cannot compute it. Why MD5 will do for that, and what the
secret is, stands in docs/decisions/0007-keyed-numbers.md. Each build checks that no two keys share a number (the chance
is about 1 in 200,000 for 10 million records).
"""

import hashlib
import re
import secrets
import uuid
from functools import cache
from typing import NamedTuple

SEPARATOR = "\x1f"

#: characters of the secret: one block of MD5
SECRET = 64

#: the variable of a DuckDB connection that holds the secret, so that no text of SQL does
VARIABLE = "numbering"

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


def record_number(secret: str, source: str, record: str, key: str) -> int:
    """The number of one record; `record_number_sql` gives the same inside DuckDB."""
    digest = hashlib.md5((secret + SEPARATOR.join((source, record, key))).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") >> 1


def record_number_sql(source: str, record: str, key: str) -> str:
    """DuckDB SQL of `record_number` over the connection's `VARIABLE`; the arguments are SQL of type VARCHAR."""
    text = f"getvariable('{VARIABLE}') || {source} || chr(31) || {record} || chr(31) || {key}"
    return f"(md5_number({text}) >> 65)::BIGINT"


def event_id() -> str:
    """A new random id, for audit entries and sessions."""
    return str(uuid.uuid4())


def decision_id() -> str:
    """A new random name for a decision: it tells nothing of how many there are."""
    return f"decision-{secrets.token_hex(6)}"


def chart_id(*sent: str) -> str:
    """A new random name for a chart; with all that was `sent` for it, the name that this has each time."""
    return f"chart-{_named(sent)}"


def change_id(*sent: str) -> str:
    """The same for a change of a chart, and for the note or proposal that it adds."""
    return f"change-{_named(sent)}"


def _named(sent: tuple[str, ...]) -> str:
    return hashlib.sha256(SEPARATOR.join(sent).encode()).hexdigest()[:12] if sent else secrets.token_hex(6)


def watch_id() -> str:
    """A new random name for a watch."""
    return f"watch-{secrets.token_hex(6)}"
