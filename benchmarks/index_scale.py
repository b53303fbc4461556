"""How an index build and its answers scale: `python benchmarks/index_scale.py --records 10000000`."""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import psutil

from bluelamp.ids import ObjectId
from bluelamp.index.build import build
from bluelamp.index.index import Index
from bluelamp.lake.duck import connect
from bluelamp.lake.sql import ident
from bluelamp.ontology import NOUNS

GIVEN = [
    "john",
    "mary",
    "william",
    "susan",
    "david",
    "sarah",
    "michael",
    "emma",
    "mohammed",
    "olivia",
    "james",
    "fatima",
    "robert",
    "aisha",
    "thomas",
    "grace",
]
SURNAMES = [
    "smith",
    "jones",
    "patel",
    "taylor",
    "brown",
    "khan",
    "williams",
    "wilson",
    "ahmed",
    "davies",
    "evans",
    "begum",
    "singh",
    "murphy",
    "kelly",
    "cohen",
]
SOUNDS = [
    "ba",
    "ren",
    "tol",
    "mi",
    "sha",
    "ka",
    "vor",
    "ley",
    "dun",
    "esk",
    "ham",
    "wick",
    "ow",
    "ster",
    "fen",
    "gar",
    "ald",
    "bri",
    "cor",
    "thu",
    "nel",
    "pom",
    "rid",
    "sax",
    "und",
    "yar",
    "zel",
]
ACCESSES = 12
SHARES = {"Person": 0.34, "Vehicle": 0.1, "Phone": 0.16, "Location": 0.1, "Crime": 0.2, "Incident": 0.1}


def _pick(words: list[str], seed: str) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"[{listed}][1 + ({seed}) % {len(words)}]"


def _h(salt: int) -> str:
    return f"(hash(i * 31 + {salt}) >> 3)::BIGINT"


def _made_word(salt: int, parts: int = 3) -> str:
    return "(" + " || ".join(_pick(SOUNDS, _h(salt + at)) for at in range(parts)) + ")"


def _name(words: list[str], salt: int) -> str:
    """A common name in half of all records, else one of about 20,000 made ones."""
    return f"CASE WHEN {_h(salt)} % 2 = 0 THEN {_pick(words, _h(salt + 1))} ELSE {_made_word(salt + 2)} END"


DAY = f"strftime(DATE '2010-01-01' + ({_h(70)} % 5500)::INTEGER, '%Y-%m-%d')"
LOG = (
    "'caller states ' || concat_ws(' ', "
    + ", ".join(_made_word(100 + 5 * n, 2) for n in range(8))
    + (f", CASE WHEN {_h(90)} % 100 = 0 THEN 'kitchen knife seen' END)")
)
VALUES = {
    "Person": {
        "given_name": _name(GIVEN, 1), "surname": _name(SURNAMES, 11),
        "date_of_birth": f"strftime(DATE '1940-01-01' + ({_h(20)} % 25000)::INTEGER, '%Y-%m-%d')",
        "pnc_id": f"CASE WHEN {_h(21)} % 4 = 0 THEN printf('20%02d/%07dX', {_h(22)} % 24, {_h(23)} % 9999999) END",
    },
    "Vehicle": {
        "vrm": f"printf('%s%02d%s', {_pick(['AB', 'LK', 'MX', 'YD', 'EO', 'GN'], _h(30))}, {_h(31)} % 74, "
        f"chr(65 + ({_h(32)} % 26)::INT) || chr(65 + ({_h(33)} % 26)::INT) || chr(65 + ({_h(34)} % 26)::INT))",
        "colour": _pick(["Blue", "Red", "Black", "Silver"], _h(35)), "make": _pick(["Ford", "BMW", "Audi"], _h(36)),
    },
    "Phone": {"number": f"printf('+447%09d', {_h(40)} % 999999999)"},
    "Location": {
        "address": f"({_h(50)} % 200)::VARCHAR || ' ' || {_made_word(51, 3)} || ' road'",
        "postcode": f"printf('%s%d %dAB', {_pick(['RM', 'SE', 'E', 'N', 'SW'], _h(55))}, 1 + {_h(56)} % 20, {_h(57)} % 9)",
    },
    "Crime": {
        "reference": "printf('CR/%07d/24', i)", "crime_type": _pick(["Burglary", "Robbery", "Shoplifting", "Drugs"], _h(60)),
        "happened_at": DAY, "method": _made_word(61, 2) + " || ' entry by ' || " + _made_word(65, 2),
    },
    "Incident": {"reference": "printf('CAD %d/24', i)", "happened_at": DAY, "log": LOG},
}  # fmt: skip


