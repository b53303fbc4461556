"""Piece by piece, in any order, equals all at once: the pairs, the clusters, and what is kept on disk."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.resolution.cluster import Pairs
from bluelamp.resolution.frame import Rows
from bluelamp.resolution.likely import Likely
from bluelamp.resolution.model import Model
from bluelamp.resolution.standing import ANEW, MOST_SMALL, Standing, read
from bluelamp.resolution.train import train
from tests.resolution.people import COMPARISONS, population

NAMES = tuple(each.name for each in COMPARISONS)
NONE = np.empty(0, np.int64)
NOTHING = Pairs(NONE, NONE, np.empty(0))


@pytest.fixture(scope="module")
def model() -> Model:
    trained = train(population(200)[0], COMPARISONS).model
    # blocks so small that arrivals make some of them too large
    rules = tuple(type(rule)(rule.parts, 6) for rule in trained.rules)
    return Model(trained.comparisons, rules, trained.common, trained.chances, trained.records, trained.bands)


def facts(households: int = 25, seed: int = 3) -> pa.Table:
    frame = population(households, seed)[0]
    columns = {
        name: [[column.texts[code] for code in row if code >= 0] for row in column.codes]
        for name, column in frame.columns.items()
    }
    # numbers as records have them: large, and in no order
    return pa.table({"record": (frame.records + 1) * 7_777_777_777_777 % (1 << 62), **columns})


def whole(model: Model, told: pa.Table) -> tuple[Pairs, Rows, Rows]:
    likely = Likely(model, Standing(model.rules, NAMES))
    likely.arrive(told, NONE)
    pairs = likely.pairs(None)
    return pairs, *likely.clusters(None, pairs, NOTHING)


class Piecewise:
    """What a workspace keeps from run to run, as the pipeline does it."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.standing = Standing(model.rules, NAMES)
        self.pairs: dict[tuple[int, int], float] = {}
        self.cluster: dict[int, int] = {}

    def arrive(self, told: pa.Table, gone: Rows) -> None:
        likely = Likely(self.model, self.standing)
        touched = np.union1d(told.column("record").to_numpy(), gone)
        scope = self._closed(likely, np.union1d(touched, likely.arrive(told, gone)))
        found = likely.pairs(scope)
        inside = set(scope.tolist())
        self.pairs = {pair: weight for pair, weight in self.pairs.items() if not inside.intersection(pair)}
        self.pairs |= dict(
            zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.weight.tolist(), strict=True)
        )
        self.cluster = {record: least for record, least in self.cluster.items() if record not in inside}
        self.cluster |= dict(zip(*(each.tolist() for each in likely.clusters(scope, found, NOTHING)), strict=True))
        self.standing = likely.standing.tidy()

    def _closed(self, likely: Likely, start: Rows) -> Rows:
        scope, fresh = NONE, start
        while len(fresh):
            scope = np.union1d(scope, fresh)
            tied = [pair for pair, weight in self.pairs.items() if weight > self.model.bands.tie]
            before = {end for pair in tied if set(pair) & set(fresh.tolist()) for end in pair}
            fresh = np.setdiff1d(np.union1d(likely.ties(fresh), np.array(sorted(before), np.int64)), scope)
        return scope


def same(model: Model, piecewise: Piecewise, told: pa.Table) -> None:
    pairs, records, least = whole(model, told)
    at_once = dict(zip(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True), pairs.weight.tolist(), strict=True))
    assert piecewise.pairs == at_once
    assert piecewise.cluster == dict(zip(records.tolist(), least.tolist(), strict=True))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_piece_by_piece_in_any_order_equals_all_at_once(model: Model, data: st.DataObject) -> None:
    told = facts(12, data.draw(st.integers(0, 99)))
    order = data.draw(st.permutations(range(len(told))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(told)), max_size=5)))
    piecewise = Piecewise(model)
    for piece in np.split(np.array(order), cuts):
        piecewise.arrive(told.take(pa.array(piece)), NONE)
    same(model, piecewise, told)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_changes_or_goes_leaves_no_trace(model: Model, data: st.DataObject) -> None:
    told, other = facts(12, 1), facts(12, 2)
    piecewise = Piecewise(model)
    piecewise.arrive(told, NONE)
    few = st.lists(st.integers(0, min(len(told), len(other)) - 1), max_size=8, unique=True)
    changed, gone = data.draw(few), data.draw(few)
    changed = [each for each in changed if each not in gone]
    new = other.take(pa.array(changed, pa.int64())).set_column(
        0, "record", told.column("record").take(pa.array(changed, pa.int64()))
    )
    lost = told.column("record").take(pa.array(gone, pa.int64())).to_numpy()
    piecewise.arrive(new, lost)
    kept = [at for at in range(len(told)) if at not in set(changed) | set(gone)]
    same(model, piecewise, pa.concat_tables([told.take(pa.array(kept, pa.int64())), new]))


