"""bluelamp.toml: the force's name, its settings, and the markings and retention classes of its own."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from bluelamp import settings
from bluelamp.settings import Settings
from bluelamp.workspace import boundaries, document, tiles
from bluelamp.workspace.model import Marking, Place, Retention
from bluelamp.workspace.problems import Report, choose

FILE = Path("bluelamp.toml")
KNOWN = ("name", *settings.TABLES, "markings", "retention")
CODES = {"unknown": "B049", "value": "B050", "secret": "B051"}

_MARKING = re.compile(r"[A-Z0-9][A-Z0-9 _-]*")
_RETENTION = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Configuration:
    """What bluelamp.toml and this package's lists say together."""

    name: str
    settings: Settings = field(default_factory=Settings)
    markings: dict[str, Marking] = field(default_factory=dict)
    retention: dict[str, Retention] = field(default_factory=dict)


@cache
def _reference(name: str) -> dict[str, list[dict[str, object]]]:
    loaded: dict[str, list[dict[str, object]]] = json.loads(
        files("bluelamp").joinpath("reference", name).read_text(encoding="utf-8")
    )
    return loaded


@cache
def tiers() -> dict[str, int]:
    """Every tier of the Government Security Classifications by name, with its rank."""
    return {str(each["code"]): int(str(each["rank"])) for each in _reference("gsc.json")["tiers"]}


def ceiling() -> str:
    """The highest marking that this platform may hold (GSC-1)."""
    return str(_reference("gsc.json")["platform_ceiling"])


def above_ceiling(marking: str) -> bool:
    """Whether GSC-1 forbids the marking here."""
    return tiers().get(marking, -1) > tiers()[ceiling()]


def built_in_markings() -> dict[str, Marking]:
    """The markings that every force has."""
    allowed = {name: rank for name, rank in tiers().items() if not above_ceiling(name)}
    return {name: Marking(name, name.capitalize(), rank) for name, rank in allowed.items()}


@cache
def mopi() -> dict[str, Retention]:
    """The four groups of MoPI as retention classes: mopi-1 to mopi-4."""
    groups = _reference("mopi_groups.json")["groups"]
    made = [
        Retention(
            f"mopi-{each['group']}",
            str(each["title"]),
            int(str(each["years_first_review"])),
            _years(each["years_repeat"]),
        )
        for each in groups
    ]
    return {each.name: each for each in made}


def _years(value: object) -> int | None:
    return None if value is None else int(str(value))


def load(folder: Path, environ: Mapping[str, str], report: Report) -> Configuration:
    """The configuration of the workspace at `folder`; what is wrong with it goes to the report."""
    text = document.decode(folder / FILE, FILE, report) or ""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        place = Place(FILE, int(line[1]) if line else text.count("\n") + 1)
        report.add("B048", place, f"The file is not TOML: {error}", 'write each setting as `key = "value"`')
        return Configuration("", Settings(), built_in_markings(), dict(mopi()))
    return _Reader(folder, text, tables, report).read(environ)


