"""What must all be found of one object, where no document says all of it but several documents do together.

A document is what one source says of an object under one marking. So that a name from one system and a plate from
another find the person who has both, the objects are looked for whose visible documents have each part. That costs
little where a part is rare, and is only done there: parts that are all common are found where one document has them.
Only visible documents decide which parts are rare, so an answer is as if there were no others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from bluelamp.index.ask import Ask, Both, Either, Except, Node, Together
from bluelamp.index.query import Filters, Level, Maker

#: documents that have a rare part as it was typed, at most
RARE = 100

#: parts of one list that are looked at; a longer one is met by single documents only
_PARTS = 8

#: so many documents of one in 2**_POWER objects show that a part is common, without reading all that have it
_COMMON, _POWER = 3, 12

#: an object and the access of a document that says something of it
Said = set[tuple[int, int]]


def widened(searcher: tantivy.Searcher, maker: Maker, ask: Ask, visible: frozenset[int]) -> Ask:
    """The question, in which each list of things wanted together is also met by what documents say together."""
    return Ask(ask.root and _Reader(searcher, maker, visible).widened(ask.root), ask.notes)


@dataclass(frozen=True)
class _Reader:
    """Reads the documents that one reader sees."""

    searcher: tantivy.Searcher
    maker: Maker
    visible: frozenset[int]

    def widened(self, node: Node) -> Node:
        if isinstance(node, Either):
            return Either(tuple(self.widened(part) for part in node.parts))
        if not isinstance(node, Both):
            return node
        inside = Both(tuple(self.widened(part) for part in node.parts))
        found = self._together(node)
        return Either((inside, found)) if found else inside

    def _together(self, both: Both) -> Together | None:
        """The objects of which documents say all parts, but none says all of them, at each level that has any."""
        parts = [part for part in both.parts if not isinstance(part, Except)]
        unwanted = [part for part in both.parts if isinstance(part, Except)]
        if not 1 < len(parts) <= _PARTS:
            return None
        rare = {at: said for at, part in enumerate(parts) if (said := self._rare(part, unwanted))}
        if not rare:
            return None
        first = min(rare, key=lambda at: len(rare[at]))
        others = [part for at, part in enumerate(parts) if at != first]
        among = {number for number, _ in rare[first]}
        loose = [rare[first], *self._said(others, unwanted, Level.LOOSE, among)]
        among = _all_of(loose) - {number for number, _ in set.intersection(*loose)}
        if not among:
            return None
        exact = _all_of(self._said(others, unwanted, Level.EXACT, among)) & among
        strict = _all_of(self._said(parts, unwanted, Level.STRICT, exact)) if exact else set()
        any_part = Either(tuple(Both((part, *unwanted)) for part in parts))
        return Together(any_part, (frozenset(strict), frozenset(exact), frozenset(among)))

    def _rare(self, part: Node, unwanted: list[Except]) -> Said | None:
        """What has a part as it was typed; None where too many documents or none have it."""
        for level in (Level.STRICT, Level.EXACT):
            query = self._query(part, unwanted, level)
            sample = Query.boolean_query([*query, self.maker.sample(_POWER)])
            if len(self.searcher.search(sample, limit=_COMMON, count=False).hits) == _COMMON:
                return None
        said = self._read(Query.boolean_query(query), RARE + 1)
        return said if 0 < len(said) <= RARE else None

    def _said(self, parts: Sequence[Node], unwanted: list[Except], level: Level, among: set[int]) -> list[Said]:
        """For each part what says it, of some objects."""
        of_them = Occur.Must, self.maker.objects(among)
        most = len(among) * len(self.visible)
        return [self._read(Query.boolean_query([of_them, *self._query(part, unwanted, level)]), most) for part in parts]

    def _query(self, part: Node, unwanted: list[Except], level: Level) -> list[tuple[Occur, Query]]:
        content = self.maker.content(Ask(Both((part, *unwanted))), level)
        return [(Occur.Must, content), *self.maker.limits(Filters(self.visible))]

    def _read(self, query: Query, limit: int) -> Said:
        hits = self.searcher.search(query, limit=max(1, limit), order_by_field="rank", count=False).hits
        places = [place for _, place in hits]
        objects, accesses = (self.searcher.fast_field_values(field, places) for field in ("object", "access"))
        return {(int(number or 0), int(access or 0)) for number, access in zip(objects, accesses, strict=True)}


def _all_of(said: list[Said]) -> set[int]:
    return set.intersection(*({number for number, _ in each} for each in said))
