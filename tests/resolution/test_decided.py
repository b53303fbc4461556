"""What people decided holds against every key, and is undone without a trace; a contradiction is found and named."""

import random
from collections.abc import Iterable, Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bluelamp.ontology.person import Person
from bluelamp.resolution.decided import Implied, Judged, Obeyed, Verdict, fingerprint, obeyed
from tests.resolution.stated import Rows, Said, Standing, said
from tests.resolution.test_resolve import SLOW, deliveries

FEW = range(1, 9)

judgements = st.lists(
    st.builds(
        lambda pair, verdict: Judged("Person", *pair, verdict),
        st.sampled_from(list(combinations(FEW, 2))),
        st.sampled_from([Verdict.SAME, Verdict.NOT_SAME, Verdict.UNSURE]),
    ),
    max_size=25,
)


def worlds() -> Iterable[dict[int, int]]:
    """Every way in which the few records can be so many things."""

    def further(groups: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
        if len(groups) == len(FEW):
            yield groups
            return
        for group in range(max(groups, default=-1) + 2):
            yield from further((*groups, group))

    return [dict(zip(FEW, groups, strict=True)) for groups in further(())]


WORLDS = list(worlds())


def fits(world: dict[int, int], said: Judged) -> bool:
    return (world[said.record] == world[said.other]) == (said.verdict == Verdict.SAME)


@given(judgements)
@SLOW
def test_a_decision_is_taken_in_just_where_the_others_leave_it_possible(listed: list[Judged]) -> None:
    implied, left = Implied(), WORLDS
    for each in listed:
        against = implied.take(each)
        if each.verdict == Verdict.UNSURE:
            assert against is None
            continue
        possible = [world for world in left if fits(world, each)]
        assert (against is None) == bool(possible)
        left = possible or left


def test_what_is_named_is_the_newest_of_the_decisions_that_say_otherwise() -> None:
    implied = Implied()
    taken = [Judged("Person", 1, 2, "same", "first"), Judged("Person", 2, 3, "same", "second")]
    assert [implied.take(each) for each in taken] == [None, None]
    assert implied.take(Judged("Person", 3, 1, "not_same")) == taken[1]
    assert implied.take(Judged("Person", 3, 4, "not_same", "third")) is None
    assert implied.take(Judged("Person", 1, 4, "same")) == Judged("Person", 3, 4, "not_same", "third")


def test_a_decision_that_contradicts_older_ones_waits_until_these_are_undone() -> None:
    same, apart, against = (
        Judged("Person", 2, 1, "same"),
        Judged("Person", 2, 3, "not_same"),
        Judged("Person", 1, 3, "same"),
    )
    assert obeyed([same, apart, against]) == [Obeyed("Person", 1, 2, "same"), Obeyed("Person", 2, 3, "not_same")]
    assert len(obeyed([same, against])) == 2
    assert len(obeyed([Judged("Vehicle", 1, 3, "not_same"), against])) == 2
    assert fingerprint(obeyed([])) == ""
    assert fingerprint(obeyed([same])) != fingerprint(obeyed([apart]))


def decisions(rows: Sequence[Said], chance: random.Random, number: int) -> Rows:
    """Decisions about people, some of whom are not there, of which none contradicts another."""
    numbers = sorted({record for name, record, _ in rows if name == "Person"} | {14, 15})
    pairs = [sorted(chance.sample(numbers, 2)) for _ in range(number)]
    listed = [Judged("Person", *pair, chance.choice(["same", "not_same"])) for pair in pairs]
    return [tuple(each) for each in obeyed(listed)]


def objects(rows: Sequence[Said], entities: Rows) -> dict[int, object]:
    """The object of each person's record."""
    known = {record: object_ for name, record, object_ in entities if name == "Person"}
    return {record: known.get(record, record) for name, record, _ in rows if name == "Person"}


def groups(rows: Sequence[Said], entities: Rows) -> set[frozenset[int]]:
    together: dict[object, set[int]] = {}
    for record, object_ in objects(rows, entities).items():
        together.setdefault(object_, set()).add(record)
    return {frozenset(each) for each in together.values()}


@given(deliveries, st.integers(0, 10**6))
@SLOW
def test_decisions_hold_piece_by_piece_as_all_at_once_and_undoing_restores(listed: list[list[Said]], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 an order, not a secret
    with Standing() as standing, Standing() as whole:
        rows: list[Said] = []
        for delivery in listed:
            rows = chance.sample(rows, len(rows) * 3 // 4) + delivery
            decided = decisions(rows, chance, chance.randint(0, 8))
            found = standing.change(rows, decided)
            standing.keep(rows, *found, decided)
            at_once = whole.now(rows, decided)
            assert groups(rows, found[0]) == groups(rows, at_once[0])
            assert found[1] == at_once[1]
            of = objects(rows, found[0])
            for _, record, other, verdict in decided:
                if record in of and other in of:
                    assert (of[record] == of[other]) == (verdict == "same")  # type: ignore[index]
        undone = standing.change(rows)
        assert groups(rows, undone[0]) == groups(rows, whole.now(rows)[0])


def test_taken_apart_others_that_share_the_key_stay_with_whom_they_share_more() -> None:
    rows = [
        said(Person, 1, pnc_id="P1"),
        said(Person, 2, pnc_id="P1", cro="C1"),
        said(Person, 3, pnc_id="P1", cro="C1"),
    ]
    with Standing() as standing:
        entities, _ = standing.now(rows, [("Person", 1, 2, "not_same")])
        assert groups(rows, entities) == {frozenset({1}), frozenset({2, 3})}


def test_records_that_keys_set_against_each_other_are_one_where_a_person_says_so_and_are_a_conflict_no_more() -> None:
    rows = [
        said(Person, 1, pnc_id="P1", cro="C1"),
        said(Person, 2, pnc_id="P1", cro="C2"),
        said(Person, 3, pnc_id="P1", cro="C2"),
    ]
    with Standing() as standing:
        apart, conflicts = standing.now(rows)
        assert groups(rows, apart) == {frozenset({1}), frozenset({2, 3})}
        assert conflicts
        joined, left = standing.now(rows, [("Person", 1, 2, "same")])
        assert groups(rows, joined) == {frozenset({1, 2, 3})}
        assert not left
        still, settled = standing.now(rows, [("Person", 1, 2, "not_same")])
        assert groups(rows, still) == groups(rows, apart)
        assert not settled
