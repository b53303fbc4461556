"""What a published build says of itself, and the pointer that makes it the current one."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeAlias

from bluelamp.lake.ledger import write_whole
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
    issues: int = 0


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


def folder(store: Store, number: int) -> Path:
    """Where build `number` lives."""
    return store.builds / f"{number:06}"


def current(store: Store) -> Build | None:
    """The build that readers see, or None before the first."""
    pointer = store.builds / "current"
    if not pointer.exists():
        return None
    content = json.loads((folder(store, int(pointer.read_text())) / "build.json").read_text())
    sources = {name: SourceState(**state) for name, state in content.pop("sources").items()}
    return Build(**content, sources=sources)


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
    descriptor = os.open(store.builds, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    write_whole(store.builds / "current", str(build.number))


def sweep(store: Store) -> None:
    """Remove what unfinished runs left, and builds older than the last two."""
    now = current(store)
    for each in store.builds.glob("*"):
        if each.is_dir() and (each.suffix == ".new" or now is None or abs(int(each.name) - now.number) > 1 or int(each.name) > now.number):
            shutil.rmtree(each, ignore_errors=True)
    shutil.rmtree(store.scratch, ignore_errors=True)
