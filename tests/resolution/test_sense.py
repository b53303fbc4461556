"""A model that was learned is refused where it has it the wrong way round."""

import pytest

from bluelamp.resolution.bands import joined
from bluelamp.resolution.measure import paired
from bluelamp.resolution.sense import Senseless, demand_sense
from bluelamp.resolution.train import train
from tests.resolution.people import COMPARISONS, once, population

#: all but date of birth and sex, which nobody said
SAID = [each for each in COMPARISONS if each.name not in ("born", "sex")]


def test_where_each_person_is_told_of_once_a_household_is_taken_for_one_and_that_is_seen() -> None:
    known, whose = once(300)
    found = train(known, SAID)
    model = found.model
    groups = joined(len(known), found.pairs, lambda a, b: model.weigh(known, a, b), model.bands.shift)
    assert len(set(groups.tolist())) < 0.8 * len(known)
    assert paired(whose, groups).precision == 0.0
    with pytest.raises(Senseless, match="given: equal values count against"):
        demand_sense(found, known)


def test_where_few_are_told_of_twice_it_is_seen_by_what_would_be_joined() -> None:
    known, _ = once(300, again=130)
    found = train(known, SAID)
    assert found.model.chances.equal("given", SAID[0].unequal) > 0
    with pytest.raises(Senseless, match="given: most records that it would join have wholly different values"):
        demand_sense(found, known)


@pytest.mark.parametrize("households", [60, 250, 1200])
def test_what_is_learned_of_people_of_whom_several_records_tell_makes_sense(households: int) -> None:
    known, _ = population(households)
    demand_sense(train(known, COMPARISONS), known)


def test_equal_names_and_births_speak_for_one_person() -> None:
    known, _ = population(250)
    chances = train(known, COMPARISONS).model.chances
    assert all(chances.equal(each.name, each.unequal) > 1 for each in COMPARISONS[:3])
