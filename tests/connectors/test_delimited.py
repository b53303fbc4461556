import csv
import io
import resource
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.connectors import delimited, offers
from bluelamp.connectors.dialect import Dialect
from bluelamp.connectors.offer import Reject
from bluelamp.connectors.window import Window, cut
from bluelamp.errors import DeclarationError, DeliveryError
from bluelamp.workspace.model import Read
from tests.connectors.delivered import Deliver, Got, take


def table(content: bytes, names: list[str], block: int, **how: object) -> Got:
    rejects: list[Reject] = []
    read = delimited.Table(Window(io.BytesIO(content), block=block), Dialect(**how), names, rejects.append)
    whole = pa.Table.from_batches(list(read.batches()), schema=read.schema)
    return Got(names, whole.to_pylist(), rejects)


def exact(content: bytes, wanted: int) -> tuple[list[tuple[int, list[str | None]]], list[tuple[int, int]]]:
    """The same rows by the slow reader alone: kept (number, values) and rejected (number, line)."""
    place, kept, rejected, number = Window(io.BytesIO(content)), [], [], 0
    while row := cut(place, Dialect()):
        number += 1
        if row.reason or not (len(row.values) == wanted or (len(row.values) == wanted + 1 and not row.values[-1])):
            rejected.append((number, row.line))
        else:
            kept.append((number, [value or None for value in row.values[:wanted]]))
    return kept, rejected


def test_every_value_is_text_as_the_file_says_it(deliver: Deliver) -> None:
    got = deliver(b"Ref,Born,Sum\n007,3/6/2016,1.50\n 8 ,,NULL\n")
    assert got.names == ["Ref", "Born", "Sum"]
    assert got.values() == [("007", "3/6/2016", "1.50"), (" 8 ", None, "NULL")]
    assert got.numbers == [1, 2]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_will_do(deliver: Deliver, end: bytes) -> None:
    got = deliver(end.join([b"a,b", b"1,2", b"", b'3,"4"', b""]))
    assert got.values() == [("1", "2"), ("3", "4")]


def test_mixed_line_ends_are_each_one_line(deliver: Deliver) -> None:
    got = deliver(b'a,b\r\n1,2\n3,4\r\n5\n"6\r\n7",8\n9\r\n')
    assert got.values() == [("1", "2"), ("3", "4"), ("6\r\n7", "8")]
    assert [(each.row, each.line) for each in got.rejects] == [(3, 4), (5, 7)]


def test_a_blank_line_is_not_a_row(deliver: Deliver) -> None:
    got = deliver(b"\n\na,b\n\n1,2\n\n\n3,4\n\n")
    assert got.numbers == [1, 2]
    assert not got.rejects


def test_a_quoted_value_may_hold_line_ends_delimiters_and_quotes(deliver: Deliver) -> None:
    got = deliver(b'a,b\n"x\n\ny","1,""2"""\nz,\n')
    assert got.values() == [("x\n\ny", '1,"2"'), ("z", None)]


def test_lines_are_counted_through_quoted_line_ends(deliver: Deliver) -> None:
    got = deliver(b'a,b\n"x\n\ny",1\nbad\n')
    assert [(each.row, each.line, each.text) for each in got.rejects] == [(2, 5, "bad")]


def test_a_last_line_without_an_end_is_a_row(deliver: Deliver) -> None:
    assert deliver(b"a,b\n1,2").values() == [("1", "2")]
    assert deliver(b'a,b\n1,"2"').values() == [("1", "2")]


def test_a_header_alone_is_a_delivery_of_no_rows(deliver: Deliver) -> None:
    for content in (b"a,b", b"a,b\n", b"a,b\r\n\r\n"):
        got = deliver(content)
        assert (got.names, got.rows, got.rejects) == (["a", "b"], [], [])


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused_with_one_sentence(deliver: Deliver, content: bytes) -> None:
    with pytest.raises(DeliveryError, match=r"rows.csv is empty; it needs at least a header"):
        deliver(content)