def _object(type_name: str, i: str) -> str:
    """Every fifth record speaks of the same object as the one before."""
    return f"(hash('{type_name}' || ({i} - CASE WHEN {i} % 5 = 1 THEN 1 ELSE 0 END)::VARCHAR) >> 1)::BIGINT"


def views(connection: duckdb.DuckDBPyConnection, records: int) -> None:
    """The relations that a build reads, computed as they are read."""
    sizes = {name: int(records * share) for name, share in SHARES.items()}
    for name, size in sizes.items():
        noun = next(noun for noun in NOUNS if noun.name() == name)
        columns = ", ".join(
            f"({VALUES[name].get(key, 'NULL')})::{each.type.storage} AS {ident(key)}"
            for key, each in noun.properties.items()
        )
        connection.execute(
            f"CREATE VIEW records_{name} AS SELECT 'made' AS source, 1 AS delivery, 'made.csv' AS file, i AS row, "
            f"(hash('{name}' || i::VARCHAR) >> 1)::BIGINT AS record, i::VARCHAR AS key, 'OFFICIAL' AS marking, {columns}, "
            f"{_object(name, 'i')} AS object, ({_h(9)} % {ACCESSES})::SMALLINT AS access FROM range({size}) AS t(i)"
        )
    connection.execute(
        "CREATE VIEW links AS "
        + " UNION ALL ".join(
            f"SELECT '{kind}' AS type, 'made' AS source, 1 AS delivery, 'made.csv' AS file, i AS row, "
            f"'OFFICIAL' AS marking, '{one}' AS from_type, 0::BIGINT AS from_record, '{other}' AS to_type, "
            f"0::BIGINT AS to_record, {role} AS role, NULL::VARCHAR AS category, {DAY} AS from_date, "
            f"NULL::VARCHAR AS to_date, 'fact' AS basis, {_object(one, f'({_h(7)} % {sizes[one]})::BIGINT')} AS from_object, "
            f"{_object(other, f'({_h(8)} % {sizes[other]})::BIGINT')} AS to_object, ({_h(9)} % {ACCESSES})::SMALLINT AS access, "
            # each end is a record that the link's own source tells of
            f"access AS from_access, access AS to_access FROM range({int(records * 0.4)}) AS t(i)"
            for kind, one, other, role in (
                ("involved_in", "Person", "Crime", "'victim'"), ("lives_at", "Person", "Location", "NULL"),
                ("uses_phone", "Person", "Phone", "NULL"), ("happened_at", "Incident", "Location", "NULL"),
                ("has_vehicle", "Person", "Vehicle", "'ownershipOf'"),
            )
        )
    )  # fmt: skip
    connection.execute(
        "CREATE TABLE access AS SELECT i::SMALLINT AS access, 'source ' || (i // 2)::VARCHAR AS source, "
        f"CASE WHEN i % 2 = 0 THEN 'OFFICIAL' ELSE 'SECRET' END AS marking FROM range({ACCESSES}) AS t(i)"
    )
    connection.execute("CREATE TABLE redirect(old BIGINT, type VARCHAR, object BIGINT)")
    connection.execute(
        "CREATE TABLE conflict(type VARCHAR, property VARCHAR, value VARCHAR, object BIGINT, access SMALLINT, "
        "message VARCHAR, other BIGINT, other_access SMALLINT)"
    )
    connection.execute(
        "CREATE TABLE likely(type VARCHAR, record BIGINT, other BIGINT, object BIGINT, other_object BIGINT, "
        "weight DOUBLE, access SMALLINT, other_access SMALLINT)"
    )


#: a mixed morning: names common and rare, parts of plates and numbers, phrases, words of a million documents
WORKLOAD = (
    "smith", "john smith", "smith john", "barentol", "mary barentol", "jon smyth", "mohamed kahn", "AB12*", "*4567",
    "AB12 KDE", "07700 900*", "+44 7700 900123", '"kitchen knife"', "caller", "caller knife", "burglary", "CR/0001234/24",
    "RM1 1AB", "barentol road", "robert OR william", "patel -mary", "(jones OR evans) susan", "E*", "LK?2 ABC", "1985-06-03",
)  # fmt: skip