class _Reader:
    def __init__(self, folder: Path, text: str, tables: dict[str, object], report: Report) -> None:
        self._folder = folder
        self._lines = text.splitlines()
        self._tables = tables
        self._report = report

    def read(self, environ: Mapping[str, str]) -> Configuration:
        for key in self._tables:
            if key not in KNOWN:
                self._add("B049", key, "", f"There is no setting or table `{key}`", choose(key, KNOWN))
        values, complaints = settings.read(self._tables, environ)
        for each in complaints:
            fix = choose(each.key, each.fix.split(", ")) if each.kind == "unknown" else each.fix
            self._add(CODES[each.kind], each.table, each.key, each.message, fix)
        for key, fault in (("boundaries", boundaries.fault), ("tiles", tiles.fault)):
            name = getattr(values.map, key)
            if name and (found := fault(self._folder, name)):
                self._add(found.code, "map", key, found.message, found.fix)
        return Configuration(self._name(), values, self._markings(), self._retention())

    def _name(self) -> str:
        name = self._tables.get("name")
        if isinstance(name, str) and name.strip():
            return name.strip()
        self._report.add(
            "B009", Place(FILE, 1), "bluelamp.toml has no `name`", 'write `name = "My force"` on its first line'
        )
        return ""

    def _markings(self) -> dict[str, Marking]:
        found = built_in_markings()
        for name, own in self._own("markings", _MARKING, "capitals, digits, spaces and hyphens, as in PSD-ONLY"):
            if name in tiers():
                fix = (
                    f"{ceiling()} is the highest marking that this platform may hold"
                    if above_ceiling(name)
                    else "remove it here"
                )
                code = "B024" if above_ceiling(name) else "B055"
                self._add(code, f"markings.{name}", "", f"{name} is a marking of government, not of the force", fix)
                continue
            title, rank = own.pop("title", name), own.pop("rank", None)
            if not isinstance(title, str) or not (rank is None or type(rank) is int):
                self._add(
                    "B050",
                    f"markings.{name}",
                    "",
                    f"The marking {name} needs a text and a whole number",
                    'write title = "..."',
                )
                continue
            self._leftover("markings", name, own, ("title", "rank"))
            found[name] = Marking(name, title, rank)
        return found

    def _retention(self) -> dict[str, Retention]:
        found = dict(mopi())
        for name, own in self._own("retention", _RETENTION, "small letters, digits and hyphens"):
            title, first, repeat = own.pop("title", name), own.pop("first_review", None), own.pop("repeat", None)
            if (
                not isinstance(title, str)
                or type(first) is not int
                or first < 1
                or not (repeat is None or type(repeat) is int)
            ):
                fix = 'write title = "...", first_review = 6 and, if it is reviewed again, repeat = 5 (years)'
                self._add("B050", f"retention.{name}", "", f"The retention class {name} does not say its years", fix)
                continue
            self._leftover("retention", name, own, ("title", "first_review", "repeat"))
            if name in found:
                self._add(
                    "B055", f"retention.{name}", "", f"{name} is a retention class of MoPI", "give it another name"
                )
                continue
            found[name] = Retention(name, title, first, repeat)
        return found

    def _own(self, table: str, shape: re.Pattern[str], how: str) -> list[tuple[str, dict[str, object]]]:
        """The force's own entries of `table`; what is no entry goes to the report."""
        given = self._tables.get(table, {})
        if not isinstance(given, dict):
            self._add("B050", table, "", f"{table} is not a table", f"write [{table}.NAME] on a line of its own")
            return []
        good = []
        for name, own in given.items():
            if not shape.fullmatch(name):
                self._add("B028", f"{table}.{name}", "", f'"{name}" is not a name for [{table}]', f"use {how}")
            elif not isinstance(own, dict):
                self._add("B050", table, name, f"{name} is not a table", f"write [{table}.{name}] on a line of its own")
            else:
                good.append((name, dict(own)))
        return good

    def _leftover(self, table: str, name: str, own: dict[str, object], known: tuple[str, ...]) -> None:
        for key in own:
            self._add("B049", f"{table}.{name}", key, f"[{table}.{name}] has no setting {key}", choose(key, known))

    def _add(self, code: str, table: str, key: str, message: str, fix: str) -> None:
        self._report.add(code, Place(FILE, self._line(table, key)), message, fix)

    def _line(self, table: str, key: str) -> int:
        """The line of a setting, found in the text, since TOML readers forget it."""
        header = 0
        for number, line in enumerate(self._lines, start=1):
            plain = line.strip().replace('"', "").replace("'", "")
            if plain.startswith(f"[{table}]") or re.match(rf"{re.escape(table)}\s*=", plain):
                header = number
                if not key:
                    return number
            elif header and re.match(rf"{re.escape(key)}\s*=", plain):
                return number
        return header or 1
