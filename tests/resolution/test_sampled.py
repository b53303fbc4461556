"""What is estimated from judged pairs is right on average, as often as its interval says, and only from a prefix."""

import numpy as np
import pytest

from bluelamp.resolution.decided import Verdict
from bluelamp.resolution.drawn import Draw, Drawn, Standings, doubted, joined
from bluelamp.resolution.measure import measured
from bluelamp.resolution.sampled import Judgement, Population, counted, estimated, tally, wilson

SAME, NOT_SAME, UNSURE = Verdict.SAME, Verdict.NOT_SAME, Verdict.UNSURE


def world(seed: int, people: int = 3_000) -> tuple[dict[int, int], dict[int, int], Standings]:
    """People of one to five records, of whom resolution joined some wrongly and left some apart, in doubt."""
    chance = np.random.default_rng(seed)
    numbers = iter(chance.integers(1 << 62, size=people * 6).tolist())
    entity, objects, doubts = {}, {}, {}
    object_ = 0
    for person in range(people):
        records = [next(numbers) for _ in range(int(chance.integers(1, 6)))]
        entity |= dict.fromkeys(records, person)
        parts = 2 if len(records) > 1 and chance.random() < 0.3 else 1
        cut = int(chance.integers(1, len(records))) if parts == 2 else len(records)
        for part in (records[:cut], records[cut:]):
            if part:
                object_ += 1
                objects |= dict.fromkeys(part, object_)
        if parts == 2:
            doubts.setdefault(object_ - 1, {})[object_] = (records[0], records[-1])
        if chance.random() < 0.1 and object_ > 4:
            lone = next(numbers)
            entity[lone], objects[lone] = people + person, object_
        if chance.random() < 0.3 and object_ > 4:
            doubts.setdefault(object_ - 3, {}).setdefault(object_, (records[0], records[-1]))
    members: dict[int, tuple[int, ...]] = {}
    for record, object_ in objects.items():
        members[object_] = (*members.get(object_, ()), record)
    both: dict[int, dict[int, tuple[int, int]]] = {}
    for one, others in doubts.items():
        for other in others:
            pair = members[one][0], members[other][0]
            both.setdefault(one, {})[other] = both.setdefault(other, {})[one] = pair
    return entity, objects, Standings(objects, members, both)


def population(stand: Standings, records: list[int], by: str = "", name: str = "") -> Population:
    size = {object_: len(some) for object_, some in stand.members.items()}
    mine = [stand.objects[record] for record in records]
    missed = sum(size[far] / (size[far] + size[own]) for own in mine for far in stand.doubts.get(own, {}))
    return Population(by, name, len(records), sum(1 - 1 / size[own] for own in mine), missed)


def truly(entity: dict[int, int], drawn: list[Drawn], sexes: dict[int, str] | None = None) -> list[Judgement]:
    said = sexes or {}
    return [
        Judgement(
            SAME if len({entity[end] for end in each.pair}) == 1 else NOT_SAME, {"sex": said.get(each.record, "")}
        )
        for each in drawn
    ]


def test_on_average_it_is_what_is_true_and_its_intervals_hold_as_often_as_they_say() -> None:
    entity, objects, stand = world(1)
    records = list(entity)
    true = measured(*(np.unique([each[r] for r in records], return_inverse=True)[1] for each in (entity, objects)), {})[
        0
    ]
    everybody, found = population(stand, records), []
    for seed in range(120):
        draw = Draw.of(f"secret {seed}")
        first = sorted(records, key=draw.place)[:1_500]
        some = [make(draw, stand, first)[:300] for make in (joined, doubted)]
        found.append(estimated(*(truly(entity, each) for each in some), [everybody])[0])
    for name in ("precision", "recall"):
        shares, truth = [getattr(each, name) for each in found], getattr(true, name).share
        assert np.mean([each.share for each in shares]) == pytest.approx(truth, abs=0.004)
        assert 0.91 <= np.mean([abs(each.share - truth) <= each.within for each in shares]) <= 1.0
        assert np.mean([each.within for each in shares]) < 0.04


