"""The `links` of a source: which of its records each row connects, and with what role."""

import re
from collections.abc import Mapping

from bluelamp.ontology.grammar import Basis, Category, LinkType, ObjectType
from bluelamp.types import Moment
from bluelamp.types import Text as TextType
from bluelamp.workspace import records
from bluelamp.workspace.document import Node, Table, Text
from bluelamp.workspace.fields import Fields
from bluelamp.workspace.model import End, LinkSpec, Place, RecordSpec, Value, names, shown
from bluelamp.workspace.nouns import stands
from bluelamp.workspace.problems import Report, choose, nearest
from bluelamp.workspace.values import Values
from bluelamp.workspace.vocabulary import Vocabulary

#: source -> record -> its declaration, None where that is broken
Declared = Mapping[str, Mapping[str, RecordSpec | None]]

#: what is rather a word of this system than the name of a column
_PLAIN = re.compile(r"[a-z]+")

BASES = tuple(each.value for each in Basis)
CATEGORIES = tuple(each.value for each in Category)


def read(nodes: list[Node], source: str, declared: Declared, known: Vocabulary, report: Report) -> tuple[LinkSpec, ...]:
    """The links of `source`."""
    found = []
    for node in nodes:
        if not isinstance(node, Table):
            fix = "write it like `{type: lives_at, from: person, to: home}`"
            report.add("B007", node.place, "The link is not a block of keys", fix)
            continue
        link = _Link(Fields(node, "The link", report), source, declared, known, report).read()
        if link:
            found.append(link)
    return tuple(found)


