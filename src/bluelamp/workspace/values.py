"""How one value is made from a row: a column, columns joined or split, a point, a date of parts, or a fixed text."""

import re

from bluelamp.errors import DeclarationError
from bluelamp.types import Date, Moment
from bluelamp.types.grammar import PropertyType
from bluelamp.types.place import GRID
from bluelamp.workspace.document import Items, Node, Text
from bluelamp.workspace.fields import Fields
from bluelamp.workspace.model import Place, Value
from bluelamp.workspace.problems import Report, choose

#: each way to make a value, by the key that says so
WAYS = ("column", "join", "split", "constant", "lat", "point", "year")
EXAMPLES = {
    "column": "{column: A}",
    "join": '{join: [A, B], with: ", "}',
    "split": '{split: A, by: ",", part: 1}',
    "lat": "{lat: A, lon: B}",
    "year": "{year: A, month: B, day: C}",
    "point": "{point: {easting: A, northing: B}}",
    "constant": "{constant: text}",
}
#: everything that may be written for a value, and what it gives
DESCRIBED = {
    "surname: Surname": "the column; in YAML a name with `: ` or ` #` in it, or one like `yes`, stands in quotes",
    "{column: Surname}": "the same",
    "{column: [Full Name, Fullname]}": "the first of these columns that the row's delivery has and that is not blank",
    '{column: DOB, format: "%d/%m/%Y"}': "a date or time in this form; `iso` is 2026-01-31",
    '{column: DOB, format: ["%d/%m/%Y", "%d.%m.%Y"]}': "the same in the first of several forms that fits",
    "{column: Valid from, format: excel}": "a date that a spreadsheet counts in days, as 46126",
    "{column: Telefon, format: PL}": "a telephone number, of which national forms are of this country",
    "{column: Sex, codes: sexes}": "what `reference/sexes.csv` (columns `value,meaning`) says that the value means",
    "{join: [No, Street, Town]}": "these columns with a blank between; blank ones are left out",
    '{join: [No, Street], with: ", "}': "the same with something else between",
    '{split: Name, by: ",", part: 1}': "one part of a column: 1 is the first, -1 the last",
    "{lat: Latitude, lon: Longitude}": "a Point, from decimal degrees (WGS 84)",
    "{point: {easting: X, northing: Y}}": "a Point, from metres of the British National Grid, to about 5 m",
    "{year: Y, month: M, day: D}": "a date of its parts, partial where they are blank; also `hour`, `minute`",
    "{constant: Bicycle}": "the same fixed text for every row",
}
#: the parts of a date or moment, each of which needs those before it
PARTS = ("year", "month", "day", "hour", "minute")
#: the day is the last part of a date
OF_DAY = 3
SHOW = f"write a column's name, or one of {', '.join(EXAMPLES.values())}"


