"""What ben may not see never changes what he gets: every page of his is the same where there is none of it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from bluelamp.errors import NotFound
from bluelamp.ids import ObjectId, record_number
from bluelamp.session.force import BlueLamp
from tests.factory import INTELLIGENCE_FILE, SECRET
from tests.office import as_, home, opened, seat, token

#: what differs between any two answers, whoever reads: request ids, times, names of decisions
OWN = re.compile(r'"request":"[^"]*"|[0-9]{2}:[0-9]{2}(:[0-9.]+)?|decision-[0-9a-f]{12}')
QUESTIONS = ("", "smith", "john smith", "wei chen", "market", "IR1", "2099/0000123P", "harb*", "smith OR chen", "*")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """The force without any intelligence."""
    with opened(tmp_path_factory.mktemp("other") / "force", fresh_database(), without="intelligence") as force:
        yield force


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """The same force when intelligence has come too: objects keep the ids that they had."""
    with opened(tmp_path_factory.mktemp("whole") / "force", fresh_database(), without="intelligence") as force:
        (force.folder / "intelligence-2.jsonl").write_text(INTELLIGENCE_FILE, encoding="utf-8")
        force.run("tester", lambda *_: None)
        yield force


@pytest.fixture(scope="module")
def pair(whole: BlueLamp, other: BlueLamp) -> Iterator[tuple[TestClient, TestClient]]:
    """ben, at both."""
    with seat(whole, "ben") as one, seat(other, "ben") as two:
        one.headers["authorization"] = f"Bearer {token(whole, 'ben')}"
        two.headers["authorization"] = f"Bearer {token(other, 'ben')}"
        yield one, two


def ids(force: BlueLamp) -> list[str]:
    """Everything that ben may see."""
    listed = as_(force, "ben").search("", size=200)
    assert listed.total == len(listed.hits)
    return [str(hit.object) for hit in listed.hits]


def telling(force: BlueLamp, ids: Iterable[str]) -> list[str]:
    """Those of `ids` that differ in more than a name: of the lodgers, who are all alike, two."""
    people = as_(force, "ben").table("Person", ["object", "given_name"]).arrow().to_pylist()
    lodgers = {person["object"] for person in people if person["given_name"] == "Lodger"}
    assert len(lodgers) > 100
    return [*(id for id in ids if id not in lodgers), *sorted(lodgers)[:2]]


def same(pair: tuple[TestClient, TestClient], path: str) -> None:
    one, two = (client.get(path) for client in pair)
    assert one.status_code == two.status_code, path
    assert OWN.sub("", one.text) == OWN.sub("", two.text), path
    assert {k: v for k, v in one.headers.items() if k != "x-request-id"} == {
        k: v for k, v in two.headers.items() if k != "x-request-id"
    }, path


def test_the_two_forces_differ_for_somebody_else(whole: BlueLamp, other: BlueLamp) -> None:
    assert as_(whole).search("").total == as_(other).search("").total + 3
    assert ids(whole) == ids(other)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_search_is_the_same(pair: tuple[TestClient, TestClient], question: str) -> None:
    for more in ("", "&type=Person", "&type=IntelligenceReport", "&source=intelligence", "&source=custody", "&page=2",
                 "&from=2026-01-01&to=2026-01-31"):  # fmt: skip
        same(pair, f"/search?q={question}{more}")
        same(pair, f"/api/v1/search?q={question}{more}")


def test_a_pasted_list_is_the_same(pair: tuple[TestClient, TestClient]) -> None:
    one, two = (client.post("/search/list", data={"lines": "\n".join(QUESTIONS)}) for client in pair)
    assert one.text == two.text


def test_every_object_and_its_links_are_the_same(pair: tuple[TestClient, TestClient], whole: BlueLamp) -> None:
    shown = [id for id in ids(whole) if not id.startswith("person")]
    people = [str(hit.object) for text in ("smith", "silva", "okafor") for hit in as_(whole, "ben").search(text).hits]
    for id in {*shown, *people}:
        same(pair, f"/object/{id}")
        same(pair, f"/api/v1/objects/{id}")
        same(pair, f"/api/v1/objects/{id}/links")
    for kind in ("lives_at", "involved_in"):
        same(pair, f"/object/{home(whole)}/links/{kind}")


def test_what_is_hidden_is_the_same_as_what_is_not_there(pair: tuple[TestClient, TestClient], whole: BlueLamp) -> None:
    seen = set(ids(whole))
    hidden = [str(hit.object) for hit in as_(whole).search("", size=200).hits if str(hit.object) not in seen]
    assert len(hidden) == 3
    for id in hidden:
        same(pair, f"/object/{id}")
        same(pair, f"/object/{id}/links/involved_in")
        same(pair, f"/api/v1/objects/{id}")


def record(source: str, name: str, key: str) -> ObjectId:
    return ObjectId("person", record_number(SECRET, source, name, key))


def test_review_is_the_same_whatever_was_decided_on_what_is_hidden(
    pair: tuple[TestClient, TestClient], whole: BlueLamp
) -> None:
    hidden, n1, n2 = record("intelligence", "subject", "S2"), *(record("custody", "detainee", n) for n in ("N1", "N2"))
    as_(whole).decide(n1, hidden, "same", "One photograph")
    as_(whole).decide(n2, hidden, "not_same", "Two photographs")

    def pages() -> None:
        people = [str(hit.object) for text in ("smith", "silva") for hit in as_(whole, "ben").search(text).hits]
        for id in (id for id in people if id.startswith("person")):
            same(pair, f"/review/joins/{id}")
            for other in people:
                same(pair, f"/review/between/{id}/{other}")
        ends = [n1, n2, record("tenancies", "tenant", "T1"), hidden, ObjectId("person", 1)]
        for one, other in combinations(ends, 2):
            same(pair, f"/review/pair/{one}/{other}")
        for path in ("/review", "/review?type=Person", "/review/decisions", "/review/judges"):
            same(pair, path)

    pages()
    for verdict in ("same", "not_same"):
        sent = {"verdict": verdict, "reason": "A hunch"}
        one, two = (client.post(f"/review/pair/{n1}/{n2}", data=sent) for client in pair)
        assert one.status_code == two.status_code == (303 if verdict == "same" else 409)
        assert OWN.sub("", one.text) == OWN.sub("", two.text)
        assert one.headers.get("location") == two.headers.get("location")
    pages()


def test_every_row_is_the_same(pair: tuple[TestClient, TestClient]) -> None:
    for path in ("custody/1/1", "custody/1/3", "tenancies/1/1", "intelligence/1/1", "intelligence/1/2", "nowhere/1/1"):
        same(pair, f"/row/{path}")
        same(pair, f"/api/v1/lineage/{path}")


def test_of_the_data_pages_only_the_numbers_of_the_hidden_source_differ(
    pair: tuple[TestClient, TestClient],
) -> None:
    for name in ("custody", "tenancies"):
        same(pair, f"/data/{name}")
    told = [json.loads(client.get("/api/v1/sources").text)["sources"] for client in pair]
    differ = {one["name"] for one, two in zip(*told, strict=True) if one != two and _timeless(one) != _timeless(two)}
    assert differ == {"intelligence"}


def _timeless(source: dict[str, object]) -> str:
    return re.sub(r'"at": "[^"]*"', "", json.dumps(source))


def test_refusals_are_the_same(pair: tuple[TestClient, TestClient]) -> None:
    for path in ("/data/intelligence/rejects", "/data/custody/rejects.csv", "/data/custody/issues/a/b", "/audit"):
        same(pair, path)


def test_the_number_of_a_hidden_record_leads_nowhere(pair: tuple[TestClient, TestClient], whole: BlueLamp) -> None:
    """Not even for whoever could work it out, which takes the workspace's secret."""
    id = str(ObjectId("person", record_number(SECRET, "intelligence", "subject", "S1")))
    assert as_(whole).object(id).asked_as
    same(pair, f"/object/{id}")
    same(pair, f"/api/v1/objects/{id}")


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """The force with intelligence from its first build: an object may be numbered by what ben does not see."""
    with opened(tmp_path_factory.mktemp("once") / "force", fresh_database()) as force:
        yield force


