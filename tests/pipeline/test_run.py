"""A whole run: what it reads, keeps and publishes, and what a second one costs."""

from pathlib import Path

import pytest

from bluelamp.errors import DeliveryError, HealthStop
from bluelamp.pipeline import build as builds
from tests.factory import CUSTODY, CUSTODY_FILE, built, published, rows, store, workspace


def test_rows_read_are_rows_kept_and_rows_rejected(tmp_path: Path) -> None:
    broken = CUSTODY_FILE + "C4,too,few\n"
    outcome = built(workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": broken}))
    state = outcome.build.sources["custody"]
    assert (state.read, state.kept, state.rejected) == (4, 3, 1)


def test_a_value_that_cannot_be_understood_is_an_issue_and_the_row_stays(tmp_path: Path) -> None:
    outcome = built(workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": CUSTODY_FILE}))
    assert outcome.build.sources["custody"].issues == 1
    assert ("Amara", "Okafor", None) in rows(tmp_path, "record_person", "given_name, surname, date_of_birth")


def test_records_of_two_sources_with_one_pnc_id_are_one_object(tmp_path: Path) -> None:
    outcome = built(workspace(tmp_path))
    assert outcome.build.objects["Person"] == 3
    smiths = rows(tmp_path, "record_person where surname = 'Smith'", "distinct object")
    assert len(smiths) == 1


def test_an_unchanged_run_publishes_nothing(tmp_path: Path) -> None:
    published(tmp_path)
    assert built(tmp_path).published is False


def test_a_delivery_that_comes_twice_is_taken_once(tmp_path: Path) -> None:
    published(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": CUSTODY_FILE})
    (tmp_path / "custody-again.csv").write_text(CUSTODY_FILE)
    outcome = built(tmp_path)
    assert outcome.published is False
    assert outcome.build.sources["custody"].read == 3


def test_a_corrected_file_replaces_what_it_said_before(tmp_path: Path) -> None:
    published(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": CUSTODY_FILE})
    (tmp_path / "custody-1.csv").write_text(CUSTODY_FILE.replace("Okafor", "Okoro"))
    outcome = built(tmp_path)
    assert outcome.build.sources["custody"].read == 3
    assert [name for (name,) in rows(tmp_path, "record_person", "distinct surname")] == ["Okoro", "Smith"]


def test_piece_by_piece_gives_the_same_index_as_all_at_once(tmp_path: Path) -> None:
    header, *lines = CUSTODY_FILE.splitlines(keepends=True)
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    files = {f"custody-{number}.csv": header + line for number, line in enumerate(lines)}
    built(workspace(whole, {"custody": CUSTODY}, files))
    workspace(pieces, {"custody": CUSTODY}, {})
    for name, text in files.items():
        (pieces / name).write_text(text)
        built(pieces)
    for table in ("record_person", "record_custody", "link", "object"):
        assert rows(whole, table) == rows(pieces, table), table


def test_a_replace_source_shows_only_its_last_delivery(tmp_path: Path) -> None:
    declared = CUSTODY.replace("mode: append", "mode: replace")
    built(workspace(tmp_path, {"custody": declared}, {"custody-1.csv": CUSTODY_FILE}))
    (tmp_path / "custody-2.csv").write_text("\n".join(CUSTODY_FILE.splitlines()[:2]) + "\n")
    outcome = built(tmp_path)
    assert outcome.build.objects == {"Person": 1, "Custody": 1}
    assert outcome.build.sources["custody"].read == 1


def test_an_upsert_source_shows_the_newest_row_of_each_key(tmp_path: Path) -> None:
    declared = CUSTODY.replace("mode: append", "mode: upsert").replace(
        "    records:\n      detainee:",
        "    records:\n      detention_first: {type: Custody, key: [Custody No], set: {reference: Custody No}}\n      detainee:",
    )
    built(workspace(tmp_path, {"custody": declared}, {"custody-1.csv": CUSTODY_FILE}))
    (tmp_path / "custody-2.csv").write_text(CUSTODY_FILE.replace("Okafor", "Okoro"))
    built(tmp_path)
    assert ("Okafor",) not in rows(tmp_path, "record_person", "surname")
    assert ("Okoro",) in rows(tmp_path, "record_person", "surname")


def test_a_failed_check_stops_the_publish_and_what_stood_stays(tmp_path: Path) -> None:
    declared = (
        CUSTODY.rstrip()
        + "\n    checks:\n      - {rows: {least: 3}, then: stop}\n      - {unique: [Ref], then: warn}\n"
    )
    first = built(workspace(tmp_path, {"custody": declared}, {"custody-1.csv": CUSTODY_FILE}))
    assert first.build.warnings == ["custody: 1 values of Ref stand in more than one row"]
    (tmp_path / "custody-1.csv").write_text(CUSTODY_FILE.splitlines()[0] + "\nC9,N9,A,B,,,,2026-01-01,X\n")
    with pytest.raises(HealthStop, match="at least 3 are expected"):
        built(tmp_path)
    now = builds.current(store(tmp_path))
    assert now == first.build


def test_a_missing_file_is_one_sentence_and_nothing_published_changes(tmp_path: Path) -> None:
    first = built(workspace(tmp_path))
    declared = (tmp_path / "sources/custody.yaml").read_text()
    (tmp_path / "sources/custody.yaml").write_text(declared.replace("custody-*.csv", "gone-*.csv"))
    with pytest.raises(DeliveryError, match="custody: .*gone-"):
        built(tmp_path)
    assert builds.current(store(tmp_path)) == first.build


def test_GSC_1_a_row_marked_secret_is_turned_away_unread(tmp_path: Path) -> None:
    declared = CUSTODY.replace("        key: [Ref]\n", "        key: [Ref]\n        marking: Station\n")
    text = CUSTODY_FILE + "C5,N5,Top,Agent,,,,2026-01-01,Secret\n"
    outcome = built(workspace(tmp_path, {"custody": declared}, {"custody-1.csv": text}))
    assert outcome.build.sources["custody"].rejected == 1
    assert ("Agent",) not in rows(tmp_path, "record_person", "surname")
    token = b"Agent"
    held = [path for path in (tmp_path / ".bluelamp").rglob("*") if path.is_file() and token in path.read_bytes()]
    assert held == []


def test_a_source_that_is_declared_no_more_leaves_the_index(tmp_path: Path) -> None:
    published(tmp_path)
    (tmp_path / "sources/intelligence.yaml").unlink()
    outcome = built(tmp_path)
    assert "IntelligenceReport" not in outcome.build.objects
    assert ("Chen",) not in rows(tmp_path, "record_person", "surname")


def test_a_changed_mapping_maps_the_whole_source_again(tmp_path: Path) -> None:
    published(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": CUSTODY_FILE})
    declared = (tmp_path / "sources/custody.yaml").read_text()
    (tmp_path / "sources/custody.yaml").write_text(declared.replace("surname: Surname", "surname: Forename"))
    assert built(tmp_path).published
    assert ("Amara",) in rows(tmp_path, "record_person", "surname")


def test_a_link_between_lasting_things_is_kept_once_of_each_delivery(tmp_path: Path) -> None:
    home = "      home: {type: Location, key: [Station], set: {name: Station}}\n    links:\n      - {type: lives_at, from: detainee, to: home}"
    declared = CUSTODY.replace("    links:", home)
    built(workspace(tmp_path, {"custody": declared}, {"custody-1.csv": CUSTODY_FILE}))
    (tmp_path / "custody-2.csv").write_text(CUSTODY_FILE.replace("C3", "C4"))
    built(tmp_path)
    stated = rows(tmp_path, "link where type = 'lives_at' and forward", 'delivery, "row"')
    assert stated == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert len(rows(tmp_path, "link where type = 'involved_in' and forward")) == 6
