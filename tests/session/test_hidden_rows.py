"""Rows of an open source that carry a higher marking: of their issues and rejects, too, nothing is told."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import bluelamp
from bluelamp.cli import app
from bluelamp.errors import NotFound
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.factory import CUSTODY, CUSTODY_FILE, INTELLIGENCE, INTELLIGENCE_FILE, USERS, workspace
from tests.office import seat, token
from tests.pipeline.test_astray import EXHIBITS

#: fay brings sources in and is cleared for OFFICIAL only, eve for all
READERS = (
    USERS
    + """\
  fay: {title: "Fay, data engineer", roles: [data_engineer], clearance: [OFFICIAL]}
"""
)

TIPS = """
    source: tips
    title: Tips
    owner: Intelligence
    lawful_basis: common law
    purposes: [investigation, correction]
    marking: OFFICIAL
    retention: mopi-2
    read: {connector: csv, path: tips-*.csv, mode: append}
    records:
      car:
        type: Vehicle
        key: [Plate]
        marking: Handling
        set: {vrm: Plate, make: Make}
      caller:
        type: Person
        key: [Caller]
        set: {surname: Caller, date_of_birth: {column: Born, format: iso}, ethnicity_self: Ethnicity}
      group:
        type: Organisation
        key: [Ethnicity]
        set: {title: Caller}
    links:
      - {type: has_vehicle, from: caller, to: car, role: ownershipOf}
      - {type: has_vehicle, from: {source: custody, record: detainee, key: [Ref]}, to: car, role: driverOf}
    """

OPEN = "Plate,Make,Caller,Born,Ethnicity,Ref,Handling\nAB12CDE,Ford,Lee,notaday,W1,N1,\nCD34EFG,Ford,Ray,2001-02-03,W1,N1,OFFICIAL\n"
#: the values of which a reader without the clearance must not hear
SECRETS = ("hushday", "hushword", "hushplate", "hushrow")
HIDDEN = (
    "EF56GHJ,Ford,Kay,hushday,hushword,N7,official-sensitive\n"
    "unknown,Ford,unknown,,unknown,,OFFICIAL-SENSITIVE\n"
    "GH78JKL,Ford,May,hushday,W1,N8,UNHEARD OF\n"
    "hushplate,one,too,many,cells,here,hushrow,OFFICIAL-SENSITIVE\n"
)


def opened(folder: Path, rows: str, database: str) -> BlueLamp:
    files = {"custody-1.csv": CUSTODY_FILE, "tips-1.csv": rows, "users.yaml": READERS}
    force = bluelamp.open(workspace(folder, {"custody": CUSTODY, "tips": TIPS}, files, database=database))
    force.run("tester", lambda *_: None)
    return force


@pytest.fixture(scope="module")
def forces(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]
) -> Iterator[tuple[BlueLamp, BlueLamp]]:
    """A force that holds rows of a higher marking, and one that holds none."""
    pair = tuple(opened(tmp_path_factory.mktemp("force"), rows, fresh_database()) for rows in (OPEN + HIDDEN, OPEN))
    yield pair[0], pair[1]
    for force in pair:
        force.close()


def as_(force: BlueLamp, user: str, purpose: str = "investigation") -> Session:
    return force.session(user, purpose, "Operation Ash")


def told(session: Session) -> list[object]:
    """All that a session says of the issues of tips."""
    counts = session.issue_counts("tips")
    kinds = {(each.property, each.code) for each in counts} | {("date_of_birth", "format"), ("", "no_record")}
    return [
        counts,
        session.source("tips").issues,
        [each.issues for each in session.sources()],
        [session.issues("tips", *kind) for kind in sorted(kinds)],
    ]


def test_who_may_see_the_rows_is_told_of_each(forces: tuple[BlueLamp, BlueLamp]) -> None:
    session = as_(forces[0], "eve")
    (lee, kay) = session.issues("tips", "date_of_birth", "format")
    assert [(each.raw, each.row, each.markings) for each in (lee, kay)] == [
        ("notaday", 1, ("OFFICIAL", "OFFICIAL")),
        ("hushday", 3, ("OFFICIAL", "OFFICIAL-SENSITIVE")),
    ]
    assert [each.row for each in session.issues("tips", "has_vehicle", "no_such_record")] == [3]
    assert session.source("tips").issues == sum(each.count for each in session.issue_counts("tips"))
    assert session.rejects("tips")[0].text == "masked"
    assert "hushrow" in as_(forces[0], "eve", "correction").rejects("tips")[0].text


def test_to_who_may_not_it_is_as_if_the_rows_were_not_there(forces: tuple[BlueLamp, BlueLamp]) -> None:
    with_them, without = (told(as_(force, "fay")) for force in forces)
    assert with_them == without
    assert "notaday" in str(with_them)
    assert told(as_(forces[0], "eve")) != told(as_(forces[1], "eve"))


def test_a_row_with_a_marking_that_nobody_declared_is_told_of_to_nobody(forces: tuple[BlueLamp, BlueLamp]) -> None:
    assert "May" not in str(told(as_(forces[0], "eve")))
    assert 5 not in [each.row for each in as_(forces[0], "eve").issues("tips", "date_of_birth", "format")]


def test_rejects_of_a_source_whose_rows_may_carry_more_are_closed_with_them_or_without(
    forces: tuple[BlueLamp, BlueLamp],
) -> None:
    said = set()
    for force in forces:
        for ask in (Session.rejects, Session.rejects_file):
            with pytest.raises(NotFound) as refused:
                ask(as_(force, "fay"), "tips")
            said.add(str(refused.value).replace("tips", "nowhere"))
    with pytest.raises(NotFound) as absent:
        as_(forces[0], "fay").rejects("nowhere")
    assert said == {str(absent.value)}
    assert as_(forces[0], "fay").rejects("custody") == []


def test_a_link_to_a_record_of_a_source_that_is_closed_is_as_if_it_were_not_there(
    tmp_path: Path, fresh_database: Callable[[], str]
) -> None:
    """John Smith stands in custody, which is open, and by the same PNC id in intelligence, which is closed."""
    exhibits = EXHIBITS.replace("source: custody, record: detainee", "source: intelligence, record: subject")
    sources = {"custody": CUSTODY, "intelligence": INTELLIGENCE, "exhibits": exhibits}
    files = {
        "custody-1.csv": CUSTODY_FILE,
        "intelligence-1.jsonl": INTELLIGENCE_FILE,
        "exhibits-1.csv": "Plate,Ref\nAB12CDE,S1\n",
    }
    with closing(bluelamp.open(workspace(tmp_path / "force", sources, files, database=fresh_database()))) as force:
        force.run("tester", lambda *_: None)
        for user, number in (("ben", 0), ("ann", 1)):
            (car,) = as_(force, user).search("AB12CDE").hits
            man = next(hit for hit in as_(force, user).search("john smith").hits if hit.type == "Person")
            assert len(as_(force, user).links(str(car.object))) == number
            kinds = [link.type for link in as_(force, user).links(str(man.object))]
            assert kinds.count("has_vehicle") == number


def test_no_page_and_no_answer_of_the_api_tells_more(forces: tuple[BlueLamp, BlueLamp]) -> None:
    paths = ["/data/tips/issues/date_of_birth/format", "/data/tips/issues/row/no_record", "/data/tips/rejects",
             "/data/tips/rejects.csv", "/data/tips/issues/has_vehicle/no_such_record"]  # fmt: skip
    answers, sources = [], []
    for force in forces:
        with seat(force, "fay") as web:
            web.headers["authorization"] = f"Bearer {token(force, 'fay')}"
            answers.append([(web.get(path).status_code, main(web, path)) for path in paths])
            answers[-1].append((200, main(web, "/data/tips").split('id="issues"')[1].split('id="deliveries"')[0]))
            sources.append(json.loads(web.get("/api/v1/sources").text)["sources"])
    assert answers[0] == answers[1]
    assert [each["issues"] for each in sources[0]] == [each["issues"] for each in sources[1]]
    assert not [word for word in SECRETS if word in str(answers) + str(sources)]


def main(web: TestClient, path: str) -> str:
    return web.get(path).text.partition("<main")[2]


@pytest.mark.parametrize("source", [["tips"], []])
def test_the_command_line_tells_no_more(forces: tuple[BlueLamp, BlueLamp], source: list[str]) -> None:
    asked = ["--code", "format", "--user", "fay", "--purpose", "investigation", "--reason", "Operation Ash"]
    said = [CliRunner().invoke(app, ["issues", str(force.folder), *source, *asked]).stdout for force in forces]
    assert said[0] == said[1]
    assert "notaday" in said[0]


def test_a_page_of_such_rows_carries_their_marking(forces: tuple[BlueLamp, BlueLamp]) -> None:
    with seat(forces[0], "eve") as web:
        for page in ("issues/date_of_birth/format", "rejects"):
            assert "OFFICIAL-SENSITIVE" in web.get(f"/data/tips/{page}").text
    with seat(forces[1], "eve") as web:
        assert "OFFICIAL-SENSITIVE" not in web.get("/data/tips/issues/date_of_birth/format").text


def test_a_key_of_a_sensitive_column_is_masked_as_the_column_is(forces: tuple[BlueLamp, BlueLamp]) -> None:
    found = as_(forces[0], "eve").issues("tips", "", "no_key")
    assert {(each.record, each.raw) for each in found} >= {("group", "masked"), ("car", "unknown")}


def test_of_a_closed_source_no_issue_is_counted(forces: tuple[BlueLamp, BlueLamp]) -> None:
    session = forces[0].session("ann", "welfare", "Operation Ash", "CASE-1")
    assert session.issue_counts("tips") == []
    assert (session.source("tips").issues, session.source("tips").open) == (None, False)
