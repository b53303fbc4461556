"""How people judge, seen as a whole: how much, how fast, how often alike; and what looks like a rubber stamp."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bluelamp.resolution.decided import Verdict
from bluelamp.session.decisions import Decision

#: more judgements of one person in a minute than this were hardly looked at
IN_A_MINUTE = 10

#: from so many judgements on, always the same one is worth asking about
ALWAYS_FROM = 20


@dataclass(frozen=True)
class Judge:
    """What one person decided."""

    user: str
    same: int
    not_same: int
    unsure: int
    #: decisions that were undone, by whomever
    undone: int
    #: the most within any minute
    fastest: int
    #: pairs that somebody else judged too, and on how many of these both said the same
    shared: int
    agreed: int
    #: what to ask about; empty: nothing
    alerts: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many decisions."""
        return self.same + self.not_same + self.unsure


def judges(listed: Iterable[Decision]) -> list[Judge]:
    """How each person judged, undone decisions included, whoever judged most first."""
    every = list(listed)
    by_user: dict[str, list[Decision]] = {}
    pairs: dict[tuple[str, int, int], dict[str, str]] = {}
    for each in sorted(every, key=lambda each: each.at):
        by_user.setdefault(each.user, []).append(each)
        pairs.setdefault((each.type, each.record, each.other), {})[each.user] = each.verdict
    shared, agreed = _together(pairs.values())
    found = [_judge(user, said, shared[user], agreed[user]) for user, said in by_user.items()]
    return sorted(found, key=lambda each: (-each.total, each.user))


def _together(pairs: Iterable[dict[str, str]]) -> tuple[Counter[str], Counter[str]]:
    shared, agreed = Counter[str](), Counter[str]()
    for last in pairs:
        if len(last) > 1:
            for user in last:
                shared[user] += 1
                agreed[user] += len(set(last.values())) == 1
    return shared, agreed


def _judge(user: str, said: list[Decision], shared: int, agreed: int) -> Judge:
    given = Counter(each.verdict for each in said)
    fastest = _within_a_minute([each.at for each in said])
    alerts = []
    if fastest > IN_A_MINUTE:
        alerts.append(f"{fastest} judgements within a minute")
    if len(said) >= ALWAYS_FROM and len(given) == 1:
        alerts.append("always the same verdict")
    undone = sum(each.undone_at is not None for each in said)
    counts = (given[Verdict.SAME], given[Verdict.NOT_SAME], given[Verdict.UNSURE])
    return Judge(user, *counts, undone, fastest, shared, agreed, tuple(alerts))


def _within_a_minute(moments: list[datetime]) -> int:
    most, first = 0, 0
    for at, moment in enumerate(moments):
        while moment - moments[first] >= timedelta(minutes=1):
            first += 1
        most = max(most, at - first + 1)
    return most
