"""Every command on a small workspace, as a person types it: in a process of its own, or in this one where that is all the same."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import bluelamp
from bluelamp.cli import app, shell
from bluelamp.errors import BlueLampError, Refused
from bluelamp.session.force import BlueLamp
from tests.factory import workspace
from tests.office import FILES, SOURCES, seat

COMMAND = "from bluelamp.cli import main; main()"
ASKED = ("--user", "ann", "--purpose", "investigation", "--reason", "Operation Ash")
ENGINEER = ("--user", "eve", "--purpose", "correction", "--reason", "Correcting rejects")


def typed(*words: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(Path("src").resolve()), "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def run(*words: object) -> str:
    """A command in this process, which must succeed; what it printed."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(done.exception, BlueLampError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The small force, run once by the command line; the tests after that only look."""
    made = workspace(tmp_path_factory.mktemp("cli") / "force", SOURCES, FILES)
    printed = run("run", made)
    assert "Build 1 published." in printed
    force = bluelamp.open(made)
    # the commands open and close the workspace; the database stays up as long as one process has it
    _ = force.database
    yield made
    force.close()


def answer(*words: object) -> dict[str, object]:
    """What a command printed, as JSON."""
    found: dict[str, object] = json.loads(run(*words))
    return found


def person(folder: Path) -> str:
    hits = answer("search", folder, "2099/0000123P", *ASKED, "--json")["hits"]
    return max((hit["object"] for hit in hits), key=lambda id: answer("object", folder, id, *ASKED)["records"])  # type: ignore[attr-defined,no-any-return]


def test_a_new_workspace_has_nothing_wrong(tmp_path: Path) -> None:
    assert "Next: bluelamp check" in run("new", tmp_path / "fresh")
    assert "nothing wrong" in run("check", tmp_path / "fresh")


def test_check_names_each_mistake_with_its_place_and_fails(tmp_path: Path) -> None:
    made = workspace(tmp_path / "force", {"custody": SOURCES["custody"].replace("type: Person", "type: Persn")}, {})
    done = typed("check", made)
    assert done.returncode == 1
    assert re.search(r"sources/custody.yaml:\d+: B\d+ .*Persn", done.stdout)
    assert "Traceback" not in done.stderr


def test_a_second_run_changes_nothing(folder: Path) -> None:
    assert "Build 1 unchanged." in run("run", folder)


def test_status_tells_numbers_in_exactly_this_shape(folder: Path) -> None:
    assert answer("status", folder, "--json") == {
        "build": 1,
        "sources": {
            "custody": {"read": 3, "kept": 3, "rejected": 0, "issues": 1},
            "intelligence": {"read": 2, "kept": 2, "rejected": 0, "issues": 0},
            "tenancies": {"read": 135, "kept": 133, "rejected": 2, "issues": 1},
        },
        "objects": {"Person": 135, "Vehicle": 1, "Location": 1, "Custody": 3, "IntelligenceReport": 2},
        "links": {"involved_in": 5, "lives_at": 133, "has_vehicle": 1},
    }
    assert "tenancies" in run("status", folder)


def test_status_before_the_first_run(tmp_path: Path) -> None:
    made = workspace(tmp_path / "force")
    assert answer("status", made, "--json") == {"build": None, "sources": {}, "objects": {}, "links": {}}
    assert "Nothing is published yet" in run("status", made)


def test_search_prints_ids_captions_and_why(folder: Path) -> None:
    printed = run("search", folder, "okafor", *ASKED)
    assert re.search(r"person-[0-9a-f]{16}  Amara Okafor", printed)
    assert "surname: Okafor (Surname is)" in printed
    assert "1 found." in printed
    assert answer("search", folder, "smith", *ASKED, "--type", "Person", "--source", "custody", "--json")["total"] == 1


def test_an_object_its_links_and_a_row_come_as_json(folder: Path) -> None:
    id = person(folder)
    assert answer("object", folder, id, *ASKED)["records"] == 4
    groups: object = answer("links", folder, id, *ASKED)
    assert {group["label"]: group["count"] for group in groups} == {"involved in": 3, "lives at": 1, "has vehicle": 1}  # type: ignore[attr-defined]
    row = answer("lineage", folder, "custody", 1, 1, *ASKED)
    assert id in {fed["id"] for fed in row["feeds"]}  # type: ignore[attr-defined]


