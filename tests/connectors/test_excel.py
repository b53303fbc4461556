import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from bluelamp.connectors import offers
from bluelamp.errors import DeclarationError, DeliveryError
from bluelamp.workspace.model import Read
from tests.connectors.delivered import Got, take

ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>
 <table:table table:name="Custody"><table:table-row>
 <table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>Born</text:p></table:table-cell></table:table-row><table:table-row>
 <table:table-cell office:value-type="string"><text:p>Zoë</text:p></table:table-cell>
 <table:table-cell office:value-type="date" office:date-value="1990-05-01"><text:p>01/05/90</text:p></table:table-cell>
 </table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
 <manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def saved(path: Path, *rows: list[object], title: str = "Custody") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def taken(path: Path, needed: frozenset[str] = frozenset(), **options: str) -> Got:
    declared = Read("excel", path.name, "append", options)
    return take(offers(declared, path.parent)[0], declared, needed)


def test_each_cell_is_the_text_that_a_person_means_by_it(tmp_path: Path) -> None:
    moment = datetime(2016, 6, 3, 10, 22, 5)  # noqa: DTZ001  # as a sheet or a table holds it
    got = taken(
        saved(
            tmp_path / "x.xlsx",
            ["a", "b", "c", "d", "e"],
            [1, 2.5, True, date(2016, 6, 3), moment],
            ["007", 3.0, False, time(10, 22), None],
        )
    )
    assert got.names == ["a", "b", "c", "d", "e"]
    assert got.values() == [
        ("1", "2.5", "true", "2016-06-03", "2016-06-03T10:22:05"),
        ("007", "3", "false", "10:22:00", None),
    ]


def test_a_blank_row_is_not_a_row(tmp_path: Path) -> None:
    got = taken(saved(tmp_path / "x.xlsx", [], ["a"], [1], [], [None], [2]))
    assert (got.values(), got.numbers) == ([("1",), ("2",)], [1, 2])


def test_merged_cells_have_their_value_once(tmp_path: Path) -> None:
    saved(tmp_path / "x.xlsx", ["a", "b"], ["x", None], ["y", 1])
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    book.active.merge_cells("A2:B2")
    book.save(tmp_path / "x.xlsx")
    assert taken(tmp_path / "x.xlsx").values() == [("x", None), ("y", "1")]


def test_a_formula_is_its_value(tmp_path: Path) -> None:
    saved(tmp_path / "x.xlsx", ["a"], ["=1+1"])
    with zipfile.ZipFile(tmp_path / "x.xlsx") as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        parts["xl/worksheets/sheet1.xml"]
        .replace(b"<v />", b"<v>2</v>")
        .replace(b"<v></v>", b"<v>2</v>")
        .replace(b"<v/>", b"<v>2</v>")
    )
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    assert taken(tmp_path / "x.xlsx").values() == [("2",)]


def test_lines_above_the_header_are_skipped(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.xlsx", ["Extract of 1 May"], [], ["a", "b"], [1, 2])
    assert taken(path, header="3").values() == [("1", "2")]
    assert taken(path, skip="1").values() == [("1", "2")]


def test_the_number_of_the_header_counts_the_blank_rows_above_it_as_a_spreadsheet_does(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.xlsx", [], [], ["Holder", None], ["a", "b"], [1, 2])
    assert taken(path, header="4").names == ["a", "b"]
    assert taken(path, skip="3").values() == [("1", "2")]


def test_a_sheet_is_chosen_by_name_or_number(tmp_path: Path) -> None:
    saved(tmp_path / "x.xlsx", ["a"], [1])
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    book.create_sheet("2016").append(["b"])
    book.save(tmp_path / "x.xlsx")
    assert taken(tmp_path / "x.xlsx", sheet="2").names == ["b"]
    assert taken(tmp_path / "x.xlsx", sheet="2016").names == ["b"]
    with pytest.raises(DeliveryError, match="has no sheet 7; it has: Custody, 2016"):
        taken(tmp_path / "x.xlsx", sheet="7")


def test_an_empty_sheet_is_refused_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"sheet Custody of x.xlsx is empty"):
        taken(saved(tmp_path / "x.xlsx"))


def test_rows_are_read_in_batches_and_numbered_through(tmp_path: Path) -> None:
    got = taken(saved(tmp_path / "x.xlsx", ["n"], *([n] for n in range(20_000))))
    assert got.numbers == list(range(1, 20_001))
    assert got.rows[-1] == {"n": "19999", "_row": 20_000}


def test_a_missing_column_is_named_with_the_closest_one(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"no column Born \(did you mean born\?\)"):
        taken(saved(tmp_path / "x.xlsx", ["born"], [1]), frozenset({"Born"}))


def test_an_opendocument_sheet_is_read_the_same(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        packed.writestr("content.xml", ODS.replace(">\n ", ">"))
    assert taken(tmp_path / "x.ods").values() == [("Zoë", "1990-05-01")]


@pytest.mark.parametrize(
    "content", [b"", b"not a workbook", b"PK\3\4 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken"]
)
def test_what_is_not_a_workbook_is_refused_with_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    with pytest.raises(DeliveryError, match=r"x.xlsx is (not a workbook that can be read; save it again|cut short)"):
        taken(tmp_path / "x.xlsx")


def test_a_truncated_workbook_is_refused_with_one_sentence(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.xlsx", ["a"], [1])
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DeliveryError, match=r"x.xlsx is (not a workbook|cut short)"):
        taken(path)


def test_a_workbook_with_a_password_is_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(encrypted())
    with pytest.raises(DeliveryError, match=r"x.xlsx is locked with a password; save it without one"):
        taken(tmp_path / "x.xlsx")


def encrypted() -> bytes:
    """The outer shell of an encrypted workbook: a compound file with a stream called EncryptedPackage."""
    free, end, table = b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\xfd\xff\xff\xff"
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + bytes.fromhex("3E000300FEFF0900060000000000000000000000")
    header += (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4) + (4096).to_bytes(4, "little")
    header += end + bytes(4) + end + bytes(4) + bytes(4) + free * 108
    entries = [entry("Root Entry", 5, 1, end), entry("EncryptedPackage", 2, None, (2).to_bytes(4, "little"), 4096)]
    folder = b"".join(entries) + bytes(128) * 2
    chain = table + end + b"".join((n + 1).to_bytes(4, "little") for n in range(2, 9)) + end
    return header + chain.ljust(512, b"\xff") + folder + bytes(4096)


def entry(name: str, kind: int, child: int | None, start: bytes, size: int = 0) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    free = b"\xff\xff\xff\xff"
    links = free + free + (free if child is None else child.to_bytes(4, "little"))
    shape = len(written).to_bytes(2, "little") + bytes([kind, 1])
    return written.ljust(64, b"\0") + shape + links + bytes(36) + start + size.to_bytes(8, "little")


def test_a_header_number_that_cannot_be_is_explained(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="`header` of the connector excel is 'top'; it must be a whole number"):
        taken(saved(tmp_path / "x.xlsx", ["a"], [1]), header="top")
