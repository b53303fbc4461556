"""An understood question as a query of the text index, whose scores never depend on what others may see."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import tantivy
from tantivy import FieldType, Occur, Query

from bluelamp.index import shapes
from bluelamp.index.ask import Ask, Both, Code, Either, Except, Node, Pattern, Phrase, Together, Word
from bluelamp.index.schema import SAMPLES, words
from bluelamp.index.spelling import remembered

_EPOCH = date(1970, 1, 1).toordinal()
_WORDS = words()

#: sampled documents that are held to be new; each stands for 2**SAMPLES of them
_NEWEST = 3

#: different accesses that one text index may have
MOST_ACCESSES = 65_000

#: different types that its objects may have
MOST_TYPES = 256

#: from how many letters on a word may have one letter wrong, and from how many two
FUZZY, VERY_FUZZY = 4, 8


class Level(IntEnum):
    """How far a match may be from what was typed. Each level includes those before it."""

    STRICT = 1  #: every word is a name or an identifier as typed
    EXACT = 2  #: every word stands somewhere as typed
    LOOSE = 3  #: or as a nickname, a sound-alike or a slip of one letter


#: what each kind of match is worth; constants, because a weight by rarity would tell of hidden records
AS_WRITTEN, CODE, NAME, PATTERN, TEXT, NICKNAME, SOUND, ONE_OFF, TWO_OFF = 11, 12, 10, 9, 8, 6, 4, 3, 2

#: what no document says
_NOTHING = Query.empty_query()


def tokens(text: str) -> list[str]:
    """The words of a text, as the index holds them."""
    return list(_WORDS.analyze(text))


def slip(token: str) -> int:
    """How many letters of a name's token may be wrong."""
    if len(token) < FUZZY or not token.isalpha():
        return 0
    return 2 if len(token) >= VERY_FUZZY else 1


@dataclass(frozen=True)
class Filters:
    """What limits an answer besides its words. An empty `types` or None in `accesses` sets no limit."""

    visible: frozenset[int]
    types: frozenset[int] = frozenset()
    accesses: frozenset[int] | None = None
    first: date | None = None
    last: date | None = None


