"""What the Data pages say of links that lead to no record: only to who may know that there is none."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bluelamp
from bluelamp.session.force import BlueLamp
from tests.factory import CUSTODY, CUSTODY_FILE, INTELLIGENCE, INTELLIGENCE_FILE, workspace
from tests.pipeline.test_astray import EXHIBITS

#: exhibits name a detainee of custody and a subject of intelligence
BOTH = (
    EXHIBITS
    + """
      - {type: has_vehicle, from: {source: intelligence, record: subject, key: [Subject]}, to: car, role: driverOf}
"""
)
ROWS = "Plate,Ref,Subject\nAB12CDE,N1,S1\nCD34EFG,N7,S2\n"


def opened(folder: Path, intelligence: str, database: str) -> BlueLamp:
    sources = {"custody": CUSTODY, "intelligence": INTELLIGENCE, "exhibits": BOTH}
    files = {"custody-1.csv": CUSTODY_FILE, "intelligence-1.jsonl": intelligence, "exhibits-1.csv": ROWS}
    force = bluelamp.open(workspace(folder, sources, files, database=database))
    force.run("tester", lambda *_: None)
    return force


@pytest.fixture(scope="module")
def forces(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]
) -> Iterator[tuple[BlueLamp, BlueLamp]]:
    """A force whose intelligence knows both subjects, and one whose knows neither."""
    texts = (INTELLIGENCE_FILE, "")
    both = tuple(opened(tmp_path_factory.mktemp("force"), text, fresh_database()) for text in texts)
    yield both[0], both[1]
    for force in both:
        force.close()


def test_a_build_counts_all_of_them(forces: tuple[BlueLamp, BlueLamp]) -> None:
    states = [force.build.sources["exhibits"] for force in forces if force.build]
    assert [state.astray for state in states] == [{"custody or intelligence": 1}, {"custody or intelligence": 3}]


@pytest.mark.parametrize("user", ["ben", "eve"])
def test_nobody_is_told_which_keys_a_source_has_of_which_he_may_not_see_all(
    forces: tuple[BlueLamp, BlueLamp], user: str
) -> None:
    seen = []
    for force in forces:
        session = force.session(user, "investigation", "Operation Ash")
        seen.append((session.source("exhibits").issues, session.issue_counts("exhibits")))
    assert seen == [(0, []), (0, [])]


def test_who_sees_the_whole_source_is_told_with_the_row(tmp_path: Path, postgres_url: str) -> None:
    force = bluelamp.open(
        workspace(
            tmp_path,
            {"custody": CUSTODY, "exhibits": EXHIBITS},
            {"custody-1.csv": CUSTODY_FILE, "exhibits-1.csv": "Plate,Ref\nAB12CDE,N1\nCD34EFG,N7\n"},
            database=postgres_url,
        )
    )
    force.run("tester", lambda *_: None)
    session = force.session("eve", "investigation", "Operation Ash")
    (count,) = session.issue_counts("exhibits")
    assert (count.record, count.property, count.code, count.count) == ("link", "has_vehicle", "no_such_record", 1)
    assert count.message == "The key leads to no record of custody"
    assert session.source("exhibits").issues == 1
    (issue,) = session.issues("exhibits", "has_vehicle", "no_such_record")
    assert (issue.delivery, issue.file, issue.row) == (1, "exhibits-1.csv", 2)
    force.close()
