"""Records of people, vehicles and phones stated in a few words, and what resolution makes of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import duckdb

from bluelamp.ontology.grammar import ObjectType
from bluelamp.ontology.person import Person
from bluelamp.ontology.things import Phone, Vehicle
from bluelamp.resolution.reach import Before, reach
from bluelamp.resolution.resolve import COLUMNS, CONFLICTS, ENTITIES, JUDGED, PAIRS, resolve

NOUNS: tuple[type[ObjectType], ...] = (Person, Vehicle, Phone)

#: type, number of the record, and what it says
Said = tuple[str, int, tuple[tuple[str, str], ...]]
Rows = list[tuple[object, ...]]

_NOTHING: Rows = []


def said(noun: type[ObjectType], record: int, **values: str) -> Said:
    """One row of a record."""
    return noun.name(), record, tuple(sorted(values.items()))


@dataclass
class Standing:
    """Records as they stand from delivery to delivery, with what the last one was resolved to."""

    rows: Sequence[Said] = ()
    entities: Rows = field(default_factory=list)
    conflicts: Rows = field(default_factory=list)
    decided: Rows = field(default_factory=list)

    def __enter__(self) -> Self:
        self.connection = duckdb.connect(config={"threads": 1})
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def now(self, rows: Sequence[Said], decided: Rows = _NOTHING) -> tuple[Rows, Rows]:
        """The entities and conflicts of `rows` with these decisions, all looked at."""
        self._lay(rows, decided)
        resolve(self.connection, NOUNS, _relation, "last_entities")
        return self._all(ENTITIES), self._all(CONFLICTS)

    def change(self, rows: Sequence[Said], decided: Rows = _NOTHING) -> tuple[Rows, Rows]:
        """The same, where only what differs from the rows before and what that reaches is looked at."""
        before, after = Counter(self.rows), Counter(rows)
        touched = {each[:2] for each in ((before - after) | (after - before))}
        told = set(self.decided) ^ set(decided)
        touched |= {(each[0], end) for each in told for end in each[1:3]}  # type: ignore[misc]
        self._lay(rows, decided)
        self._table("touched", {"type": "varchar", "record": "bigint"}, sorted(touched))
        before = Before("last_entities", "last_conflicts", "last_pairs", "last_decided")
        scope = reach(self.connection, NOUNS, _relation, before, "touched", {})
        resolve(self.connection, NOUNS, _relation, "last_entities", scope)
        kept = f"(type, record) not in (select (type, record) from {scope})"
        return (
            sorted(self._all(ENTITIES) + self._all(f"last_entities where {kept}")),
            sorted(self._all(CONFLICTS) + self._all(f"last_conflicts where {kept}")),
        )

    def keep(self, rows: Sequence[Said], entities: Rows, conflicts: Rows, decided: Rows = _NOTHING) -> None:
        """Go on from `rows` and decisions, resolved to these."""
        self.rows, self.entities, self.conflicts, self.decided = rows, entities, conflicts, decided

    def _lay(self, rows: Sequence[Said], decided: Rows) -> None:
        for noun in NOUNS:
            names = [each.name for each in noun.properties.values() if each.strong or each.steady]
            stated = [(number, *map(dict(values).get, names)) for name, number, values in rows if name == noun.name()]
            self._table(f"said_{noun.name()}", {"record": "bigint", **dict.fromkeys(names, "varchar")}, stated)
        self._table("last_entities", COLUMNS[ENTITIES], self.entities)
        self._table("last_conflicts", COLUMNS[CONFLICTS], self.conflicts)
        self._table("last_pairs", COLUMNS[PAIRS], [])
        self._table("last_decided", COLUMNS[JUDGED], self.decided)
        self._table(JUDGED, COLUMNS[JUDGED], decided)

    def _table(self, name: str, columns: dict[str, str], rows: Iterable[tuple[object, ...]]) -> None:
        declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self.connection.execute(f"create or replace temp table {name} ({declared})")
        listed = list(rows)
        marks = ", ".join(f"({', '.join('?' * len(row))})" for row in listed)
        if listed:
            self.connection.execute(f"insert into {name} values {marks}", [value for row in listed for value in row])

    def _all(self, table: str) -> Rows:
        return self.connection.execute(f"select * from {table} order by all").fetchall()


def _relation(noun: type[ObjectType]) -> str:
    return f"said_{noun.name()}"
