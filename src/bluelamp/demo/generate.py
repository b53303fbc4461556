"""Write a whole made-up force: its declarations, its deliveries, and the truth in a folder beside it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from bluelamp.demo import (
    anpr,
    calls,
    crimes,
    custody,
    deliver,
    incidents,
    intelligence,
    keepers,
    missing,
    staff,
    stops,
    truth,
)
from bluelamp.demo.batch import Batch
from bluelamp.demo.known import Scrapbook
from bluelamp.demo.plan import Period, Size
from bluelamp.demo.plan import plan as plan_of
from bluelamp.demo.truth import Truth
from bluelamp.demo.world import World, build
from bluelamp.errors import BlueLampError

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Feed:
    """A source system: what it writes, in which form, and how many rows in a thousand come twice or broken."""

    source: str
    suffix: str
    write: deliver.Write
    rows: Callable[[World, Period, np.random.Generator], Batch]
    twice: float = 2.0
    broken: float = 0.3


FEEDS = (
    Feed("crimes", "csv", deliver.csv(), crimes.rows),
    Feed("custody", "xlsx", deliver.excel("Custody"), custody.rows, broken=0),
    Feed("intelligence", "jsonl", deliver.jsonl, intelligence.rows, broken=0.5),
    Feed("stops", "csv", deliver.csv(), stops.rows),
    Feed("incidents", "csv", deliver.csv(";", "cp1252"), incidents.rows),
    Feed("anpr", "parquet", deliver.parquet, anpr.rows, twice=1.0, broken=0),
    Feed("calls", "csv.gz", deliver.csv(packed=True), calls.rows),
    Feed("keepers", "txt", deliver.csv("|"), keepers.rows, twice=0),
    Feed("missing", "json", deliver.json, missing.rows, twice=0, broken=0),
    Feed("staff", "csv", deliver.csv(), staff.rows, twice=0, broken=0),
)

#: the source whose period before the last comes late, and the one whose last delivery comes twice under two names
LATE, TWICE = "stops", "crimes"


#: where all lies until it is whole, so that what was stopped is not taken for it
HALF = ".half"


def generate(size: Size, folder: Path, seed: int = 7, progress: Progress | None = None) -> None:
    """Write the workspace `folder` and, beside it, `folder` + `-truth`; both must not hold anything yet, and are there
    only when all of them is.

    `town` has about 50,000 rows, `city` a million, `met` ten million. The same size and seed give the same
    bytes. `progress` is told what is being made and how much is done, from 0 to 1.
    """
    say = progress or (lambda _step, _share: None)
    beside = folder.with_name(folder.name + "-truth")
    for each in (folder, beside):
        if each.exists() and any(there.name != HALF for there in each.iterdir()):
            raise BlueLampError(
                f"{each} is not empty; choose a new folder for the demonstration force, or empty this one first."
            )
    made, known = folder / HALF, beside / HALF
    for each in (made, known):
        shutil.rmtree(each, ignore_errors=True)
        each.mkdir(parents=True)
    say("the people and places", 0.0)
    world = build(plan_of(size, seed))
    declare(world, made)
    told, book = Truth(known), Scrapbook(world)
    steps = [(feed, period) for feed in FEEDS for period in delivered(world, feed.source)]
    for number, (feed, period) in enumerate(steps):
        say(f"{feed.source}, {period.name}", 0.1 + 0.85 * number / len(steps))
        send(world, feed, period, made, told, book)
    told.close()
    say("the truth", 0.96)
    truth.world(known, world)
    book.write(known / "known.json")
    for half in (known, made):
        # the settings last: without them it is no workspace
        for each in sorted(half.iterdir(), key=lambda each: each.name == "bluelamp.toml"):
            each.rename(half.parent / each.name)
        half.rmdir()
    say("done", 1.0)


def declare(world: World, folder: Path) -> None:
    """Copy the declarations, and draw the wards."""
    with as_file(files("bluelamp.demo") / "workspace") as declarations:
        shutil.copytree(declarations, folder, dirs_exist_ok=True)
    (folder / "reference" / "wards.geojson").write_text(world.places.geojson, "utf-8", newline="\n")


def delivered(world: World, source: str) -> list[Period]:
    """The periods of a source; keepers come as two full extracts."""
    periods = world.plan.periods(source)
    return [periods[0], periods[-1]] if source == "keepers" else periods


def send(world: World, feed: Feed, period: Period, folder: Path, told: Truth, book: Scrapbook) -> None:
    """Write one delivery and what its rows truly are."""
    chance = world.plan.chance(feed.source, period.name)
    batch = doubled(feed.rows(world, period, chance), feed.twice / 1000, chance)
    home = folder / "deliveries" / feed.source
    home.mkdir(parents=True, exist_ok=True)
    path = home / f"{name_of(world, feed, period)}.{feed.suffix}"
    count = batch.frame.height
    broken = max(1, round(count * feed.broken / 1000)) if feed.broken and count else 0
    numbers, spoilt = feed.write(batch.frame, path, broken, chance)
    paths = [path]
    if feed.source == TWICE and period == world.plan.periods(TWICE)[-1]:
        paths.append(path.with_name(f"{period.name}-{feed.source}_copy.{feed.suffix}"))
        shutil.copyfile(path, paths[-1])
    book.keep(feed.source, path.relative_to(folder).as_posix(), batch, numbers)
    for each in paths:
        file = each.relative_to(folder).as_posix()
        for (kind, record), entity in batch.truth.items():
            told.tell(kind, feed.source, file, record, numbers, entity)
        for row in spoilt:
            told.reject(feed.source, file, row.row, row.kind)


def name_of(world: World, feed: Feed, period: Period) -> str:
    """The name of a delivery; the late one is named by the day that it came at last."""
    if feed.source == LATE and period == world.plan.periods(LATE)[-2]:
        return f"2026-11-01-late-{period.name}-{feed.source}"
    return f"{period.name}-{feed.source}"


def doubled(batch: Batch, share: float, chance: np.random.Generator) -> Batch:
    """The rows with a few of them standing twice."""
    count = batch.frame.height
    if not share or not count:
        return batch
    extra = chance.choice(count, max(1, round(count * share)), replace=False)
    return batch.take(np.sort(np.concatenate([np.arange(count), extra])))
