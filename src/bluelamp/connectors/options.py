"""The options of each connector, in one table, and the checks that they hold what they may."""

from dataclasses import dataclass, field

from bluelamp.errors import DeclarationError
from bluelamp.workspace.model import Read

_PACKED = {
    "member": "of a zip archive, the files to read, as a pattern such as `*/2024*.csv`; default: those with the "
    "connector's usual ending, or else all",
    "max_size": "the most bytes that a file may have once unpacked; default 64 GiB",
    "max_ratio": "the most that a packed file may grow on unpacking, as a factor; default 200",
}
_TEXT = {
    "encoding": "how characters are written, such as utf-8, cp1252 or utf-16; default: found out from the whole file",
    "null": "texts that mean nothing, separated by commas, such as `NULL,n/a,-`; an empty value always does",
    "max_line": "the most bytes that one row may have; longer ones are rejected; default 16 MiB",
} | _PACKED
_LISTS = {
    "each": "a list of which each element is a row with the values of the object around it, such as `people` or "
    "`case.people`; its number in the list is the column `people.#`; default: each object is a row",
    "lists": "what to put between the texts of a list, such as `;`, so that `split` can take them apart; a row with it "
    "inside a text is rejected; default: the list stays JSON",
}
_TABLE = {
    "quote": 'the character around values that hold the delimiter or a line end, or `none`; default `"`',
    "escape": "the character that makes a quote inside a quoted value plain; default: the quote, doubled",
    "header": "`true` (the first row names the columns), `false` (see `columns`) or the number of the line with names",
    "skip": "how many lines at the top are not part of the table; default 0",
    "columns": "the names of the columns, separated by commas, where `header` is `false`",
} | _TEXT

#: connector -> option -> what it means
OPTIONS: dict[str, dict[str, str]] = {
    "csv": {"delimiter": "one character or `tab`; default: whichever of , ; | and tab the header has most"} | _TABLE,
    "tsv": dict(_TABLE),
    "excel": {
        "sheet": "the name of the sheet, or its number from 1; default 1",
        "header": "the number of the row that names the columns; default: the first row that is not blank",
        "skip": "how many rows at the top are not part of the table; default 0",
        "null": _TEXT["null"],
    },
    "json": {"array": "where in the file the rows are, such as `data.items`; default: the file is the array"}
    | {"null": _TEXT["null"]}
    | _LISTS
    | _PACKED,
    "jsonl": _LISTS | _TEXT,
    "parquet": {"null": _TEXT["null"]},
    "sql": {
        "table": "the table or view to read, such as `custody.detainee`",
        "query": "the SELECT to read, in place of `table`",
        "name": "what the deliveries are called; default: the table's name, or `query`",
        "null": _TEXT["null"],
    },
    "police-uk": {"kind": "which files of the archive: `street` (default), `outcomes` or `stop-and-search`"}
    | {key: _PACKED[key] for key in ("max_size", "max_ratio")},
}

_TRUE, _FALSE = ("true", "yes"), ("false", "no")


@dataclass(frozen=True)
class Options:
    """The options of one source, read with a check of each value."""

    connector: str
    given: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The option as it stands."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int, least: int = 0) -> int:
        """The option as a whole number, not below `least`. Raises DeclarationError."""
        value = self.text(name).strip().replace("_", "")
        if not value:
            return default
        if not (value.isascii() and value.isdigit()) or int(value) < least:
            raise self.wrong(name, f"a whole number, {least} or more")
        return int(value)

    def listed(self, name: str) -> tuple[str, ...]:
        """The option's parts between commas."""
        value = self.text(name)
        return tuple(part.strip() for part in value.split(",")) if value.strip() else ()

    def character(self, name: str, default: str) -> str:
        """One ASCII character, by itself or as `tab`, `space`; empty for `none`. Raises DeclarationError."""
        value = self.text(name, default)
        value = {"tab": "\t", "\\t": "\t", "space": " ", "none": ""}.get(value.lower(), value)
        if len(value) > 1 or value in ("\r", "\n", "\0") or not value.isascii():
            raise self.wrong(name, "one ASCII character, or `tab`, `space` or `none`")
        return value

    def header(self) -> int | None:
        """The number of the line with the names, 0 for the first after `skip`, or None where there is none."""
        value = self.text("header", "true").strip().lower()
        if value in _FALSE:
            return None
        if value in _TRUE:
            return 0
        if self.number("skip", 0):
            raise DeclarationError("Set either `skip` or a number as `header`; together they are ambiguous.")
        return self.number("header", 0, least=1)

    def wrong(self, name: str, allowed: str) -> DeclarationError:
        """What to say of an option whose value cannot be."""
        return DeclarationError(
            f"The option `{name}` of the connector {self.connector} is {self.given.get(name)!r}; it must be {allowed}."
        )


def options(read: Read) -> Options:
    """The options of `read`. Raises DeclarationError for an option that its connector does not have."""
    known = OPTIONS.get(read.connector)
    if known is None:
        raise DeclarationError(f"There is no connector {read.connector}; use one of {', '.join(OPTIONS)}.")
    for name in read.options:
        if name not in known:
            raise DeclarationError(
                f"The connector {read.connector} has no option `{name}`; it has {', '.join(known) or 'none'}."
            )
    return Options(read.connector, read.options)
