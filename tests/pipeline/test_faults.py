"""What bad input gets, end to end: one sentence of what, where and what to do; what is published stays as it was."""

import gzip
import os
import re
import threading
from pathlib import Path

import duckdb
import pytest

from bluelamp import ids
from bluelamp.errors import DeliveryError, HealthStop
from bluelamp.pipeline.alone import alone
from tests.factory import CUSTODY, CUSTODY_FILE, INTELLIGENCE, INTELLIGENCE_FILE, built, rows, store, workspace
from tests.pipeline.standing import (
    HEADER,
    MARKED,
    PARQUET,
    REPLACE,
    ROW,
    SHORT,
    UPSERT,
    UTF8,
    declare,
    now,
    process,
    refusal,
    shown,
    unchanged,
)

PACKED = gzip.compress((HEADER + "\n" + ROW * 5000).encode())

BAD_FILES = {
    "declared utf-8, written in cp1252": (UTF8, f"{HEADER}\n{ROW}".encode("cp1252"), r"not written in utf-8, as byte 75.* to cp1252"),
    "a gzip cut short": (CUSTODY, PACKED[:-20], r"cut short or damaged; ask for the file"),
    "a gzip damaged in its middle": (CUSTODY, PACKED[:40] + bytes(20) + PACKED[60:], r"cut short or damaged; ask for the file"),
    "columns gone": (CUSTODY, b"Custody No,Ref,Forename\nC9,N9,A\n", r"has no column DOB, nor Detained.*it has: Custody No, Ref, Forename"),
    "a column renamed": (CUSTODY, CUSTODY_FILE.replace("Forename", "Fore name").encode(), r"no column Forename \(did you mean Fore name\?\)"),
    "nothing at all": (CUSTODY, b"", r"custody-2.csv is empty; it needs at least a header"),
    "a Parquet file that is none": (PARQUET, b"PAR1 it is not", r"custody-2.parquet is not a whole Parquet file; ask for it again"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_refused_with_one_sentence_that_names_it(folder: Path, case: str) -> None:
    declared, content, sentence = BAD_FILES[case]
    declare(folder, declared)
    name = "custody-2.parquet" if declared == PARQUET else "custody-2.csv"
    (folder / name).write_bytes(content)
    said = refusal(folder)
    assert said.startswith(f"custody: {name} ")
    assert re.search(sentence, said)


def test_a_missing_file_is_one_sentence(folder: Path) -> None:
    declare(folder, CUSTODY.replace("custody-*.csv", "gone-*.csv"))
    assert "custody: No file matches gone-*.csv in " in refusal(folder)


def test_two_sources_with_faults_are_both_named(folder: Path) -> None:
    (folder / "custody-2.csv").write_bytes(b"")
    declare(folder, INTELLIGENCE.replace("intelligence-*.jsonl", "gone.jsonl"), "intelligence")
    with (
        unchanged(folder),
        pytest.raises(DeliveryError, match=r"custody: .*is empty(.|\n)*intelligence: There is no file"),
    ):
        built(folder)


def test_a_parquet_file_with_damage_inside_is_refused(folder: Path) -> None:
    connection = duckdb.connect()
    columns = ", ".join(f'md5((i * {n + 1})::varchar) as "{name}"' for n, name in enumerate(HEADER.split(",")))
    path = folder / "custody-2.parquet"
    connection.execute(f"copy (select {columns} from range(5000) t(i)) to '{path}'")
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 5000] = bytes(5000)
    path.write_bytes(content)
    declare(folder, PARQUET)
    assert "custody-2.parquet is cut short or damaged; ask for the file again" in refusal(folder)


def test_a_link_out_of_the_workspace_is_refused(folder: Path) -> None:
    (folder.parent / "elsewhere.csv").write_text(f"{HEADER}\n{ROW}")
    (folder / "custody-2.csv").symlink_to(folder.parent / "elsewhere.csv")
    assert "custody-2.csv is a link to outside of" in refusal(folder)


def test_a_file_name_that_is_no_text_is_refused(folder: Path) -> None:
    name = os.fsencode(folder) + b"/custody-\xff.csv"
    Path(os.fsdecode(name)).write_text(f"{HEADER}\n{ROW}")
    assert "is not written in UTF-8; give the file another name" in refusal(folder)


def test_a_mapping_that_names_a_column_which_no_delivery_has_is_refused(folder: Path) -> None:
    declare(folder, CUSTODY.replace("surname: Surname", "surname: Sirname"))
    assert "The source custody has no column Sirname (did you mean Surname?)" in refusal(folder)


def test_a_mapping_that_names_a_column_of_our_own_is_refused(folder: Path) -> None:
    declare(folder, CUSTODY.replace("station: Station", "station: _row"))
    assert "a file's own is read as _row_2" in refusal(folder)


def test_a_file_that_is_replaced_while_it_is_read_is_refused(folder: Path) -> None:
    path = folder / "custody-2.csv"
    path.write_text(HEADER + "\n" + ROW * 50_000)
    ended = threading.Event()

    def writes_on() -> None:
        with path.open("a") as file:
            while not ended.wait(0.001):
                file.write(ROW)
                file.flush()

    writer = threading.Thread(target=writes_on)
    writer.start()
    try:
        said = refusal(folder)
    finally:
        ended.set()
        writer.join()
    assert "custody-2.csv changed " in said
    assert "run again when its delivery is complete" in said


def test_ten_percent_broken_rows_are_kept_aside_and_listed(folder: Path) -> None:
    lines = [f"B{n},too,few" if n % 10 == 3 else f"D{n},M{n},Ann,Lee,,,,2026-01-01,Lambeth" for n in range(100)]
    (folder / "custody-2.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    state = built(folder).build.sources["custody"]
    assert (state.read, state.kept, state.rejected) == (103, 93, 10)
    kept = duckdb.execute(f"select row, text from '{store(folder).rejects('custody', 2)}' order by row").fetchall()
    assert kept == [(place, line) for place, line in enumerate(lines, 1) if line.startswith("B")]


def test_a_check_on_rejects_stops_the_publish(folder: Path) -> None:
    declare(folder, CUSTODY.rstrip() + "\n    checks:\n      - {rejects: {most: 0.05}, then: stop}\n")
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{ROW}too,few\n")
    with (
        unchanged(folder),
        pytest.raises(HealthStop, match=r"custody-2.csv has 50.0% rejected rows and 5.0% is the most"),
    ):
        built(folder)


def test_a_source_of_which_every_row_is_broken_publishes_without_it(tmp_path: Path) -> None:
    outcome = built(
        workspace(tmp_path, files={"custody-1.csv": f"{HEADER}\nx\ny\n", "intelligence-1.jsonl": INTELLIGENCE_FILE})
    )
    state = outcome.build.sources["custody"]
    assert (state.read, state.kept, state.rejected) == (2, 0, 2)
    assert outcome.build.objects == {"Person": 2, "IntelligenceReport": 2}


def test_a_header_alone_is_a_delivery_of_no_rows(folder: Path) -> None:
    before = shown(folder)
    (folder / "custody-2.csv").write_text(HEADER + "\n")
    state = built(folder).build.sources["custody"]
    assert (state.delivery, state.read) == (2, 3)
    assert shown(folder) == before


def test_a_header_alone_that_comes_first_is_no_hindrance_to_what_comes_next(tmp_path: Path) -> None:
    built(workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": HEADER + "\n"}))
    (tmp_path / "custody-2.csv").write_text(CUSTODY_FILE)
    assert built(tmp_path).build.objects == {"Person": 2, "Custody": 3}


@pytest.mark.parametrize("declared", [REPLACE, UPSERT])
def test_what_a_later_delivery_replaced_counts_again_when_it_comes_again(tmp_path: Path, declared: str) -> None:
    built(workspace(tmp_path, {"custody": declared}, {"custody-1.csv": CUSTODY_FILE}))
    (tmp_path / "custody-2.csv").write_text(CUSTODY_FILE.replace("Okafor", "Okoro"))
    built(tmp_path)
    assert ("Okoro",) in rows(tmp_path, "record_person", "surname")
    (tmp_path / "custody-3.csv").write_text(CUSTODY_FILE)
    built(tmp_path)
    assert ("Okafor",) in rows(tmp_path, "record_person", "surname")
    # a file that is only touched says nothing new
    (tmp_path / "custody-2.csv").touch()
    assert not built(tmp_path).published


def test_columns_that_differ_only_in_capitals_are_one(folder: Path) -> None:
    (folder / "custody-2.csv").write_text(f"{HEADER},extra\n{ROW.strip()},1\n")
    (folder / "custody-3.csv").write_text(f"{HEADER},EXTRA\n{ROW.replace('C9', 'C8').strip()},2\n")
    assert built(folder).build.sources["custody"].kept == 5
    raw = store(folder).raw("custody")
    assert duckdb.execute(f"select extra from {raw.relation()} where extra is not null order by 1").fetchall() == [
        ("1",),
        ("2",),
    ]


def test_rows_with_more_markings_than_a_scheme_can_have_are_refused(folder: Path) -> None:
    declare(folder, MARKED)
    lines = [f"D{n},M{n},Ann,Lee,,,,2026-01-01,M{n}" for n in range(1001)]
    (folder / "custody-2.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    assert "The rows of custody carry 1,00" in refusal(folder)


def test_two_runs_at_once_are_refused(folder: Path) -> None:
    with alone(store(folder)):
        assert refusal(folder) == f"Another run is busy on {folder}; wait for it to finish, then run again."
    assert not built(folder).published


def test_two_keys_that_share_a_number_stop_the_publish(folder: Path) -> None:
    real = ids.record_number_sql

    def clashing(source: str, record: str, key: str) -> str:
        return f"(case when {key} in ('N2', 'N99') then 77 else {real(source, record, key)} end)::bigint"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ids, "record_number_sql", clashing)
        (folder / "custody-2.csv").write_text(f"{HEADER}\nC8,N2,Ann,Lee,,,,,\n{ROW.replace('N9', 'N99')}")
        said = refusal(folder)
    assert "Two things of type Person got one number: N2 of custody and N99 of custody" in said
    assert built(folder).published


#: the growth of the process's memory over a run, in KiB
MEASURED = """
import resource, sys
from pathlib import Path
from tests.factory import built
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
built(Path(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_line_of_64_megabytes_is_one_reject_and_needs_little_memory(folder: Path) -> None:
    declare(folder, SHORT)
    with (folder / "custody-2.csv").open("wb") as file:
        file.write(f"{HEADER}\n{ROW}".encode())
        for _ in range(64):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + ROW.replace("C9", "C8").encode())
    grown = int(process(MEASURED, folder))
    state = now(folder)
    assert state is not None
    assert (state.sources["custody"].kept, state.sources["custody"].rejected) == (5, 1)
    # a run of a few rows takes about 90 MB; the line alone would double that
    assert grown < 140_000