def test_records_come_as_a_parquet_file_with_source_key_and_object(folder: Path, tmp_path: Path) -> None:
    assert "Wrote 138 records" in run(
        "records", folder, "--type", "Person", "--out", tmp_path / "people.parquet", *ASKED
    )
    table = pq.read_table(tmp_path / "people.parquet")
    assert {"source", "key", "object", "surname"} <= set(table.column_names)
    assert "ethnicity_self" not in table.column_names
    assert person(folder) in table.column("object").to_pylist()


def test_the_log_is_verified_and_exported_and_the_export_checks_itself(folder: Path, tmp_path: Path) -> None:
    assert "entries" in run("audit", "verify", folder)
    run("audit", "export", folder, "--out", tmp_path / "log", "--user", "dan", "--recipient", "His Majesty's Inspector")
    plain = [sys.executable, "-I", "-S", str(tmp_path / "log" / "verify_audit.py"), str(tmp_path / "log")]
    done = subprocess.run(plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with pytest.raises(Refused, match="audit:export"):
        run("audit", "export", folder, "--out", tmp_path / "mine", "--user", "ann", "--recipient", "me")


def test_a_corrected_reject_comes_back(tmp_path: Path, postgres_url: str) -> None:
    made = workspace(tmp_path / "force", {"tenancies": SOURCES["tenancies"]}, FILES, database=postgres_url)
    run("run", made)
    listed = run("rejects", "list", made, "tenancies", *ENGINEER)
    assert re.search(r"tenancies-1.csv row 4 line 5: ", listed)
    run("rejects", "export", made, "tenancies", "--out", tmp_path / "rejects.csv", *ENGINEER)
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "rejects.csv").write_text(text.replace(",one too many", ""), encoding="utf-8")
    assert len(list(csv.DictReader(text.splitlines()))) == 2
    run("rejects", "replay", made, "tenancies", tmp_path / "rejects.csv")
    sources: object = answer("status", made, "--json")["sources"]
    assert sources["tenancies"] == {"read": 135, "kept": 135, "rejected": 0, "issues": 1}  # type: ignore[index]
    assert answer("search", made, "ann fox", *ASKED, "--json")["total"] == 2


def test_issues_are_counted_and_listed(folder: Path) -> None:
    told = run("issues", folder, *ENGINEER)
    (line,) = [each for each in told.splitlines() if each.startswith("custody detainee.date_of_birth ")]
    found = re.fullmatch(r"custody detainee.date_of_birth (\w+): 1  .+", line)
    assert found
    listed = run("issues", folder, "custody", "--property", "date_of_birth", "--code", found[1], *ENGINEER)
    assert listed.splitlines() == [line, "    31/02/1988  (custody-1.csv row 2)"]
    assert run("issues", folder, "custody", "--code", "no_such", *ENGINEER) == ""
    with pytest.raises(Refused):
        run("issues", folder, "custody", "--code", found[1], *ASKED)


def test_a_run_may_leave_a_source_out(tmp_path: Path, postgres_url: str) -> None:
    made = workspace(tmp_path / "force", SOURCES, FILES, database=postgres_url)
    assert "custody" not in run("run", made, "--leave-out", "custody")


def test_a_password_from_the_command_line_lets_in_once(folder: Path) -> None:
    printed = run("user", "password", folder, "ben")
    password = printed.split(": ", 1)[1].strip()
    force = bluelamp.open(folder)
    with seat(force, "") as client:
        signed = client.post("/sign-in", data={"name": "ben", "password": password})
        assert signed.status_code == 303
        assert client.get("/search").headers["location"].startswith("/account/password")
    assert "may sign in again" in run("user", "unlock", folder, "ben")
    force.close()


def test_a_token_from_the_command_line_opens_the_api(folder: Path) -> None:
    secret = run("token", "make", folder, *ASKED, "--label", "spreadsheet").strip()
    force = bluelamp.open(folder)
    with seat(force, "") as client:
        told = client.get("/api/v1/search?q=okafor", headers={"authorization": f"Bearer {secret}"}).json()
    assert (told["purpose"], told["total"]) == ("investigation", 1)
    force.close()


