"""Second step: turn raw rows into typed records and links, as the source's declaration says.

All of it is SQL over columns. Each value goes first through its type's fast SQL expression; only the distinct
values that the expression declines are cleaned by the type itself, in Python, and joined back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import duckdb

from bluelamp import ids
from bluelamp.lake import duck
from bluelamp.lake.sql import ident, literal
from bluelamp.ontology.grammar import Category
from bluelamp.ontology.links import CATEGORY_OF_ROLE
from bluelamp.pipeline.lookup import ASKED, CODE, MESSAGE, RAW, VALUE, Column, few, many
from bluelamp.types import Date, Moment, Text, fast
from bluelamp.types.dating import BLANK, PARTS
from bluelamp.types.grammar import PropertyType
from bluelamp.types.nothing import nothing_sql
from bluelamp.workspace.model import Column as RawColumn
from bluelamp.workspace.model import End, Key, LinkSpec, RecordSpec, Source, Value, Workspace

#: what every record carries before its properties
STAMP = ("source", "delivery", "file", "row", "record", "key", "marking")


#: what stands beside a source's columns while they are mapped: no header names a column with a blank in front
KEY, NUMBER, LOOK, NOTHING = " key:", " number:", " look:", " nothing:"
MARKS = '" marks"'

#: years after its delivery in which a link may end, for years of two digits
AHEAD = 30

NO_KEY = "The key says only that nothing is known, so nothing was made of it; `otherwise: row` would keep the row"
KEPT = "The key says only that nothing is known, so the row's own place stands for it"

#: up to so many distinct values, looking each row's value up costs less than computing it
FEW = 200_000

#: rows up to which cleaning each value in Python costs less than planning SQL that cleans it
PLAIN = 300


@dataclass(frozen=True)
class Mapped:
    """What mapping one source gives, as SQL over the tables that the mapping holds: good until `Mapping.drop`."""

    #: object type -> record name -> query
    records: dict[str, dict[str, str]]
    #: link type -> queries
    links: dict[str, list[str]]
    issues: str


def raw_value(value: Value, kind: PropertyType | None = None) -> str:
    """SQL of the raw text that `value` declares for a property of `kind`, over columns that are trimmed.

    Where columns are joined to a date, a blank one is named, or the others would be read in its place.
    """
    columns = [text_of(column) for column in value.columns]
    match value.kind:
        case "constant":
            return literal(value.constant or "")
        case "column":
            return columns[0]
        case "date":
            return parts_text(columns)
        case "join":
            return joined_text(columns, value.separator, named=isinstance(kind, Date))
        case "split":
            return f"nullif(trim(string_split({columns[0]}, {literal(value.separator)})[{value.part}]), '')"
        case "point":
            return f"{columns[0]} || ',' || {columns[1]}"


def joined_text(columns: list[str], separator: str, *, named: bool) -> str:
    """SQL of columns joined; blank ones are left out or `named`, and where all are it is NULL."""
    said = [f"coalesce({column}, {literal(BLANK)})" for column in columns] if named else columns
    joined = f"concat_ws({literal(separator)}, {', '.join(said)})"
    return (
        f"case when coalesce({', '.join(columns)}) is not null then {joined} end" if named else f"nullif({joined}, '')"
    )


def parts_text(columns: list[str]) -> str:
    """SQL of the raw text of a date made of parts, as `dating.PARTS` says; NULL where every part is blank."""
    year, month, day, hour, minute = [*(f"coalesce({column}, '')" for column in columns), *["''"] * 5][:5]
    text = f"{year} || '-' || {month} || '-' || {day}"
    if len(columns) > len(("year", "month", "day")):
        text += f" || coalesce(' ' || nullif({hour} || ':' || {minute}, ':'), '')"
    return f"case when coalesce({', '.join(columns)}) is not null then {text} end"


def trimmed(column: str) -> str:
    """SQL of a raw column without outer blanks; NULL where nothing is left."""
    return f"nullif(trim({ident(column)}), '')"


def text_of(column: RawColumn, text: Callable[[str], str] = ident) -> str:
    """SQL of a column, or of the first of its alternatives that is not blank; `text` gives that of one."""
    return text(column) if isinstance(column, str) else f"coalesce({', '.join(map(text, column))})"


def key_text(key: Key, text: Callable[[str], str] = ident) -> str:
    """SQL of a record's key; NULL where all its columns are blank and the row's place may not stand for it.

    `text` gives the SQL of a trimmed column: its name, or `trimmed` over raw rows.
    """
    place = "_file || '#' || _row" if key.otherwise_row or not key.columns else "NULL"
    if not key.columns:
        return place
    columns = [text_of(column, text) for column in key.columns]
    if len(columns) == 1:
        return f"coalesce({columns[0]}, {place})"
    # a bar inside a value is doubled, so that no two lists of values read the same
    parts = " || ' | ' || ".join(f"coalesce(replace({column}, '|', '||'), '')" for column in columns)
    blank = " and ".join(f"{column} is null" for column in columns)
    return f"case when {blank} then {place} else {parts} end"


def known_key(key: Key, record: RecordSpec, text: Callable[[str], str] = ident) -> str:
    """SQL of `key`, which finds a `record`, as `key_text` gives it, and as if blank where it says nothing."""
    return known(key, says_nothing(key, record, text), text) if key.columns else key_text(key, text)


def known(key: Key, nothing: str, text: Callable[[str], str] = ident) -> str:
    """SQL of `key` as `known_key` gives it, where `nothing` holds for a key that says nothing."""
    place = "_file || '#' || _row" if key.otherwise_row else "NULL"
    return f"case when {nothing} then {place} else {key_text(key, text)} end"


def says_nothing(key: Key, record: RecordSpec, text: Callable[[str], str] = ident) -> str:
    """SQL of whether each column of `key`, which finds a `record`, is blank or says that nothing is known."""
    said = []
    for column, own in zip(key.columns, record.key.columns, strict=False):
        value = text_of(column, text)
        nothing = nothing_sql(value, kinds_of(record, own))
        zero = fast.matches(value, r"[-+]?0+(?:\.0*)?")
        pointed = any(each.kind == "point" and own in each.columns for each in record.set.values())
        said.append(f"({value} is null or {nothing}{f' or {zero}' if pointed else ''})")
    return " and ".join(said) or "false"


def kinds_of(record: RecordSpec, column: RawColumn) -> list[PropertyType]:
    """The types that clean a column of its record as it stands."""
    return [
        read_as(record.type.properties[name].type, value)
        for name, value in record.set.items()
        if value.kind == "column" and value.columns == (column,) and not value.codes
    ]


class Mapping:
    """The mapping of one source over one relation of raw rows."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        workspace: Workspace,
        source: Source,
        secret: str,
        days: dict[int, str],
    ) -> None:
        """`secret` numbers the records; `days` holds the ISO day of each delivery of `source` that is mapped."""
        self.days = days
        self.connection = connection
        connection.execute(f"set variable {ids.VARIABLE} = $1", [secret])
        self.workspace = workspace
        self.source = source
        self._prefix = "map_" + source.name.replace("-", "_")
        self._rows = f"{self._prefix}_rows"
        self._issues: list[str] = []
        self._tables: list[str] = []
        #: whether there are so many rows that a type's fast expression is worth it
        self._many = True

    def run(self, raw: str, columns: Iterable[str]) -> Mapped:
        """Map the rows of `raw`, SQL of a relation that has the raw `columns` and each row's place."""
        self._trim(raw, columns)
        self._many = duck.count(self.connection, f"select count(*) from {self._rows}") > PLAIN
        records: dict[str, dict[str, str]] = {}
        links: dict[str, list[str]] = {}
        for record in self.source.records:
            records.setdefault(record.type.name(), {})[record.name] = self._record(record)
        for number, link in enumerate(self.source.links, start=1):
            links.setdefault(link.type.name, []).append(self._link(link, number))
        return Mapped(records, links, self._gather_issues())

    def drop(self) -> None:
        """Free every table that this mapping made."""
        for table in self._tables:
            self.connection.execute(f"drop table if exists {table}")
        self._tables.clear()

    def _trim(self, raw: str, columns: Iterable[str]) -> None:
        """Stage the rows once: each column without outer blanks, and each record's key, if it says any, and number."""
        nothing = [
            f", {says_nothing(record.key, record)} as {ident(NOTHING + record.name)}"
            for record in self.source.records
            if record.key.columns
        ]
        plain = ", ".join(f"{trimmed(column)} as {ident(column)}" for column in sorted(columns))
        keys = [f"{self._key(record)} as {ident(KEY + record.name)}" for record in self.source.records]
        numbers = [
            f"{self._number(self.source.name, record.name, ident(KEY + record.name))} as {ident(NUMBER + record.name)}"
            for record in self.source.records
        ]
        self._create(
            self._rows,
            f"select *, {', '.join(numbers)} from (select *, {', '.join(keys)} from (select *{''.join(nothing)} from "
            f"(select _delivery, _file, _row{', ' if plain else ''}{plain} from {raw})))",
        )

    def _key(self, record: RecordSpec) -> str:
        key = known(record.key, ident(NOTHING + record.name)) if record.key.columns else key_text(record.key)
        return f"case when {record.when} then {key} end" if record.when else key

    def _number(self, source: str, record: str, key: str) -> str:
        return ids.record_number_sql(literal(source), literal(record), key)

    def _record(self, record: RecordSpec) -> str:
        properties = record.type.properties
        columns = [
            Column(name, value, read_as(properties[name].type, value), self._codes(value))
            for name, value in record.set.items()
        ]
        made = f"{ident(KEY + record.name)} is not null"
        joins, values = self._clean(record.name, columns, made, record)
        stamp = (
            f"_delivery as delivery, _file as file, _row as row, {ident(NUMBER + record.name)} as record, "
            f"{ident(KEY + record.name)} as key, {self._marking([record])} as marking"
        )
        selected = ", ".join([stamp, *(f"{value} as {ident(name)}" for name, value in values.items())])
        query = f"select {selected} from {self._rows} r {joins} where {made}"
        return query if self._told_once(record) else once(query, list(values))

    def _marking(self, records: list[RecordSpec]) -> str:
        """SQL of the marking of what a row makes: the row's own where it has one, else the source's."""
        own = [f"upper({raw_value(record.marking)})" for record in records if record.marking]
        return f"coalesce({', '.join([*dict.fromkeys(own), literal(self.source.marking)])})"

    def _markings(self) -> str:
        """SQL of the list of every marking that a row gives, even to a record that it does not make."""
        given = [self._marking([]), *(self._marking([record]) for record in self.source.records)]
        return f"[{', '.join(dict.fromkeys(given))}]"

    def _link(self, link: LinkSpec, number: int) -> str:
        declared: dict[str, tuple[Value | None, PropertyType]] = {
            "role": (link.role, Text()), "category": (link.category, Text()), "basis": (link.basis, Text()),
        }  # fmt: skip
        declared |= {"from_date": (link.from_date, Moment()), "to_date": (link.to_date, Moment(ahead=AHEAD))}
        columns = [
            Column(name, value, read_as(kind, value), self._codes(value))
            for name, (value, kind) in declared.items()
            if value
        ]
        from_, from_made = self._end(link.from_)
        to, to_made = self._end(link.to)
        condition = " and ".join(f"({each})" for each in (from_made, to_made, link.when) if each)
        joins, values = self._clean(f"link_{number}", columns, condition)
        role = values.get("role", "NULL::VARCHAR")
        category = values.get("category") or category_sql(role, link)
        own = [self._spec(end) for end in (link.from_, link.to) if end.source is None]
        query = (
            f"select _delivery as delivery, _file as file, _row as row, {self._marking(own)} as marking, "
            f"{self._stands('from', link.from_)}, {from_} as from_record, "
            f"{self._stands('to', link.to)}, {to} as to_record, "
            f"{role} as role, {category} as category, {values.get('from_date', 'NULL::VARCHAR')} as from_date, "
            f"{values.get('to_date', 'NULL::VARCHAR')} as to_date, "
            f"coalesce({values.get('basis', 'NULL')}, 'fact') as basis from {self._rows} r {joins} where {condition}"
        )
        return query if any(self._told_once(self._spec(end)) for end in (link.from_, link.to)) else stated_once(query)

    def _told_once(self, record: RecordSpec) -> bool:
        """Whether a delivery tells of each such thing in one row: of an event, unless each row is a part of one."""
        return bool(record.type.when) and not self.source.read.each

    def _end(self, end: End) -> tuple[str, str]:
        """SQL of the number of the record at one end, and of whether a row has that end."""
        if end.source is None and end.key is None:
            return ident(NUMBER + end.record), f"{ident(KEY + end.record)} is not null"
        key = known_key(end.key or self._spec(end).key, self._spec(end))
        return self._number(end.source or self.source.name, end.record, f"({key})"), f"({key}) is not null"

    def _stands(self, side: str, end: End) -> str:
        """SQL of the type, source and marking of the record at one end: what a reader of the link must see too.

        A record that is named by its key is another row's, which says its marking itself: here it is NULL.
        """
        spec = self._spec(end)
        named = end.source is not None or end.key is not None
        marking = "NULL::VARCHAR" if named else self._marking([spec])
        said = {
            "type": literal(spec.type.name()),
            "source": literal(end.source or self.source.name),
            "marking": marking,
        }
        return ", ".join(f"{value} as {side}_{name}" for name, value in said.items())

    def _spec(self, end: End) -> RecordSpec:
        source = self.workspace.sources[end.source] if end.source else self.source
        return next(record for record in source.records if record.name == end.record)

    def _codes(self, value: Value) -> dict[str, str] | None:
        return self.workspace.codes[value.codes] if value.codes else None

    def _clean(
        self, name: str, columns: list[Column], condition: str, record: RecordSpec | None = None
    ) -> tuple[str, dict[str, str]]:
        """The joins to the look-ups of odd values, and for each column the SQL of its cleaned value."""
        joins, values = [], {}
        for column in columns:
            join, value = self._column(name, column, condition, record)
            joins.append(join)
            values[column.name] = value
        return " ".join(joins), values

    def _column(self, name: str, column: Column, condition: str, record: RecordSpec | None) -> tuple[str, str]:
        """The join that a column needs, if any, and the SQL of its cleaned value.

        The type's fast expression, where there are many rows, sees each distinct value once. Values that it leaves
        as they are need nothing more; few distinct values become a look-up; of many, only those that it declines do.
        """
        raw = f"({raw_value(column.value, column.type)})"
        lookup = f"{self._prefix}_lookup_{len(self._tables)}"
        values = f"select distinct {raw} as {RAW} from {self._rows} r where {condition}"
        self._tables.append(lookup)
        tabulate = many if self._many else few
        distinct, asked, changed = tabulate(self.connection, lookup, column, f"({values}) where {RAW} is not null")
        expression, join = raw, ""
        if asked:
            self._note_issues(lookup, name, column, raw, condition, record)
        if asked or changed:
            alias = ident(LOOK + column.name)
            join = f"left join {lookup} {alias} on {raw} = {alias}.{RAW}"
            expression = f"{alias}.{VALUE}"
            if distinct > FEW and asked and not column.codes and column.type.sql(raw):
                self.connection.execute(f"delete from {lookup} where {RAW} not in (select {RAW} from {ASKED})")
                expression = f"case when {alias}.{RAW} is null then {column.type.sql(raw)} else {alias}.{VALUE} end"
        if asked and duck.count(self.connection, f"select count(*) from {lookup} where {CODE} = 'century'"):
            read = column.type.as_of(f"({expression})", self._day())
            expression = f"case when {alias}.{CODE} = 'century' then {read} else {expression} end"
        storage = column.type.storage
        return join, expression if storage == "VARCHAR" else f"({expression})::{storage}"

    def _day(self) -> str:
        """SQL of the day of a row's delivery."""
        numbers, days = ", ".join(map(str, self.days)), ", ".join(map(literal, self.days.values()))
        return f"map([{numbers}], [{days}])[_delivery]"

    def _note_issues(
        self, lookup: str, name: str, column: Column, raw: str, condition: str, record: RecordSpec | None
    ) -> None:
        """Note the values of a column with an issue, and of which record they are, under which marking.

        That a value says that nothing is known was understood.
        """
        if duck.count(self.connection, f"select count({CODE}) from {lookup}"):
            self._issues.append(
                f"select _delivery as delivery, _file as file, _row as row, {literal(name)} as record_name, "
                f"{literal(column.name)} as property, look.{RAW} as raw, look.{CODE} as code, "
                f"look.{MESSAGE} as message, {MARKS} as markings, type, record, marking, "
                f"(look.{VALUE} is not null or look.{CODE} = 'filler') as understood "
                f"from (select _delivery, _file, _row, {raw} as {RAW}, {self._markings()} as {MARKS}, "
                f"{self._of(record)} from {self._rows} r where {condition}) s "
                f"join {lookup} look on s.{RAW} = look.{RAW} where look.{CODE} is not null"
            )

    def _of(self, record: RecordSpec | None) -> str:
        """SQL of the type, number and marking of a record; NULL where there is none."""
        if record is None:
            return "NULL::varchar as type, NULL::bigint as record, NULL::varchar as marking"
        return (
            f"{literal(record.type.name())} as type, {ident(NUMBER + record.name)} as record, "
            f"{self._marking([record])} as marking"
        )

    def _gather_issues(self) -> str:
        nothing = " and ".join(f"{ident(KEY + record.name)} is null" for record in self.source.records)
        unmapped = (
            "select _delivery as delivery, _file as file, _row as row, '' as record_name, '' as property, '' as raw, "
            "'no_record' as code, 'The row made no record: its keys are blank or no condition holds' as message, "
            f"{self._markings()} as markings, {self._of(None)}, true as understood "
            f"from {self._rows} where {nothing or 'false'}"
        )
        return " union all by name ".join([*self._issues, *self._without_key(), unmapped])

    def _without_key(self) -> list[str]:
        """Queries of the rows of which a key says that nothing is known: no record or link is made, or by its place."""
        asked = [(record.name, record.key, ident(NOTHING + record.name), record.when) for record in self.source.records]
        for number, link in enumerate(self.source.links, start=1):
            asked += [
                (f"link_{number}", end.key, says_nothing(end.key, self._spec(end)), link.when)
                for end in (link.from_, link.to)
                if end.key
            ]
        return [
            f"select _delivery as delivery, _file as file, _row as row, {literal(name)} as record_name, "
            f"'' as property, {key_text(Key(key.columns))} as raw, 'no_key' as code, "
            f"{literal(KEPT if key.otherwise_row else NO_KEY)} as message, {self._markings()} as markings "
            f"from {self._rows} where ({key_text(Key(key.columns))}) is not null and {nothing}"
            f"{f' and ({when})' if when else ''}"
            for name, key, nothing, when in asked
            if key.columns
        ]

    def _create(self, table: str, query: str) -> None:
        self._tables.append(table)
        self.connection.execute(f"create or replace temp table {table} as {query}")


def once(query: str, names: list[str]) -> str:
    """Things that a delivery says many times in the same words, kept once: at the first row that says it."""
    values = "".join(f", {ident(name)}" for name in names)
    return (
        f"select delivery, file, min(row) as row, record, any_value(key) as key, marking{values} from ({query}) "
        f"group by delivery, file, record, marking{values}"
    )


def stated_once(query: str) -> str:
    """Links between lasting things that a delivery states many times in the same words, kept once as `once` does."""
    return f"select * replace (min(row) as row) from ({query}) group by all"


def read_as(kind: PropertyType, value: Value) -> PropertyType:
    """The property type as it must read this value: with the declared formats, where there are some."""
    if value.kind == "date":
        return kind.formatted(PARTS)
    return kind.formatted("|".join(value.formats)) if value.formats else kind


def category_sql(role: str, link: LinkSpec) -> str:
    """SQL of the person's category (DP-9) that follows from a link's role; never blank where one is due."""
    if not link.type.categorised:
        return "NULL::VARCHAR"
    cases = " ".join(
        f"when {literal(name)} then {literal(category.value)}" for name, category in CATEGORY_OF_ROLE.items()
    )
    return f"coalesce(case {role} {cases} end, {literal(Category.UNKNOWN.value)})"
