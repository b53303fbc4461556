"""A question put to the text index: which objects match, in which order, and how many of what."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy
from tantivy import Occur, Query

from bluelamp.index.ask import Ask
from bluelamp.index.query import MOST_ACCESSES, Filters, Level, Maker
from bluelamp.index.schema import SAMPLES

#: documents up to which every number of an answer is counted, not estimated
COUNTED = 20_000

#: documents that an estimate is made from, at least: it only says how many documents an object has
_SAMPLE = 2_500

#: what a match of the stricter levels adds to a score; more than any question's words can
_BONUS = {Level.STRICT: 2_000, Level.EXACT: 1_000}

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


class Asked:
    """One question with its filters, put to one text index."""

    def __init__(
        self, searcher: tantivy.Searcher, maker: Maker, sources: dict[int, str], ask: Ask, filters: Filters, counted: int
    ) -> None:  # fmt: skip
        self.searcher, self.maker, self.sources = searcher, maker, sources
        self.ask, self.filters, self.counted = ask, filters, counted
        self.content = {level: maker.content(ask, level) for level in Level}

    def page(self, offset: int, limit: int) -> Page:
        """One page of objects with totals and facets."""
        wide = replace(self.filters, types=frozenset(), accesses=None)
        types, accesses = self._tally(wide)
        if sum(types.values()) <= self.counted:
            found = self._all(wide)
            mine = found.where(self._typed(found) & self._sourced(found))
            return Page(_distinct(mine), True, _best(mine, offset, limit), *self._facets(found), True)
        sample = self._sample(wide, sum(types.values()))
        if self.filters.types:
            accesses = self._tally(replace(self.filters, accesses=None))[1]
        if self.filters.accesses is not None:
            types = self._tally(replace(self.filters, types=frozenset()))[0]
        facets = self._types(sample, types), self._sources(sample, accesses)
        narrow = sum(number for code, number in types.items() if not self.filters.types or code in self.filters.types)
        if narrow <= self.counted:
            few = self._all(self.filters)
            return Page(_distinct(few), True, _best(few, offset, limit), *facets, False)
        total = _scaled(narrow, sample.where(self._typed(sample) & self._sourced(sample)))
        return Page(total, False, self.first(offset, limit), *facets, False)

    def first(self, offset: int, limit: int) -> list[tuple[int, int, float]]:
        """One page of objects out of very many: level by level, newest first, without looking at the rest."""
        seen: dict[int, tuple[int, int, float]] = {}
        if self.ask.root is None:
            return self._newest(offset, limit)
        for level in Level:
            before = [(Occur.MustNot, self.content[Level(level - 1)])] if level > Level.STRICT else []
            query = Query.boolean_query([(Occur.Must, self.content[level]), *before, *self.maker.limits(self.filters)])
            self._fill(seen, query, sum(_BONUS.get(each, 0) for each in Level if each >= level), offset + limit)
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

    def _query(self, filters: Filters) -> Query:
        return Query.boolean_query([(Occur.Must, self.content[Level.LOOSE]), *self.maker.limits(filters)])

    def _all(self, filters: Filters) -> _Documents:
        bonus = [(Occur.Should, Query.const_score_query(self.content[level], worth)) for level, worth in _BONUS.items()]
        clauses = [(Occur.Must, self.content[Level.LOOSE]), *self.maker.limits(filters)]
        query = Query.boolean_query(clauses + (bonus if self.ask.root else []))
        return self._read(self.searcher.search(query, limit=self.counted, count=False).hits)

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
        """The matching documents of a fixed share of all objects, which says how many documents an object has."""
        power = min(SAMPLES, max(1, (matching // _SAMPLE).bit_length() - 1))
        clauses = [(Occur.Must, self.content[Level.LOOSE]), *self.maker.limits(wide), self.maker.sample(power)]
        return self._read(self.searcher.search(Query.boolean_query(clauses), limit=matching, count=False).hits)

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

    def _tally(self, filters: Filters) -> tuple[dict[int, int], dict[int, int]]:
        """The numbers of matching documents by type and by access, exactly, in one pass."""
        fields = {field: {"terms": {"field": field, "size": MOST_ACCESSES}} for field in ("type", "access")}
        answer = self.searcher.aggregate(self._query(filters), fields)
        by_type, by_access = (
            {int(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[field]["buckets"]} for field in fields
        )
        return by_type, by_access


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
