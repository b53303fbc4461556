import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.connectors import objects
from bluelamp.connectors.offer import Reject
from bluelamp.connectors.options import Options
from bluelamp.errors import DeliveryError
from tests.connectors.delivered import Deliver


def test_each_object_of_an_array_is_a_row_with_the_columns_of_all(deliver: Deliver) -> None:
    got = deliver(b'[{"a": 1.50, "b": {"c": true}}, {"a": null, "d": [1, {"x": "\xc3\xa9"}]}]', "json")
    assert got.names == ["a", "b.c", "d"]
    assert got.values() == [("1.50", "true", None), (None, None, '[1, {"x": "é"}]')]
    assert got.numbers == [1, 2]


@pytest.mark.parametrize("connector", ["json", "jsonl"])
def test_the_texts_of_a_list_may_be_joined_so_that_they_can_be_split(deliver: Deliver, connector: str) -> None:
    rows = [{"a": {"b": ["x", None, 2]}, "c": [[1]]}, {"a": {"b": []}, "c": []}, {"a": {"b": ["x;y"]}}]
    text = json.dumps(rows) if connector == "json" else "\n".join(map(json.dumps, rows))
    got = deliver(text.encode(), connector, lists=";")
    assert got.values() == [("x;2", "[[1]]"), (None, None)]
    assert [each.reason for each in got.rejects] == [
        "A text of the list has `;` in it, which the option `lists` puts between them"
    ]


def test_the_array_may_be_inside(deliver: Deliver) -> None:
    assert deliver(b'{"n": [], "data": {"items": [{"a": 1}]}}', "json", array="data.items").values() == [("1",)]


def test_an_empty_array_is_a_delivery_of_no_rows(deliver: Deliver) -> None:
    assert deliver(b"[]", "json").rows == []


def test_a_file_without_the_array_is_refused_with_those_there_are(deliver: Deliver) -> None:
    with pytest.raises(DeliveryError, match=r"no array at rows; set the option `array` to one of: data.items"):
        deliver(b'{"data": {"items": [{"a": 1}]}}', "json", array="rows")


@pytest.mark.parametrize("content", [b'[{"a": 1}, {"a"', b'{"a": 1}\n{"a": 2}', b"", b"[1,,2]"])
def test_json_that_is_not_valid_is_refused_with_one_sentence(deliver: Deliver, content: bytes) -> None:
    with pytest.raises(DeliveryError, match=r"rows.csv (is not valid JSON|has no array)"):
        deliver(content, "json")


def test_what_is_not_an_object_is_rejected_by_its_place(deliver: Deliver) -> None:
    got = deliver(b'[{"a": 1}, 7, {"a": 2}]', "json")
    assert got.numbers == [1, 3]
    assert got.rejects == [Reject(2, None, "It is not an object, which would name its values", "7")]


def test_each_line_of_json_lines_is_a_row_and_a_malformed_one_is_rejected_with_its_line(deliver: Deliver) -> None:
    got = deliver(b'{"a": 1}\r\n\n{"a": \n{"a": 2, "b": NaN}\n[1]\n{"a": 3}', "jsonl")
    assert got.values() == [("1",), ("3",)]
    assert got.seen == [1, 2, 3, 4, 5]
    assert [(each.row, each.line, each.text) for each in got.rejects] == [
        (2, 3, '{"a": '),
        (3, 4, '{"a": 2, "b": NaN}'),
        (4, 5, "[1]"),
    ]
    assert "not valid JSON" in got.rejects[0].reason


def test_a_line_longer_than_the_limit_is_rejected(deliver: Deliver) -> None:
    got = deliver(b'{"a": 1}\n{"a": "' + b"x" * 1000 + b'"}\n{"a": 2}', "jsonl", max_line="100")
    assert (got.numbers, got.rejects[0].line) == ([1, 3], 2)


def test_a_line_nested_too_deeply_is_rejected_and_not_a_crash(deliver: Deliver) -> None:
    deep = b'{"a": ' * 100_000 + b"1" + b"}" * 100_000
    got = deliver(b'{"a": 1}\n' + deep + b"\n", "jsonl")
    assert (got.numbers, [each.row for each in got.rejects]) == ([1], [2])


def test_keys_that_differ_in_capitals_are_two_columns(deliver: Deliver) -> None:
    assert deliver(b'{"a": 1, "A": 2}', "jsonl").names == ["a", "A_2"]


def test_a_missing_column_is_named_with_the_closest_one(deliver: Deliver) -> None:
    with pytest.raises(DeliveryError, match=r"no column person.name \(did you mean person.names\?\)"):
        deliver(b'[{"person": {"names": "x"}}]', "json", needed=frozenset({"person.name"}))


_value = (
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
)


@given(st.lists(st.dictionaries(st.sampled_from("xyz"), _value)))
def test_parsing_a_line_gives_what_was_written(items: list[dict[str, object]]) -> None:
    for item in items:
        found = objects.parsed(json.dumps(item), Options("jsonl"))
        assert isinstance(found, dict)
        assert found == {
            key: value if isinstance(value, str | None) else json.dumps(value) for key, value in item.items()
        }
