from collections import defaultdict

import numpy as np
import pytest

from bluelamp.demo import names


def test_each_origin_has_eighty_names_of_either_sex_and_eighty_surnames() -> None:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (culture, kind), words in names.read_lists().items():
        if kind in ("male", "female", "surname"):
            found[names.CULTURES[culture][0], kind] |= set(words)
    assert {key: len(words) for key, words in found.items() if len(words) < 80} == {}


@pytest.mark.parametrize("kind", ["male", "female", "surname"])
def test_common_names_are_drawn_more_often_than_rare_ones(kind: str) -> None:
    culture = np.full(20_000, names.NUMBER["british"])
    drawn = names.lexicon().words(names.lexicon().draw(np.random.default_rng(3), kind, culture))
    listed = names.read_lists()["british", kind]
    assert (drawn == listed[0]).sum() > 3 * (drawn == listed[70]).sum() > 0


def test_a_variant_leads_back_to_the_name() -> None:
    for name, others in names.variants().items():
        assert all(name in names.variants()[other] for other in others), name


def test_a_surname_of_a_rare_kind_is_built_or_borrowed() -> None:
    assert "Ashton" in names.rarer("british", names.read_lists())
    assert "Papageorgiou" not in names.rarer("greek", names.read_lists())
    assert names.rarer("vietnamese", names.read_lists()) == []
