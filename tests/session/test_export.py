"""What goes to the Commissioner or to a court can be checked by anybody with Python and nothing else."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bluelamp.errors import BlueLampError, Refused
from bluelamp.session.audit import AuditLog, Context, Entry, Operation
from bluelamp.session.chain import check_export
from bluelamp.session.export import export
from bluelamp.session.permissions import Action
from bluelamp.session.reading import Filter, PermittedUse, read

DPO = Context(actor_id="dpo")
ICO = ["Information Commissioner's Office"]


@pytest.fixture
def used(log: AuditLog) -> AuditLog:
    """A log of six looks by two officers at three people."""
    for number in range(6):
        subject = f"person-{number % 3}"
        log.append(
            Entry(
                action=Action.VIEW,
                operation=Operation.CONSULTATION,
                actor_id=f"pc{number % 2}",
                data_subject_ids=[subject],
                fields_or_query="“Ærø”",
            )
        )
        if number == 3:
            log.seal()
    return log


def verifier(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the export's own verifier, with no package in reach."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify_audit.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "entries.jsonl").read_text().splitlines()]


def test_an_export_is_checked_by_the_script_that_goes_with_it(used: AuditLog, tmp_path: Path) -> None:
    made = export(used, tmp_path / "out", DPO, PermittedUse.LAWFULNESS, ICO)
    done = verifier(made.path, str(made.path))
    assert (done.returncode, done.stdout) == (0, "7 entries, 2 seals: all as written.\n"), done
    assert (made.entries, made.chain) == (7, 7)


@pytest.mark.parametrize(
    ("wanted", "full"),
    [
        (Filter(actor="pc0"), {1, 3, 5, 7}),
        (Filter(subject="person-2"), {3, 6, 7}),
        (Filter(actor="pc1", subject="person-1"), {2, 7}),
    ],
)
def test_DP_42_the_commissioner_export_holds_what_was_asked_for_in_a_whole_chain(
    used: AuditLog, tmp_path: Path, wanted: Filter, full: set[int]
) -> None:
    made = export(used, tmp_path / "out", DPO, PermittedUse.LAWFULNESS, ICO, wanted)
    found = lines(made.path)
    assert {line["seq"] for line in found if "actor_id" in line} == full
    assert all(set(line) == {"seq", "hash", "prev_hash"} for line in found if line["seq"] not in full)
    assert verifier(made.path, str(made.path)).returncode == 0


def test_DP_42_the_commissioner_export_can_be_of_a_range_of_dates(log: AuditLog, tmp_path: Path, time: object) -> None:
    for _ in range(3):
        log.append(Entry(action=Action.VIEW, operation=Operation.CONSULTATION, actor_id="pc1"))
        time.move(hours=1)  # type: ignore[attr-defined]
    since = time.now.replace(hour=11)  # type: ignore[attr-defined]
    made = export(
        log, tmp_path / "out", DPO, PermittedUse.LAWFULNESS, ICO, Filter(since=since, until=since.replace(hour=12))
    )
    assert [line["seq"] for line in lines(made.path) if "actor_id" in line] == [2, 4]


def test_a_zip_is_checked_without_unpacking(used: AuditLog, tmp_path: Path) -> None:
    made = export(used, tmp_path / "out.zip", DPO, PermittedUse.LAWFULNESS, ICO)
    zipfile.ZipFile(made.path).extract("verify_audit.py", tmp_path)
    assert verifier(tmp_path, str(made.path)).returncode == 0


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("entries.jsonl", '"actor_id":"pc1"', '"actor_id":"pc9"', "Entry 2: its content is not what was written."),
        ("entries.jsonl", '"seq":3,', '"seq":4,', "Entry 3: it is missing."),
        ("seals.jsonl", '"count":4', '"count":3', "seal 1 is not signed"),
        ("about.json", '"entries_in_full": 7', '"entries_in_full": 8', "holds 7 entries in full, and says 8"),
    ],
)
def test_an_export_that_was_changed_is_found_out(
    used: AuditLog, tmp_path: Path, file: str, before: str, after: str, said: str
) -> None:
    path = export(used, tmp_path / "out", DPO, PermittedUse.LAWFULNESS, ICO).path
    text = (path / file).read_text()
    assert before in text
    (path / file).write_text(text.replace(before, after, 1))
    done = verifier(path, str(path))
    assert done.returncode == 1
    assert said in done.stdout
    assert check_export(path).problems


@pytest.mark.parametrize("left", [0, 1])
def test_an_export_without_the_seals_that_it_was_made_with_is_found_out(
    used: AuditLog, tmp_path: Path, left: int
) -> None:
    path = export(used, tmp_path / "out", DPO, PermittedUse.LAWFULNESS, ICO).path
    seals = (path / "seals.jsonl").read_text().splitlines(keepends=True)
    (path / "seals.jsonl").write_text("".join(seals[:left]))
    done = verifier(path, str(path))
    assert done.returncode == 1
    said = f"Entry {(1, 5)[left]}: the seals over it are missing: the log was sealed up to 7 for this export."
    assert said in done.stdout


def test_DP_42_bulk_export_without_recipients_is_refused_and_logged(used: AuditLog, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="say who receives it"):
        export(used, tmp_path / "out", DPO, PermittedUse.LAWFULNESS, [" "])
    newest = read(used, DPO, PermittedUse.LAWFULNESS).entries[0]
    assert (newest.action, newest.decision) == (Action.AUDIT_EXPORT, "refused")
    assert not (tmp_path / "out").exists()


def test_DP_42_an_export_for_another_use_is_refused(used: AuditLog, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="may be used only to"):
        export(used, tmp_path / "out", DPO, "a newspaper", ICO)


def test_DP_42_an_export_is_a_disclosure_that_names_recipients_and_subjects(used: AuditLog, tmp_path: Path) -> None:
    export(used, tmp_path / "out", DPO, "criminal-proceedings", ICO, Filter(actor="pc0"))
    newest = read(used, DPO, PermittedUse.LAWFULNESS).entries[0]
    assert (newest.operation, newest.recipients) == (Operation.DISCLOSURE, ICO)
    assert newest.data_subject_ids == ["person-0", "person-1", "person-2"]
    assert newest.result_count == 3


def test_an_export_does_not_write_over_what_is_there(used: AuditLog, tmp_path: Path) -> None:
    with pytest.raises(BlueLampError, match="choose another name"):
        export(used, tmp_path, DPO, PermittedUse.LAWFULNESS, ICO)


def test_the_verifier_says_how_it_is_used(used: AuditLog, tmp_path: Path) -> None:
    path = export(used, tmp_path / "out", DPO, PermittedUse.LAWFULNESS, ICO).path
    assert verifier(path).returncode == 2
