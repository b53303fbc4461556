"""Files as the source systems would send them, with a few broken rows, always the same bytes for the same rows."""

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import polars as pl

from bluelamp.demo.plan import Ints

_STAMP = (2026, 11, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SCHEMA = "http://schemas.openxmlformats.org"
_OFFICE = f"{_SCHEMA}/officeDocument/2006/relationships"
_SHEET = f"{_SCHEMA}/spreadsheetml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XLSX = {
    "[Content_Types].xml": f"""{_HEAD}<Types xmlns="{_SCHEMA}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""{_HEAD}<Relationships xmlns="{_SCHEMA}/package/2006/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""{_HEAD}<Relationships xmlns="{_SCHEMA}/package/2006/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""",
    "xl/workbook.xml": f"""{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">
<sheets><sheet name="SHEET" sheetId="1" r:id="rId1"/></sheets></workbook>""",
}


@dataclass(frozen=True)
class Broken:
    """A row that cannot be read: its number in the file, and what is wrong with it."""

    row: int
    kind: str


#: writes the rows to the path with so many broken ones; tells the row number of each row, and the broken ones
Write = Callable[[pl.DataFrame, Path, int, np.random.Generator], tuple[Ints, list[Broken]]]


def csv(separator: str = ",", encoding: str = "utf-8", *, packed: bool = False) -> Write:
    """A writer of delimited text, packed by gzip where asked."""

    def write(frame: pl.DataFrame, path: Path, broken: int, chance: np.random.Generator) -> tuple[Ints, list[Broken]]:
        numbers, cuts = numbered(frame.height, broken, chance)
        out = io.StringIO()
        out.write(frame.head(0).write_csv(separator=separator))
        made, begin = [], 0
        for order, cut in enumerate(cuts):
            out.write(frame[begin:cut].write_csv(separator=separator, include_header=False))
            kind, line = spoil(frame[int(cut)].write_csv(separator=separator, include_header=False), separator, order)
            out.write(line)
            made.append(Broken(int(cut) + order + 1, kind))
            begin = int(cut)
        out.write(frame[begin:].write_csv(separator=separator, include_header=False))
        content = out.getvalue().encode(encoding, errors="replace")
        path.write_bytes(gzip.compress(content, compresslevel=1, mtime=0) if packed else content)
        return numbers, made

    return write


def spoil(line: str, separator: str, order: int) -> tuple[str, str]:
    """A row with too many fields (as an unquoted separator gives) or, every second time, with too few."""
    whole = line.rstrip("\n").replace("\n", " ").replace('"', "")
    if order % 2 == 0:
        return "too many fields", f"{whole}{separator}see log{separator}{separator}ref\n"
    return "too few fields", separator.join(whole.split(separator)[:3]) + "\n"


def numbered(rows: int, broken: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Row numbers, counted from 1, when broken rows stand before the rows at the cuts."""
    cuts = np.sort(chance.choice(np.arange(rows), min(broken, rows), replace=False)) if rows else np.zeros(0, np.int64)
    index = np.arange(rows)
    return index + 1 + np.searchsorted(cuts, index, side="right"), cuts


def jsonl(frame: pl.DataFrame, path: Path, broken: int, chance: np.random.Generator) -> tuple[Ints, list[Broken]]:
    """One JSON object a line; a broken one is cut off in its middle."""
    numbers, cuts = numbered(frame.height, broken, chance)
    made, begin, parts = [], 0, []
    for order, cut in enumerate(cuts):
        parts.append(frame[begin:cut].write_ndjson())
        parts.append(frame[int(cut)].write_ndjson()[:40] + "\n")
        made.append(Broken(int(cut) + order + 1, "cut off"))
        begin = int(cut)
    parts.append(frame[begin:].write_ndjson())
    path.write_text("".join(parts), "utf-8", newline="\n")
    return numbers, made


def json(frame: pl.DataFrame, path: Path, _broken: int, _chance: np.random.Generator) -> tuple[Ints, list[Broken]]:
    """One JSON array of nested objects: a column `a.b` is the field b of the object a."""
    tops = list(dict.fromkeys(name.split(".")[0] for name in frame.columns))
    nested = frame.select(
        pl.struct(
            [pl.col(name).alias(name.split(".", 1)[1]) for name in frame.columns if name.startswith(top + ".")]
        ).alias(top)
        if top not in frame.columns
        else pl.col(top)
        for top in tops
    )
    lines = nested.write_ndjson().rstrip("\n").replace("\n", ",\n")
    path.write_text(f"[\n{lines}\n]\n", "utf-8", newline="\n")
    return np.arange(1, frame.height + 1), []


def parquet(frame: pl.DataFrame, path: Path, _broken: int, _chance: np.random.Generator) -> tuple[Ints, list[Broken]]:
    """A Parquet file; it cannot hold a broken row."""
    frame.write_parquet(path, compression="zstd")
    return np.arange(1, frame.height + 1), []


def excel(sheet: str) -> Write:
    """A writer of workbooks with one sheet; five digits alone become a number, as an unformatted date is."""

    def write(frame: pl.DataFrame, path: Path, _broken: int, _chance: np.random.Generator) -> tuple[Ints, list[Broken]]:
        parts = {**_XLSX, "xl/worksheets/sheet1.xml": worksheet(frame)}
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in parts.items():
                info = zipfile.ZipInfo(name, _STAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                content = text.replace("SHEET", escape(sheet)) if name == "xl/workbook.xml" else text
                archive.writestr(info, content.encode(), compresslevel=1)
        return np.arange(1, frame.height + 1), []

    return write


def worksheet(frame: pl.DataFrame) -> str:
    """The XML of a sheet with the columns' names in its first row."""
    names = "".join(
        f'<c r="{letters(at)}1" t="inlineStr"><is><t>{escape(name)}</t></is></c>'
        for at, name in enumerate(frame.columns)
    )
    numbered = frame.with_row_index("_at", 2).with_columns(pl.col("_at").cast(pl.String))
    cells = pl.concat_str([cell(letters(at), name) for at, name in enumerate(frame.columns)])
    rows = numbered.select(pl.format('<row r="{}">{}</row>', "_at", cells)).to_series().to_list()
    return (
        f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData><row r="1">{names}</row>{"".join(rows)}</sheetData></worksheet>'
    )


def cell(column: str, name: str) -> pl.Expr:
    """The XML of one column's cells; nothing for a null."""
    raw = pl.col(name)
    text = raw.str.replace_all("&", "&amp;", literal=True).str.replace_all("<", "&lt;", literal=True)
    place = pl.format(column + "{}", "_at")
    number = pl.format('<c r="{}"><v>{}</v></c>', place, raw)
    inline = pl.format('<c r="{}" t="inlineStr"><is><t>{}</t></is></c>', place, text)
    return pl.when(raw.is_null()).then(pl.lit("")).when(raw.str.contains(r"^\d{5}$")).then(number).otherwise(inline)


def letters(at: int) -> str:
    """The name of a column as spreadsheets write it: 0 is A, 26 is AA."""
    return (letters(at // 26 - 1) if at >= 26 else "") + chr(65 + at % 26)
