"""Each element of a list as a row of its own, with the values of the object around it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.connectors import Reject, elements, objects
from bluelamp.connectors.correct import read_corrected, write_rejects
from bluelamp.connectors.options import Options
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read
from tests.connectors.delivered import Deliver, Got

PEOPLE = Read("jsonl", "x", "append", {"each": "people"})
NOT_A_LIST = "What stands at people is not a list, which the option `each` says"


def delivered(deliver: Deliver, items: list[object], connector: str = "jsonl", **options: Any) -> Got:
    text = json.dumps(items) if connector == "json" else "\n".join(map(json.dumps, items))
    return deliver(text.encode(), connector, **{"each": "people", **options})


@pytest.mark.parametrize("connector", ["json", "jsonl"])
def test_each_element_is_a_row_with_the_values_around_it(deliver: Deliver, connector: str) -> None:
    crime = {"urn": 1, "people": [{"name": "a", "at": {"town": "t"}}, {"name": "b"}], "tags": ["x"]}
    got = delivered(deliver, [crime, {"urn": 2, "people": [{"name": "c"}]}], connector)
    assert got.names == ["urn", "tags", "people.#", "people.name", "people.at.town"]
    assert got.values() == [
        ("1", '["x"]', "1", "a", "t"),
        ("1", '["x"]', "2", "b", None),
        ("2", None, "1", "c", None),
    ]
    assert got.numbers == [1, 2, 3]


@pytest.mark.parametrize("rest", [{}, {"people": []}, {"people": None}])
def test_an_object_without_any_is_a_row_too(deliver: Deliver, rest: dict[str, object]) -> None:
    got = delivered(deliver, [{"urn": 1, "people": ["a"]}, {"urn": 2, **rest}])
    assert (got.names, got.values()) == (["urn", "people.#", "people"], [("1", "1", "a"), ("2", None, None)])


def test_an_element_may_be_a_text_an_object_a_list_or_nothing(deliver: Deliver) -> None:
    got = delivered(deliver, [{"people": ["a", 1.5, {"name": "b"}, ["x", "y"], None, {}]}], lists=";")
    assert got.names == ["people.#", "people", "people.name"]
    assert got.values() == [
        ("1", "a", None), ("2", "1.5", None), ("3", None, "b"), ("4", "x;y", None), ("5", None, None), ("6", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "item", [{"case": {"n": 1, "people": ["a", "b"]}}, {"case.people": ["a", "b"], "case": {"n": 1}}]
)
def test_the_list_may_be_inside(deliver: Deliver, item: object) -> None:
    got = delivered(deliver, [item, {"case": {"n": 2}}, {"case": None}, {}], each="case.people")
    assert [(row.get("case.n"), row["case.people"]) for row in got.rows] == [
        ("1", "a"), ("1", "b"), ("2", None), (None, None), (None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["a", 7, {"name": "a"}, False, ""])
def test_what_is_no_list_is_one_reject(deliver: Deliver, value: object) -> None:
    got = delivered(deliver, [{"urn": 1, "people": ["a", "b"]}, {"urn": 2, "people": value}, {"urn": 3}])
    assert (got.numbers, got.seen) == ([1, 2, 4], [1, 2, 3, 4])
    assert got.rejects == [Reject(3, 2, NOT_A_LIST, json.dumps({"urn": 2, "people": value}))]


@pytest.mark.parametrize("value", ["a", 7, [{"people": ["a"]}]])
def test_a_way_that_leads_through_something_else_than_objects_is_one_reject(deliver: Deliver, value: object) -> None:
    got = delivered(deliver, [{"case": value}], each="case.people")
    assert [each.reason for each in got.rejects] == [
        "What stands at case is not an object, so there is no list case.people in it"
    ]


def test_of_elements_of_which_one_cannot_be_read_the_others_are_kept(deliver: Deliver) -> None:
    got = delivered(deliver, [{"urn": 1, "people": ["a", "\ud800", {"tags": ["x;y"]}, "b"]}], lists=";")
    assert [(row["_row"], row["people.#"], row["people"]) for row in got.rows] == [(1, "1", "a"), (4, "4", "b")]
    assert [(each.row, each.line) for each in got.rejects] == [(2, 1), (3, 1)]
    assert json.loads(got.rejects[1].text) == {"urn": "1", "people": [{"tags": ["x;y"]}], "people.#": 3}


def test_where_the_values_around_the_list_cannot_be_read_each_of_its_rows_is_a_reject(deliver: Deliver) -> None:
    got = delivered(deliver, [{"urn": "\udfff", "people": ["a", "b"]}, {"urn": "\udfff", "people": []}])
    assert (got.rows, got.seen) == ([], [1, 2, 3])


def test_a_file_in_which_nobody_stands_need_not_have_what_people_have(deliver: Deliver) -> None:
    needed = frozenset({"urn", "people.name"})
    assert delivered(deliver, [{"urn": 1}, {"urn": 2, "people": []}], needed=needed).names == ["urn", "people.#"]
    with pytest.raises(DeliveryError, match="has no column people.name"):
        delivered(deliver, [{"urn": 1, "people": [{"names": "a"}]}], needed=needed)


def corrected(folder: Path, header: list[str], texts: list[str]) -> tuple[list[dict[str, object]], list[str]]:
    rejects: list[str] = []
    write_rejects(folder / "r.csv", header, [("f", Reject(n, n, "why", text)) for n, text in enumerate(texts, 1)])
    rows = read_corrected(folder / "r.csv", header, PEOPLE, lambda _, reject: rejects.append(reject.reason))
    return rows.read_all().to_pylist(), rejects


def test_a_corrected_element_comes_back_as_the_one_that_it_was(deliver: Deliver, tmp_path: Path) -> None:
    got = delivered(deliver, [{"urn": 1, "people": [{"name": "a"}, {"name": "b\ud800"}]}])
    text = got.rejects[0].text.replace("\ud800", "")
    rows, rejects = corrected(tmp_path, got.names, [text])
    assert rows == [{"urn": "1", "people.#": "2", "people.name": "b", "_row": 1, "_file": "f"}]
    assert rejects == []


def test_a_corrected_text_makes_one_row_or_none_for_it_has_one_place(tmp_path: Path) -> None:
    texts = ['{"urn": 1, "people": ["a", "b"]}', '{"urn": 1, "people": "a"}', '{"urn": 1}']
    rows, rejects = corrected(tmp_path, ["urn", "people"], texts)
    assert rows == [{"urn": "1", "people": None, "_row": 3, "_file": "f"}]
    assert rejects == ["The text makes 2 rows; leave one element in people", NOT_A_LIST]


def test_a_small_file_does_not_become_a_huge_one(deliver: Deliver) -> None:
    got = delivered(deliver, [{"a": "x" * 1_000_000, "people": [0] * 1_100}, {"a": "y", "people": [0]}])
    assert (got.numbers, [each.row for each in got.rejects]) == ([2], [1])
    assert got.rejects[0].reason == "Its 1,100 rows would repeat 1,000,000 letters each, which is too much"


def test_rows_are_handed_on_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch, deliver: Deliver) -> None:
    monkeypatch.setattr(objects, "_WAITING", 1_000)
    got = delivered(deliver, [{"a": "x" * 400, "people": list(range(10))}])
    assert [row["people"] for row in got.rows] == [str(n) for n in range(10)]


def test_an_element_nested_too_deeply_costs_itself_only(deliver: Deliver) -> None:
    deep = "[" * 5_000 + "]" * 5_000
    got = deliver(f'[{{"urn": 1, "people": ["a", {deep}, "b"]}}]'.encode(), "json", each="people")
    assert (got.numbers, [each.row for each in got.rejects]) == ([1, 3], [2])


def test_a_number_of_an_element_that_somebody_made_up_breaks_nothing(deliver: Deliver) -> None:
    for made_up in ("5", 7, -1, "x", 10**400, [1], None, True):
        got = delivered(deliver, [{"people.#": made_up, "people": ["a", "b"]}])
        assert [row["people"] for row in got.rows] == ["a", "b"]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("people", "a", "a.people")), inner),
    max_leaves=8,
)


@given(_json, st.sampled_from(("people", "a.people", "a.a.people")))
def test_every_object_makes_a_row_or_a_reject_whatever_stands_in_it(item: object, each: str) -> None:
    chosen = Options("jsonl", {"each": each})
    rows = list(elements.made(item, chosen))
    assert rows
    for values, wrong in rows:
        if isinstance(values, str):
            again = [reason for reason, _ in elements.made(wrong, chosen)]
            assert again == [values]
        else:
            assert all(value is None or isinstance(value, str) for value in values.values())
