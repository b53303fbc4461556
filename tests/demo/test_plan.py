import itertools

import pytest

from bluelamp.demo import plan
from bluelamp.demo.plan import DAY, SHARES, Size


@pytest.mark.parametrize("size", ["town", "city", "met"])
@pytest.mark.parametrize("source", SHARES)
def test_deliveries_follow_one_another_without_a_gap(size: Size, source: str) -> None:
    periods = plan.plan(size, 7).periods(source)
    assert periods[0].start == plan.seconds(SHARES[source][1])
    assert periods[-1].end == plan.plan(size, 7).end
    assert all(one.end == two.start for one, two in itertools.pairwise(periods))


def test_a_period_is_named_by_its_months_and_knows_its_days() -> None:
    periods = plan.plan("town", 7).periods("crimes")
    assert [each.name for each in periods][:3] == ["2024-01-to-2025-12", "2026-01-to-2026-06", "2026-07"]
    assert periods[2].days == 31
    assert periods[2].start % DAY == 0


def test_chance_depends_on_the_seed_and_the_words_only() -> None:
    one, other = plan.plan("town", 7), plan.plan("town", 8)
    assert one.chance("a").random() == one.chance("a").random()
    assert one.chance("a").random() != one.chance("b").random()
    assert one.chance("a").random() != other.chance("a").random()
