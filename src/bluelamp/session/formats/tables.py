"""A chart as tables: CSV, Parquet, and CSV that Analyst's Notebook imports."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from bluelamp.connectors.correct import harmless
from bluelamp.session.formats import taken
from bluelamp.session.formats.taken import Cell, Row, Taken

#: a column that no row fills is text
_ARROW = {bool: pa.bool_(), float: pa.float64(), tuple: pa.list_(pa.string()), str: pa.string()}


def as_csv(out: Taken) -> bytes:
    """A zip of things.csv, bonds.csv, notes.csv, and about.csv, which says marking, purpose and recipients."""
    about: list[Row] = [{"what": name, "said": said} for name, said in out.about.items()]
    tables = {**_tables(out), "about": about}
    return _zip(out, {f"{name}.csv": _csv(rows, out.marking) for name, rows in tables.items()})


def as_parquet(out: Taken) -> bytes:
    """A zip of things.parquet, bonds.parquet and notes.parquet; marking, purpose and the rest are in their metadata."""
    return _zip(out, {f"{name}.parquet": _parquet(rows, out.about) for name, rows in _tables(out).items()})


def as_i2(out: Taken) -> bytes:
    """One CSV: a row for each link with both of its ends, then one for each thing without any."""
    things, bonds = {str(row["id"]): row for row in taken.things(out)}, taken.bonds(out)
    linked = {str(end) for row in bonds for end in (row["one"], row["other"])}
    rows = [
        _end("Entity 1", things[str(row["one"])]) | _link(row) | _end("Entity 2", things[str(row["other"])])
        for row in bonds
    ]
    alone = [_end("Entity 1", row) for id, row in things.items() if id not in linked]
    shape = [*_end("Entity 1", {}), *_link({}), *_end("Entity 2", {})]
    about: Row = {
        title: out.about[name]
        for title, name in (
            ("Chart marking", "marking"), ("Purpose", "purpose"), ("Taken out by", "taken_out_by"),
            ("Recipients", "recipients"), ("At", "at"),
        )
    }  # fmt: skip
    return _csv([row | about for row in (*rows, *alone)], "", [*shape, *about])


def _end(which: str, row: Mapping[str, Cell]) -> Row:
    """What Analyst's Notebook takes of one end: identity, type, label, a date, attributes."""
    named = {
        "Identity": "id", "Type": "type_label", "Label": "caption", "Description": "about", "Date": "when",
        "Latitude": "latitude", "Longitude": "longitude", "Sources": "sources", "Marking": "markings",
        "Handling conditions": "handling_conditions", "Marked as": "marked_as", "Proposed": "proposed",
        "Reason": "reason",
    }  # fmt: skip
    details = [f"{name.partition('.')[2]}: {taken.one_text(cell)}" for name, cell in row.items() if "." in name]
    told: Row = {f"{which} {title}": row.get(name) for title, name in named.items()}
    return told | {f"{which} Details": tuple(details)}


def _link(row: Mapping[str, Cell]) -> Row:
    named = {
        "Identity": "id", "Type": "type", "Label": "label", "Role": "role", "Category": "category",
        "Start": "from_date", "End": "to_date", "Basis": "basis", "Doubtful": "doubtful", "Sources": "sources",
        "Marking": "markings", "Marked as": "marked_as", "Proposed": "proposed", "Reason": "reason",
    }  # fmt: skip
    dotted = {True: "Dotted", False: "Dashed" if row.get("doubtful") else "Solid"}
    told: Row = {f"Link {title}": row.get(name) for title, name in named.items()}
    return told | {
        "Link Direction": "1 to 2" if row else None,
        "Link Strength": dotted[bool(row.get("proposed"))] if row else None,
    }


def _tables(out: Taken) -> dict[str, list[Row]]:
    return {"things": taken.things(out), "bonds": taken.bonds(out), "notes": taken.notes(out)}


def _csv(rows: Sequence[Row], marking: str, columns: Sequence[str] = ()) -> bytes:
    """A table whose every row carries the marking of the whole, and no cell of which a spreadsheet runs."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    names = list(columns) or taken.columns(rows)
    writer.writerow([*map(harmless, names), *(["marking of the whole"] if marking else [])])
    writer.writerows([*(_cell(row.get(name)) for name in names), *([marking] if marking else [])] for row in rows)
    # a byte order mark, by which spreadsheets know UTF-8
    return ("\ufeff" + file.getvalue()).encode()


def _cell(cell: Cell) -> str | float:
    """A number stays one, so that -0.11 is a longitude still; all else is text that no spreadsheet runs."""
    return cell if isinstance(cell, float) else harmless(taken.one_text(cell))


def _parquet(rows: Sequence[Row], about: Mapping[str, str]) -> bytes:
    names = taken.columns(rows)
    arrays = {name: _array([row.get(name) for row in rows]) for name in names}
    table = pa.table(arrays if names else {"id": pa.array([], pa.string())})
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(dict(about)), sink)
    return bytes(sink.getvalue())


def _array(cells: Sequence[Cell]) -> pa.Array:
    kind = next((type(each) for each in cells if each is not None), str)
    return pa.array(cells, _ARROW[kind])


def _zip(out: Taken, files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = f"{out.marking}. {out.about['title']}".encode()[:1000]
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, out.at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
