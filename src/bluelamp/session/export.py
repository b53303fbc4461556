"""Hands the audit log out (to the Commissioner, s.62(5), to a court): entries, seals, keys and a verifier."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.sql.elements import ColumnElement

from bluelamp.database.tables import audit, audit_head
from bluelamp.errors import BlueLampError, Refused
from bluelamp.session import chain, seal
from bluelamp.session.audit import AuditLog, Context, Operation
from bluelamp.session.chain import FIELDS, LINK, canonical
from bluelamp.session.permissions import Action
from bluelamp.session.reading import EVERYTHING, Filter, demand
from bluelamp.session.seal import moment
from bluelamp.session.verify import BATCH, columns, snapshot

VERIFIER = "verify_audit.py"

#: subjects that the entry about an export names one by one
MOST_SUBJECTS = 10_000

README = """An export of a Blue Lamp audit log.

entries.jsonl  one entry a line. An entry that was not asked for has only its number and hashes, so the chain is whole.
seals.jsonl    signed statements over runs of entries.
about.json     who asked, for which permitted use, who receives it, which entries, the keys, the signed end of the log.

Check it, with nothing but Python 3.10 or newer:  python3 verify_audit.py .
Compare the ids of the keys in about.json with those that the force has told you by another way.
"""


@dataclass(frozen=True)
class Export:
    """What was written: entries in full, and entries of the whole chain."""

    path: Path
    entries: int
    chain: int


def export(
    log: AuditLog,
    path: Path,
    reader: Context,
    permitted_use: str,
    recipients: Sequence[str],
    wanted: Filter = EVERYTHING,
) -> Export:
    """Write the wanted entries with all that it takes to check them to `path`: a new folder, or a new `.zip`.

    Raises Refused (and logs it) without recipients (s.62(3)(b)(ii)) or for a use that is not permitted;
    BlueLampError where `path` exists. The disclosure is an entry of the log, and of the export.
    """
    use = demand(log, reader, Action.AUDIT_EXPORT, Operation.DISCLOSURE, permitted_use)
    named = [each.strip() for each in recipients if each.strip()]
    asked = {"permitted_use": use, **wanted.said()}
    if not named:
        log.append(reader.entry(Action.AUDIT_EXPORT, Operation.DISCLOSURE, fields_or_query=asked, decision="refused"))
        raise Refused("An export of the audit log is a disclosure: say who receives it.")
    if path.exists():
        raise BlueLampError(f"{path} exists; choose another name for the export.")
    own = log.append(_disclosure(log, reader, asked, named, wanted))
    log.seal()
    about = {**asked, "actor": reader.actor_id, "recipients": named, "ts_utc": moment(), "own_entry": own.seq}
    return _write(log, path, about, wanted)


def _disclosure(log: AuditLog, reader: Context, asked: dict[str, str], recipients: list[str], wanted: Filter) -> Any:
    """The entry about the export: it names every subject, or how many where they are too many to name."""
    with log.database.begin() as connection:
        each = select(func.unnest(audit.c.data_subject_ids).label("id")).where(*wanted.conditions()).subquery()
        subjects = [row.id for row in connection.execute(select(each.c.id).distinct().order_by(each.c.id))]
        count = connection.execute(select(func.count()).select_from(audit).where(*wanted.conditions())).scalar_one()
    if len(subjects) > MOST_SUBJECTS:
        asked, subjects = {**asked, "subjects": f"all {len(subjects)} of these entries"}, []
    said = {"fields_or_query": asked, "recipients": recipients, "data_subject_ids": subjects, "result_count": count}
    return reader.entry(Action.AUDIT_EXPORT, Operation.DISCLOSURE, **said)


def _write(log: AuditLog, path: Path, about: dict[str, Any], wanted: Filter) -> Export:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as temporary:
        aside = Path(temporary) / "export"
        aside.mkdir()
        full, links = _write_files(log, aside, about, wanted)
        if path.suffix == ".zip":
            packed = shutil.make_archive(str(Path(temporary) / "packed"), "zip", aside)
            Path(packed).rename(path)
        else:
            aside.rename(path)
    return Export(path, full, links)


def _write_files(log: AuditLog, folder: Path, about: dict[str, Any], wanted: Filter) -> tuple[int, int]:
    full = links = 0
    with log.database.begin() as connection:
        snapshot(connection)
        with (folder / "entries.jsonl").open("wb") as lines:
            for entry in _entries(connection, wanted, about["own_entry"]):
                lines.write(canonical(entry) + b"\n")
                links += 1
                full += len(entry) > len(LINK)
        seals = seal.stored(connection)
        end = select(*(audit_head.c[name] for name in ("seq", "hash", "key", "signature")))
        head = connection.execute(end).mappings().one()
    (folder / "seals.jsonl").write_bytes(b"".join(canonical(asdict(each)) + b"\n" for each in seals))
    keys = {name: key.public_bytes_raw().hex() for name, key in seal.public_keys(log.key_path.parent).items()}
    about = {**about, "entries_in_full": full, "entries": links, "head": dict(head), "keys": keys}
    (folder / "about.json").write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
    (folder / "README.txt").write_text(README, encoding="utf-8")
    shutil.copyfile(Path(chain.__file__), folder / VERIFIER)
    return full, links


def _entries(connection: Connection, wanted: Filter, own: int) -> Iterator[dict[str, Any]]:
    """The whole chain; what is not wanted (but for the export's own entry) only as links."""
    conditions = wanted.conditions()
    chosen: list[ColumnElement[Any]] = columns()
    rows = select(*chosen).order_by(audit.c.seq).execution_options(yield_per=BATCH)
    if not conditions:
        with connection.execute(rows) as every:
            for row in every:
                yield dict(zip(FIELDS, row, strict=True))
        return
    links = select(*(audit.c[name] for name in LINK)).order_by(audit.c.seq).execution_options(yield_per=BATCH)
    with connection.execute(rows.where(_any_of(conditions, own))) as full, connection.execute(links) as every:
        following = next(full, None)
        for link in every:
            if following is not None and following.seq == link.seq:
                yield dict(zip(FIELDS, following, strict=True))
                following = next(full, None)
            else:
                yield dict(zip(LINK, link, strict=True))


def _any_of(conditions: list[ColumnElement[bool]], own: int) -> ColumnElement[bool]:
    return (audit.c.seq == own) | and_(*conditions)
