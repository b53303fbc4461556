"""The text index's documents: what one access says of one object, made by SQL from the record tables."""

import duckdb
import pyarrow as pa
import tantivy

from bluelamp.index.layout import BUILT, record_table, searched
from bluelamp.index.schema import SAMPLES
from bluelamp.index.spelling import spell
from bluelamp.lake.sql import ident, literal
from bluelamp.ontology import ObjectType
from bluelamp.types.grammar import Search

_FETCH = 20_000
_LONGEST_IDENTIFIER = 100


def learn_spellings(connection: duckdb.DuckDBPyConnection, nouns: dict[str, type[ObjectType]], where: str) -> None:
    """Make the table `spelling`: each distinct name with its tokens and sounds, each word looked at once."""
    each = " UNION ".join(
        f"SELECT {ident(name)}::VARCHAR AS value FROM {BUILT}.{record_table(noun)} WHERE {ident(name)} IS NOT NULL "
        f"AND {where}"
        for noun in nouns.values()
        for name in searched(noun, Search.NAME)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE index_named AS {each or 'SELECT NULL::VARCHAR AS value WHERE false'}"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE index_part AS SELECT DISTINCT value, unnest(string_split_regex(value, '\\s+')) AS word "
        "FROM index_named"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE index_spelt(word VARCHAR, name VARCHAR, sound VARCHAR)")
    words = connection.sql("SELECT DISTINCT word FROM index_part").to_arrow_table().column("word")
    for at in range(0, len(words), _FETCH):
        connection.register("spelt_now", _spelt(words.slice(at, _FETCH).to_pylist()))
        connection.execute("INSERT INTO index_spelt SELECT * FROM spelt_now")
        connection.unregister("spelt_now")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE index_spelling AS SELECT value, string_agg(name, ' ') AS name, "
        "string_agg(nullif(sound, ''), ' ') AS sound FROM index_part JOIN index_spelt USING (word) GROUP BY value"
    )


def _spelt(words: list[str]) -> pa.Table:
    spelt = [spell(word) for word in words]
    return pa.table(
        {
            "word": words,
            "name": [" ".join((*each.tokens, *each.parts, each.raw)).strip() for each in spelt],
            "sound": [" ".join(each.sounds) for each in spelt],
        }
    )


def identifier_sql(name: str) -> str:
    """An identifier as the index holds it: only letters and digits, upper case."""
    kept = f"regexp_replace({name}::VARCHAR, '[^A-Za-z0-9]', '', 'g')"
    return f"nullif(left(upper({kept}), {_LONGEST_IDENTIFIER}), '')"


