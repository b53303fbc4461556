"""One bad source stops a run, and says how to publish the others without it; then it stays as the last build has it."""

from pathlib import Path

import pytest

import bluelamp
from bluelamp.errors import DeclarationError, DeliveryError, HealthStop
from bluelamp.pipeline.build import LEFT_OUT
from bluelamp.pipeline.run import Outcome, run
from bluelamp.session.reading import Filter
from tests.factory import CUSTODY, INTELLIGENCE_FILE, built, loaded, rows, workspace
from tests.pipeline.standing import HEADER, ROW, declare, shown

REPORT = INTELLIGENCE_FILE.splitlines(keepends=True)[1].replace("IR2", "IR3").replace("CHEN", "LI")


def without(folder: Path, *sources: str) -> Outcome:
    return run(loaded(folder), "tester", lambda *_: None, leave_out=sources)


def broken(folder: Path) -> Path:
    """A published workspace, custody's next file empty and a new report beside it."""
    (folder / "custody-2.csv").write_bytes(b"")
    (folder / "intelligence-2.jsonl").write_text(REPORT)
    return folder


def test_the_sentence_names_the_way_to_publish_the_others(folder: Path) -> None:
    with pytest.raises(DeliveryError) as raised:
        built(broken(folder))
    way = f"To publish the others: `bluelamp run {folder} --leave-out custody`."
    assert str(raised.value).endswith(f"Nothing was published; the last build stays as it was. {way}")


def test_a_failed_check_names_it_too(folder: Path) -> None:
    declare(folder, CUSTODY.rstrip() + "\n    checks: [{rows: {least: 9}, then: stop}]\n")
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{ROW}")
    with pytest.raises(HealthStop, match="at least 9 are expected. Nothing was published; .* --leave-out custody"):
        built(folder)
    assert without(folder, "custody").published is False


def test_where_every_source_fails_there_is_no_other_to_publish(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"the last build stays as it was\.$"):
        built(workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": ""}))


def test_a_source_that_is_left_out_stays_as_it_was(folder: Path) -> None:
    custody, state = rows(folder, "record_custody"), built(folder).build.sources["custody"]
    outcome = without(broken(folder), "custody")
    assert rows(folder, "record_custody") == custody
    assert outcome.build.sources["custody"] == state
    assert outcome.build.objects["IntelligenceReport"] == 3
    assert outcome.build.warnings == [f"custody: {LEFT_OUT}"]
    assert without(folder, "custody").published is False


def test_a_source_that_was_never_published_is_absent(tmp_path: Path) -> None:
    folder = workspace(tmp_path, files={"custody-1.csv": "", "intelligence-1.jsonl": INTELLIGENCE_FILE})
    outcome = without(folder, "custody")
    assert list(outcome.build.sources) == ["intelligence"]
    assert "Custody" not in outcome.build.objects


def test_the_next_whole_run_takes_it_in_again_and_gives_what_an_undisturbed_one_gives(folder: Path) -> None:
    without(broken(folder), "custody")
    (folder / "custody-2.csv").unlink()
    outcome = built(folder)
    assert (outcome.published, outcome.build.warnings, outcome.build.left_out) == (True, [], [])
    other = workspace(folder.parent / "other")
    built(other)
    (other / "intelligence-2.jsonl").write_text(REPORT)
    built(other)
    assert shown(folder) == shown(other)


def test_a_renamed_column_of_one_source_does_not_hold_up_the_others(folder: Path) -> None:
    declare(folder, CUSTODY.replace("surname: Surname", "surname: Family name"))
    (folder / "intelligence-2.jsonl").write_text(REPORT)
    assert without(folder, "custody").build.objects["IntelligenceReport"] == 3
    assert ("Smith",) in rows(folder, "record_person", "surname")


def test_a_source_that_is_not_declared_cannot_be_left_out(folder: Path) -> None:
    with pytest.raises(DeclarationError, match="There is no source custard to leave out; the sources are custody"):
        without(folder, "custard")


def test_the_audit_log_and_the_data_page_say_it(folder: Path, postgres_url: str) -> None:
    with (folder / "bluelamp.toml").open("a") as config:
        config.write(f'[database]\nurl = "{postgres_url}"\n')
    force = bluelamp.open(broken(folder))
    force.run("tester", lambda *_: None, leave_out=["custody"])
    session = force.session(user="eve", purpose="investigation", reason="Operation Ash")
    assert [(each.name, each.left_out, each.warnings) for each in session.sources()] == [
        ("custody", True, ()),
        ("intelligence", False, ()),
    ]
    entries = force.read_audit(force.user("dan"), "lawfulness", Filter()).entries
    force.close()
    assert [each.fields_or_query for each in entries if each.action == "build:run"] == ['{"left_out":["custody"]}']
