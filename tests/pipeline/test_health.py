"""Health checks: each failing one gives one sentence."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from bluelamp.errors import HealthStop
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.pipeline import health
from bluelamp.workspace.model import HealthCheck, Source
from tests.conftest import SetClock
from tests.factory import CUSTODY, CUSTODY_FILE, built, loaded, published, workspace

ROWS = "(values ('a', 'x'), ('a', 'y'), (null, 'z'), (null, ' x ')) t(\"k'ey\", kind)"
GOOD = Delivery(1, "a.csv", "x", 1, "2026-11-20T10:00:00+00:00", "ann", 100, 95, 5)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return loaded(workspace(tmp_path, {"custody": CUSTODY}, {})).sources["custody"]


CASES = [
    (HealthCheck("rows", "stop", least=4, most=4), None),
    (HealthCheck("rows", "stop", least=5), "custody: 4 rows, and at least 5 are expected"),
    (HealthCheck("rows", "stop", most=3), "custody: 4 rows, and at most 3 are expected"),
    (HealthCheck("unique", "stop", columns=("k'ey",)), "custody: 1 values of k'ey stand in more than one row"),
    (HealthCheck("unique", "stop", columns=("k'ey", "kind")), None),
    (HealthCheck("allowed", "stop", columns=("kind",), values=("x", "y", "z")), None),
    (
        HealthCheck("allowed", "stop", columns=("kind",), values=("x",)),
        "custody: 2 rows have a value of kind that is not among the allowed ones",
    ),
    (HealthCheck("rejects", "stop", most=0.05), None),
    (
        HealthCheck("rejects", "stop", most=0.04),
        "custody: a.csv has 5.0% rejected rows and 4.0% is the most allowed; list them with `bluelamp rejects`",
    ),
    (HealthCheck("fresh", "stop", days=1), None),
]


@pytest.mark.parametrize(("check", "message"), CASES)
def test_a_check_fails_with_its_sentence_or_not_at_all(
    time: SetClock, connection: duckdb.DuckDBPyConnection, source: Source, check: HealthCheck, message: str | None
) -> None:
    found = health.failures(connection, replace(source, checks=(check,)), Ledger([GOOD]), f"(select * from {ROWS})", {})
    assert [said for _, said in found] == ([message] if message else [])


def test_a_source_is_stale_once_its_days_have_passed_and_a_clock_that_goes_back_makes_none_stale(
    time: SetClock, connection: duckdb.DuckDBPyConnection, source: Source
) -> None:
    checked = replace(source, checks=(HealthCheck("fresh", "warn", days=2),))
    time.move(days=2)
    ((_, said),) = health.failures(connection, checked, Ledger([GOOD]), None, {})
    assert said.startswith("custody: a delivery is due every 2 days and the last came on 20 Nov 2026")
    time.move(days=-100)
    assert health.failures(connection, checked, Ledger([GOOD]), None, {}) == []


def test_rows_that_are_not_there_are_none(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    checks = tuple(check for check, _ in CASES if check.kind in ("rows", "unique", "allowed"))
    found = health.failures(connection, replace(source, checks=checks), Ledger(), None, {})
    assert [said.partition(", ")[0] for _, said in found] == ["custody: 0 rows"] * 2


def test_a_delivery_that_was_corrected_is_not_counted_for_its_rejects(
    connection: duckdb.DuckDBPyConnection, source: Source
) -> None:
    bad = replace(GOOD, kept=0, rejected=100)
    ledger = Ledger([bad, replace(GOOD, number=2, rejected=0, kept=100, replaces=1)])
    checked = replace(source, checks=(HealthCheck("rejects", "stop", most=0.01),))
    assert health.failures(connection, checked, ledger, None, {}) == []


@pytest.mark.parametrize(("corrected", "said"), [(3, ["2.0%"]), (4, [])])
def test_corrected_rejects_are_rows_of_their_file_and_not_a_delivery_that_is_judged_by_itself(
    connection: duckdb.DuckDBPyConnection, source: Source, corrected: int, said: list[str]
) -> None:
    replay = Delivery(2, "fixed.csv", "y", 1, GOOD.at, "eve", 4, corrected, 4 - corrected, kind="replay")
    checked = replace(source, checks=(HealthCheck("rejects", "stop", most=0.01),))
    found = health.failures(connection, checked, Ledger([GOOD, replay]), None, {"a.csv": corrected})
    assert [message.partition(" has ")[2].partition(" rejected")[0] for _, message in found] == said


def test_a_check_that_is_declared_anew_runs_on_the_rows_that_are_there(tmp_path: Path) -> None:
    folder = published(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": CUSTODY_FILE})
    declared = folder / "sources" / "custody.yaml"
    said = declared.read_text()
    declared.write_text(f"{said}checks:\n  - {{unique: [Ref], then: warn}}\n")
    warned = built(folder)
    assert warned.build.warnings == ["custody: 1 values of Ref stand in more than one row"]
    assert not built(folder).published
    declared.write_text(f"{said}checks:\n  - {{unique: [Ref], then: stop}}\n")
    with pytest.raises(HealthStop, match="Ref stand in more than one row"):
        built(folder)
    declared.write_text(said)
    assert built(folder).build.warnings == []