def with_unread(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The nouns of which the index has values that were not understood and that may be searched for."""
    nouns = connection.execute(f"SELECT DISTINCT type FROM {BUILT}.issue WHERE searched").fetchall()
    return {noun for (noun,) in nouns}


def documents_sql(
    connection: duckdb.DuckDBPyConnection, noun: type[ObjectType], code: int, where: str, *, unread: bool
) -> str:
    """One JSON document for each object and access of a noun, for the records that `where` selects.

    Most have one record, and those are written straight down; the others are gathered in lists first, which costs
    five times as much, and is not even planned where there is none. The table `index_several` says which they are.
    With `unread` some values were not understood, and what they say is looked for too.
    """
    table = f"{BUILT}.{record_table(noun)}"
    if unread:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE index_unread AS {_unread(noun, where)}")
        unread = bool(connection.execute("SELECT 1 FROM index_unread LIMIT 1").fetchall())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE index_several AS SELECT object, access FROM {table} AS r WHERE r.{where} "
        "GROUP BY ALL HAVING count(*) > 1"
    )
    if not connection.execute("SELECT 1 FROM index_several LIMIT 1").fetchall():
        return _one(noun, code, table, where, unread)
    among = "IN (SELECT (object, access) FROM index_several)"
    one = _one(noun, code, table, f"{where} AND (r.object, r.access) NOT {among}", unread)
    return f"{one} UNION ALL {_gathered(noun, code, table, f'{where} AND (r.object, r.access) {among}', unread)}"


def _unread(noun: type[ObjectType], where: str) -> str:
    """SQL of the texts of an object and access that were not understood: somebody may look for a mistyped number."""
    idents = searched(noun, Search.IDENTIFIER)
    turned = [name for name in idents if noun.properties[name].type.by_end]
    said, back = f"list(DISTINCT {identifier_sql('raw')})", f"list(DISTINCT reverse({identifier_sql('raw')}))"
    return (
        f"SELECT object, access, array_to_string({said} FILTER ({_among(idents)}), ' ') AS ident, "
        f"array_to_string({back} FILTER ({_among(turned)}), ' ') AS ident_reversed, "
        f"coalesce(list(DISTINCT raw) FILTER (NOT {_among(idents)}), []) AS text FROM {BUILT}.issue AS r "
        f"WHERE type = {literal(noun.name())} AND searched AND r.{where} GROUP BY object, access"
    )


def _among(names: list[str]) -> str:
    return f"property IN ({', '.join(map(literal, names))})" if names else "false"


_DAYS_TO_1600 = 135_140
_RANK = (
    f"((CASE WHEN day_from IS NULL THEN 0 ELSE greatest(1, least(day_from + {_DAYS_TO_1600}, 262143)) END::UBIGINT << 45) "
    "| (object::UBIGINT >> 18))"
)  # fmt: skip
_SAMPLE = f"CASE WHEN object & 1 = 0 THEN range(1, least({SAMPLES}, bit_count((object & -object) - 1)) + 1) ELSE [] END"
_JOINED = ("name", "sound", "ident", "ident_reversed")
_LISTS = (*_JOINED, "text")


def _document(code: int, noun: type[ObjectType], texts: dict[str, str]) -> str:
    """The JSON of a document whose `texts`, SQL by field, are those that a noun can have: a blank one costs too."""
    fields = {"object": "object", "access": "access", "type": str(code), "rank": _RANK, "sample": _SAMPLE}
    if noun.when:
        fields |= {day: f"CASE WHEN {day} IS NULL THEN [] ELSE [{day}] END" for day in ("day_from", "day_to")}
    fields |= {field: texts[field] for field, said in _said(noun, unread=False).items() if said}
    return f"SELECT to_json({{{', '.join(f'{field}: {sql}' for field, sql in fields.items())}}})::VARCHAR"


def _one(noun: type[ObjectType], code: int, table: str, where: str, unread: bool) -> str:
    """The documents of objects with one record under an access."""
    said = _said(noun, unread=unread)
    texts = {key: f"concat_ws(' ', {', '.join(said[key]) or 'NULL'}) AS {key}" for key in _JOINED}
    texts["text"] = f"{_all_texts(said['text'], unread)} AS text"
    return (
        _document(code, noun, {key: key for key in _LISTS})
        + f" FROM (SELECT r.object, r.access, {_day('r.day_from')} AS day_from, {_day('r.day_to')} AS day_to, "
        f"{', '.join(texts.values())} FROM {table} AS r {_joins(noun, unread)} WHERE r.{where})"
    )


def _gathered(noun: type[ObjectType], code: int, table: str, where: str, unread: bool) -> str:
    """The documents of objects with several records under an access, each text in them once."""
    said = _said(noun, unread=unread)
    lists = ", ".join(
        f"{_all_texts(values, unread) if key == 'text' else _list(values)} AS {key}" for key, values in said.items()
    )
    record = f"SELECT r.object, r.access, r.day_from, r.day_to, {lists} FROM {table} AS r {_joins(noun, unread)} WHERE r.{where}"
    gathered = ", ".join(f"list_distinct(flatten(list({key}))) AS {key}" for key in _LISTS)
    fields = {key: f"array_to_string({key}, ' ')" for key in _JOINED} | {"text": "text"}
    return (
        _document(code, noun, fields)
        + f" FROM (SELECT object, access, {_day('min(day_from)')} AS day_from, {_day('max(day_to)')} AS day_to, "
        f"{gathered} FROM ({record}) GROUP BY object, access)"
    )


def _joins(noun: type[ObjectType], unread: bool) -> str:
    names = enumerate(searched(noun, Search.NAME))
    joins = [f"LEFT JOIN index_spelling AS s{at} ON s{at}.value = r.{ident(name)}" for at, name in names]
    if unread:
        joins.append("LEFT JOIN index_unread AS u ON u.object = r.object AND u.access = r.access")
    return " ".join(joins)


def _all_texts(values: list[str], unread: bool) -> str:
    return f"list_concat({_list(values)}, coalesce(u.text, []))" if unread else _list(values)


def _said(noun: type[ObjectType], *, unread: bool) -> dict[str, list[str]]:
    """For each text field of a document, the expressions of what one record says in it, `unread` texts among them."""
    names, idents = searched(noun, Search.NAME), searched(noun, Search.IDENTIFIER)
    turned = [name for name in idents if noun.properties[name].type.by_end]
    odd = [f"nullif(u.{field}, '')" for field in ("ident", "ident_reversed") if unread]
    return {
        "name": [f"s{at}.name" for at in range(len(names))],
        "sound": [f"s{at}.sound" for at in range(len(names))],
        "ident": [*(identifier_sql("r." + ident(name)) for name in idents), *(odd[:1] if idents else ())],
        "ident_reversed": [
            *(f"reverse({identifier_sql('r.' + ident(name))})" for name in turned),
            *(odd[1:] if turned else ()),
        ],
        "text": _texts(noun, names),
    }


def _day(date: str) -> str:
    return f"epoch({date})::BIGINT // 86400"


def _list(values: list[str]) -> str:
    return f"list_filter([{', '.join(values)}]::VARCHAR[], lambda each: each IS NOT NULL)"


def _texts(noun: type[ObjectType], names: list[str]) -> list[str]:
    """What is read as words: the parts of a name together, so that they are a phrase, all else by itself."""
    whole = [f"r.{ident(name)}" for name in noun.caption if name in names]
    rest = [name for name in names if name not in noun.caption]
    rest += searched(noun, Search.WORDS)
    texts = [f"r.{ident(name)}::VARCHAR" for name in rest]
    if whole:
        texts.append(f"nullif(concat_ws(' ', {', '.join(whole)}), '')")
    if len(whole) > 2:  # noqa: PLR2004 first and last name as a phrase too, where a middle name stands between
        middle = " OR ".join(f"{name} IS NOT NULL" for name in whole[1:-1])
        texts.append(f"CASE WHEN {middle} THEN {whole[0]} || ' ' || {whole[-1]} END")
    return texts


def add_documents(connection: duckdb.DuckDBPyConnection, writer: tantivy.IndexWriter, sql: str) -> None:
    """Add every document that `sql` gives."""
    # a column of Arrow, and not rows: those are a million tuples that Python's garbage collector looks through
    for batch in connection.sql(sql).to_arrow_reader(_FETCH):
        for document in batch.column(0).to_pylist():
            writer.add_json(document)
