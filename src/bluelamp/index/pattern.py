"""A question's pattern as SQL over the index, for one reader: which things answer it, and which rows say so.

Every value is a parameter and every name of a column or expression is made here. What a reader does not see is in no
relation: links by all three of their accesses, records and points by theirs, and ends that no visible record is of.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from bluelamp.index.join import Apart, Join, Never, Relation, Rule
from bluelamp.index.nouns import Noun, among, whole
from bluelamp.lake.sql import ident
from bluelamp.ontology.links import PLACED
from bluelamp.types import Date
from bluelamp.types.place import DEGREE
from bluelamp.workspace import inputs
from bluelamp.workspace.model import Closeness, Condition, Given, Joint, Question, Term, Thing, Use
from bluelamp.workspace.questions import pointed

Statement = tuple[str, dict[str, object]]


class Pattern:
    """One question with what was given for its inputs, as one reader asks it. Writes one statement."""

    def __init__(
        self, question: Question, given: Mapping[str, Given], nouns: Mapping[str, Noun], visible: frozenset[int]
    ) -> None:
        self._question, self._given, self._nouns, self._visible = question, given, nouns, visible
        self._columns = {name: f"v{number}" for number, name in enumerate(question.things)}
        self._links = {each.type.name: each.type for group in (question.links, *question.without) for each in group}
        #: the expressions of the statement, in order, and its parameters
        self._steps: dict[str, str] = {}
        self._values: dict[str, object] = {}

    def answers(self, limit: int) -> Statement:
        """The numbers of the objects that answer, each with how many of each counted thing there are."""
        answer, counted = self._columns[self._question.answer], list(self._question.at_least.items())
        join = self._join(self._question.bound, {})
        if not counted:
            return self._statement(f"SELECT {answer} FROM {join.onto([answer]).name} LIMIT {limit:d}")
        parts = []
        for number, (name, least) in enumerate(counted):
            pairs = join.onto([answer, self._columns[name]])
            parts.append(
                f"(SELECT {answer}, count(*) AS n{number} FROM {pairs.name} GROUP BY {answer} "
                f"HAVING count(*) >= {self._value(self._meant(least))}) AS c{number}"
            )
        numbers = ", ".join(f"n{number}" for number in range(len(counted)))
        tables = " JOIN ".join([parts[0], *(f"{part} USING ({answer})" for part in parts[1:])])
        return self._statement(f"SELECT {answer}, {numbers} FROM {tables} LIMIT {limit:d}")

    def grounds(self, answers: Sequence[int], rows: int) -> Statement:
        """The source rows that some answers rest on, at most so many of each kind for each answer.

        Columns: answer, the two things that a row is about (the second may be none) as their names and numbers, access,
        delivery, file, row, and a number by which rows that say something new come first.
        """
        answer = self._columns[self._question.answer]
        self._steps["given"] = f"SELECT unnest({self._value(list(answers))}::BIGINT[]) AS {answer}"
        join = self._join(self._question.bound, {answer: "given"})
        parts = [self._linked(join, each, rows) for each in self._question.links]
        for name in self._question.bound:
            parts += [self._said(join, name, rows)] if self._matters(name) else []
            parts += [self._placed(join, name, rows)] if self._at_place(name) else []
        return self._statement(" UNION ALL ".join(parts))

    # ---- the pattern as a whole ----

    def _join(self, names: Sequence[str], known: dict[str, str]) -> Join:
        """All that must hold of the things that an answer names; `known` says what some columns are among already."""
        question = self._question
        rules: list[Rule] = [*self._apart(names), *(Never(self._never(group)) for group in question.without)]
        relations: list[Relation] = []
        known, checked = dict(known), set[str]()
        ties: list[Joint | frozenset[str]] = [*question.links, *self._pairs()]
        while ties:
            tie = ties.pop(min(range(len(ties)), key=lambda at: self._order(ties[at], known)))
            if isinstance(tie, Joint):
                made = self._link(tie, known, checked)
            elif _tied({self._columns[name] for name in tie}, relations):
                spoken = frozenset().union(*(each.columns for each in relations))
                sure = [rule for rule in rules if rule.things <= spoken]
                made = self._measured(tie, Join(relations, sure, self._steps), known, checked)
            else:
                made = self._beside(tie, known, checked)
            relations.append(made)
            if "given" in self._steps:
                known |= {column: made.name for column in made.columns if column not in known}
        return Join(relations or [self._alone(question.answer, known)], rules, self._steps)

    def _order(self, tie: Joint | frozenset[str], known: Mapping[str, str]) -> tuple[bool, bool]:
        """Which part to look for first: what begins with things that are known, and links."""
        ends = tie.ends if isinstance(tie, Joint) else tie
        return not any(self._columns[name] in known for name in ends), not isinstance(tie, Joint)

    def _never(self, group: Sequence[Joint]) -> Relation:
        """The things of a group of `without` that stand elsewhere, where the whole group is there."""
        names = list(dict.fromkeys(end for each in group for end in (each.from_, each.to)))
        outer = [name for name in names if name in self._question.bound]
        checked = set(outer)
        relations = [self._link(each, {}, checked) for each in group]
        join = Join(relations, self._apart(names), self._steps)
        return join.onto([self._columns[name] for name in outer])

    def _apart(self, names: Sequence[str]) -> list[Apart]:
        """Things of one type that stand together are different ones."""
        things = self._question.things
        return [
            Apart(frozenset((self._columns[one], self._columns[other])))
            for one, other in combinations(names, 2)
            if things[one].type is things[other].type
        ]

    def _pairs(self) -> list[frozenset[str]]:
        """The pairs of things that are near each other in place, in time or in both."""
        return list(dict.fromkeys(each.ends for each in (*self._question.near, *self._question.within)))

    # ---- its parts ----

    def _alone(self, name: str, known: Mapping[str, str]) -> Relation:
        column = self._columns[name]
        within = f" WHERE {column} IN (SELECT {column} FROM {known[column]})" if column in known else ""
        return self._make(f"SELECT DISTINCT {column} FROM {self._there(name)}{within}", [column])

    def _link(self, link: Joint, known: Mapping[str, str], checked: set[str]) -> Relation:
        """The pairs of things that a link joins. A thing without conditions is looked for in the index only once."""
        ends = {"object": link.from_, "other": link.to}
        where = [self._is_link(link)]
        for side, name in ends.items():
            where += self._among(side, name, known, checked)
        columns = ", ".join(f"{side} AS {self._columns[name]}" for side, name in ends.items())
        sql = f"SELECT DISTINCT {columns} FROM link WHERE {' AND '.join(where)}"
        return self._make(sql, [self._columns[name] for name in ends.values()])

    def _is_link(self, link: Joint) -> str:
        """Whether a row of the table of links is one of a link of the pattern, seen from its first thing."""
        things = self._question.things
        where = [f"type = {self._value(link.type.name)}", whole(self._visible)]
        for column, name in (("object_type", link.from_), ("other_type", link.to)):
            where.append(f"{column} = {self._value(things[name].type.name())}")
        where += [] if link.either else ["forward"]
        where += [f"list_contains({self._value(list(link.roles))}, role)"] if link.roles else []
        return " AND ".join(where)

    def _among(self, side: str, name: str, known: Mapping[str, str], checked: set[str]) -> list[str]:
        """What must be true of one end of a relation."""
        column, thing = self._columns[name], self._question.things[name]
        where = [f"{side} IN (SELECT {column} FROM {known[column]})"] if column in known else []
        if name not in checked or _conditional(thing):
            where.append(f"{side} IN (SELECT {column} FROM {self._there(name)})")
        checked.add(name)
        return where

    def _there(self, name: str) -> str:
        """The expression with all objects that a thing can be."""
        column, thing = self._columns[name], self._question.things[name]
        step = f"t{column}"
        if step not in self._steps:
            noun = self._nouns[thing.type.name()]
            if _conditional(thing):
                said = self._conditions(thing)
                self._steps[step] = (
                    f"SELECT object AS {column} FROM {ident('record_' + noun.slug)} WHERE "
                    f"{among('access', self._visible)} AND ({' OR '.join(said)}) GROUP BY object "
                    f"HAVING {' AND '.join(f'bool_or({each})' for each in said)}"
                )
            else:
                self._steps[step] = (
                    f"SELECT object AS {column} FROM object WHERE type = {noun.code:d} "
                    f"AND {among('access', self._visible)}"
                )
        return step

    def _conditions(self, thing: Thing) -> list[str]:
        """What must be said of a thing, each of it by any of its visible records."""
        noun = self._nouns[thing.type.name()]
        said = [
            # a property that was declared after the index was made is said by nobody
            self._condition(thing, each) if each.property in noun.properties else "false"
            for each in thing.where
        ]
        days = [f"coalesce(day_to, day_from) >= {self._value(self._meant(thing.since))}::DATE"] if thing.since else []
        days += [f"day_from <= {self._value(self._meant(thing.until))}::DATE"] if thing.until else []
        return [*said, f"({' AND '.join(days)})"] if days else said

    def _condition(self, thing: Thing, condition: Condition) -> str:
        property = thing.type.properties[condition.property]
        column, storage = ident(condition.property), property.type.storage
        wanted = [inputs.value(property, self._meant(each)) for each in condition.values]
        ends = [(inputs.value(property, self._meant(each)), sign) for each, sign in
                ((condition.first, ">="), (condition.last, "<=")) if each is not None]  # fmt: skip
        if isinstance(property.type, Date):
            said = [f"({self._day(column, '>=', each)} AND {self._day(column, '<=', each)})" for each in wanted]
            said += [" AND ".join(self._day(column, sign, each) for each, sign in ends)] if ends else []
            return f"coalesce({' OR '.join(said)}, false)"
        if ends:
            said = [f"{column} {sign} {self._value(each)}::{storage}" for each, sign in ends]
            return f"coalesce({' AND '.join(said)}, false)"
        if storage == "VARCHAR":
            column, wanted = f"lower({column})", [each.lower() for each in wanted]
        return f"coalesce(list_contains({self._value(wanted)}::{storage}[], {column}), false)"

    def _day(self, column: str, sign: str, day: str) -> str:
        """How a day compares with another; of one that is not known in full counts that it may be any of those."""
        value = self._value(day)
        known = f"least(10, length({column}), length({value}))"
        return f"left({column}, {known}) {sign} left({value}, {known})"

    # ---- near in place and time ----

    def _beside(self, ends: frozenset[str], known: Mapping[str, str], checked: set[str]) -> Relation:
        """The pairs of things that are near each other: found by squares and spans of time, then measured."""
        one, other = sorted(ends, key=lambda name: (_conditional(self._question.things[name]), name))
        on = ["a.y = b.y", "a.x = b.x"] if self._most(self._question.near, ends) else []
        on += ["a.t = b.t"] if self._most(self._question.within, ends) else []
        sides = [self._spread(name, ends, known, checked, wide=name == other) for name in (one, other)]
        columns = [self._columns[name] for name in (one, other)]
        return self._make(
            f"SELECT DISTINCT a.object AS {columns[0]}, b.object AS {columns[1]} FROM {sides[0]} AS a "
            f"JOIN {sides[1]} AS b ON {' AND '.join(on)} WHERE {self._close(ends)}",
            columns,
        )

    def _measured(self, ends: frozenset[str], join: Join, known: Mapping[str, str], checked: set[str]) -> Relation:
        """The pairs that are near each other, of those that the links of a pattern lead to already."""
        one, other = sorted(ends)
        columns = [self._columns[name] for name in (one, other)]
        pairs = join.onto(columns)
        sides = [self._spread(name, ends, known, checked, wide=False) for name in (one, other)]
        return self._make(
            f"SELECT DISTINCT {', '.join(columns)} FROM {pairs.name} JOIN {sides[0]} AS a ON a.object = {columns[0]} "
            f"JOIN {sides[1]} AS b ON b.object = {columns[1]} WHERE {self._close(ends)}",
            columns,
        )

    def _close(self, ends: frozenset[str]) -> str:
        """Whether `a` and `b` are as near each other as the pattern asks of two things."""
        metres, days = self._most(self._question.near, ends), self._most(self._question.within, ends)
        where = []
        if metres:
            east = "(a.longitude - b.longitude) * cos(radians((a.latitude + b.latitude) / 2))"
            most = self._value(metres[0])
            where.append(f"{DEGREE} * sqrt(pow(a.latitude - b.latitude, 2) + pow({east}, 2)) <= {most}")
        if days:
            most = self._value(days[0])
            where += [f"a.day_from - b.day_to <= {most}", f"b.day_from - a.day_to <= {most}"]
        return " AND ".join(where)

    def _most(self, said: Iterable[Closeness], ends: frozenset[str]) -> list[int]:
        """How near two things must be: the least that is said of them first; nothing where nothing is."""
        return sorted(int(self._meant(each.most)) for each in said if each.ends == ends)

    def _spread(
        self, name: str, ends: frozenset[str], known: Mapping[str, str], checked: set[str], *, wide: bool
    ) -> str:
        """A thing's points and days with the squares and spans that it is in; the `wide` side with those around too."""
        metres, days = self._most(self._question.near, ends), self._most(self._question.within, ends)
        columns, tables = ["object"], [self._ends_of(name, known, checked)]
        if metres:
            size = metres[0]
            around = "unnest(generate_series(-1, 1))" if wide else "0"
            narrow = f"(SELECT cos(radians(max(abs(latitude)))) FROM point WHERE {among('access', self._visible)})"
            squares = (
                f"floor(latitude * {DEGREE} / {size:d})::BIGINT AS south, "
                f"floor(longitude * {DEGREE} * {narrow} / {size:d})::BIGINT AS west"
            )
            up, side = (f"(SELECT {around} AS {axis})" for axis in ("up", "side"))
            tables.append(
                f"(SELECT object, latitude, longitude, south + up AS y, west + side AS x FROM "
                f"(SELECT *, {squares} FROM ({self._points(name)})), {up}, {side})"
            )
            columns += ["latitude", "longitude", "y", "x"]
        if days:
            reach = days[0]
            more = reach if wide else 0
            first, last = (
                f"(date_diff('day', DATE '1970-01-01', {day}) {sign} {more:d}) // {reach + 1:d}"
                for day, sign in (("day_from", "-"), ("coalesce(day_to, day_from)", "+"))
            )
            record = ident("record_" + self._nouns[self._question.things[name].type.name()].slug)
            tables.append(
                f"(SELECT DISTINCT object, day_from, coalesce(day_to, day_from) AS day_to, "
                f"unnest(generate_series({first}, {last})) AS t FROM {record} "
                f"WHERE day_from IS NOT NULL AND {among('access', self._visible)})"
            )
            columns += ["day_from", "day_to", "t"]
        joined = "".join(f" JOIN {table} USING (object)" for table in tables[1:])
        # made as a whole, or the points of both sides would be held against each other before their days are
        made = f"m{len(self._steps)}"
        self._steps[made] = f"SELECT {', '.join(columns)} FROM {tables[0]}{joined}"
        return made

    def _ends_of(self, name: str, known: Mapping[str, str], checked: set[str]) -> str:
        """The objects that one side of what is near can be."""
        column = self._columns[name]
        where = f" WHERE {column} IN (SELECT {column} FROM {known[column]})" if column in known else ""
        checked.add(name)
        return f"(SELECT DISTINCT {column} AS object FROM {self._there(name)}{where})"

    def _points(self, name: str) -> str:
        """The points of a thing, and of the places where it happened."""
        noun = self._question.things[name].type
        seen = among("access", self._visible)
        parts = [
            f"SELECT object, latitude, longitude FROM point WHERE type = {self._nouns[noun.name()].code:d} AND {seen}"
        ]
        if self._at_place(name):
            parts.append(
                "SELECT l.object, latitude, longitude FROM (SELECT DISTINCT object, other, code FROM link "
                f"JOIN type AS kind ON kind.name = link.other_type WHERE {self._happened(noun.name())}) AS l "
                f"JOIN (SELECT object, type, latitude, longitude FROM point WHERE {seen}) AS p "
                "ON p.object = l.other AND p.type = l.code"
            )
        return " UNION ".join(parts if pointed(noun) else parts[1:])

    def _happened(self, noun: str) -> str:
        """Whether a row of the table of links says where an event of a type was."""
        return (
            f"link.type = {self._value(PLACED)} AND forward AND object_type = {self._value(noun)} "
            f"AND {whole(self._visible)}"
        )

    def _at_place(self, name: str) -> bool:
        """Whether the pattern asks where an event happened."""
        thing = self._question.things[name]
        return any(name in each.ends for each in self._question.near) and thing.type.when is not None

    # ---- what it rests on ----

    def _linked(self, join: Join, link: Joint, rows: int) -> str:
        """The rows that say a link of the answers."""
        one, other = self._columns[link.from_], self._columns[link.to]
        pairs = self._onto(join, [one, other])
        said = f"(SELECT * FROM link WHERE {self._is_link(link)}) AS s"
        on = f"s.object = p.{one} AND s.other = p.{other}"
        return self._rows(pairs, said, on, [(link.from_, one), (link.to, other)], rows)

    def _said(self, join: Join, name: str, rows: int) -> str:
        """The records of a thing that say what the question asks of it."""
        column, thing = self._columns[name], self._question.things[name]
        conditions = self._conditions(thing)
        conditions += ["day_from IS NOT NULL"] if any(name in each.ends for each in self._question.within) else []
        table = ident("record_" + self._nouns[thing.type.name()].slug)
        where = f"{among('access', self._visible)} AND ({' OR '.join(conditions) or 'true'})"
        said = f"(SELECT object, access, delivery, file, row FROM {table} WHERE {where}) AS s"
        return self._rows(self._onto(join, [column]), said, f"s.object = p.{column}", [(name, column)], rows)

    def _placed(self, join: Join, name: str, rows: int) -> str:
        """The rows that say where an event happened."""
        column, noun = self._columns[name], self._question.things[name].type.name()
        said = f"(SELECT * FROM link WHERE {self._happened(noun)}) AS s"
        return self._rows(self._onto(join, [column]), said, f"s.object = p.{column}", [(name, column)], rows)

    def _matters(self, name: str) -> bool:
        """Whether the pattern asks something of a thing itself, or of nothing but it."""
        close = any(name in each.ends for each in (*self._question.within, *self._question.near))
        return close or _conditional(self._question.things[name]) or not self._question.links

    def _onto(self, join: Join, columns: Sequence[str]) -> Relation:
        return join.onto(list(dict.fromkeys([self._columns[self._question.answer], *columns])))

    def _rows(self, pairs: Relation, said: str, on: str, about: list[tuple[str, str]], rows: int) -> str:
        """The rows of one part of the pattern, numbered: of each thing the first, then of each the second."""
        answer = self._columns[self._question.answer]
        place = "source, delivery, file, row"
        others = [column for _, column in about if column != answer]
        turns = [f"row_number() OVER (PARTITION BY {answer}, {each} ORDER BY {place})" for each in others]
        turn = f"greatest({', '.join(turns)})" if turns else "1"
        columns = ", ".join(sorted(pairs.columns))
        named = [f"{self._value(name)}, {column}" for name, column in about] + ["NULL, NULL"] * (2 - len(about))
        return (
            f"(SELECT {answer}, {', '.join(named)}, access, delivery, file, row, "
            f"row_number() OVER (PARTITION BY {answer} ORDER BY n, {place}, {columns}) AS turn FROM (SELECT *, "
            f"{turn} AS n FROM (SELECT DISTINCT {columns}, source, "
            f"s.access, s.delivery, s.file, s.row FROM {pairs.name} AS p JOIN {said} ON {on} "
            f"JOIN access ON access.access = s.access)) "
            f"QUALIFY turn <= {rows:d})"
        )

    # ---- writing ----

    def _meant(self, term: Term | None) -> Given:
        """What stands where a term is."""
        return self._given[term.name] if isinstance(term, Use) else term if term is not None else ""

    def _value(self, value: object) -> str:
        """A parameter with a value."""
        name = f"p{len(self._values)}"
        self._values[name] = value
        return f"${name}"

    def _make(self, sql: str, columns: Iterable[str]) -> Relation:
        made = Relation(f"r{len(self._steps)}", frozenset(columns))
        self._steps[made.name] = sql
        return made

    def _statement(self, last: str) -> Statement:
        # what was looked up once for the answers that are given is used by every part
        kept = "mr" if "given" in self._steps else "m"
        steps = ", ".join(
            f"{name} AS {'MATERIALIZED ' if name[0] in kept else ''}({sql})" for name, sql in self._steps.items()
        )
        return f"WITH {steps} {last}", self._values


def _conditional(thing: Thing) -> bool:
    return bool(thing.where or thing.since or thing.until)


def _tied(columns: set[str], relations: Iterable[Relation]) -> bool:
    """Whether some relations lead from one of the columns to all of them."""
    rest, reached = list(relations), {min(columns)}
    while more := [each for each in rest if each.columns & reached]:
        rest = [each for each in rest if each not in more]
        reached |= frozenset().union(*(each.columns for each in more))
    return columns <= reached
