"""What a published build says of itself, and the pointer that makes it the current one."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeAlias

import duckdb

from bluelamp.errors import BlueLampError
from bluelamp.index import layout
from bluelamp.index.layout import OBJECTS, ROWS, TEXT
from bluelamp.index.rows import Rows
from bluelamp.lake import disk, duck
from bluelamp.lake.ledger import write_whole
from bluelamp.lake.sql import literal
from bluelamp.lake.store import Store

#: told the step, what it is doing, and how far it is (0 to 1)
Progress: TypeAlias = Callable[[str, str, float], None]


@dataclass(frozen=True)
class SourceState:
    """Where one source stood when a build was made."""

    #: number of the last delivery that the build holds
    delivery: int
    fingerprint: str
    read: int = 0
    kept: int = 0
    rejected: int = 0
    #: values that could not be understood
    issues: int = 0
    #: links that lead to no record, by the source that should have it
    astray: dict[str, int] = field(default_factory=dict)
    #: fingerprint of the health checks that held, or warned; empty: none
    checks: str = ""

    @property
    def doubts(self) -> int:
        """All that is wrong with what is kept: values, and links that lead to no record."""
        return self.issues + sum(self.astray.values())


@dataclass(frozen=True)
class Unlearned:
    """Why a type has no model although there are records enough: what was learned of so many could not be right."""

    records: int
    why: str


@dataclass(frozen=True)
class Build:
    """One complete state of the index. `tables` holds the version of each dataset that it was made from."""

    number: int
    at: str
    who: str
    sources: dict[str, SourceState] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    objects: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    #: fingerprint of the rules that its records were joined by
    rules: str = ""
    #: fingerprints of the models among those rules, by object type
    models: dict[str, str] = field(default_factory=dict)
    #: fingerprint of what people decided of pairs of records, and it obeys; empty: nothing
    decided: str = ""
    #: fingerprint of the secret that records are numbered by
    numbering: str = ""
    #: sources that were not read for it, and stand as in the build before, if they stood there
    left_out: list[str] = field(default_factory=list)
    #: types of which nothing could be learned
    unlearned: dict[str, Unlearned] = field(default_factory=dict)


#: what `Build.warnings` say of a source that was left out, after its name and a colon
LEFT_OUT = "left out of this build on request, so it stands as in the build before, or not at all"


class Damaged(BlueLampError):
    """A file of the published build is missing or cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is damaged or missing; run `bluelamp run` on the workspace to publish anew.")


def folder(store: Store, number: int) -> Path:
    """Where build `number` lives."""
    return store.builds / f"{number:06}"


def current(store: Store) -> Build | None:
    """The build that readers see, or None before the first."""
    number = pointed(store)
    return read(store, number) if number is not None else None


def pointed(store: Store) -> int | None:
    """The number of the build that readers see, or None before the first. Raises Damaged."""
    pointer = store.builds / "current"
    try:
        return int(pointer.read_text("ascii"))
    except FileNotFoundError:
        if not any(_complete(store)):
            return None
        raise Damaged(pointer) from None
    except (OSError, ValueError) as error:
        raise Damaged(pointer) from error


def read(store: Store, number: int) -> Build:
    """What build `number` says of itself. Raises Damaged."""
    path = folder(store, number) / "build.json"
    try:
        content = json.loads(path.read_text("utf-8"))
        sources = {name: SourceState(**state) for name, state in content.pop("sources").items()}
        unlearned = {name: Unlearned(**each) for name, each in content.pop("unlearned", {}).items()}
        return Build(**content, sources=sources, unlearned=unlearned)
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise Damaged(path) from error


def _complete(store: Store) -> list[int]:
    """The numbers of the builds that were finished, the newest first."""
    return sorted(
        (int(each.name) for each in store.builds.glob("*") if each.name.isdecimal() and each.is_dir()), reverse=True
    )


def standing(store: Store) -> tuple[Build | None, bool]:
    """The build that a run goes on from, and whether readers have it whole; else the run must publish anew.

    Where the pointer is damaged it is the newest build of which enough is left: objects keep their ids by it.
    """
    with suppress(Damaged):
        build = current(store)
        return build, build is None or whole(store, build.number)
    for number in _complete(store):
        with suppress(Damaged):
            return read(store, number), False
    return None, False


def whole(store: Store, number: int) -> bool:
    """Whether the index of build `number` is there, can be opened, and is what this software makes."""
    place = folder(store, number)
    if not (place / TEXT / "meta.json").exists() or not layout.current(place):
        return False
    try:
        Rows(place / ROWS)
        with duck.question(store.scratch) as connection:
            connection.execute(f"attach {literal(str(place / OBJECTS))} as opened (read_only)")
            try:
                connection.execute("select count(*) from opened.access").fetchall()
            finally:
                connection.execute("detach opened")
    except (duckdb.Error, OSError, ValueError):
        return False
    return True


def following(store: Store, published: Build | None) -> int:
    """The number of the next build: above that of every one ever finished here that can still be told."""
    return max([0, *_complete(store), *([published.number] if published else [])]) + 1


def begin(store: Store, number: int) -> Path:
    """An empty folder for build `number`, beside what readers see."""
    aside = folder(store, number).with_suffix(".new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    return aside


def switch(store: Store, build: Build, aside: Path) -> None:
    """Make `build`, complete in the folder `aside`, the one that readers see, in one step."""
    write_whole(aside / "build.json", json.dumps(asdict(build), indent=1))
    place = folder(store, build.number)
    shutil.rmtree(place, ignore_errors=True)
    aside.rename(place)
    disk.keep(store.builds)
    write_whole(store.builds / "current", str(build.number))


def sweep(store: Store) -> None:
    """Remove what unfinished runs left, and builds older than the last two."""
    for unfinished in store.builds.glob("*.new"):
        if unfinished.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
    with suppress(Damaged):
        now = pointed(store)
        found = _complete(store)
        for number in found if now in found else []:
            if number not in (now, (now or 0) - 1):
                shutil.rmtree(folder(store, number), ignore_errors=True)
    shutil.rmtree(store.scratch, ignore_errors=True)