def test_groups_are_estimated_by_their_own_records() -> None:
    entity, objects, stand = world(2)
    draw, records = Draw.of("secret"), list(entity)
    sexes = {record: "F" if objects[record] % 2 else "M" for record in records}
    pairs = [truly(entity, make(draw, stand, records)[:600], sexes) for make in (joined, doubted)]
    groups = [[record for record in records if sexes[record] == name] for name in "FM"]
    asked = [population(stand, some, "sex", name) for some, name in zip(groups, "FM", strict=True)]
    found = estimated(*pairs, [population(stand, records), *asked, Population("sex", "few", 49, 1, 1)])
    assert [(each.by, each.name) for each in found] == [("", ""), ("sex", "F"), ("sex", "M")]
    assert sum(each.judged for each in found[1:]) == found[0].judged == 1200
    for some, each in zip(groups, found[1:], strict=True):
        alone = [np.unique([known[r] for r in records], return_inverse=True)[1] for known in (entity, objects)]
        true = measured(*alone, {"sex": [sexes[r] for r in records]})
        wanted = next(one for one in true if one.name == each.name)
        assert len(some) == wanted.records
        assert abs(each.precision.share - wanted.precision.share) <= each.precision.within * 1.5
        assert abs(each.recall.share - wanted.recall.share) <= each.recall.within * 1.5
        assert each.precision.within > found[0].precision.within


def test_the_same_secret_draws_the_same_and_what_was_drawn_stays_when_others_come() -> None:
    _, objects, stand = world(3, 400)
    draw, records = Draw.of("secret"), list(objects)
    before = joined(draw, stand, records)
    assert before == joined(Draw.of("secret"), stand, reversed(records))
    assert before != joined(Draw.of("another"), stand, records)
    more = Standings({**objects, 99: -5, 98: -5}, {**stand.members, -5: (99, 98)}, stand.doubts)
    assert set(before) <= set(joined(draw, more, [*records, 99, 98]))


def test_whoever_sees_less_is_asked_all_joined_pairs_of_the_whole_sample_that_they_can_see() -> None:
    _, objects, stand = world(4, 600)
    draw, seen = Draw.of("secret"), {record for record in objects if record % 3}
    members = {object_: tuple(r for r in some if r in seen) for object_, some in stand.members.items()}
    less = Standings({record: objects[record] for record in seen}, members, {})
    whole, mine = joined(draw, stand, objects), joined(draw, less, seen)
    for size in (20, 200, 10_000):
        common = {each.pair for each in whole[:size] if set(each.pair) <= seen}
        assert common
        assert common <= {each.pair for each in mine[:size]}


def test_only_what_comes_before_the_first_pair_that_nobody_has_judged_counts() -> None:
    listed = [Judgement(verdict, {}) for verdict in (SAME, UNSURE, NOT_SAME, None, SAME, SAME)]
    assert [each.verdict for each in counted(listed)] == [SAME, UNSURE, NOT_SAME]
    assert (tally(counted(listed)).pairs, tally(counted(listed)).unsure) == (3, 1)


def test_who_cannot_tell_counts_as_half() -> None:
    everybody = [Population("", "", 1000, 500.0, 100.0)]
    half = estimated([Judgement(UNSURE, {})] * 200, [], everybody)[0]
    assert half.precision.share == 0.75
    assert half.recall.share == 0.95
    assert half.recall.within == 0.05


def test_the_score_interval_is_wilsons() -> None:
    """Brown, Cai and DasGupta (2001): 0 of 10 gives 0 to 0.2775."""
    assert wilson(0, 10).within == pytest.approx(0.2775, abs=1e-4)
    assert wilson(10, 10).within == pytest.approx(0.2775, abs=1e-4)
    assert (wilson(0, 0).share, wilson(0, 0).within) == (0.5, 0.5)