def tables(force: BlueLamp) -> dict[str, pa.Table]:
    """Every table that ben may have."""
    return {name: as_(force, "ben").table(name).arrow() for name in force.workspace.nouns}


def renamed(one: BlueLamp, two: BlueLamp) -> dict[str, str]:
    """The ids of `one` as `two` has them, told by the records of each object."""
    pairs = zip(tables(one).values(), tables(two).values(), strict=True)
    return {
        mine: theirs
        for rows, others in pairs
        for mine, theirs in zip(rows.column("object").to_pylist(), others.column("object").to_pylist(), strict=True)
    }


def test_a_table_and_an_export_are_the_same_but_for_ids_and_name_no_record_and_no_access(
    at_once: BlueLamp, other: BlueLamp, tmp_path: Path
) -> None:
    names = renamed(at_once, other)
    assert len(set(names.values())) == len(names)
    for name, table in tables(at_once).items():
        as_(at_once, "ben").export(name, tmp_path / "t.parquet")
        assert pq.read_table(tmp_path / "t.parquet").replace_schema_metadata() == table
        assert not {"record", "access"} & set(table.column_names)
        ids = pa.array([names[id] for id in table.column("object").to_pylist()], pa.string())
        theirs = tables(other)[name]
        assert table.set_column(table.column_names.index("object"), "object", ids).to_pylist() == theirs.to_pylist()
    for column in ("record", "access"):
        with pytest.raises(NotFound, match=f"Person has no column {column}; its columns are source, marking, object,"):
            as_(at_once, "ben").table("Person", [column])


