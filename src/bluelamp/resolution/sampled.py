"""How often resolution is right, estimated from pairs that were drawn (`drawn`) and that people judged.

Only the pairs before the first that nobody has judged yet count: otherwise the easy ones, which are judged first, would
speak for all. Intervals are of 95%, by the score of Wilson (1927; Brown, Cai and DasGupta 2001), which holds where
nothing or everything is right; half their width is given as that of the further end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from bluelamp.resolution.decided import Verdict
from bluelamp.resolution.measure import LEAST, WIDTH, Group, Share, Tally

#: what a verdict counts as: who cannot tell is right half the time
WORTH = {Verdict.SAME: 1.0, Verdict.UNSURE: 0.5, Verdict.NOT_SAME: 0.0}


@dataclass(frozen=True)
class Judgement:
    """What people said of a pair that was drawn, and of what groups its record is."""

    #: None: nobody has judged it yet
    verdict: Verdict | None
    #: property -> the record's value
    groups: Mapping[str, str]


@dataclass(frozen=True)
class Population:
    """The records that pairs were drawn from, of one group."""

    #: the property and its value; nothing: all records
    by: str
    name: str
    records: int
    #: what would be wrong, in records, if no two records of an object were of one thing
    wrong: float
    #: what would be missed, in records, if every doubt were of one thing
    missed: float


def counted(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Those, in the order drawn, that count."""
    return list(takewhile(lambda each: each.verdict is not None, judgements))


def tally(judgements: Sequence[Judgement]) -> Tally:
    """How many of those that count were judged how."""
    said = [each.verdict for each in judgements]
    return Tally(len(said), said.count(Verdict.SAME), said.count(Verdict.UNSURE))


def estimated(
    joined: Sequence[Judgement], doubted: Sequence[Judgement], populations: Iterable[Population]
) -> tuple[Group, ...]:
    """Precision and recall of each group of which enough pairs count; of all records always.

    What is missed outside the doubts (pairs less likely than the model's band for people) is not in it.
    """
    groups = []
    for each in populations:
        mine = [
            [one for one in some if not each.by or one.groups.get(each.by) == each.name] for some in (joined, doubted)
        ]
        judged = sum(map(len, mine))
        if each.records and (not each.by or (judged >= LEAST and each.records >= LEAST)):
            right, same = map(_share, mine)
            precision = _scaled(Share(1 - right.share, right.within), each.wrong / each.records)
            recall = _scaled(same, each.missed / each.records)
            groups.append(Group(each.by, each.name, each.records, precision, recall, judged))
    return tuple(groups)


def wilson(right: float, count: int) -> Share:
    """A share seen in so many draws; of none it is anything."""
    if not count:
        return Share(0.5, 0.5)
    squared = WIDTH**2
    middle = (right + squared / 2) / (count + squared)
    half = WIDTH / (count + squared) * (right * (count - right) / count + squared / 4) ** 0.5
    share = right / count
    return Share(share, max(share - (middle - half), middle + half - share))


def _share(judgements: Sequence[Judgement]) -> Share:
    """The share of pairs that are of one thing."""
    return wilson(sum(WORTH[each.verdict] for each in judgements if each.verdict is not None), len(judgements))


def _scaled(loss: Share, most: float) -> Share:
    """What is left of 1 when a share of at most `most` is lost. A record misses at most all there is."""
    return Share(round(max(0.0, 1 - loss.share * most), 5), round(min(1.0, loss.within * most), 5))
