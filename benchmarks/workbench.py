"""The workbench's questions on a published force: search around, shortest paths, a radius, a histogram.

`python -m benchmarks.workbench FOLDER` asks them of the workspace in FOLDER through a session, each audited, and prints
medians and 95th percentiles in milliseconds. `--peers` asks the paths of networkx, rustworkx and kuzu too (those that are
installed), which hold the same links in memory, each in a process of its own, and prints time with loading and memory.
"""

import argparse
import gc
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

import bluelamp
from bluelamp.errors import BlueLampError
from bluelamp.ids import ObjectId
from bluelamp.index.graph import Choice
from bluelamp.index.places import Area
from bluelamp.session.session import Session

#: questions of each kind
ASKED = 60


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--user", default="amara")
    parser.add_argument("--purpose", default="intelligence")
    parser.add_argument("--peers", nargs="*", help="ask these libraries too, or all")
    parser.add_argument("--only-peers", action="store_true")
    asked = parser.parse_args()
    for name, said in ({} if asked.only_peers else measure(asked.folder, asked.user, asked.purpose)).items():
        print(f"| {name} | {said} |", flush=True)
    if asked.peers is not None:
        told = json.dumps(questions(asked.folder, asked.user, asked.purpose))
        for name in asked.peers or ("bluelamp", "networkx", "rustworkx", "kuzu"):
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.peers", name, str(asked.folder), told],
                capture_output=True,
                text=True,
                check=False,
            )
            print(done.stdout.strip() or f"| {name} | {done.stderr.strip().splitlines()[-1]} |", flush=True)


def measure(folder: Path, user: str, purpose: str) -> dict[str, str]:
    """What each kind of question took, in words."""
    force = bluelamp.open(folder)
    session = force.session(user=user, purpose=purpose, reason="A benchmark", case="BENCH/1")
    # as a server does once it is up: looking through all that is loaded for garbage takes 80 ms now and then
    gc.freeze()
    index = force.published.index
    rows = index._objects.rows  # noqa: SLF001 (to draw what is asked about, not to answer)
    luck = random.Random(7)  # noqa: S311 (a choice of questions)
    degree = "SELECT object, object_type FROM link GROUP BY ALL HAVING count(DISTINCT other) BETWEEN 90 AND 110 ORDER BY object"
    hubs = _seen(session, rows(f"{degree} LIMIT 2000"))
    people = _seen(session, rows("SELECT object, 'Person' FROM record_person ORDER BY hash(object) LIMIT 4000"))
    points = rows("SELECT latitude, longitude FROM point ORDER BY hash(object) LIMIT 2000")
    said = {
        "search around, degree about 100": _timed(session, luck.sample(hubs, min(ASKED, len(hubs))), _around),
        "all shortest paths up to 4 links between two people": _timed(
            session, [tuple(luck.sample(people, 2)) for _ in range(ASKED)], _path
        ),
        "what lies within 500 m": _timed(session, luck.sample(points, min(ASKED, len(points))), _near),
        "what happened within 500 m in a month": _timed(
            session, luck.sample(points, min(ASKED, len(points))), _happened
        ),
        "histogram of the largest event type": _timed(session, [_largest(force)] * 10, _histogram),
    }
    force.close()
    gc.unfreeze()
    return said


def _seen(session: Session, found: list[tuple[int, str]]) -> list[ObjectId]:
    """Those of some objects that the session may see."""
    nouns = session.force.workspace.nouns
    ids = [ObjectId(nouns[type].slug(), number) for number, type in dict.fromkeys(found)]
    seen = session.index.graph.seen(ids, session.visible)
    return [id for id in ids if id in seen]


def _around(session: Session, id: ObjectId) -> None:
    session.around([id])


def _path(session: Session, ends: tuple[ObjectId, ObjectId]) -> None:
    session.paths(*ends, longest=4)


def _near(session: Session, point: tuple[float, float]) -> None:
    session.near(Area((point,), 500), Choice(others=frozenset({"Location"})))


def _happened(session: Session, point: tuple[float, float]) -> None:
    session.near(Area((point,), 500), Choice(first="2026-03-01", last="2026-03-31"))


def _histogram(session: Session, asked: tuple[str, str]) -> None:
    session.histogram(*asked)


def _largest(force: Any) -> tuple[str, str]:
    """The event type with most objects, and a property of it."""
    counts = force.published.index.counts(frozenset(force.published.index.accesses))
    nouns = force.workspace.nouns
    name = max((each for each in counts if nouns[each].when), key=lambda each: counts[each])
    return name, next(each for each in nouns[name].properties if each not in ("reference", nouns[name].when))


def _timed(session: Session, asked: list[Any], ask: Callable[[Session, Any], None]) -> str:
    """Median, 95th percentile and the greatest of what questions took, the first of each kind left out."""
    taken, refused = [], 0
    for each in asked:
        began = time.perf_counter()
        try:
            ask(session, each)
        except BlueLampError:
            refused += 1
            continue
        taken.append((time.perf_counter() - began) * 1000)
    taken = sorted(taken[1:] or taken)
    if not taken:
        return f"none of {len(asked)} answered"
    p95 = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    said = f"median {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms, worst {taken[-1]:.0f} ms, {len(taken)} asked"
    return said + (f", {refused} refused as too much" if refused else "")


def memory() -> float:
    """The most memory that this process has held, in MiB; `getrusage` would tell of the one that started it, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def links_of(folder: Path, visible: list[int]) -> tuple[Any, Any]:
    """Both ends of every link that a reader sees, as two arrays of numbers, for peers that hold all in memory."""
    store = folder / ".bluelamp" / "builds"
    number = int((store / "current").read_text())
    with duckdb.connect(str(store / f"{number:06}" / "objects.duckdb"), read_only=True) as index:
        query = f"SELECT DISTINCT object, other FROM link WHERE forward AND object <> other AND {_seen_by(visible)}"
        found = index.execute(query).fetchnumpy()
    return found["object"], found["other"]


def _seen_by(visible: list[int]) -> str:
    """SQL of the links that a reader of some accesses sees."""
    wanted = ", ".join(map(str, visible))
    return " AND ".join(f"{end}access IN ({wanted})" for end in ("", "end_", "other_"))


def questions(folder: Path, user: str, purpose: str) -> dict[str, Any]:
    """Pairs whom the session may see, the same for everybody: any two people, and people with what lies four links off."""
    force = bluelamp.open(folder)
    session = force.session(user=user, purpose=purpose, reason="A benchmark", case="BENCH/1")
    rows = force.published.index._objects.rows  # noqa: SLF001 (to draw what is asked about, not to answer)
    people = _seen(session, rows("SELECT object, 'Person' FROM record_person ORDER BY hash(object) LIMIT 500"))
    visible = sorted(session.visible)
    luck = random.Random(7)  # noqa: S311 (a choice of questions)
    near = f"SELECT DISTINCT other FROM link WHERE object = ? AND {_seen_by(visible)} ORDER BY other"
    pairs = [[each.number for each in luck.sample(people, 2)] for _ in range(10)]
    for person in luck.sample(people, 10):
        at = person.number
        for _ in range(4):
            at = luck.choice([other for (other,) in rows(near, [at]) if other != person.number] or [at])
        pairs.append([person.number, at])
    slug = "SELECT slug FROM object JOIN type ON code = object.type WHERE object = ? LIMIT 1"
    kinds = {number: rows(slug, [number])[0][0] for pair in pairs for number in pair}
    force.close()
    return {"user": user, "purpose": purpose, "visible": visible, "pairs": pairs, "kinds": kinds}


if __name__ == "__main__":
    main()