class Maker:
    """Makes queries for one text index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self.schema, self._searcher = schema, searcher
        every = {"all": {"terms": {"field": "access", "size": MOST_ACCESSES}}}
        buckets = searcher.aggregate(Query.all_query(), every)["all"].get("buckets", [])
        #: every access that any document has
        self.present = frozenset(int(bucket["key"]) for bucket in buckets)
        self._recent = _recent(searcher, self.sample(SAMPLES)[1])

    def content(self, ask: Ask, level: Level) -> Query:
        """What the question asks for, at one level, without any filter."""
        return (ask.root and self._node(ask.root, level)) or Query.const_score_query(Query.all_query(), 0)

    def limits(self, filters: Filters) -> list[tuple[Occur, Query]]:
        """The filters as clauses that add nothing to a score."""
        limits = self._seen(filters.visible if filters.accesses is None else filters.visible & filters.accesses)
        if filters.types:
            limits.append((Occur.Must, _either(self._numbered("type", filters.types))))
        if filters.first or filters.last:
            # without an upper or lower end the query would let documents without a day through
            first = filters.first.toordinal() - _EPOCH if filters.first else -_EPOCH
            last = filters.last.toordinal() - _EPOCH if filters.last else date.max.toordinal()
            limits.append((Occur.Must, Query.range_query(self.schema, "day_to", FieldType.Integer, first, None)))
            limits.append((Occur.Must, Query.range_query(self.schema, "day_from", FieldType.Integer, None, last)))
        return [(occur, Query.const_score_query(limit, 0)) for occur, limit in limits]

    def _seen(self, visible: frozenset[int]) -> list[tuple[Occur, Query]]:
        """Only documents of a visible access: all of `present` but the others, where those are fewer, because
        leaving out a few is three times as quick as asking for many.
        """
        shown, hidden = self.present & visible, self.present - visible
        if not shown:
            return [(Occur.Must, Query.empty_query())]
        if len(hidden) <= len(shown):
            return [(Occur.MustNot, query) for query in self._numbered("access", hidden)]
        return [(Occur.Must, _either(self._numbered("access", shown)))]

    def counted(self, visible: frozenset[int]) -> frozenset[int]:
        """The accesses to count the documents of, some for nothing: it takes a third less time to count the
        documents of a few hidden accesses, and to forget the numbers, than to leave these documents out.
        """
        return self.present | visible if len(self.present - visible) <= len(self.present & visible) else visible

    def _numbered(self, field: str, numbers: frozenset[int]) -> list[Query]:
        return [Query.term_query(self.schema, field, number, "basic") for number in sorted(numbers)]

    def newest(self) -> tuple[Occur, Query]:
        """Only the newest tens of thousands of documents, which are the first in any order by day."""
        return Occur.Must, Query.range_query(self.schema, "rank", FieldType.Unsigned, self._recent, None)

    def between(self, low: int, high: int) -> tuple[Occur, Query]:
        """Only objects whose numbers lie in a range, both ends included."""
        return Occur.Must, Query.const_score_query(
            Query.range_query(self.schema, "object", FieldType.Unsigned, low, high), 0
        )

    def sample(self, power: int) -> tuple[Occur, Query]:
        """Only one in 2**`power` objects, always the same ones."""
        return Occur.Must, Query.const_score_query(Query.term_query(self.schema, "sample", power), 0)

    def anyof(self, field: str, values: Iterable[str]) -> Query:
        """Documents with one of many terms in a field."""
        return Query.const_score_query(Query.term_set_query(self.schema, field, list(values)), 1)

    def _node(self, node: Node, level: Level) -> Query | None:
        if isinstance(node, Both | Except):
            return self._both(node if isinstance(node, Both) else Both((node,)), level)
        if isinstance(node, Together):
            return self._together(node, level)
        return _best(self._ways(node, level))

    def _ways(self, node: Node, level: Level) -> list[Query]:
        """The ways in which something is met, all in one list: a union of unions is read half as fast."""
        if isinstance(node, Either):
            return [way for part in node.parts for way in self._ways(part, level)]
        if isinstance(node, Word):
            return self._word(node.text, level)
        if isinstance(node, Phrase):
            return self._phrase(node.text)
        if isinstance(node, Pattern):
            return self._pattern(node.text)
        if isinstance(node, Code):
            return self._code(node, level)
        found = self._node(node, level)
        return [found] if found else []

    def _both(self, node: Both, level: Level) -> Query | None:
        clauses: list[tuple[Occur, Query]] = []
        for part in node.parts:
            if isinstance(part, Except):
                # what is left out is only what says so exactly, never a sound-alike
                if (unwanted := self._node(part.part, Level.EXACT)) and unwanted is not _NOTHING:
                    clauses.append((Occur.MustNot, unwanted))
            elif wanted := self._node(part, level):
                clauses.append((Occur.Must, wanted))
        if (Occur.Must, _NOTHING) in clauses:
            return _NOTHING
        if clauses and all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), 0)))
        return Query.boolean_query(clauses) if clauses else None

    def _together(self, node: Together, level: Level) -> Query:
        part, numbers = self._node(node.part, level), node.objects[level - 1]
        if not part or not numbers:
            return _NOTHING
        return Query.const_score_query(_all([self.objects(numbers), part]), TEXT)

    def objects(self, numbers: Iterable[int]) -> Query:
        """All documents of a few objects; a set of terms would read the whole list of objects."""
        return _either([Query.term_query(self.schema, "object", number, "basic") for number in sorted(numbers)])

    def _phrase(self, text: str) -> list[Query]:
        """Words one after the other, or one identifier with its gaps."""
        return [*self._identifier(text, CODE), *self._text(text, TEXT + 2)]

    def _word(self, text: str, level: Level) -> list[Query]:
        said = remembered(text)
        found = self._identifier(text, NAME)
        if len(said.tokens) == 1:
            found += self._name(said.tokens[0], level)
        elif said.tokens:
            found.append(_all([_best(self._name(token, level)) or _NOTHING for token in said.tokens]))
        if said.raw:
            found.append(self._term("name", said.raw, AS_WRITTEN))
        return [*found, *self._text(text, TEXT)] if level >= Level.EXACT else found

    def _name(self, token: str, level: Level) -> list[Query]:
        found = [self._term("name", token, NAME)]
        if level < Level.LOOSE or any(character.isdigit() for character in token):
            return found
        said = remembered(token)
        found += [self._term("name", other, NICKNAME) for other in said.nicknames]
        found += [self._term("sound", key, SOUND) for key in said.sounds]
        if off := slip(token):
            for distance, worth in ((1, ONE_OFF), (2, TWO_OFF))[:off]:
                fuzzy = Query.fuzzy_term_query(self.schema, "name", token, distance)
                found.append(Query.const_score_query(fuzzy, worth))
        return found

    def _code(self, node: Code, level: Level) -> list[Query]:
        text = " ".join(node.parts)
        if "*" in text or "?" in text:
            return self._pattern(text)
        found = self._identifier(text, CODE)
        if level >= Level.EXACT and node.apart:
            apart = [_best(said) or _NOTHING for part in node.parts if (said := self._word(part, Level.EXACT))]
            if apart:
                found.append(Query.const_score_query(_all(apart), TEXT))
        return found

    def _identifier(self, text: str, worth: int) -> list[Query]:
        return [self._term("ident", form, worth) for form in shapes.spellings(text)]

    def _pattern(self, text: str) -> list[Query]:
        found = [self._identifier_pattern(form) for form in shapes.spellings(text)]
        # identifiers are held whole and backwards, so their ends are quick; a word's end means reading all words
        if " " not in text and not (text[:1] == "*" and any(character.isdigit() for character in text)):
            kept = "".join(
                piece if piece[:1] in ("*", "?") else "".join(tokens(piece)) for piece in re.split(r"([*?]+)", text)
            )
            if kept.strip("*?"):
                found += [Query.regex_query(self.schema, field, regex(kept)) for field in ("name", "text")]
        return [Query.const_score_query(query, PATTERN) for query in found]

    def _identifier_pattern(self, form: str) -> Query:
        if form.startswith("*") and not form.endswith("*"):
            return Query.regex_query(self.schema, "ident_reversed", regex(form[::-1]))
        return Query.regex_query(self.schema, "ident", regex(form))

    def _text(self, text: str, worth: int) -> list[Query]:
        said = tokens(text)
        if len(said) < 2:  # noqa: PLR2004 one word is no phrase
            return [self._term("text", word, worth) for word in said]
        return [Query.const_score_query(Query.phrase_query(self.schema, "text", list(said)), worth)]

    def _term(self, field: str, value: str, worth: int) -> Query:
        if not self._searcher.doc_freq(field, value):
            return _NOTHING
        return Query.const_score_query(Query.term_query(self.schema, field, value, "basic"), worth)


def _recent(searcher: tantivy.Searcher, sample: Query) -> int:
    """A rank that a few of every 10,000 documents reach."""
    hits = searcher.search(sample, limit=_NEWEST, order_by_field="rank", count=False).hits
    return int(hits[-1][0]) if len(hits) == _NEWEST else 0


def regex(form: str) -> str:
    """A form with `*` and `?` as a regular expression; all its other characters stand for themselves."""
    return "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in form)


def _best(queries: list[Query]) -> Query | None:
    """Any of some; those that find nothing are left out, because one list is read faster than a union."""
    if not queries:
        return None
    found = [query for query in queries if query is not _NOTHING]
    if len(found) > 1:
        return Query.disjunction_max_query(found)
    return found[0] if found else _NOTHING


def _either(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _all(queries: list[Query]) -> Query:
    if _NOTHING in queries:
        return _NOTHING
    return Query.boolean_query([(Occur.Must, query) for query in queries])