class Values:
    """Reads the values of one source, with the code lists that they may name."""

    def __init__(self, codes: dict[str, dict[str, str]], report: Report) -> None:
        self._codes = codes
        self._report = report

    def read(self, node: Node | None, place: Place, what: str) -> Value | None:
        """The value that `node` declares for `what`; None, with a problem, where that is not clear."""
        if isinstance(node, Text):
            return Value("column", (node.text.strip(),))
        if node is None or isinstance(node, Items):
            self._report.add("B034", place, f"It is not said how {what} is made", SHOW)
            return None
        fields = Fields(node, what, self._report)
        ways = [way for way in WAYS if fields.node(way) is not None]
        if len(ways) != 1:
            said = "two ways at once" if ways else "no way that is known"
            self._report.add("B034", place, f"It is not clear how {what} is made: it names {said}", SHOW)
            return None
        made = self._made(ways[0], fields)
        fields.finish()
        if made is None:
            self._report.add("B034", place, f"It is not clear how {what} is made", f"write it like {EXAMPLES[ways[0]]}")
        return made

    def _made(self, way: str, fields: Fields) -> Value | None:
        if way == "constant":
            return Value("constant", constant=fields.text("constant"))
        if way in ("lat", "point"):
            return _degrees(fields) if way == "lat" else _grid(fields)
        if way == "year":
            return _of_parts(fields)
        return self._of_text(way, fields)

    def _of_text(self, way: str, fields: Fields) -> Value | None:
        formats, codes = fields.words("format"), self._list(fields)
        if way == "split":
            column, separator, part = fields.column("split"), _exact(fields, "by", ""), _part(fields)
            if not column or not separator or part == 0:
                return None
            return Value("split", (column,), separator=separator, part=part, formats=formats, codes=codes)
        if way == "column":
            only = fields.column("column")
            return Value("column", (only,), formats=formats, codes=codes) if only else None
        columns, separator = fields.columns("join"), _exact(fields, "with", " ")
        return Value("join", columns, separator=separator, formats=formats, codes=codes) if columns else None

    def _list(self, fields: Fields) -> str | None:
        name = fields.text("codes")
        if name and name not in self._codes:
            fix = choose(name, tuple(self._codes))
            self._report.add("B021", fields.at("codes"), f'There is no code list "{name}" in reference/', fix)
        return name if name in self._codes else None

    def fit(self, value: Value, kind: PropertyType, place: Place, what: str) -> None:
        """Report what `kind` could not make of `value`: its parts, format, fixed text, or meanings of its codes."""
        if value.kind == "date" and not isinstance(kind, Date):
            fix = "write a column's name, or join the columns: {join: [A, B]}"
            self._report.add("B034", place, f"{what} is no date, so it has no year", fix)
            return
        if value.kind == "date" and len(value.columns) > OF_DAY and not isinstance(kind, Moment):
            fix = "write {year: A, month: B, day: C}"
            self._report.add("B034", place, f"{what} is a date without a time of day, so it has no hour", fix)
        reading = kind
        if value.formats:
            try:
                reading = kind.formatted("|".join(value.formats))
            except DeclarationError as error:
                self._report.add("B035", place, f"{what} has a format that cannot be used", str(error).rstrip("."))
        like = f"write one like {kind.example}" if kind.example else "write another"
        if value.constant is not None and reading.clean(value.constant).value is None:
            self._report.add("B047", place, f'"{value.constant}" is not understood as {kind.label} for {what}', like)
        for meaning in self.meanings(value):
            if reading.clean(meaning).value is None:
                message = (
                    f'The code list {value.codes} means "{meaning}", which is not understood as {kind.label} for {what}'
                )
                self._report.add("B047", place, message, like, "warning")

    def meanings(self, value: Value) -> tuple[str, ...]:
        """Each different meaning in the code list that the value uses."""
        return tuple(dict.fromkeys(self._codes[value.codes].values())) if value.codes else ()


def _of_parts(fields: Fields) -> Value | None:
    """A date of its parts; None where one lacks another that it needs."""
    columns = [fields.column(part) for part in PARTS]
    said = [column for column in columns if column]
    if said != columns[: len(said)] or len(said) == OF_DAY + 1:
        return None
    return Value("date", tuple(said))


def _degrees(fields: Fields) -> Value | None:
    lat, lon = fields.column("lat"), fields.column("lon")
    return Value("point", (lat, lon)) if lat and lon else None


def _grid(fields: Fields) -> Value | None:
    """A point from metres of the British National Grid."""
    own = fields.table_at("point", f"`point` of {fields.what}")
    if own is None:
        return None
    east, north = own.column("easting"), own.column("northing")
    own.finish()
    return Value("point", (east, north), formats=(GRID,)) if east and north else None


def _exact(fields: Fields, key: str, default: str) -> str:
    """A separator, with the blanks that it was written with."""
    fields.node(key)
    node = fields.table.entries.get(key)
    return node.text if isinstance(node, Text) and node.text else default


def _part(fields: Fields) -> int:
    """Which part, from 1, or from -1 at the end; 0 where it is neither."""
    text = fields.text("part", "1")
    return int(text) if re.fullmatch(r"-?\d{1,3}", text) else 0
