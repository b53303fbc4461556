"""`sources/*.yaml`: who answers for a source, what it may be used for, how it is read and what it says."""

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import cast, get_args
from urllib.parse import unquote

from bluelamp.workspace import health, links, records
from bluelamp.workspace.configuration import above_ceiling, ceiling, tiers
from bluelamp.workspace.document import Items, Table, Text
from bluelamp.workspace.fields import Fields
from bluelamp.workspace.fingerprint import fingerprint
from bluelamp.workspace.model import Mode, Read, RecordSpec, Source
from bluelamp.workspace.problems import Report, choose
from bluelamp.workspace.vocabulary import Vocabulary

MODES = get_args(Mode)
#: what no source may lack (DP-11), and what to write
DUTIES = {
    "owner": "write `owner:` and the unit that answers for it",
    "lawful_basis": "write `lawful_basis:` and the law, as in `DPA 2018 s.35(2)(b); PACE 1984 s.39`",
    "purposes": "write `purposes: [...]` with the purposes that it is open to",
    "marking": "write `marking: OFFICIAL` or another marking",
    "retention": "write `retention: mopi-3` or another class",
}

#: the connector whose `path` is the address of a database, and what people call that
DATABASE = "sql"
ADDRESSES = ("url", "uri", "dsn", "database", "connection", "host")
ADDRESS = 'write the database\'s address as `path: "postgresql://reader:${PASSWORD}@host/name"`'

_VARIABLE = re.compile(r"\$\{\w+\}")
_PASSWORD = re.compile(r"[?&;]\s*(?:\w*password|passwd|pwd)\s*=\s*[^&;\s]", re.IGNORECASE)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")


@dataclass
class Draft:
    """A source with its own part read; its links wait until the records of all sources are known."""

    name: str
    fields: Fields
    records: dict[str, RecordSpec | None]
    read: Read | None


def read(tables: list[Table], folder: Path, known: Vocabulary, report: Report) -> dict[str, Source]:
    """Every declared source by name."""
    drafts = [_draft(Fields(table, "The source", report), folder, known, report) for table in tables]
    declared: dict[str, dict[str, RecordSpec | None]] = {}
    first: dict[str, Draft] = {}
    for draft in filter(lambda each: each.name, drafts):
        if first.setdefault(draft.name, draft) is not draft:
            other = first[draft.name].fields.at("source")
            fix = f"see {other.file.as_posix()}:{other.line}: rename one of them"
            report.add("B027", draft.fields.at("source"), f"The source {draft.name} is declared twice", fix)
        declared.setdefault(draft.name, draft.records)
    made = [_source(draft, declared | {draft.name: draft.records}, known, report) for draft in drafts]
    records.check_when([each for source in made for each in source.records], report)
    return {source.name: replace(source, fingerprint=fingerprint(source, made, known)) for source in made}


def _draft(fields: Fields, folder: Path, known: Vocabulary, report: Report) -> Draft:
    name = fields.required("source", "write `source: custody`, the name that the other files use")
    if name and not _NAME.fullmatch(name):
        fix = "use small letters, digits and hyphens, as in `stop-and-search`"
        report.add("B028", fields.at("source"), f'"{name}" is not a name for a source', fix)
        name = ""
    fields.what = f"The source {name}" if name else fields.what
    return Draft(name, fields, records.read(fields, known, report), _read(fields, folder, known, report))


def _source(draft: Draft, declared: links.Declared, known: Vocabulary, report: Report) -> Source:
    fields = draft.fields
    for duty, fix in DUTIES.items():
        if fields.node(duty) is None or (duty == "purposes" and not fields.words(duty)):
            report.add("B026", fields.at(duty), f"{fields.what} has no `{duty}` (DP-11)", fix)
    first = next(iter(draft.records.values()), None)
    if draft.read and draft.read.mode == "upsert" and first and not first.key.columns:
        message = f"{fields.what} replaces rows by the key of its first record, and {first.name} has none"
        report.add("B057", first.place or fields.place, message, "write `key: [A, B]` there, or `mode: replace`")
    discoverable, contact = fields.flag("discoverable", default=False), fields.text("contact")
    if discoverable and not contact:
        fix = "write `contact:` with a unit or address that readers can ask"
        report.add(
            "B041", fields.at("discoverable"), f"{fields.what} is discoverable but does not say whom to ask", fix
        )
    source = Source(
        name=draft.name,
        title=fields.text("title", draft.name.replace("-", " ").capitalize()),
        owner=fields.text("owner"),
        lawful_basis=fields.text("lawful_basis"),
        purposes=_purposes(fields, known, report),
        marking=_marking(fields, known, report),
        retention=_retention(fields, known, report),
        read=draft.read or Read("", "", "append"),
        records=tuple(each for each in draft.records.values() if each),
        links=links.read(fields.items("links"), draft.name, declared, known, report),
        checks=health.read(fields.items("checks"), fields, report),
        description=fields.text("description"),
        discoverable=discoverable,
        contact=contact,
        attribution=fields.text("attribution"),
        place=fields.at("source"),
    )
    fields.finish()
    return source


