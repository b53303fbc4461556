"""Second step: turn raw rows into typed records and links, as the source's declaration says.

All of it is SQL over columns. Each value goes first through its type's fast SQL expression; only the distinct
values that the expression declines are cleaned by the type itself, in Python, and joined back.
"""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from bluelamp import ids
from bluelamp.lake.sql import ident, literal
from bluelamp.ontology.grammar import Category
from bluelamp.ontology.links import CATEGORY_OF_ROLE
from bluelamp.types import Moment, Text
from bluelamp.types.grammar import Cleaned, Issue, PropertyType
from bluelamp.workspace.model import End, Key, LinkSpec, RecordSpec, Source, Value, Workspace

#: what every record carries before its properties
STAMP = ("source", "delivery", "file", "row", "record", "key", "marking")
ISSUES = ("source", "delivery", "file", "row", "record_name", "property", "raw", "code", "message")


@dataclass(frozen=True)
class Mapped:
    """Names of the DuckDB tables that mapping one source made."""

    records: dict[str, list[str]]
    links: dict[str, list[str]]
    issues: str


@dataclass(frozen=True)
class Column:
    """One value to make: its name in the result, how it is made, and the type that cleans it."""

    name: str
    value: Value
    type: PropertyType
    codes: dict[str, str] | None


def text(column: str) -> str:
    """SQL of a raw column without outer blanks; NULL where nothing is left."""
    return f"nullif(trim({ident(column)}), '')"


def raw_value(value: Value) -> str:
    """SQL of the raw text that `value` declares."""
    columns = [text(column) for column in value.columns]
    match value.kind:
        case "constant":
            return literal(value.constant or "")
        case "column":
            return columns[0]
        case "join":
            return f"nullif(concat_ws({literal(value.separator)}, {', '.join(columns)}), '')"
        case "split":
            return f"nullif(trim(string_split({columns[0]}, {literal(value.separator)})[{value.part}]), '')"
        case "point":
            return f"{columns[0]} || ',' || {columns[1]}"


def key_text(key: Key) -> str:
    """SQL of a record's key; NULL where all its columns are blank and the row's place may not stand for it."""
    parts = [f"coalesce({text(column)}, '')" for column in key.columns]
    blank = " and ".join(f"{part} = ''" for part in parts) or "true"
    place = "_file || '#' || _row" if key.otherwise_row or not key.columns else "NULL"
    joined = " || ' | ' || ".join(parts) or "NULL"
    return f"case when {blank} then {place} else {joined} end"


def made(record: RecordSpec) -> str:
    """SQL that holds where a row makes this record."""
    condition = f"({key_text(record.key)}) is not null"
    return f"{condition} and ({record.when})" if record.when else condition


