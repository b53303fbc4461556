"""Excel and OpenDocument sheets: each cell as the text that a person means by it."""

import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, load_workbook

from bluelamp.connectors import columns as names_of
from bluelamp.connectors import unpack
from bluelamp.connectors.offer import Offer, Reject
from bluelamp.connectors.options import Options, options
from bluelamp.connectors.text import as_offered
from bluelamp.connectors.values import BATCH, batch, words
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read

#: a workbook is held in memory, so its parts together may have this many bytes once unpacked
_MOST = 4 << 30

_Row = tuple[int, list[str | None]]


def read(
    offer: Offer, declared: Read, _reject: Callable[[Reject], None], columns: frozenset[str]
) -> pa.RecordBatchReader:
    """The rows of a sheet. A row that is blank is none. Raises DeliveryError."""
    chosen = options(declared)
    before = unpack.Stamp.of(_listed(offer))
    sheet = _sheet(_workbook(offer), chosen, offer.name)
    rows = _from_header(sheet, chosen)
    header = next(rows, None)
    if header is None:
        raise DeliveryError(
            f"The sheet {sheet.name} of {offer.name} is empty; it needs at least a row of column names."
        )
    names = names_of.unique(header[1])
    names_of.require(columns, names, f"The sheet {sheet.name} of {offer.name}")
    nulls = ("", *chosen.listed("null"))

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        while taken := list(islice(rows, BATCH)):
            numbers = list(range(done + 1, done + len(taken) + 1))
            done += len(taken)
            yield batch([values for _, values in taken], numbers, names, nulls)
        unpack.unchanged(offer.file, offer.name, before)

    return pa.RecordBatchReader.from_batches(names_of.schema(names), batches())


def cell(value: Any) -> str | None:
    """A cell as text. Excel has one type for dates and moments, so a moment at midnight is a date."""
    if isinstance(value, datetime) and (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0):
        return date(value.year, value.month, value.day).isoformat()
    return words(value)


def _listed(offer: Offer) -> Any:
    as_offered(offer)
    return offer.file.stat()


def _workbook(offer: Offer) -> CalamineWorkbook:
    damaged = f"{offer.name} is not a workbook that can be read; save it again as .xlsx without a password."
    with unpack.plain_file(offer.file, offer.name):
        _weigh(offer)
    try:
        return load_workbook(offer.file)
    except PasswordError as error:
        raise DeliveryError(f"{offer.name} is locked with a password; save it without one.") from error
    except (CalamineError, OSError, ValueError) as error:
        raise DeliveryError(damaged) from error


def _weigh(offer: Offer) -> None:
    if not zipfile.is_zipfile(offer.file):
        return
    most = sum(each.file_size for each in unpack.members(offer.file, offer.name))
    if most > _MOST:
        raise DeliveryError(
            f"{offer.name} holds {most:,} bytes once unpacked, too many for a workbook; deliver it as CSV."
        )


def _sheet(book: CalamineWorkbook, chosen: Options, name: str) -> CalamineSheet:
    sheets = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    wanted = chosen.text("sheet", "1")
    if wanted not in sheets and wanted.isdecimal() and 0 < int(wanted) <= len(sheets):
        wanted = sheets[int(wanted) - 1]
    if wanted not in sheets:
        raise DeliveryError(f"{name} has no sheet {wanted}; it has: {', '.join(sheets) or 'none'}.")
    try:
        return book.get_sheet_by_name(wanted)
    except (CalamineError, ValueError) as error:
        raise DeliveryError(f"The sheet {wanted} of {name} is damaged; save the workbook again.") from error


def _from_header(sheet: CalamineSheet, chosen: Options) -> Iterator[_Row]:
    """The rows that are not blank, as sheet row and values, from the one with the names on."""
    first = chosen.number("header", 0) or chosen.number("skip", 0) + 1
    for number, values in enumerate(sheet.iter_rows(), 1):
        row = [cell(value) for value in values]
        if number >= first and any(row):
            yield number, row