def _purposes(fields: Fields, known: Vocabulary, report: Report) -> tuple[str, ...]:
    texts = fields.texts("purposes")
    for each in texts:
        if each.text not in known.purposes:
            fix = f"{choose(each.text, tuple(known.purposes))}, or declare it in purposes/{each.text}.yaml"
            report.add("B022", each.place, f'There is no purpose "{each.text}"', fix)
    return tuple(each.text for each in texts)


def _marking(fields: Fields, known: Vocabulary, report: Report) -> str:
    name = fields.text("marking")
    if name in known.markings or not name:
        return name
    if name in tiers() and above_ceiling(name):
        fix = f"this platform may hold nothing above {ceiling()}; keep the source out of it"
        report.add("B024", fields.at("marking"), f"{fields.what} is marked {name} (GSC-1)", fix)
    else:
        report.add("B023", fields.at("marking"), f'There is no marking "{name}"', choose(name, tuple(known.markings)))
    return name


def _retention(fields: Fields, known: Vocabulary, report: Report) -> str:
    name = fields.text("retention")
    if name and name not in known.retention:
        fix = f"{choose(name, tuple(known.retention))}, or declare it as [retention.{name}] in bluelamp.toml"
        report.add("B025", fields.at("retention"), f'There is no retention class "{name}"', fix)
    return name


def _read(fields: Fields, folder: Path, known: Vocabulary, report: Report) -> Read | None:
    own = fields.table_at("read", f"`read` of {fields.inner}")
    if fields.node("read") is None:
        fields.missing("read", "write `read: {connector: csv, path: deliveries/*.csv, mode: append}`")
    if own is None:
        return None
    connector = own.required("connector", "write `connector: csv` or another connector")
    of_database = connector == DATABASE
    path = own.required("path", ADDRESS if of_database else "write `path: deliveries/*.csv`, the files that it reads")
    mode = own.word("mode", MODES, "append")
    optional = own.words("optional")
    options = _options(own, report)
    if path:
        _check_path(path, own, folder, report)
    _check_options(connector, options, own, known, report)
    return Read(connector, path, cast("Mode", mode), options, optional)


def _options(fields: Fields, report: Report) -> dict[str, str]:
    """What stands under `options`, and every other key of `read`."""
    block = fields.table_at("options", "`options` of `read`")
    given = dict(fields.unasked())
    if block:
        given |= block.table.entries
    found = {}
    for key, node in given.items():
        items = node.items if isinstance(node, Items) else [node]
        texts = [each.text for each in items if isinstance(each, Text)]
        if isinstance(node, Table) or len(texts) != len(items):
            report.add(
                "B007", node.place, f"The option `{key}` is neither a text nor a list of texts", f"write `{key}: ...`"
            )
        else:
            found[key] = ",".join(texts)
    return found


def _check_options(connector: str, options: dict[str, str], fields: Fields, known: Vocabulary, report: Report) -> None:
    if known.options is None or not connector:
        return
    if connector not in known.options:
        fix = choose(connector, tuple(known.options))
        report.add("B037", fields.at("connector"), f'There is no connector "{connector}"', fix)
        return
    block = fields.table.entries.get("options")
    for key, value in options.items():
        place = block.keys.get(key) if isinstance(block, Table) else None
        if key not in known.options[connector]:
            fix = (
                ADDRESS if connector == DATABASE and key in ADDRESSES else choose(key, tuple(known.options[connector]))
            )
            report.add("B038", place or fields.at(key), f'The connector {connector} has no option "{key}"', fix)
        elif key == "each" and ("," in value or not all(part.strip() for part in value.split("."))):
            message = f'The option `each` is "{value}", which does not name one list'
            fix = "write the way to one list, as in `each: people` or `each: case.people`"
            report.add("B058", place or fields.at(key), message, fix)


def _check_path(path: str, fields: Fields, folder: Path, report: Report) -> None:
    """Report a path to deliveries that leaves the workspace."""
    if "://" in path:
        if holds_password(path):
            fix = "write `${NAME}` in its place and set that environment variable"
            report.add("B051", fields.at("path"), "A password stands in the `path` of the source", fix)
        return
    parts = PurePosixPath(path.replace("\\", "/"))
    fix = "write the path below the workspace and, where deliveries are elsewhere, run with --deliveries FOLDER"
    if parts.is_absolute() or ".." in parts.parts or path[1:2] == ":" or path.startswith("~"):
        report.add("B036", fields.at("path"), f"The path {path} leads out of the workspace", fix)
    elif not _below(folder, parts):
        report.add("B010", fields.at("path"), f"The path {path} leads out of the workspace by a symbolic link", fix)


def holds_password(url: str) -> bool:
    """Whether a URL has a password, before its host or among its options, that is not an environment variable."""
    written = _VARIABLE.sub("", url)
    own = written.partition("://")[2].rpartition("@")[0].partition(":")[2]
    return bool(own) or bool(_PASSWORD.search(unquote(written)))


def _below(folder: Path, parts: PurePosixPath) -> bool:
    """Whether the folders of a path that exist are inside the workspace once links are followed."""
    fixed = folder
    for part in parts.parts:
        if any(sign in part for sign in "*?["):
            break
        fixed /= part
    return fixed.resolve().is_relative_to(folder.resolve())
