"""`python -m benchmarks`: measure everything, print one table, and write it to docs/benchmarks.md.

BLUELAMP_DATA names the folder with the open data; without it, the London line is left out. `--records` is the
size of the index that is measured (10,000,000 takes about half an hour).
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

import psutil

from benchmarks import pages, runs

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Measure, print and write down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help="london, city, workbench, resolution, engines or index")
    asked = parser.parse_args()
    work = ROOT / "benchmarks" / "made"
    work.mkdir(exist_ok=True)
    rows: list[tuple[str, str, str]] = []
    data = Path(os.environ.get("BLUELAMP_DATA", ROOT.parent / "shared" / "data")) / "crime" / "open"
    if asked.only in ("", "london") and data.is_dir():
        rows += _london(data, work)
    if asked.only in ("", "city"):
        rows += _city(work)
    parts = [_workbench(work / "city")] if asked.only in ("", "workbench") else []
    parts += _resolution(data.parents[1], work) if asked.only in ("", "resolution") else []
    parts += [_engines(data.parents[1])] if asked.only in ("", "engines") else []
    parts += [_index(asked.records)] if asked.only in ("", "index") else []
    _write(rows, parts, complete=not asked.only)


def _london(data: Path, work: Path) -> list[tuple[str, str, str]]:
    taken = runs.london(data, work)
    ratio = statistics.median(ours / bare for bare, _, ours, _ in taken)
    bare, bare_cpu, ours, ours_cpu = (statistics.median(each) for each in zip(*taken, strict=True))
    said = f"{ratio:.2f} times ({ours:.1f} s of {ours_cpu:.0f} CPU s, bare {bare:.1f} s of {bare_cpu:.0f} CPU s)"
    return _shown([("London burglary file to searchable index, against a bare script", said, "2 times")])


def _city(work: Path) -> list[tuple[str, str, str]]:
    full, part, folder = runs.city(work)
    idle = statistics.median(runs.unchanged(folder))
    views = pages.measure(folder)
    return _shown([
        ("City force, 1 million rows, full run", f"{full:.1f} s", "–"),
        ("A 1% delivery to it", f"{part:.1f} s, {part / full:.0%} of the full run", "10%"),
        ("A run with nothing new", f"{idle:.2f} s", "2 s"),
        (
            "Audited object pages a second, one process",
            f"{views['views_per_second']:.0f} (median {views['median_ms']:.0f} ms, p95 {views['p95_ms']:.0f} ms, 8 at once)",
            "200",
        ),
    ])  # fmt: skip


def _shown(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The same, told at once: a part that fails later loses nothing."""
    for row in rows:
        print(" | ".join(row), flush=True)
    return rows


def _workbench(force: Path) -> str:
    """The questions of the workbench, in a session, beside other libraries that are there, and in a browser."""
    if not force.exists():
        return "The workbench is measured on the force of the part `city`."
    told = _told("workbench", str(force), "--peers") + _told("screen", str(force))
    return "| the workbench on the city force | measured |\n| --- | --- |\n" + told


def _resolution(data: Path, work: Path) -> list[str]:
    """Who is who: on the labelled sets, and among a million people where their generator is there."""
    labelled, generator, people = data / "er" / "open", data.parent / "tools" / "er_bench.py", work / "people.parquet"
    said = (
        [_told(each, str(labelled)) for each in ("resolution", "labels", "places", "name_pairs")]
        if labelled.is_dir()
        else []
    )
    if generator.exists() and not people.exists():
        subprocess.run([sys.executable, generator, "gen", "--records", "1000000", "--out", people], check=True)
    return said + ([_told(each, str(people)) for each in ("arrivals", "plain_splink")] if people.exists() else [])


def _engines(data: Path) -> str:
    """Both engines on the demo town, and on the people of a labelled set where it is there."""
    people = data / "er" / "open" / "synthetic_police_60k_seed7.parquet"
    return _told("engines", *([str(people)] if people.exists() else []))


def _index(records: int) -> str:
    return _told("index_scale", "--records", str(records))


def _told(module: str, *given: str) -> str:
    """What a benchmark says, in a process of its own, so that its memory is its own too."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *given]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout
    print(said, flush=True)
    return said


def _write(rows: list[tuple[str, str, str]], parts: list[str], *, complete: bool) -> None:
    memory = psutil.virtual_memory().total / 2**30
    lines = [
        "# Benchmarks",
        "",
        f"Made by `make bench` on {os.cpu_count()} cores and {memory:.0f} GiB. Medians; the client shares the machine.",
        "",
        "| what | measured | promised |",
        "| --- | --- | --- |",
        *(f"| {what} | {measured} | {promised} |" for what, measured, promised in rows),
        *(line for part in parts for line in ("", part.rstrip())),
    ]
    print("\n".join(lines))
    if complete:
        (ROOT / "docs" / "benchmarks.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