def timed(action: Callable[[], object], times: int = 1, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Milliseconds of each run."""
    made = []
    for _ in range(times):
        start = clock()
        action()
        made.append((clock() - start) * 1000)
    return made


def said(label: str, values: list[float]) -> None:
    """One line of the table."""
    values = sorted(values)
    high = values[min(len(values) - 1, int(len(values) * 0.95))]
    print(f"| {label} | {statistics.median(values):.1f} | {high:.1f} | {values[-1]:.1f} |", flush=True)


def memory() -> tuple[float, float]:
    """Resident memory of this process in MiB: all of it, and without mapped files."""
    info = psutil.Process().memory_info()
    return info.rss / 2**20, (info.rss - info.shared) / 2**20


def built(folder: Path, scratch: Path, records: int, *, delta: bool) -> None:
    """Build whole, and change one object in a hundred."""
    nouns = {noun.name(): noun for noun in NOUNS}
    with connect(scratch, memory="2500MiB") as connection:
        views(connection, records)
        start = time.perf_counter()
        steps: list[tuple[str, float]] = []
        build(
            connection,
            folder / "a",
            nouns,
            progress=lambda doing, _: steps.append((doing, time.perf_counter() - start)),
        )
        whole = time.perf_counter() - start
        for doing, at in {doing: at for doing, at in reversed(steps)}.items():
            print(f"  from {at:.0f} s: {doing}")
        size = {name: sum(f.stat().st_size for f in (folder / "a" / name).rglob("*")) for name in ("text",)}
        objects = (folder / "a" / "objects.duckdb").stat().st_size
        print(f"| whole build | {whole:.1f} s |\n| objects | {objects / 2**20:.0f} MiB |")
        print(f"| text | {size['text'] / 2**20:.0f} MiB |\n| most memory | {_peak():.0f} MiB |", flush=True)
        if delta:
            each = " UNION ".join(
                f"SELECT '{n}' AS type, object FROM records_{n} WHERE key::INT % 100 = 0" for n in SHARES
            )
            connection.execute(f"CREATE TABLE changed AS {each}")
            connection.execute("CREATE VIEW loose AS SELECT * FROM changed")
            ends = "from_object IN (SELECT object FROM loose) OR to_object IN (SELECT object FROM loose)"
            for name in (*(f"records_{n}" for n in SHARES), "links"):
                only = ends if name == "links" else "object IN (SELECT object FROM loose)"
                connection.execute(f"CREATE TABLE part_{name} AS SELECT * FROM {name} WHERE {only}")
                connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM part_{name}")
            start = time.perf_counter()
            build(connection, folder / "b", nouns, folder / "a", changed=True,
                  progress=lambda doing, _: steps.append((doing, time.perf_counter() - start)))  # fmt: skip
            part = time.perf_counter() - start
            print(f"| 1% changed | {part:.1f} s, {part / whole:.0%} of whole |", flush=True)
            shutil.rmtree(folder / "b")


def _peak() -> float:
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def answered(folder: Path) -> None:
    """Open the index and put the workload to it."""
    start = time.perf_counter()
    index = Index(folder / "a")
    print(f"| start | {(time.perf_counter() - start) * 1000:.0f} ms |")
    print("| what | median ms | p95 ms | most ms |\n| --- | --- | --- | --- |")
    visible = frozenset(range(ACCESSES)) - {3, 7}
    everything: list[float] = []
    processor: list[float] = []
    for text in WORKLOAD:
        found = index.search(text, visible)
        values = timed(partial(index.search, text, visible), 5)
        said(f"`{text}` ({'' if found.exact else 'about '}{found.total:,})", values)
        everything += values
        processor += timed(partial(index.search, text, visible), 5, time.process_time)
    said("all searches", everything)
    said("all searches, processor time", processor)
    said(
        "`caller` with filters",
        timed(lambda: index.search("caller", visible, types=["Incident"], sources=["source 1"]), 5),
    )
    said("everything", timed(lambda: index.search("", visible), 5))
    said("page 50 of `smith`", timed(lambda: index.search("smith", visible, offset=1000), 5))
    objects = [hit.object for text in WORKLOAD for hit in index.search(text, visible).hits][:200]
    said("records of an object", [timed(partial(index.records, o, visible))[0] for o in objects])
    said("links of an object", [timed(partial(index.links, o, visible))[0] for o in objects])
    said("500 captions", timed(lambda: index.captions([ObjectId(*o) for o in objects] * 3, visible), 5))
    said("counts", timed(lambda: index.counts(visible), 5))
    lines = [f"+447{n:09d}" for n in range(0, 5_000_000, 1000)]
    said("5,000 pasted lines", timed(lambda: index.paste(lines, visible)))
    whole, own = memory()
    print(f"| memory | {whole:.0f} MiB, {own:.0f} MiB without mapped files |")


def main() -> None:
    """Build, measure, remove."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--records", type=int, default=1_000_000)
    words.add_argument("--folder", type=Path, help="where to build; a new temporary folder otherwise")
    words.add_argument("--keep", action="store_true", help="leave the build there, and use one that is there")
    words.add_argument("--no-delta", action="store_true")
    chosen = words.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp())
    print(f"{chosen.records:,} records, {os.cpu_count()} cores")
    if not (folder / "a").exists():
        built(folder, folder / "scratch", chosen.records, delta=not chosen.no_delta)
    answered(folder)
    if not chosen.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