class Mapping:
    """The mapping of one source over one relation of raw rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, workspace: Workspace, source: Source) -> None:
        self.connection = connection
        self.workspace = workspace
        self.source = source
        self._prefix = "map_" + source.name.replace("-", "_")
        self._issues: list[str] = []
        self._tables: list[str] = []

    def run(self, raw: str) -> Mapped:
        """Make record, link and issue tables of the rows of `raw`, SQL of a relation with the raw columns."""
        records: dict[str, list[str]] = {}
        links: dict[str, list[str]] = {}
        for record in self.source.records:
            records.setdefault(record.type.name(), []).append(self._record(record, raw))
        for number, link in enumerate(self.source.links, start=1):
            links.setdefault(link.type.name, []).append(self._link(link, number, raw))
        return Mapped(records, links, self._gather_issues(raw))

    def _record(self, record: RecordSpec, raw: str) -> str:
        properties = record.type.properties
        columns = [
            Column(name, value, read_as(properties[name].type, value), self._codes(value))
            for name, value in record.set.items()
        ]
        marking = literal(self.source.marking)
        if record.marking:
            marking = f"coalesce(upper({raw_value(record.marking)}), {marking})"
        number = ids.record_number_sql(literal(self.source.name), literal(record.name), "key")
        stamp = f"_delivery, _file, _row, {key_text(record.key)} as key, {marking} as marking"
        table = self._clean(f"record_{record.name}", columns, stamp, raw, made(record))
        result = f"{self._prefix}_{record.name}"
        names = ", ".join(ident(column.name) for column in columns)
        self._create(
            result,
            f"select _delivery as delivery, _file as file, _row as row, {number} as record, key, marking"
            f"{', ' if names else ''}{names} from {table}",
        )
        return result if record.type.when else self._distinct(result, names)

    def _distinct(self, table: str, names: str) -> str:
        """Things that a delivery says many times in the same words are kept once, at the first row that says it."""
        result = f"{table}_once"
        groups = f"delivery, record, key, marking{', ' if names else ''}{names}"
        first = "arg_min(struct_pack(file := file, row := row), row) as place"
        self._create(
            result,
            f"select delivery, place.file as file, place.row as row, record, key, marking{', ' if names else ''}{names} "
            f"from (select {groups}, {first} from {table} group by {groups})",
        )
        return result

    def _link(self, link: LinkSpec, number: int, raw: str) -> str:
        roles = Text()
        declared = {"role": (link.role, roles), "category": (link.category, roles), "basis": (link.basis, roles)}
        declared |= {"from_date": (link.from_date, Moment()), "to_date": (link.to_date, Moment())}
        columns = [
            Column(name, value, read_as(kind, value), self._codes(value))
            for name, (value, kind) in declared.items()
            if value
        ]
        from_, from_made = self._end(link.from_)
        to, to_made = self._end(link.to)
        marking = literal(self.source.marking)
        stamp = f"_delivery, _file, _row, {from_} as from_record, {to} as to_record, {self._link_marking(link, marking)} as marking"
        condition = " and ".join(f"({each})" for each in (from_made, to_made, link.when) if each)
        table = self._clean(f"link_{number}", columns, stamp, raw, condition)
        result = f"{self._prefix}_link_{number}"
        self._create(result, self._link_select(link, {column.name for column in columns}, table))
        return result

    def _link_select(self, link: LinkSpec, said: set[str], table: str) -> str:
        category = "category" if "category" in said else category_sql("role" if "role" in said else "NULL", link)
        extra = [f"{name} as {name}" if name in said else f"NULL::VARCHAR as {name}" for name in ("role", "from_date", "to_date")]
        basis = "coalesce(basis, 'fact')" if "basis" in said else "'fact'"
        return (
            f"select _delivery as delivery, _file as file, _row as row, marking, "
            f"{literal(self._end_type(link.from_))} as from_type, from_record, "
            f"{literal(self._end_type(link.to))} as to_type, to_record, "
            f"{', '.join(extra)}, {category} as category, {basis} as basis from {table}"
        )

    def _link_marking(self, link: LinkSpec, marking: str) -> str:
        """A link is as sensitive as the records of the same row at its ends: both markings, where a row has its own."""
        own = [self._spec(end).marking for end in (link.from_, link.to) if end.source is None]
        marks = [f"upper({raw_value(each)})" for each in own if each]
        return f"coalesce({', '.join([*marks, marking])})" if marks else marking

    def _end(self, end: End) -> tuple[str, str]:
        spec = self._spec(end)
        source = end.source or self.source.name
        key = end.key or spec.key
        number = ids.record_number_sql(literal(source), literal(end.record), f"({key_text(key)})")
        if end.source is None and end.key is None:
            return number, made(spec)
        return number, f"({key_text(key)}) is not null"

    def _spec(self, end: End) -> RecordSpec:
        source = self.workspace.sources[end.source] if end.source else self.source
        return next(record for record in source.records if record.name == end.record)

    def _end_type(self, end: End) -> str:
        return self._spec(end).type.name()

    def _codes(self, value: Value) -> dict[str, str] | None:
        return self.workspace.codes[value.codes] if value.codes else None

    def _clean(self, name: str, columns: list[Column], stamp: str, raw: str, condition: str) -> str:
        """Stage the rows that `condition` holds for, with each column cleaned. Returns the table's name."""
        staged = f"{self._prefix}_{name}_staged"
        parts = []
        for column in columns:
            source_text = raw_value(column.value)
            parts.append(f"{source_text} as {ident('raw:' + column.name)}")
            fast = None if column.codes else column.type.sql(source_text)
            parts.append(f"{fast or 'NULL::VARCHAR'} as {ident('fast:' + column.name)}")
        self._create(staged, f"select {', '.join([stamp, *parts])} from {raw} where {condition}")
        joins, selected = [], []
        for column in columns:
            join, expression = self._slow(staged, name, column)
            joins.append(join)
            selected.append(f"{expression} as {ident(column.name)}")
        result = f"{self._prefix}_{name}_clean"
        extra = ", ".join(ident(each) for each in self._stamped(staged))
        self._create(result, f"select {', '.join([extra, *selected])} from {staged} {' '.join(joins)}")
        return result

    def _stamped(self, staged: str) -> list[str]:
        rows = self.connection.execute(f"describe {staged}").fetchall()
        return [row[0] for row in rows if not row[0].startswith(("raw:", "fast:"))]

    def _slow(self, staged: str, name: str, column: Column) -> tuple[str, str]:
        """Clean in Python what SQL declined. Returns the join and the expression of the cleaned value."""
        raw, fast = ident("raw:" + column.name), ident("fast:" + column.name)
        storage = column.type.storage
        cast = fast if storage == "VARCHAR" else f"{fast}::{storage}"
        query = f"select distinct {raw} as raw from {staged} where {fast} is null and {raw} is not null"
        asked = self.connection.sql(query).to_arrow_table()
        if not asked.num_rows:
            return "", cast
        lookup = f"{self._prefix}_{name}_{column.name}_lookup"
        self._register(lookup, asked.column("raw"), column)
        alias = ident("look:" + column.name)
        self._issues.append(
            f"select _delivery as delivery, _file as file, _row as row, {literal(name.partition('_')[2])} as record_name, "
            f"{literal(column.name)} as property, {raw} as raw, look.code, look.message "
            f"from {staged} join {lookup} look on {raw} = look.raw where {fast} is null and look.code is not null"
        )
        value = f"coalesce({fast}, {alias}.value)"
        join = f"left join {lookup} {alias} on {fast} is null and {raw} = {alias}.raw"
        return join, value if storage == "VARCHAR" else f"{value}::{storage}"

    def _register(self, lookup: str, asked: pa.ChunkedArray, column: Column) -> None:
        raws = asked.to_pylist()
        cleaned = [translate(column, raw) for raw in raws]
        table = pa.table(
            {
                "raw": pa.array(raws, pa.string()),
                "value": pa.array([each.value for each in cleaned], pa.string()),
                "code": pa.array([each.issue.code if each.issue else None for each in cleaned], pa.string()),
                "message": pa.array([each.issue.message if each.issue else None for each in cleaned], pa.string()),
            }
        )
        self.connection.register("lookup_rows", table)
        self._create(lookup, "select * from lookup_rows")
        self.connection.unregister("lookup_rows")

    def _gather_issues(self, raw: str) -> str:
        table = f"{self._prefix}_issues"
        nothing = " and ".join(f"not coalesce({made(record)}, false)" for record in self.source.records)
        unmapped = (
            "select _delivery as delivery, _file as file, _row as row, '' as record_name, '' as property, '' as raw, "
            "'no_record' as code, 'The row made no record: its keys are blank or no condition holds' as message "
            f"from {raw} where {nothing or 'false'}"
        )
        self._create(table, " union all ".join([*self._issues, unmapped]))
        return table

    def _create(self, table: str, query: str) -> None:
        self._tables.append(table)
        self.connection.execute(f"create or replace temp table {table} as {query}")

    def drop(self) -> None:
        """Free every table that this mapping made."""
        for table in self._tables:
            self.connection.execute(f"drop table if exists {table}")
        self._tables.clear()


def read_as(kind: PropertyType, value: Value) -> PropertyType:
    """The property type as it must read this value: with the declared formats, where there are some."""
    return kind.formatted("|".join(value.formats)) if value.formats else kind


def translate(column: Column, raw: str) -> Cleaned:
    """`raw` through the column's code list, then cleaned by its type."""
    if column.codes is None:
        return column.type.clean(raw)
    meaning = column.codes.get(raw.strip().upper())
    if meaning is None:
        cleaned = column.type.clean(raw)
        return Cleaned(cleaned.value, Issue("unknown_code", f"The code list {column.value.codes} has no such value"))
    return column.type.clean(meaning)


def category_sql(role: str, link: LinkSpec) -> str:
    """SQL of the person's category (DP-9) that follows from a link's role; never blank where one is due."""
    if not link.type.categorised:
        return "NULL::VARCHAR"
    cases = " ".join(f"when {literal(name)} then {literal(category.value)}" for name, category in CATEGORY_OF_ROLE.items())
    return f"coalesce(case {role} {cases} end, {literal(Category.UNKNOWN.value)})"
