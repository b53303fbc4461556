"""A pasted list, one thing a line: all identifiers are looked up at once, what is left one by one."""

import tantivy
from tantivy import Occur, Query

from bluelamp.index import shapes
from bluelamp.index.ask import parse
from bluelamp.index.documents import identifier_sql
from bluelamp.index.nouns import Noun, among
from bluelamp.index.objects import Objects
from bluelamp.index.query import Filters, Level, Maker
from bluelamp.lake.sql import ident
from bluelamp.types.grammar import Search

#: lines of one list that are read
MOST_LINES = 5_000

#: objects that one line gives at most
MOST_HITS = 20

_BATCH = 500

Found = dict[str, list[tuple[int, int]]]


def look_up(
    objects: Objects, searcher: tantivy.Searcher, maker: Maker, lines: list[str], visible: frozenset[int]
) -> Found:
    """For each distinct line the objects (number, type code) that it names: by identifier, else by words."""
    wanted = list(dict.fromkeys(line for line in map(str.strip, lines[:MOST_LINES]) if line))
    found: Found = {line: [] for line in wanted}
    for at in range(0, len(wanted), _BATCH):
        _identifiers(objects, searcher, maker, wanted[at : at + _BATCH], visible, found)
    found |= _words(searcher, maker, [line for line in wanted if not found[line]], visible)
    return found


def _identifiers(
    objects: Objects, searcher: tantivy.Searcher, maker: Maker, lines: list[str], visible: frozenset[int], found: Found
) -> None:  # fmt: skip
    forms: dict[str, list[str]] = {}
    for line in lines:
        for form in shapes.spellings(line):
            forms.setdefault(form, []).append(line)
    query = Query.boolean_query([(Occur.Must, maker.anyof("ident", forms)), *maker.limits(Filters(visible))])
    hits = searcher.search(query, limit=_BATCH * MOST_HITS, order_by_field="rank", count=False).hits
    places = [place for _, place in hits]
    numbers = searcher.fast_field_values("object", places)
    codes = searcher.fast_field_values("type", places)
    by_type: dict[int, set[int]] = {}
    for number, code in zip(numbers, codes, strict=True):
        by_type.setdefault(int(code or 0), set()).add(int(number or 0))
    for code, several in sorted(by_type.items()):
        for value, number in _held(objects, objects.nouns[code], several, visible):
            for line in forms.get(value, ()):
                if (number, code) not in found[line] and len(found[line]) < MOST_HITS:
                    found[line].append((number, code))


def _held(objects: Objects, noun: Noun, numbers: set[int], visible: frozenset[int]) -> list[tuple[str, int]]:
    """The identifiers that the visible records of some objects give, as the index holds them."""
    names = [
        name
        for name, (_, search, sensitive) in noun.properties.items()
        if search == Search.IDENTIFIER.value and not sensitive
    ]
    values = ", ".join(identifier_sql(ident(name)) for name in names)
    rows = objects.rows(
        f"SELECT DISTINCT unnest([{values}]) AS value, object FROM {ident('record_' + noun.slug)} "
        f"WHERE {among('object', numbers)} AND {among('access', visible)} ORDER BY ALL"
    )
    return [(str(value), int(str(number))) for value, number in rows if value is not None]


def _words(searcher: tantivy.Searcher, maker: Maker, lines: list[str], visible: frozenset[int]) -> Found:
    """What each line finds as words. A number without letters is an identifier or nothing."""
    limits = maker.limits(Filters(visible))
    places: list[tantivy.DocAddress] = []
    ends: list[int] = []
    for line in lines:
        asked = parse(line) if any(character.isalpha() for character in line) else None
        if asked and asked.root:
            query = Query.boolean_query([(Occur.Must, maker.content(asked, Level.EXACT)), *limits])
            hits = searcher.search(query, limit=MOST_HITS, order_by_field="rank", count=False).hits
            places += [place for _, place in hits]
        ends.append(len(places))
    # read together: each reading opens the column of every segment anew
    numbers, codes = (searcher.fast_field_values(field, places) for field in ("object", "type"))
    pairs = [(int(number or 0), int(code or 0)) for number, code in zip(numbers, codes, strict=True)]
    starts = [0, *ends]
    return {line: list(dict.fromkeys(pairs[starts[at] : ends[at]])) for at, line in enumerate(lines)}