def in_order(answer: str) -> object:
    """An answer with hits that neither score nor day orders, and that therefore stand by their ids, in one order."""
    if '"hits"' not in answer:
        return OWN.sub("", answer)
    body: dict[str, Any] = json.loads(answer)
    return body | {"hits": sorted(body["hits"], key=lambda hit: (-hit["score"], hit["day"] or "", hit["object"]))}


def test_no_answer_but_for_ids_depends_on_which_record_numbers_an_object(at_once: BlueLamp, other: BlueLamp) -> None:
    names = renamed(at_once, other)
    assert set(names) != set(names.values())

    def same_but_for_ids(path: str, theirs: str) -> None:
        mine, wanted = (ask.get(f"/api/v1/{each}").text for ask, each in ((one, path), (two, theirs)))
        told = re.sub(r"[a-z_]+-[0-9a-f]{16}", lambda found: names.get(found[0], found[0]), mine)
        assert in_order(told) == in_order(wanted), path

    with seat(at_once, "ben") as one, seat(other, "ben") as two:
        one.headers["authorization"] = f"Bearer {token(at_once, 'ben')}"
        two.headers["authorization"] = f"Bearer {token(other, 'ben')}"
        for question in QUESTIONS:
            for more in ("&size=200", "&type=Person&size=200"):
                same_but_for_ids(f"search?q={question}{more}", f"search?q={question}{more}")
        for id in telling(at_once, names):
            same_but_for_ids(f"objects/{id}", f"objects/{names[id]}")
            same_but_for_ids(f"objects/{id}/links", f"objects/{names[id]}/links")
        for row in ("custody/1/1", "custody/1/2", "custody/1/3", "tenancies/1/1", "tenancies/1/2", "intelligence/1/1"):
            same_but_for_ids(f"lineage/{row}", f"lineage/{row}")


def test_no_answer_has_the_number_of_a_record_that_is_not_an_objects(at_once: BlueLamp) -> None:
    known = set(renamed(at_once, at_once))
    keys = [*(("tenancies", "tenant", f"T{n}") for n in range(1, 4)), ("custody", "detainee", "N1"),
            ("custody", "detainee", "N2"), ("intelligence", "subject", "S1")]  # fmt: skip
    numbers = {record_number(SECRET, *key) for key in keys}
    inner = {number for number in numbers if str(ObjectId("person", number)) not in known}
    assert inner
    with seat(at_once, "ben") as web:
        web.headers["authorization"] = f"Bearer {token(at_once, 'ben')}"
        paths = [
            "api/v1/search?q=&size=200",
            *(f"{place}/{id}" for id in telling(at_once, known) for place in ("api/v1/objects", "object")),
        ]
        paths += [f"{place}/{row}" for row in ("custody/1/1", "tenancies/1/1") for place in ("api/v1/lineage", "row")]
        said = "".join(web.get(f"/{path}").text for path in paths)
    assert not [number for number in inner if f"{number:016x}" in said or str(number) in said]
