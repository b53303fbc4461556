"""What can be set in `bluelamp.toml` and by environment variables, each with its default and what it does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

PREFIX = "BLUELAMP"


def setting(
    default: str | int, help: str, *, secret: bool = False, shape: str = "", fix: str = "write text in double quotes"
) -> Any:
    """A field with a documented default; a secret may come from the environment only.

    A text matches the regular expression `shape`, where there is one; `fix` says what to write instead.
    """
    return field(default=default, metadata={"help": help, "secret": secret, "shape": shape, "fix": fix})


@dataclass(frozen=True)
class Engine:
    """What computes a build, and how much of the machine it may use."""

    name: str = setting(
        "duckdb",
        "`duckdb`, or `spark`: then Apache Spark proposes and weighs the pairs of a whole run (docs/resolution.md)",
        shape="duckdb|spark",
        fix='write "duckdb" or "spark"',
    )
    spark: str = setting(
        "",
        "The address of a Spark Connect server; empty: Spark runs on this machine. One with a token is a secret",
        shape=r"(sc://(\[[\da-fA-F:.]+\]|[^/;:\s\[\]]+)(:\d{1,5})?(/(;[^;=\s]+=[^;=\s]+)*)?)?",
        fix='write "sc://HOST:PORT", or "sc://HOST:PORT/;use_ssl=true"',
    )
    threads: int = setting(2, "Processor threads that a build may use")
    memory: str = setting("6GiB", "Memory that a build may use before it spills to disk")


@dataclass(frozen=True)
class Storage:
    """Where everything that is made from the declarations is kept."""

    folder: str = setting(".bluelamp", "A folder inside the workspace, or the absolute path of one elsewhere")


@dataclass(frozen=True)
class Database:
    """The PostgreSQL database of users, cases, decisions and the audit log."""

    url: str = setting("", "Its address; empty: one of its own, started inside the storage folder", secret=True)


@dataclass(frozen=True)
class SignIn:
    """How long somebody stays signed in."""

    idle_minutes: int = setting(30, "Minutes without a request after which a user must sign in again")
    absolute_hours: int = setting(10, "Hours after which a user must sign in again, however busy")


@dataclass(frozen=True)
class Oidc:
    """Sign-in by the force's own identity provider (OpenID Connect); empty: local accounts."""

    issuer: str = setting("", "Address of the identity provider")
    client_id: str = setting("", "The name under which the provider knows Blue Lamp")
    client_secret: str = setting("", "The secret that goes with it", secret=True)
    user_claim: str = setting("preferred_username", "What in the provider's answer is the user's name here")


@dataclass(frozen=True)
class Server:
    """Where `bluelamp serve` listens."""

    host: str = setting("127.0.0.1", "Network address; the default can be reached from this machine only")
    port: int = setting(8000, "Port")
    hosts: str = setting("", "Names that it answers to besides localhost, parted by spaces")


@dataclass(frozen=True)
class Resolution:
    """When records may be joined by likeness."""

    most_gap: int = setting(
        0,
        "Publish only where the recall of any two measured groups of people lies at most so many percentage points "
        "apart (`bluelamp resolution evaluate`); 0: do not wait",
    )
    sample: int = setting(
        200, "How many joined pairs, and how many doubts, of each type are drawn for people to judge (Review, Sample)"
    )


@dataclass(frozen=True)
class Map:
    """What maps are drawn on; nothing is fetched from elsewhere."""

    boundaries: str = setting(
        "", "A GeoJSON file of areas inside the workspace; maps show their lines, and areas are named by them"
    )
    tiles: str = setting(
        "",
        "A PMTiles file (version 3; MVT, PNG, JPEG or WebP) inside the workspace; maps are drawn over it "
        "([how](workbench.md#what-maps-are-drawn-on))",
    )


@dataclass(frozen=True)
class CommandLine:
    """Who is asking, and why, where a command does not say. Everything is logged under these all the same."""

    user: str = setting("", "A user declared in users.yaml")
    purpose: str = setting("", "A purpose that this user may use")
    reason: str = setting("", "The reason that is written down")


