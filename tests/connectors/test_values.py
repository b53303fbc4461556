from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.connectors.values import flat, words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("x", "x"),
        (True, "true"),
        (3, "3"),
        (3.0, "3"),
        (0.1, "0.1"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("NaN"), "NaN"),
        (date(2016, 6, 3), "2016-06-03"),
        (datetime(2016, 6, 3, 10, 22, 5), "2016-06-03T10:22:05"),  # noqa: DTZ001  # as a sheet or a table holds it
        (datetime(2016, 6, 3, 10, 22, tzinfo=UTC), "2016-06-03T10:22:00+00:00"),
        (time(10, 22), "10:22:00"),
        (timedelta(hours=1), "3600"),
        (b"caf\xc3\xa9", "café"),
        (b"\xff\x00", "ff00"),
        ([1, "é", None, Decimal("1.5")], '[1, "é", null, 1.5]'),
        ({"b", "a"}, '["a", "b"]'),
    ],
)
def test_each_kind_of_value_has_one_text(value: object, text: str | None) -> None:
    assert words(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_loses_precision(value: object) -> None:
    assert float(words(value) or "") == value


def test_objects_inside_objects_are_flattened_and_empty_ones_kept() -> None:
    assert dict(flat({"a": {"b": {"c": 1}, "d": [{"e": 2}]}, "f": {}})) == {
        "a.b.c": "1",
        "a.d": '[{"e": 2}]',
        "f": "{}",
    }
