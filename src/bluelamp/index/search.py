"""A question put to the text index: which objects match, in which order, and how many of what."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy
from tantivy import Occur, Query

from bluelamp.index import layout
from bluelamp.index.across import widened
from bluelamp.index.ask import Ask
from bluelamp.index.query import MOST_ACCESSES, MOST_TYPES, Filters, Level, Maker
from bluelamp.index.schema import SAMPLES

#: documents up to which every number of an answer is counted, not estimated
COUNTED = 20_000

#: documents that an estimate is made from, at least: it only says how many documents an object has
_SAMPLE = 2_500

#: documents of an object, mostly fewer, and documents that all numbers are read of at a time
_EACH, _PIECE = 2, 20_000

#: what a match of the stricter levels adds to a score; more than any question's words can
_BONUS = {Level.STRICT: 2_000, Level.EXACT: 1_000}

_TALLY = {
    "access": {
        "terms": {"field": "access", "size": MOST_ACCESSES},
        "aggs": {"type": {"terms": {"field": "type", "size": MOST_TYPES}}},
    }
}

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Page:
    """The objects of one page, best first, and the numbers of all that match."""

    total: int
    exact: bool
    #: object number, type code, score
    objects: list[tuple[int, int, float]]
    types: dict[int, int]
    sources: dict[str, int]
    facets_exact: bool


@dataclass(frozen=True)
class _Documents:
    """Matching documents, column by column."""

    object: Numbers
    type: Numbers
    access: Numbers
    rank: Numbers
    score: npt.NDArray[np.float64]

    def where(self, mask: npt.NDArray[np.bool_]) -> "_Documents":
        return _Documents(self.object[mask], self.type[mask], self.access[mask], self.rank[mask], self.score[mask])


@dataclass(frozen=True)
class _Tally:
    """The numbers of matching documents by access and type code."""

    documents: dict[tuple[int, int], int]

    def number(self, types: frozenset[int] = frozenset(), accesses: frozenset[int] | None = None) -> int:
        """Of some types (none: of all) and of some accesses."""
        return sum(self.by_type(accesses, types).values())

    def by_type(self, accesses: frozenset[int] | None, types: frozenset[int] = frozenset()) -> dict[int, int]:
        said: dict[int, int] = {}
        for (access, code), number in self.documents.items():
            if (accesses is None or access in accesses) and (not types or code in types):
                said[code] = said.get(code, 0) + number
        return said

    def by_access(self, types: frozenset[int]) -> dict[int, int]:
        said: dict[int, int] = {}
        for (access, code), number in self.documents.items():
            if not types or code in types:
                said[access] = said.get(access, 0) + number
        return said


class Asked:
    """One question with its filters, put to one text index."""

    def __init__(
        self, searcher: tantivy.Searcher, maker: Maker, sources: dict[int, str], ask: Ask, filters: Filters, counted: int
    ) -> None:  # fmt: skip
        self.searcher, self.maker, self.sources = searcher, maker, sources
        self.ask, self.filters, self.counted = ask, filters, counted
        wide = widened(searcher, maker, ask, filters.visible)
        self.content = {level: maker.content(wide, level) for level in Level}

    def page(self, offset: int, limit: int) -> Page:
        """One page of objects with totals and facets."""
        wide = replace(self.filters, types=frozenset(), accesses=None)
        tally = self._tally(wide)
        if tally.number() > self.counted:
            return self._about(wide, tally, offset, limit)
        found = self._all(wide, tally.number())
        mine = found.where(self._typed(found) & self._sourced(found))
        return Page(_distinct(mine), True, _best(mine, offset, limit), *self._facets(found), True)

    def numbers(self, most: int) -> Numbers | None:
        """The numbers of all objects that match, sorted; None where they are more than `most`, about."""
        documents = self._tally(self.filters).number()
        if documents > most * _EACH:
            return None
        found = [np.empty(0, np.int64)]
        for low, high in layout.ranges(-(-documents // _PIECE)):
            query = Query.boolean_query(
                [
                    (Occur.Must, self.content[Level.LOOSE]),
                    self.maker.between(low, high),
                    *self.maker.limits(self.filters),
                ]
            )
            # objects are evenly spread, so that twice a piece is seldom all of it
            hits = self.searcher.search(query, limit=2 * _PIECE, count=False).hits
            if len(hits) == 2 * _PIECE:
                hits = self.searcher.search(query, limit=documents, count=False).hits
            places = [place for _, place in hits]
            found.append(np.unique(np.array(self.searcher.fast_field_values("object", places), np.int64)))
        every = np.concatenate(found)
        return every if len(every) <= most else None

    def _about(self, wide: Filters, tally: _Tally, offset: int, limit: int) -> Page:
        """One page of very many, with numbers that are estimates unless the filters leave few."""
        sample = self._sample(wide, tally.number())
        types, accesses = self.filters.types, self.filters.accesses
        facets = self._types(sample, tally.by_type(accesses)), self._sources(sample, tally.by_access(types))
        narrow = tally.number(types, accesses)
        if narrow <= self.counted:
            few = self._all(self.filters, narrow)
            return Page(_distinct(few), True, _best(few, offset, limit), *facets, False)
        total = _scaled(narrow, sample.where(self._typed(sample) & self._sourced(sample)))
        return Page(total, False, self.first(offset, limit), *facets, False)

    def first(self, offset: int, limit: int) -> list[tuple[int, int, float]]:
        """One page of objects out of very many: level by level, newest first, without looking at the rest."""
        seen: dict[int, tuple[int, int, float]] = {}
        if self.ask.root is None:
            return self._newest(offset, limit)
        for level in Level:
            self._fill(seen, self._at(level, self.filters), self._bonus(level), offset + limit)
            if len(seen) >= offset + limit:
                break
        return list(seen.values())[offset : offset + limit]

    def _newest(self, offset: int, limit: int) -> list[tuple[int, int, float]]:
        """One page of everything; most pages are among the newest, and a rank is checked quicker than sorted."""
        seen: dict[int, tuple[int, int, float]] = {}
        for fewer in ([self.maker.newest()], []):
            query = Query.boolean_query(
                [(Occur.Must, self.content[Level.LOOSE]), *fewer, *self.maker.limits(self.filters)]
            )
            self._fill(seen, query, 0, offset + limit)
            if len(seen) >= offset + limit:
                break
        return list(seen.values())[offset : offset + limit]

    def _fill(self, seen: dict[int, tuple[int, int, float]], query: Query, score: float, wanted: int) -> None:
        size = wanted - len(seen)
        while len(seen) < wanted:
            size *= 2
            hits = self.searcher.search(query, limit=size, order_by_field="rank", count=False).hits
            places = [place for _, place in hits]
            objects = self.searcher.fast_field_values("object", places)
            types = self.searcher.fast_field_values("type", places)
            for number, kind in zip(objects, types, strict=True):
                seen.setdefault(int(number or 0), (int(number or 0), int(kind or 0), score))
            if len(hits) < size:
                return

    def _all(self, filters: Filters, matching: int) -> _Documents:
        """All matching documents, of which there are `matching`: the nearest first, which mostly are all."""
        found: list[_Documents] = []
        for level in Level:
            found.append(self._near(level, filters, max(1, matching)))
            matching -= len(found[-1].object)
            if matching <= 0:
                break
        return _together(found)

    def _near(self, level: Level, filters: Filters, most: int) -> _Documents:
        found = self._read(self.searcher.search(self._at(level, filters), limit=most, count=False).hits)
        return replace(found, score=found.score + self._bonus(level))

    def _at(self, level: Level, filters: Filters) -> Query:
        """What matches at a level, but not at a stricter one."""
        before = [(Occur.MustNot, self.content[Level(level - 1)])] if level > Level.STRICT else []
        return Query.boolean_query([(Occur.Must, self.content[level]), *before, *self.maker.limits(filters)])

    def _bonus(self, level: Level) -> int:
        return sum(_BONUS.get(each, 0) for each in Level if each >= level) if self.ask.root else 0

    def _read(self, hits: list[tuple[Any, tantivy.DocAddress]]) -> _Documents:
        places = [place for _, place in hits]
        number, kind, access, rank = (
            np.array(self.searcher.fast_field_values(field, places), dtype=np.int64)
            for field in ("object", "type", "access", "rank")
        )
        return _Documents(number, kind, access, rank, np.array([score for score, _ in hits], dtype=np.float64))

    def _typed(self, found: _Documents) -> npt.NDArray[np.bool_]:
        wanted = self.filters.types
        return np.isin(found.type, list(wanted)) if wanted else np.ones(len(found.type), dtype=bool)

    def _sourced(self, found: _Documents) -> npt.NDArray[np.bool_]:
        wanted = self.filters.accesses
        return np.ones(len(found.access), dtype=bool) if wanted is None else np.isin(found.access, list(wanted))

    def _facets(self, found: _Documents) -> tuple[dict[int, int], dict[str, int]]:
        by_source = found.where(self._typed(found))
        return (
            _by_type(found.where(self._sourced(found))),
            {name: _distinct(by_source.where(mask)) for name, mask in self._masks(by_source).items() if mask.any()},
        )

    def _masks(self, found: _Documents) -> dict[str, npt.NDArray[np.bool_]]:
        names: dict[str, list[int]] = {}
        for access in np.unique(found.access).tolist():
            names.setdefault(self.sources[access], []).append(access)
        return {name: np.isin(found.access, accesses) for name, accesses in names.items()}

    def _sample(self, wide: Filters, matching: int) -> _Documents:
        """The matching documents of a fixed share of all objects, which says how many documents an object has.
        What matches exactly says it sooner, where that is most.
        """
        power = min(SAMPLES, max(1, (matching // _SAMPLE).bit_length() - 1))
        limits = [*self.maker.limits(wide), self.maker.sample(power)]
        for level in (Level.EXACT, Level.LOOSE):
            query = Query.boolean_query([(Occur.Must, self.content[level]), *limits])
            hits = self.searcher.search(query, limit=min(matching, COUNTED), count=False).hits
            if len(hits) > matching >> (power + 1):
                break
        return self._read(hits)

    def _types(self, sample: _Documents, documents: dict[int, int]) -> dict[int, int]:
        sourced = sample.where(self._sourced(sample))
        return {code: _scaled(number, sourced.where(sourced.type == code)) for code, number in documents.items()}

    def _sources(self, sample: _Documents, documents: dict[int, int]) -> dict[str, int]:
        typed = sample.where(self._typed(sample))
        masks = self._masks(typed)
        by_name: dict[str, int] = {}
        for access, number in documents.items():
            name = self.sources[access]
            by_name[name] = by_name.get(name, 0) + number
        return {
            name: _scaled(number, typed.where(masks[name]) if name in masks else None)
            for name, number in by_name.items()
        }

    def _tally(self, wide: Filters) -> _Tally:
        """The numbers of matching documents, exactly, in one pass."""
        limits = self.maker.limits(replace(wide, visible=self.maker.counted(wide.visible)))
        query = Query.boolean_query([(Occur.Must, self.content[Level.LOOSE]), *limits])
        answer = self.searcher.aggregate(query, _TALLY)["access"].get("buckets", [])
        return _Tally(
            {
                (access, int(inside["key"])): int(inside["doc_count"])
                for bucket in answer
                if (access := int(bucket["key"])) in wide.visible
                for inside in bucket["type"]["buckets"]
            }
        )


def _together(found: list[_Documents]) -> _Documents:
    columns = ([getattr(each, field.name) for each in found] for field in fields(_Documents))
    return _Documents(*map(np.concatenate, columns))


def _distinct(found: _Documents) -> int:
    return len(np.unique(found.object))


def _by_type(found: _Documents) -> dict[int, int]:
    _, first = np.unique(found.object, return_index=True)
    codes, numbers = np.unique(found.type[first], return_counts=True)
    return dict(zip(codes.tolist(), numbers.tolist(), strict=True))


def _scaled(documents: int, sample: _Documents | None) -> int:
    """About how many objects so many documents are, to three digits."""
    if sample is None or not len(sample.object):
        return documents
    number = documents * _distinct(sample) / len(sample.object)
    return int(float(f"{number:.3g}"))


def _best(found: _Documents, offset: int, limit: int) -> list[tuple[int, int, float]]:
    """The page's objects, each at the place of its best document: by score, then newest, then by number."""
    order = np.lexsort((found.object, -found.rank, -found.score))
    objects = found.object[order]
    _, first = np.unique(objects, return_index=True)
    chosen = order[np.sort(first)[offset : offset + limit]]
    columns = found.object[chosen].tolist(), found.type[chosen].tolist(), found.score[chosen].tolist()
    return list(zip(*columns, strict=True))
