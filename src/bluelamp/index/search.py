"""A question put to the text index: which objects match, in which order, and how many of what."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy
from tantivy import Occur, Query

from bluelamp.index.ask import Ask
from bluelamp.index.query import Filters, Level, Maker
from bluelamp.index.schema import SAMPLES

#: documents up to which every number of an answer is counted, not estimated
COUNTED = 20_000

#: documents that are read with their number, before it is known whether there are more
_FIRST = 2_000

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
        matching, found = self._all(wide)
        if found is not None:
            mine = found.where(self._typed(found) & self._sourced(found))
            total, objects = _distinct(mine), _best(mine, offset, limit)
            return Page(total, True, objects, *self._facets(found), True)
        types, sources, about = self._estimate(wide, matching)
        narrow, few = self._all(self.filters)
        if few is not None:
            return Page(_distinct(few), True, _best(few, offset, limit), types, sources, False)
        return Page(about(narrow), False, self.first(offset, limit), types, sources, False)

    def first(self, offset: int, limit: int) -> list[tuple[int, int, float]]:
        """One page of objects out of very many: level by level, newest first, without looking at the rest."""
        seen: dict[int, tuple[int, int, float]] = {}
        levels = list(Level) if self.ask.root else [Level.LOOSE]
        for level in levels:
            before = [(Occur.MustNot, self.content[Level(level - 1)])] if level > Level.STRICT and self.ask.root else []
            query = Query.boolean_query([(Occur.Must, self.content[level]), *before, *self.maker.limits(self.filters)])
            self._fill(seen, query, sum(_BONUS.get(each, 0) for each in Level if each >= level), offset + limit)
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

    def _all(self, filters: Filters) -> tuple[int, _Documents | None]:
        """How many documents match, and all of them where they are few enough to count."""
        bonus = [(Occur.Should, Query.const_score_query(self.content[level], worth)) for level, worth in _BONUS.items()]
        clauses = [(Occur.Must, self.content[Level.LOOSE]), *self.maker.limits(filters)]
        query = Query.boolean_query(clauses + (bonus if self.ask.root else []))
        answer: Any = self.searcher.search(query, limit=_FIRST)
        if answer.count > self.counted:
            return answer.count, None
        hits = answer.hits if answer.count <= _FIRST else self.searcher.search(query, self.counted, count=False).hits
        return answer.count, self._read(hits)

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
            names.setdefault(self.sources.get(access, ""), []).append(access)
        return {name: np.isin(found.access, accesses) for name, accesses in names.items()}

    def _estimate(self, wide: Filters, matching: int) -> tuple[dict[int, int], dict[str, int], Callable[[int], int]]:
        """Objects by type and by source from the exact numbers of documents and a fixed sample of objects."""
        power = min(SAMPLES, max(1, (matching // _SAMPLE).bit_length() - 1))
        clauses = [(Occur.Must, self.content[Level.LOOSE]), *self.maker.limits(wide), self.maker.sample(power)]
        sample = self._read(self.searcher.search(Query.boolean_query(clauses), limit=matching, count=False).hits)
        typed, sourced = sample.where(self._typed(sample)), sample.where(self._sourced(sample))
        types = {
            code: _scaled(documents, sourced.where(sourced.type == code))
            for code, documents in self._tally("type", replace(self.filters, types=frozenset())).items()
        }
        accesses = self._tally("access", replace(self.filters, accesses=None))
        masks = self._masks(typed)
        sources: dict[str, int] = {}
        for name in {self.sources.get(access, "") for access in accesses}:
            documents = sum(number for access, number in accesses.items() if self.sources.get(access, "") == name)
            sources[name] = _scaled(documents, typed.where(masks[name]) if name in masks else None)
        both = sample.where(self._typed(sample) & self._sourced(sample))
        return types, sources, lambda documents: _scaled(documents, both)

    def _tally(self, field: str, filters: Filters) -> dict[int, int]:
        terms = {"all": {"terms": {"field": field, "size": 65_000}}}
        buckets = self.searcher.aggregate(self._query(filters), terms)["all"]["buckets"]
        return {int(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}


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