@dataclass(frozen=True)
class Settings:
    """Every setting, one table of `bluelamp.toml` a field."""

    engine: Engine = field(default_factory=Engine)
    storage: Storage = field(default_factory=Storage)
    database: Database = field(default_factory=Database)
    sign_in: SignIn = field(default_factory=SignIn)
    oidc: Oidc = field(default_factory=Oidc)
    server: Server = field(default_factory=Server)
    resolution: Resolution = field(default_factory=Resolution)
    map: Map = field(default_factory=Map)
    command_line: CommandLine = field(default_factory=CommandLine)


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one setting. `kind`: `unknown`, `value` or `secret`; no key: the whole table."""

    kind: str
    table: str
    key: str
    message: str
    fix: str


#: the tables of `bluelamp.toml` that hold settings
TABLES = tuple(each.name for each in fields(Settings))


def variable(table: str, key: str) -> str:
    """The environment variable that overrides a setting."""
    return f"{PREFIX}_{table}_{key}".upper()


def read(tables: Mapping[str, object], environ: Mapping[str, str]) -> tuple[Settings, list[Complaint]]:
    """The settings that `tables` (parsed TOML) and then `environ` give, and all that is wrong with them."""
    settings = Settings()
    complaints: list[Complaint] = []
    for name in TABLES:
        given = tables.get(name, {})
        if not isinstance(given, Mapping):
            complaints.append(
                Complaint("value", name, "", f"{name} is not a table", f"write [{name}] on a line of its own")
            )
            given = {}
        read_table = _table(getattr(settings, name), name, given, environ, complaints)
        settings = replace(settings, **{name: read_table})
    return settings, complaints


def _table(
    default: Any, name: str, given: Mapping[str, object], environ: Mapping[str, str], complaints: list[Complaint]
) -> Any:
    known = {each.name: each for each in fields(default)}
    complaints += [
        Complaint("unknown", name, key, f"[{name}] has no setting {key}", ", ".join(known))
        for key in given
        if key not in known
    ]
    values: dict[str, str | int] = {}
    for key, each in known.items():
        wanted = type(each.default)
        if key in given:
            _take(values, name, each, given[key], complaints)
            if _is_secret(each, str(given[key])):
                fix = f"set the environment variable {variable(name, key)} and remove it here"
                complaints.append(Complaint("secret", name, key, f"[{name}] {key} is a secret in a shared file", fix))
        if variable(name, key) in environ:
            _take(values, name, each, _number(environ[variable(name, key)], wanted), complaints, environment=True)
    return replace(default, **values)


def _is_secret(setting: Any, value: str) -> bool:
    """An address is secret only where it holds a password or a token."""
    if setting.name == "spark":
        return ";token=" in value
    if setting.name == "url":
        return ":" in value.partition("://")[2].rpartition("@")[0]
    return bool(setting.metadata["secret"] and value)


def _number(text: str, wanted: type) -> object:
    return int(text) if wanted is int and text.strip().isdecimal() else text


def _take(
    values: dict[str, str | int],
    table: str,
    setting: Any,
    value: object,
    complaints: list[Complaint],
    *,
    environment: bool = False,
) -> None:
    key, wanted, shape = setting.name, type(setting.default), setting.metadata["shape"]
    if isinstance(value, (str, int)) and type(value) is wanted and _fits(value, shape):
        values[key] = value
        return
    where = variable(table, key) if environment else f"[{table}] {key}"
    fix = "write a whole number above 0" if wanted is int else setting.metadata["fix"]
    said = "not an address (not shown, as it holds a secret)" if _is_secret(setting, str(value)) else repr(value)
    complaints.append(Complaint("value", table, key, f"{where} is {said}", fix))


def _fits(value: str | int, shape: str) -> bool:
    return value > 0 if isinstance(value, int) else not shape or re.fullmatch(shape, value) is not None


def documentation() -> str:
    """The text of docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Settings stand in `bluelamp.toml`, in the table that heads each section. An environment variable comes first.",
        "This page is made from `src/bluelamp/settings.py`; change it there.",
    ]
    for table in fields(Settings):
        values = getattr(Settings(), table.name)
        lines += ["", f"## [{table.name}]", "", str(type(values).__doc__), ""]
        lines += ["| setting | default | what it does | environment variable |", "| --- | --- | --- | --- |"]
        lines += [_row(table.name, each) for each in fields(values)]
    return "\n".join(lines) + "\n"


def _row(table: str, each: Any) -> str:
    default = f"`{each.default}`" if each.default != "" else "none"
    secret = " (a secret: not in the file)" if each.metadata["secret"] else ""
    return f"| `{each.name}` | {default} | {each.metadata['help']}{secret} | `{variable(table, each.name)}` |"
