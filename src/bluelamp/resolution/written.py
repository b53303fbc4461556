"""Which records say the same place, or the same body at it, by how they write the address.

Nothing is learned: numbers decide, and words may vary. Two records are of one place where they give the same flat and
number in the same postcode, on streets that are the same but for slips. One without a postcode is of the only place
that it can be, if there is one; a postcode that no other door has gives way to one that differs by a slip, that other
doors have, and in which that number of that street stands too. What a record comes to depends only on the records with
which it shares a door in a postcode or in a street, and they on theirs, and on how many doors their postcodes have.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz.distance import OSA

from bluelamp.resolution import keys
from bluelamp.resolution.block import Blocks, Rule, numbered
from bluelamp.resolution.declared import Told, Wording
from bluelamp.resolution.frame import Column, Frame, Rows, frame
from bluelamp.resolution.standing import Standing
from bluelamp.types.fold import fold
from bluelamp.types.lists import document
from bluelamp.types.premises import Premises, one_street, premises

#: goes up when the rules here or those of `premises` change
VERSION = 1

#: what is kept of each record: a door in a postcode, a door in a street, and their parts
CELL, LINE, STREET, LOCALITY, POSTCODE = "cell", "line", "street", "locality", "postcode"
FACTS = (CELL, LINE, STREET, LOCALITY, POSTCODE)

_ANY = 1 << 62
RULES = (Rule(((CELL, "whole"),), _ANY), Rule(((LINE, "whole"),), _ANY), Rule(((POSTCODE, "whole"),), _ANY))
#: of RULES: those of which the records of one block have a say in each other's place; and that of postcodes
_TYING, _CODES = (0, 1), 2

#: a postcode with fewer doors than this may be a slip
FEW = 2

#: so many spellings of one door, or of one number of one street, are not compared with each other
MOST = 1000

_NONE = np.empty(0, np.int64)
_PART = "|"


def facts(told: pa.Table, wording: Wording) -> pa.Table:
    """The FACTS of records, of which `told` has lists of addresses, postcodes and names: of those with one of each."""
    known = frame(told, [each.comparison.name for each in wording.told])
    columns = [known.columns[each.comparison.name] if each else None for each in _parts(wording)]
    codes = np.stack([each.codes[:, 0] if each else np.full(len(known), -1, np.int32) for each in columns], axis=1)
    several = np.any([(each.codes[:, 1:] >= 0).any(axis=1) for each in columns if each], axis=0)
    codes[several | (wording.name is not None and codes[:, -1] < 0)] = -1
    texts = [[*(each.texts.tolist() if each else ()), ""] for each in columns]
    parted = cache(premises)
    first, of, _ = _distinct(codes)
    rows = (tuple(each[code] for each, code in zip(texts, row, strict=True)) for row in codes[first].tolist())
    said = [_said(parted(address), postcode, name) if address else _NOTHING for address, postcode, name in rows]
    made = zip(*said, strict=True) if said else [()] * len(FACTS)
    some = {
        name: pa.array([each or None for each in column], pa.string()) for name, column in zip(FACTS, made, strict=True)
    }
    return pa.table({"record": known.records, **{name: column.take(pa.array(of)) for name, column in some.items()}})


def _distinct(codes: npt.NDArray[np.int32]) -> tuple[Rows, Rows, Rows]:
    """Of the distinct rows the first of each, which one each row is, and how many rows are each."""
    of = np.zeros(len(codes), np.int64)
    for column in codes.T:
        of = np.unique(of * (int(column.max(initial=-1)) + 2) + column, return_inverse=True)[1]
    _, first, of, count = np.unique(of, return_index=True, return_inverse=True, return_counts=True)
    return first, of, count


def _parts(wording: Wording) -> tuple[Told | None, ...]:
    return wording.address, wording.postcode, wording.name


_NOTHING = ("",) * len(FACTS)


def _said(found: Premises, postcode: str, name: str) -> tuple[str, ...]:
    code = postcode.replace(" ", "") or found.postcode
    called = body_name(name) if name else ""
    door = _PART.join((found.unit, found.number or (found.street if name else "")))
    cell = _PART.join((door, code)) if code and (found.street or found.number) else ""
    street = (found.street + called).replace(" ", "")
    line = _PART.join((door, street)) if found.number and found.street else ""
    return cell, line, called or found.street, found.locality, code


#: words that say only that a body is one
_FORMS = frozenset(document("address_words.json")["bodies"].split())


def body_name(name: str) -> str:
    """The name of an organisation as it is compared."""
    words = fold(name.replace("&", " and ")).split()
    return " ".join([word for word in words if word not in _FORMS] or words)


@dataclass(frozen=True)
class Spelling:
    """One way in which records say a place, and the least of them."""

    cell: str
    line: str
    street: str
    locality: str
    postcode: str
    record: int
    count: int


@dataclass
class Written:
    """The records of one type while it is told which of them are of one place."""

    wording: Wording
    standing: Standing = field(default_factory=lambda: Standing(RULES, FACTS))

    @property
    def text(self) -> str:
        """The property that is read, as conflicts name it."""
        return (self.wording.name or self.wording.address).property

    def arrive(self, told: pa.Table, gone: Rows) -> Rows:
        """Take in what `told` records say that are new or otherwise, and that others are `gone`.

        Returns the other records that may now say another place.
        """
        new, before = facts(told, self.wording), self.standing
        lost = before.frame(np.union1d(new.column("record").to_numpy(), gone))
        self.standing = before.changed(new, gone)[0]
        if not before.segments:
            return _NONE
        codes = sorted({*new.column(POSTCODE).to_pylist(), *lost.columns[POSTCODE].texts.tolist()} - {None})
        was, now = (_doors(each, codes) for each in (before, self.standing))
        few = [each for each in codes if was[each] != now[each] and min(was[each], now[each]) < FEW]
        return np.union1d(_blocks(before, lost, _TYING), _at(self.standing, few))

    def ties(self, records: Rows) -> Rows:
        """The records that have a say in which place some of `records` are, and they in theirs."""
        return _blocks(self.standing, self.standing.frame(records), _TYING)

    def keys(self, scope: Rows | None) -> tuple[pa.Table, list[tuple[int, int]]]:
        """Of records of the scope the PLACE that they say, its DOOR and its STREET (of a number), as columns of those
        names; and the pairs that a person may judge.
        """
        frame = self.standing.everything() if scope is None else self.standing.frame(scope)
        of, spellings = _spellings(frame)
        places, open_ = settled(spellings, lambda codes: _doors(self.standing, codes))
        street: dict[str | None, str] = {}
        for at, each in enumerate(spellings):
            if each.line and at in places:
                street[places[at]] = min(each.street, street.get(places[at], each.street))
        columns = {
            keys.PLACE: [places.get(at) for at in range(len(spellings))],
            keys.DOOR: [(each.line or each.cell).rpartition(_PART)[0].strip(_PART) or None for each in spellings],
            keys.STREET: [
                street.get(places.get(at), each.street) if each.line else None for at, each in enumerate(spellings)
            ],
        }
        picked = {name: pa.array(values, pa.string()).take(pa.array(of)) for name, values in columns.items()}
        return pa.table({"record": frame.records, **picked}), open_


def _blocks(standing: Standing, some: Frame, rules: Iterable[int]) -> Rows:
    """The records that share a block with one of `some`."""
    blocks = Blocks(some)
    found = [standing.find(np.unique(numbered(blocks.keys(RULES[rule])[1], rule)))[1] for rule in rules]
    return np.unique(np.concatenate([_NONE, *found]))


def _at(standing: Standing, codes: Sequence[str]) -> Rows:
    """The records with one of these postcodes."""
    places = np.arange(len(codes))
    asked = Frame(places, {POSTCODE: Column(np.array(codes, object), places.reshape(-1, 1).astype(np.int32))})
    return _blocks(standing, asked, (_CODES,))


def _doors(standing: Standing, codes: Sequence[str]) -> Counter[str]:
    """How many doors are known in each postcode."""
    frame = standing.frame(_at(standing, codes))
    cells = frame.columns[CELL].texts.tolist()
    return Counter(each.rpartition(_PART)[2] for each in cells)


def _spellings(frame: Frame) -> tuple[Rows, list[Spelling]]:
    """Which spelling each record has, and all of them in the order of their texts."""
    codes = np.stack([frame.columns[name].codes[:, 0] for name in FACTS], axis=1)
    first, of, count = _distinct(codes)
    texts = [np.append(frame.columns[name].texts, [""]) for name in FACTS]
    # so that nothing depends on what else there is
    listed = sorted(
        ((*(each[code] for each, code in zip(texts, row, strict=True)), int(frame.records[at]), many), place)
        for place, (row, at, many) in enumerate(zip(codes[first].tolist(), first.tolist(), count.tolist(), strict=True))
    )
    order = np.empty(len(listed), np.int64)
    order[[place for _, place in listed]] = np.arange(len(listed))
    return order[of], [Spelling(*each) for each, _ in listed]


def settled(
    spellings: Sequence[Spelling], doors: Callable[[list[str]], Mapping[str, int]]
) -> tuple[dict[int, str], list[tuple[int, int]]]:
    """The place of each spelling, by where it stands, of those that say one; and the records of which it is open
    whether they are of one place. `doors` tells how many are known in each of some postcodes.
    """
    places: dict[int, str] = {}
    for cell, members in _by(spellings, CELL).items():
        for group in _streets(spellings, members):
            least = min(spellings[each].street for each in group)
            places |= dict.fromkeys(group, _PART.join((cell, least)))
    open_: list[tuple[int, int]] = []
    lines = _by(spellings, LINE)
    several = {
        line: codes for line, each in lines.items() if len(codes := {spellings[at].postcode for at in each} - {""}) > 1
    }
    known = doors(sorted(set().union(*several.values())))
    moved: dict[str, str] = {}
    for line in several:
        slips, doubts = _slips(spellings, lines[line], places, known)
        moved = slips | moved
        open_ += doubts
    places = {each: moved.get(place, place) for each, place in places.items()}
    for line, members in lines.items():
        open_ += _bare(spellings, line, members, places)
    apart = [(a, b) for a, b in open_ if places.get(a) is None or places.get(a) != places.get(b)]
    records = ((spellings[a].record, spellings[b].record) for a, b in apart)
    return places, sorted({(min(pair), max(pair)) for pair in records})


def _by(spellings: Sequence[Spelling], name: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, each in enumerate(spellings):
        if text := getattr(each, name):
            found.setdefault(text, []).append(at)
    return found


def _streets(spellings: Sequence[Spelling], members: Sequence[int]) -> Iterable[list[int]]:
    """The spellings of one door in one postcode, by street."""
    by_street: dict[str, list[int]] = {}
    for each in members:
        by_street.setdefault(spellings[each].street, []).append(each)
    numbered = any(spellings[each].line for each in members)
    if not numbered or not 1 < len(by_street) < MOST:
        return by_street.values()
    groups: list[list[str]] = []
    for street in sorted(by_street):
        alike = [group for group in groups if any(one_street(street, each) for each in group)]
        rest = [group for group in groups if group not in alike]
        groups = [*rest, [street, *(each for group in alike for each in group)]]
    return [[member for street in group for member in by_street[street]] for group in groups]


def _slips(
    spellings: Sequence[Spelling], members: Sequence[int], places: Mapping[int, str], doors: Mapping[str, int]
) -> tuple[dict[str, str], list[tuple[int, int]]]:
    """The places on one line of which the postcode is a slip for that of another, and the records that may be so."""
    moved: dict[str, str] = {}
    open_: list[tuple[int, int]] = []
    full = [each for each in members if each in places and spellings[each].locality]
    for each in full if len(full) < MOST else ():
        mine = spellings[each]
        near = {
            places[other]: other
            for other in full
            if places[other] != places[each]
            and spellings[other].locality == mine.locality
            and OSA.distance(mine.postcode, spellings[other].postcode, score_cutoff=1) == 1
        }
        fits = [
            place for place, other in near.items() if doors[spellings[other].postcode] >= FEW > doors[mine.postcode]
        ]
        if len(fits) == 1:
            moved[places[each]] = fits[0]
        else:
            open_ += [(each, other) for other in near.values()]
    return moved, open_


def _bare(
    spellings: Sequence[Spelling], line: str, members: Sequence[int], places: dict[int, str]
) -> list[tuple[int, int]]:
    """Settle the spellings of one line without a postcode; the pairs of records of which it stays open."""
    open_: list[tuple[int, int]] = []
    full = [each for each in members if each in places]
    for each in members if len(members) < MOST else ():
        mine = spellings[each]
        if each in places or mine.postcode or not mine.locality:
            continue
        near = {places[other]: other for other in full if _near(mine.locality, spellings[other].locality)}
        if len(near) == 1:
            places[each] = next(iter(near))
        elif near:
            open_ += [(each, other) for other in near.values()]
        else:
            places[each] = _PART.join((line, mine.locality))
    return open_


def _near(one: str, other: str) -> bool:
    """Whether two localities may be one: all words of the one stand in the other."""
    ones, others = set(one.split()), set(other.split())
    return bool(ones and others) and (ones <= others or others <= ones)