def test_a_standing_read_again_is_the_same_and_shares_the_files_of_the_one_before(model: Model, tmp_path: Path) -> None:
    told = facts()
    first, _ = Standing(model.rules, NAMES).changed(told.slice(0, 40), NONE)
    first.write(tmp_path / "1")
    second, _ = read(tmp_path / "1", model.rules, NAMES).changed(told.slice(38), NONE)
    second.write(tmp_path / "2")
    again = read(tmp_path / "2", model.rules, NAMES)
    assert (tmp_path / "1" / "0.npy").samefile(tmp_path / "2" / "0.npy")
    for one, other in zip(again.proposed(), second.proposed(), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(again.everything().records, np.sort(told.column("record").to_numpy()))


def test_many_small_segments_are_put_together(model: Model) -> None:
    told = facts(60)
    standing, _ = Standing(model.rules, NAMES).changed(told.slice(0, 100), NONE)
    for at in range(100, 100 + MOST_SMALL + 1):
        standing, _ = standing.changed(told.slice(at, 1), NONE)
    assert len(standing.tidy().segments) == 2
    most = int(100 * ANEW) + 1
    standing, _ = standing.changed(told.slice(110, most), NONE)
    assert len(standing.tidy().segments) == 1
    for one, other in zip(standing.proposed(), standing.tidy().proposed(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_records_that_have_nothing_more_to_say_stand_nowhere(model: Model, tmp_path: Path) -> None:
    told = facts(5)
    standing, _ = Standing(model.rules, NAMES).changed(told, NONE)
    standing, _ = standing.changed(told.slice(0, 0), told.column("record").to_numpy())
    standing.write(tmp_path / "1")
    again = read(tmp_path / "1", model.rules, NAMES)
    assert not len(again.everything())
    assert not len(again.changed(told.slice(0, 1), NONE)[1])


def test_an_arrival_weighs_its_own_pairs_and_finds_the_others_as_they_were_kept(model: Model, tmp_path: Path) -> None:
    told = facts(40)
    first = Likely(model, Standing(model.rules, NAMES))
    first.arrive(told.slice(2), NONE)
    assert len(first.standing.fresh) == len(told) - 2
    first.pairs(None)
    first.standing.write(tmp_path / "1")
    later = Likely(model, read(tmp_path / "1", model.rules, NAMES))
    assert not len(later.standing.fresh)
    stirred = later.arrive(told.slice(0, 2), NONE)
    new = np.union1d(told.slice(0, 2).column("record").to_numpy(), stirred)
    np.testing.assert_array_equal(later.standing.fresh, new)
    later.ties(new)
    later.pairs(new)
    assert not len(later.standing.fresh)
    kept, (pairs, *_) = later.standing.about(None), whole(model, told)
    order = np.lexsort((kept.right, kept.left))
    for one, other in zip((kept.left, kept.right, kept.weight), (pairs.left, pairs.right, pairs.weight), strict=True):
        np.testing.assert_array_equal(one[order], other)


@pytest.mark.parametrize("damage", ["standing.json", "0.arrow", "0.npy", "0.pairs.npy"])
def test_a_damaged_standing_is_refused(model: Model, tmp_path: Path, damage: str) -> None:
    likely = Likely(model, Standing(model.rules, NAMES))
    likely.arrive(facts(5), NONE)
    likely.pairs(None)
    likely.standing.write(tmp_path / "1")
    (tmp_path / "1" / damage).write_bytes(b"nothing of use")
    with pytest.raises((OSError, ValueError)):
        read(tmp_path / "1", model.rules, NAMES)


def test_a_standing_of_other_rules_is_refused(model: Model, tmp_path: Path) -> None:
    Standing(model.rules, NAMES).changed(facts(5), NONE)[0].write(tmp_path / "1")
    with pytest.raises(ValueError, match="other rules"):
        read(tmp_path / "1", model.rules[1:], NAMES)