class _Link:
    def __init__(self, fields: Fields, source: str, declared: Declared, known: Vocabulary, report: Report) -> None:
        self._fields = fields
        self._source = source
        self._declared = declared
        self._known = known
        self._report = report
        self._values = Values(known.codes, report)

    def read(self) -> LinkSpec | None:
        kind = self._type()
        from_, to = self._end("from"), self._end("to")
        when = records.condition_of(self._fields, self._report)
        role = self._worded("role", kind.roles if kind else (), "B019")
        category = self._worded("category", CATEGORIES, "B020")
        basis = self._worded("basis", BASES, "B020")
        from_date, to_date = self._date("from_date"), self._date("to_date")
        self._fields.finish()
        if kind is None:
            return None
        self._check_words(kind)
        self._check_ends(kind, from_, to)
        if from_ is None or to is None:
            return None
        return LinkSpec(kind, from_, to, role, category, from_date, to_date, basis, when, self._fields.place)

    def _type(self) -> LinkType | None:
        names = tuple(self._known.links)
        name = self._fields.required("type", f"write `type:` and one of {', '.join(names)}")
        kind = self._known.links.get(name)
        if name and kind is None:
            self._report.add("B015", self._fields.at("type"), f'There is no link type "{name}"', choose(name, names))
        self._fields.what = f"The link {name}" if name else "The link"
        return kind

    def _end(self, key: str) -> End | None:
        node = self._fields.node(key)
        if node is None:
            self._fields.missing(key, f"write `{key}:` and the name of a record above")
            return None
        place = self._fields.at(key)
        if isinstance(node, Text):
            name = node.text.strip()
            return End(name) if self._exists(self._source, name, place) else None
        own = self._fields.open(node, f"`{key}` of {self._fields.inner}")
        return self._distant(own) if own else None

    def _distant(self, fields: Fields) -> End | None:
        """An end found by its key: a record of another source, or of this one by other columns."""
        source = fields.text("source", self._source)
        record = fields.required("record", "write `record:` and its name in that source")
        found = records.key(fields, self._report)
        fields.finish()
        if not record or not self._exists(source, record, fields.at("record"), fields.at("source")):
            return None
        spec = self._declared[source][record]
        if found is None or spec is None:
            return None
        where = f"{record} of {source}"
        if not spec.key.columns:
            fix = f"give {where} a key of columns"
            self._report.add(
                "B018",
                fields.at("key"),
                f"Rows of {where} are known by their place, so none can be found by a key",
                fix,
            )
        elif len(spec.key.columns) != len(found.columns):
            fix = f"name {len(spec.key.columns)} columns, in the order of {', '.join(map(shown, spec.key.columns))}"
            self._report.add(
                "B018",
                fields.at("key"),
                f"The key has {len(found.columns)} columns and that of {where} has {len(spec.key.columns)}",
                fix,
            )
        return End(record, None if source == self._source else source, found)

    def _exists(self, source: str, record: str, place: Place, source_place: Place | None = None) -> bool:
        if source not in self._declared:
            fix = choose(source, tuple(self._declared))
            self._report.add("B017", source_place or place, f'There is no source "{source}"', fix)
            return False
        names = self._declared[source]
        if record not in names:
            self._report.add(
                "B017", place, f'The source {source} has no record "{record}"', choose(record, tuple(names))
            )
        return record in names

    def _worded(self, key: str, words: tuple[str, ...], code: str) -> Value | None:
        """A constant where a bare word is one of `words`, else a column."""
        node = self._fields.node(key)
        if node is None:
            return None
        place, what = self._fields.at(key), f"`{key}` of {self._fields.inner}"
        if isinstance(node, Text):
            return self._bare(node.text.strip(), words, what, place, code)
        value = self._values.read(node, place, what)
        if value is None:
            return None
        self._values.fit(value, TextType(), place, what)
        for each in (value.constant, *self._values.meanings(value)):
            if each and words and each not in words:
                self._report.add(code, place, f'{what} cannot be "{each}"', choose(each, words))
        return value

    def _bare(self, word: str, words: tuple[str, ...], what: str, place: Place, code: str) -> Value:
        if word in words:
            return Value("constant", constant=word)
        likely = nearest(word, words, 0.8)
        if likely or (words and _PLAIN.fullmatch(word) and word not in self._columns()):
            fix = f"{choose(word, words)}, or {{column: {word}}} if it is a column"
            self._report.add(code, place, f'{what} is "{word}", which is taken for a column', fix, "warning")
        return Value("column", (word,))

    def _columns(self) -> set[str]:
        """The columns that the records of this source name."""
        specs = [spec for spec in self._declared[self._source].values() if spec]
        return {
            name
            for spec in specs
            for columns in (spec.key.columns, *(value.columns for value in spec.set.values()))
            for name in names(columns)
        }

    def _date(self, key: str) -> Value | None:
        node = self._fields.node(key)
        if node is None:
            return None
        place, what = self._fields.at(key), f"`{key}` of {self._fields.inner}"
        value = self._values.read(node, place, what)
        if value:
            self._values.fit(value, Moment(), place, what)
        return value

    def _check_words(self, kind: LinkType) -> None:
        if not kind.roles and self._fields.node("role") is not None:
            self._report.add("B019", self._fields.at("role"), f"{self._fields.what} has no roles", "remove `role`")
        if not kind.categorised and self._fields.node("category") is not None:
            message = f"{self._fields.what} says nothing of what a person is to an event (DP-9)"
            self._report.add("B020", self._fields.at("category"), message, "remove `category`")

    def _check_ends(self, kind: LinkType, from_: End | None, to: End | None) -> None:
        ends = (("from", self._noun(from_), kind.from_types), ("to", self._noun(to), kind.to_types))
        wrong = [(key, noun, allowed) for key, noun, allowed in ends if noun and not stands(noun, allowed)]
        if len(wrong) == len(ends) and stands(wrong[0][1], kind.to_types) and stands(wrong[1][1], kind.from_types):
            message = f"{self._fields.what} joins its ends the other way"
            self._report.add("B016", self._fields.at("from"), message, "turn `from` and `to` round")
            return
        for key, noun, allowed in wrong:
            message = f"{self._fields.what} cannot have a {noun.name()} as `{key}`"
            self._report.add("B016", self._fields.at(key), message, f"use a record of type {' or '.join(allowed)}")

    def _noun(self, end: End | None) -> type[ObjectType] | None:
        spec = self._declared[end.source or self._source][end.record] if end else None
        return spec.type if spec else None
