from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bluelamp.connectors import offers
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read
from tests.connectors.delivered import Deliver, Got, take


def taken(tmp_path: Path, table: pa.Table, **how: int) -> Got:
    pq.write_table(table, tmp_path / "x.parquet", **how)
    declared = Read("parquet", "x.parquet", "append")
    return take(offers(declared, tmp_path)[0], declared)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (pa.timestamp("us"), datetime(2016, 6, 3, 10, 22, 5, 120000), "2016-06-03T10:22:05.12"),  # noqa: DTZ001  # as a sheet or a table holds it
        (pa.timestamp("ns"), datetime(2016, 6, 3), "2016-06-03T00:00:00"),  # noqa: DTZ001  # as a sheet or a table holds it
        (pa.timestamp("ms", "UTC"), datetime(2016, 6, 3, 10, 22, tzinfo=UTC), "2016-06-03T10:22:00Z"),
        (pa.timestamp("ms", "Europe/London"), datetime(2016, 6, 3, 10, 22, tzinfo=UTC), "2016-06-03T10:22:00Z"),
        (pa.date32(), date(2016, 6, 3), "2016-06-03"),
        (pa.time64("us"), time(10, 22), "10:22:00"),
        (pa.decimal128(20, 8), Decimal("0.00000010"), "0.00000010"),
        (pa.float64(), 3.0, "3"),
        (pa.float32(), 0.5, "0.5"),
        (pa.int64(), -7, "-7"),
        (pa.bool_(), True, "true"),
        (pa.string(), "007", "007"),
        (pa.large_string(), "x", "x"),
        (pa.dictionary(pa.int32(), pa.string()), "x", "x"),
        (pa.binary(), b"\xff", "ff"),
        (pa.list_(pa.int32()), [1, 2], "[1, 2]"),
        (pa.duration("s"), 60, "60"),
        (pa.null(), None, None),
    ],
)
def test_each_type_has_one_text_and_null_stays_null(
    tmp_path: Path, kind: pa.DataType, value: object, text: str | None
) -> None:
    got = taken(tmp_path, pa.table({"a": pa.array([value, None], kind)}))
    assert got.values() == [(text,), (None,)]


def test_nested_columns_become_names_with_dots(tmp_path: Path) -> None:
    nested = pa.array(
        [{"b": 1, "c": {"d": "x"}}, None], pa.struct([("b", pa.int32()), ("c", pa.struct([("d", pa.string())]))])
    )
    got = taken(tmp_path, pa.table({"a": nested}))
    assert got.names == ["a.b", "a.c.d"]
    assert got.values() == [("1", "x"), (None, None)]


def test_rows_are_numbered_through_all_row_groups(tmp_path: Path) -> None:
    got = taken(tmp_path, pa.table({"a": list(range(1000))}), row_group_size=300)
    assert got.numbers == list(range(1, 1001))


@pytest.mark.parametrize("cut", [3, 100, -5])
def test_a_file_that_is_not_whole_is_refused_with_one_sentence(deliver: Deliver, tmp_path: Path, cut: int) -> None:
    pq.write_table(pa.table({"a": list(range(1000))}), tmp_path / "whole.parquet")
    with pytest.raises(DeliveryError, match="is not a whole Parquet file; ask for it again"):
        deliver((tmp_path / "whole.parquet").read_bytes()[:cut], "parquet")


def test_a_file_damaged_in_the_middle_is_refused_with_one_sentence(deliver: Deliver, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [str(n) for n in range(10_000)]}), tmp_path / "whole.parquet", compression="zstd")
    content = bytearray((tmp_path / "whole.parquet").read_bytes())
    content[50:5000] = bytes(4950)
    with pytest.raises(DeliveryError, match=r"cut short or damaged|not a whole"):
        deliver(bytes(content), "parquet")


def test_a_missing_column_is_named_with_the_closest_one(tmp_path: Path) -> None:
    pq.write_table(pa.table({"Surname": ["x"]}), tmp_path / "x.parquet")
    declared = Read("parquet", "x.parquet", "append")
    with pytest.raises(DeliveryError, match=r"no column surname \(did you mean Surname\?\)"):
        take(offers(declared, tmp_path)[0], declared, frozenset({"surname"}))
