"""One published build, opened for reading: search, objects, links and numbers for what a reader may see."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from bluelamp.errors import NotFound, TooMuch
from bluelamp.ids import ObjectId
from bluelamp.index import layout, schema
from bluelamp.index.ask import Ask, parse
from bluelamp.index.crowd import Crowd
from bluelamp.index.found import Conflict, Facets, Found, Hit, Links, Record
from bluelamp.index.graph import Graph
from bluelamp.index.layout import OBJECTS, ROWS, TEXT
from bluelamp.index.movement import Movement
from bluelamp.index.nouns import Seen
from bluelamp.index.objects import RECORDS, Objects
from bluelamp.index.pairs import Pairs
from bluelamp.index.paste import MOST_LINES, look_up
from bluelamp.index.patterns import Patterns
from bluelamp.index.places import Places
from bluelamp.index.query import Filters, Maker
from bluelamp.index.search import COUNTED, Asked, Numbers, Page
from bluelamp.index.why import Said, explain

#: records of one hit that are read to say why it is one
_READ = 60


class Index:
    """Opened read-only and safe to use from many threads. `visible` is the reader's set of access ids; an
    object without a visible record answers like one that does not exist.
    """

    def __init__(self, folder: Path, counted: int = COUNTED) -> None:
        """Open a finished build. Up to `counted` matching documents, every number is exact.

        Raises NotFound where the folder holds no finished build.
        """
        if not all((folder / each).exists() for each in (OBJECTS, ROWS, f"{TEXT}/meta.json")):
            raise NotFound(f"There is no finished index in {folder}; run `bluelamp run`.")
        if not layout.current(folder):
            raise NotFound(f"The index in {folder} was made by another version of Blue Lamp; run `bluelamp run`.")
        self._objects = Objects(folder / OBJECTS, folder / ROWS)
        text = schema.load(folder / TEXT)
        self._searcher, self._counted = text.searcher(), counted
        self._maker = Maker(text.schema, self._searcher)
        self.exists = self._objects.exists
        self.find = self._objects.find
        self.holds = self._objects.holds
        self.held = self._objects.held
        self.unread = self._objects.unread
        self.pairs = Pairs(self._objects)
        self.graph = Graph(self._objects)
        self.places = Places(self._objects)
        self.patterns = Patterns(self._objects)
        self.movement = Movement(self._objects)

    @property
    def accesses(self) -> dict[int, tuple[str, str]]:
        """Each access number with its source and marking."""
        return self._objects.accesses

    def close(self) -> None:
        """Let go of the files."""
        self._objects.close()

    def search(
        self,
        text: str,
        visible: frozenset[int],
        types: Iterable[str] = (),
        sources: Iterable[str] = (),
        first: date | None = None,
        last: date | None = None,
        offset: int = 0,
        limit: int = 20,
    ) -> Found:
        """One page of objects that match what was typed: best first, equals newest first. Without words,
        everything is listed. `types` and `sources` keep what is any of them, `first` and `last` what may have
        happened between them, both included. Never refuses a text; `notes` say how it was understood.
        """
        ask = parse(text)
        filters = self._filters(visible, types, sources, first, last)
        asked = Asked(self._searcher, self._maker, self._objects.sources, ask, filters, self._counted)
        page = self._browse(asked, offset, limit) if ask.root is None and not (first or last) else None
        page = page or asked.page(offset, limit)
        facets = Facets(
            _most_first({self._objects.nouns[code].name: number for code, number in page.types.items()}),
            _most_first(page.sources),
            page.facets_exact,
        )
        return Found(page.total, page.exact, self._hits(page.objects, ask, visible), facets, ask.notes)

    def matching(
        self,
        text: str,
        visible: frozenset[int],
        types: Iterable[str] = (),
        sources: Iterable[str] = (),
        first: date | None = None,
        last: date | None = None,
        most: int = 1_000_000,
    ) -> Numbers:
        """The numbers of all objects that `search` finds, sorted. Raises TooMuch where they are more than about `most`."""
        ask, filters = parse(text), self._filters(visible, types, sources, first, last)
        asked = Asked(self._searcher, self._maker, self._objects.sources, ask, filters, self._counted)
        found = asked.numbers(most)
        if found is None:
            raise TooMuch(
                f"That finds more than about {most:,} things, which are not compared; add words, a type or days."
            )
        return found

    def moved(self, numbers: Numbers) -> dict[int, int]:
        """Of some numbers those that mean another object now, with what they mean."""
        return self._objects.moved(numbers)

    def _filters(
        self, visible: frozenset[int], types: Iterable[str], sources: Iterable[str], first: date | None, last: date | None
    ) -> Filters:  # fmt: skip
        types, sources = list(types), set(sources)
        known = self._objects.by_name
        # a type that nobody declared has no objects: code 0 is never given
        codes = frozenset(known[name].code if name in known else 0 for name in types)
        accesses = frozenset(access for access, name in self._objects.sources.items() if name in sources)
        return Filters(visible, codes, accesses if sources else None, first, last)

    def _browse(self, asked: Asked, offset: int, limit: int) -> Page:
        filters = asked.filters
        types, sources, total = self._objects.browse(filters.visible, filters.types, filters.accesses)
        by_code = {self._objects.by_name[name].code: number for name, number in types.items()}
        return Page(total, True, asked.first(offset, limit), by_code, sources, True)

    def _hits(self, found: list[tuple[int, int, float]], ask: Ask, visible: frozenset[int]) -> tuple[Hit, ...]:
        leaves = ask.leaves()
        told = self._told(found, visible, said=bool(leaves))
        hits = []
        for number, code, score in found:
            noun, (mine, said) = self._objects.nouns[code], told[number, code]
            places = [self._objects.accesses[access] for access in mine.accesses]
            sources, markings = (tuple(sorted(set(each))) for each in zip(*places, strict=True))
            id = ObjectId(noun.slug, number)
            why = explain(leaves, noun, said, self._objects.searched(id, visible) if leaves else ())
            hits.append(Hit(id, noun.name, mine.caption, sources, markings, mine.day, why, score))
        return tuple(hits)

    def _told(
        self, found: list[tuple[int, int, float]], visible: frozenset[int], *, said: bool
    ) -> dict[tuple[int, int], tuple[Seen, list[Said]]]:
        """What the reader sees of each object that was found, with what its records say where that is wanted."""
        if not said:
            seen = self._objects.seen([number for number, _, _ in found], visible)
            return {pair: (each, []) for pair, each in seen.items()}
        by_code: dict[int, list[int]] = {}
        for number, code, _ in found:
            by_code.setdefault(code, []).append(number)
        told: dict[tuple[int, int], tuple[Seen, list[Said]]] = {}
        for code, numbers in by_code.items():
            noun = self._objects.nouns[code]
            each = self._objects.told(noun, noun.searched(), numbers, visible, _READ)
            told |= {(number, code): (seen, records) for number, (seen, records) in each.items() if seen}
        return told

    def paste(self, lines: Sequence[str], visible: frozenset[int]) -> list[tuple[str, tuple[Hit, ...]]]:
        """What each line of a pasted list names, in the order of the lines (the first 5,000)."""
        wanted = list(lines)[:MOST_LINES]
        found = look_up(self._objects, self._searcher, self._maker, wanted, visible)
        everything = sorted({pair for pairs in found.values() for pair in pairs})
        hits = self._hits([(number, code, 0.0) for number, code in everything], Ask(None), visible)
        by_pair = dict(zip(everything, hits, strict=True))
        return [(line, tuple(by_pair[pair] for pair in found.get(line.strip(), ()))) for line in wanted]

    def values(
        self, objects: Iterable[ObjectId], names: Mapping[str, Sequence[str]], visible: frozenset[int]
    ) -> dict[ObjectId, list[Said]]:
        """What the newest visible records of each object say in the properties that `names` lists for its type."""
        numbers: dict[str, list[int]] = {}
        for each in objects:
            numbers.setdefault(each.type, []).append(each.number)
        said: dict[ObjectId, list[Said]] = {}
        for type, wanted in numbers.items():
            noun = self._objects.by_name[type]
            known = [name for name in names.get(noun.name, ()) if name in noun.properties]
            found = self._objects.values(noun, known, wanted, visible, _READ) if known else {}
            said |= {ObjectId(type, number): records for number, records in found.items()}
        return said

    def crowd(self, type: str, visible: frozenset[int]) -> Crowd:
        """All records of a type that the reader may see, to draw from."""
        return Crowd(self._objects, type, visible)

    def records(self, object: ObjectId, visible: frozenset[int], limit: int = RECORDS) -> list[Record]:
        """What each visible record says of an object, newest delivery first, at most `limit` of them."""
        return self._objects.records(object, visible, limit)

    def links(
        self, object: ObjectId, visible: frozenset[int], type: str | None = None, offset: int = 0, limit: int = 50
    ) -> Links:
        """One page of an object's links (of one link type, where given), with the numbers of all."""
        return self._objects.links(object, visible, type, offset, limit)

    def page(
        self, object: ObjectId, visible: frozenset[int], limit: int = 50
    ) -> tuple[list[Record], str | None, Links]:
        """An object's records, what to call it, and its first links; none of these where the reader sees none of it."""
        return self._objects.page(object, visible, limit)

    def captions(self, objects: Iterable[ObjectId], visible: frozenset[int]) -> dict[ObjectId, str]:
        """What to call each object that the reader may see; the others are left out."""
        return self._objects.captions(objects, visible)

    def conflicts(self, object: ObjectId, visible: frozenset[int]) -> list[Conflict]:
        """Where visible records of an object contradict each other."""
        return self._objects.conflicts(object, visible)

    def counts(self, visible: frozenset[int]) -> dict[str, int]:
        """How many objects of each type the reader may see, exactly."""
        return self._objects.counts(visible)

    def table(self, type: str, visible: frozenset[int], columns: Sequence[str] | None = None) -> pa.RecordBatchReader:
        """All visible records of a type, streamed. Raises NotFound for an unknown type or column."""
        return self._objects.table(type, visible, columns)


def _most_first(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