def test_who_and_why_may_stand_in_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("USER", "ann"), ("PURPOSE", "investigation"), ("REASON", "Operation Ash")):
        monkeypatch.setenv(f"BLUELAMP_{name}", value)
    assert answer("search", folder, "okafor", "--json")["total"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("search", "FOLDER", "smith", "--user", "ann"),
        ("search", "FOLDER", "smith", "--user", "nobody", "--purpose", "investigation", "--reason", "x"),
        ("search", "FOLDER", "smith", *ASKED, "--from", "yesterday"),
        ("object", "FOLDER", "person-0", *ASKED),
        ("lineage", "FOLDER", "custody", "1", "99", *ASKED),
        ("records", "FOLDER", "--type", "Unicorn", "--out", "x.parquet", *ASKED),
        ("records", "FOLDER", "--type", "Person", "--out", "/nowhere/x.parquet", *ASKED),
        ("rejects", "list", "FOLDER", "nowhere", *ENGINEER),
        ("rejects", "replay", "FOLDER", "custody", "nowhere.csv"),
        ("user", "password", "FOLDER", "nobody"),
        ("user", "demo", "FOLDER"),
        ("token", "make", "FOLDER", *ASKED[:2]),
        ("audit", "export", "FOLDER", "--out", "x", "--user", "dan", "--use", "curiosity", "--recipient", "me"),
        ("new", "FOLDER"),
        ("demo", "--into", "FOLDER"),
    ],
    ids=lambda words: " ".join(words[:3]).replace("FOLDER", ""),
)
def test_what_goes_wrong_is_one_sentence(folder: Path, words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [word.replace("FOLDER", str(folder)) for word in words])
    assert isinstance(done.exception, BlueLampError), done.output
    assert re.fullmatch(r"[^\n]+[.?)]", str(done.exception)), str(done.exception)


def test_what_is_no_workspace_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BlueLampError, match="is not a workspace; give the folder that holds it, or make one with"):
        run("status", tmp_path)


def test_an_error_goes_to_stderr_with_exit_code_1_and_no_traceback(folder: Path) -> None:
    done = typed("object", folder, "person-0", *ASKED)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().count("\n") == 0
    assert done.stderr.startswith("Nothing that your purpose")


def test_a_demo_is_made_with_its_truth_beside_it(tmp_path: Path) -> None:
    assert "Next: bluelamp run" in run("demo", "--into", tmp_path / "town", "--size", "town")
    assert (tmp_path / "town-truth" / "known.json").is_file()
    assert "nothing wrong" in run("check", tmp_path / "town")


def test_python_has_the_same_verbs(folder: Path) -> None:
    force: BlueLamp = bluelamp.open(folder)
    session = force.session(user="ann", purpose="investigation", reason="Operation Ash")
    found = session.search("okafor")
    assert found.total == 1
    view = session.object(found.hits[0].object)
    assert view.caption == "Amara Okafor"
    assert session.links(view.id)[0].label == "involved in"
    assert session.lineage("custody", 1, 2).feeds
    assert session.table("Person").polars().height == 138
    force.close()


LONG = """
import time
from pathlib import Path
from bluelamp import cli
from bluelamp.cli import shell
from bluelamp.lake import duck

def work():
    with duck.connect(Path({scratch!r})) as connection, shell.bars():
        print("begun", flush=True)
        {work}

cli.app = work
cli.main()
"""


@pytest.mark.parametrize(
    "work",
    ["time.sleep(60)", "connection.execute('SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b')"],
)
def test_long_work_that_somebody_stops_ends_in_one_sentence(work: str, tmp_path: Path) -> None:
    script = LONG.format(work=work, scratch=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", script], stdout=-1, stderr=-1, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=45)
        finally:
            process.kill()
    assert said.strip() == "Stopped before it was done. What stood before stands; run the same again to go on."
    # as shells have it
    assert process.returncode == 130


def test_what_goes_wrong_by_itself_is_not_taken_for_being_stopped() -> None:
    with pytest.raises(RuntimeError, match="^something else$"), shell.bars():
        raise RuntimeError("something else")