def test_too_few_and_too_many_values_are_rejected_with_row_line_reason_and_text(deliver: Deliver) -> None:
    got = deliver(b"a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n")
    assert got.numbers == [1, 4]
    assert got.rejects == [
        Reject(2, 3, "The row has 2 values, and the header names 3 columns", "4,5"),
        Reject(3, 4, "The row has 4 values, and the header names 3 columns", "6,7,8,9"),
    ]


def test_a_delimiter_at_the_end_of_a_row_makes_no_value(deliver: Deliver) -> None:
    got = deliver(b"a,b\n1,2,\n3,4\n5,6,,\n")
    assert got.values() == [("1", "2"), ("3", "4")]
    assert [each.row for each in got.rejects] == [3]


def test_a_delimiter_at_the_end_of_the_header_makes_an_empty_column(deliver: Deliver) -> None:
    assert deliver(b"a,b,\n1,2,\n").values() == [("1", "2", None)]


def test_a_stray_quote_costs_one_row_and_not_the_rest_of_the_file(deliver: Deliver) -> None:
    got = deliver(b'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert got.values() == [("1", "2"), ("5", "6"), ("7", "8")]
    assert got.rejects == [Reject(2, 3, "A quote is never closed", '3,"4')]


def test_text_behind_a_closing_quote_rejects_the_row(deliver: Deliver) -> None:
    got = deliver(b'a,b\n1,"2"x\n3,4\n')
    assert got.rejects == [Reject(1, 2, "Text stands behind a closing quote", '1,"2"x')]
    assert got.values() == [("3", "4")]


def test_a_quote_inside_a_plain_value_is_plain(deliver: Deliver) -> None:
    assert deliver(b'a,b\n6" knife,x\ny, "z"\n').values() == [('6" knife', "x"), ("y", ' "z"')]


def test_a_row_with_a_nul_byte_is_rejected(deliver: Deliver) -> None:
    got = deliver(b"a,b\n1,2\n3,\x004\n5,6\n")
    assert got.numbers == [1, 3]
    assert [(each.row, each.reason) for each in got.rejects] == [(2, "The row has a NUL byte (binary zero)")]


def test_a_row_of_damaged_utf_8_is_rejected_where_the_file_is_utf_8(deliver: Deliver) -> None:
    good = "".join(f"Zoë,{n}\n" for n in range(20)).encode()
    got = deliver(b"a,b\n" + good + b"Zo\xeb,20\nx,21\n")
    assert got.numbers == [*range(1, 21), 22]
    assert [(each.row, each.reason) for each in got.rejects] == [(21, "Byte 3 of the row is not valid UTF-8")]


def test_a_byte_order_mark_is_not_part_of_the_first_name(deliver: Deliver) -> None:
    assert deliver(b"\xef\xbb\xbfa,b\n1,2\n").names == ["a", "b"]
    assert deliver(b'\xef\xbb\xbf"a",b\n1,2\n').names == ["a", "b"]


def test_names_that_are_blank_or_used_twice_are_made_unique(deliver: Deliver) -> None:
    assert deliver(b"Name,,name,_row,Name\n1,2,3,4,5\n").names == ["Name", "column_2", "name_2", "_row_2", "Name_3"]


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_delimiter_is_found_in_the_header(deliver: Deliver, delimiter: str) -> None:
    got = deliver(f'a{delimiter}"b,;|{delimiter}x"{delimiter}c\n1{delimiter}2{delimiter}3\n'.encode())
    assert got.values() == [("1", "2", "3")]


def test_a_declared_delimiter_quote_and_escape_are_used(deliver: Deliver) -> None:
    got = deliver(rb"a,b;c" + b"\n" + rb"'x\';y';2" + b"\n", delimiter=";", quote="'", escape="\\")
    assert got.names == ["a,b", "c"]
    assert got.values() == [("x';y", "2")]


def test_quote_none_makes_quotes_plain(deliver: Deliver) -> None:
    assert deliver(b'a,b\n"1,2"\n', quote="none").values() == [('"1', '2"')]


def test_tsv_is_split_at_tabs(deliver: Deliver) -> None:
    assert deliver(b"a,b\tc\n1,2\t3\n", connector="tsv").values() == [("1,2", "3")]


def test_lines_above_the_header_are_skipped(deliver: Deliver) -> None:
    content = b'Extract of "custody, made 1 May\n\na,b\n1,2\n'
    assert deliver(content, skip="2").values() == [("1", "2")]
    assert deliver(content, header="3").values() == [("1", "2")]


def test_a_file_without_header_takes_declared_names_or_places(deliver: Deliver) -> None:
    assert deliver(b"1,2\n3,4\n", header="false", columns="x, y").names == ["x", "y"]
    got = deliver(b"1,2\n3,4\n", header="false")
    assert got.names == ["column_1", "column_2"]
    assert got.numbers == [1, 2]


def test_declared_texts_that_mean_nothing_become_null(deliver: Deliver) -> None:
    assert deliver(b'a,b,c\nNULL,"n/a",x\n', null="NULL,n/a").values() == [(None, None, "x")]


def test_a_missing_column_is_named_with_the_closest_one(deliver: Deliver) -> None:
    with pytest.raises(DeliveryError) as caught:
        deliver(b"Last Name,Born\nx,y\n", needed=frozenset({"last name", "Born"}))
    assert str(caught.value) == (
        "rows.csv has no column last name (did you mean Last Name?); it has: Last Name, Born. "
        "Correct the mapping (`[last name, Last Name]` takes whichever is there), "
        "declare `optional: [last name]` under `read:`, or ask for the column."
    )


def test_columns_that_no_mapping_needs_are_kept(deliver: Deliver) -> None:
    assert deliver(b"a,b\n1,2\n", needed=frozenset({"a"})).names == ["a", "b"]


def test_a_header_that_cannot_be_read_is_refused(deliver: Deliver) -> None:
    with pytest.raises(DeliveryError, match=r"header of rows.csv cannot be read .A quote is never closed"):
        deliver(b'a,"b\n1,2\n')


@pytest.mark.parametrize(
    "option", [{"skip": "x"}, {"delimiter": ",,"}, {"header": "-1"}, {"delimiter": '"'}, {"colour": "red"}]
)
def test_an_option_that_cannot_be_is_explained(deliver: Deliver, option: dict[str, str]) -> None:
    with pytest.raises(DeclarationError):
        deliver(b"a,b\n1,2\n", **option)


def test_a_row_longer_than_the_limit_is_rejected_and_the_next_is_read(deliver: Deliver) -> None:
    long = b"x" * 5000
    got = deliver(b"a,b\n1,2\n" + long + b',2\n3,4\n5,"' + long + b'\n"\n7,8\n', max_line="1000")
    assert got.values()[:2] == [("1", "2"), ("3", "4")]
    assert got.values()[-1] == ("7", "8")
    assert got.rejects[0] == Reject(2, 3, "The row is longer than 1,000 bytes", long.decode() + ",2")


def test_a_line_of_64_megabytes_takes_no_more_memory_than_its_limit(deliver: Deliver, tmp_path: Path) -> None:
    with (tmp_path / "big.csv").open("wb") as file:
        file.write(b"a,b\n1,2\n")
        file.seek(64 << 20, io.SEEK_CUR)
        file.write(b"\n3,4\n")
    declared = Read("csv", "big.csv", "append", {"max_line": "100000"})
    offer = offers(declared, tmp_path)[0]
    tracemalloc.start()
    got = take(offer, declared)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got.values() == [("1", "2"), ("3", "4")]
    assert [(each.row, each.line) for each in got.rejects] == [(2, 3)]
    assert peak < 32 << 20


def test_a_file_with_a_tenth_of_its_rows_broken_is_accounted_for_to_the_last_row(deliver: Deliver) -> None:
    broken = [b"one", b'x,"y"z,1', b"1,2,3,4", b'never,"closed,1', b"nul\x00,1,2"]
    lines = [broken[n // 10 % 5] if n % 10 == 3 else b'%d,"a ""b""",\xc3\xa9' % n for n in range(20_000)]
    got = deliver(b"a,b,c\n" + b"\r\n".join(lines))
    assert got.seen == list(range(1, 20_001))
    assert [each.row for each in got.rejects] == list(range(4, 20_001, 10))
    assert all(each.line == (each.row or 0) + 1 for each in got.rejects)
    assert all(int(row["a"]) == row["_row"] - 1 for row in got.rows)


_text = st.text(st.sampled_from("ab\"', ;\n\r\t0é|"), max_size=6)
_rows = st.lists(st.lists(_text, min_size=3, max_size=3).filter(any), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    rows=_rows,
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
    block=st.integers(1, 40),
)
def test_what_pythons_own_writer_wrote_is_read_as_it_was(
    rows: list[list[str]], quoting: int, end: bytes, block: int
) -> None:
    if quoting == csv.QUOTE_MINIMAL and end == "\n":  # Python leaves a lone CR unquoted there
        rows = [[value.replace("\r", "") or "x" for value in row] for row in rows]
    file = io.StringIO(newline="")
    csv.writer(file, quoting=quoting, lineterminator=end).writerows(rows)
    got = table(file.getvalue().encode(), ["a", "b", "c"], block)
    assert not got.rejects
    assert got.values() == [tuple(value or None for value in row) for row in rows]
    assert got.numbers == list(range(1, len(rows) + 1))


@settings(max_examples=400, deadline=None)
@given(
    content=st.lists(
        st.sampled_from(
            [b'"', b",", b"\n", b"\r", b"\r\n", b"a", b"b,c\n", b'"x",y\n', b"\0", b"\xff", b"\xef\xbb\xbf"]
        )
    ).map(b"".join),
    block=st.integers(1, 30),
)
def test_the_fast_and_the_slow_reader_agree_on_any_bytes_and_any_block(content: bytes, block: int) -> None:
    got = table(content, ["a", "b"], block)
    kept, rejected = exact(content, 2)
    assert [(row["_row"], [row["a"], row["b"]]) for row in got.rows] == kept
    assert [(each.row, each.line) for each in got.rejects] == rejected


@settings(max_examples=100, deadline=None)
@given(
    plan=st.lists(st.sampled_from(["good", "few", "many", "quote", "behind", "nul", "long"]), max_size=30),
    block=st.integers(1, 50),
)
def test_rows_kept_and_rejected_are_the_rows_that_were_written(plan: list[str], block: int) -> None:
    made = {
        "good": b'1,"q\n""q"',
        "few": b"1",
        "many": b"1,2,3",
        "quote": b'1,"x',
        "behind": b'"1"2,3',
        "nul": b"\0,1",
        "long": b"y" * 300,
    }
    # a stray quote finds no later one to close it here, as each line end behind it is followed by a plain value
    content = b"\n".join(made[kind] for kind in plan if kind != "quote")
    written = [kind for kind in plan if kind != "quote"]
    if "quote" in plan:
        content, written = content + b"\n" + made["quote"], [*written, "quote"]
    got = table(content, ["a", "b"], block, max_line=200)
    assert got.seen == list(range(1, len(written) + 1))
    assert got.numbers == [number for number, kind in enumerate(written, 1) if kind == "good"]


def test_memory_stays_bounded_over_a_large_file(deliver: Deliver, tmp_path: Path) -> None:
    with (tmp_path / "large.csv").open("wb") as file:
        file.write(b"a,b,c\n")
        for _ in range(60):
            file.write(b"some text,some more text,1\n" * 40_000)
    declared = Read("csv", "large.csv", "append", {})
    rows = delimited.read(offers(declared, tmp_path)[0], declared, lambda _: None, frozenset())
    next(rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(batch.num_rows for batch in rows) > 2_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
