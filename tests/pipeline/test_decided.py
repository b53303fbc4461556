"""What people decided holds through every run, and a model trained anew; undone, it leaves no trace."""

import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from bluelamp.pipeline import build as builds
from bluelamp.pipeline.likely import STOOD
from bluelamp.pipeline.run import Outcome, run
from bluelamp.resolution.decided import Judged, Obeyed, fingerprint, obeyed
from tests.factory import loaded, published, store
from tests.pipeline.test_likely import force, groups, learned, pairs, rows, written

NUMBER = 1_000


def decided(folder: Path, decisions: Sequence[Obeyed] = ()) -> Outcome:
    """Run the workspace in `folder` with these decisions in force."""
    return run(loaded(folder), "tester", lambda *_: None, decisions=lambda: decisions)


def numbers(folder: Path) -> dict[str, int]:
    """The number of each person's record, by its key."""
    return dict(duckdb.sql(f"select distinct key, record from {store(folder).records('Person').relation()}").fetchall())


def drawn(known: dict[str, int], seed: int, number: int = NUMBER) -> list[Obeyed]:
    """So many random decisions, of which none contradicts another: half of them about records that are alike."""
    chance = random.Random(seed)  # noqa: S311 an order, not a secret
    listed = sorted(known.items())
    said: list[Judged] = []
    while len(found := obeyed(said)) < number:
        for _ in range(number - len(found)):
            one = chance.randrange(len(listed))
            near = one + chance.choice([-2, -1, 1, 2]) if chance.random() < 0.5 else chance.randrange(len(listed))
            other = near % len(listed)
            if one != other:
                verdict = "same" if chance.random() < 0.2 else "not_same"
                said.append(Judged("Person", listed[one][1], listed[other][1], verdict))
    return found


def held(folder: Path, decisions: Sequence[Obeyed]) -> None:
    """Every decision on records that are there holds."""
    of = {number: key for key, number in numbers(folder).items()}
    group = {key: each for each in groups(folder) for key in each}
    for each in decisions:
        if each.record in of and each.other in of:
            together = of[each.other] in group[of[each.record]]
            assert together == (each.verdict == "same"), each


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return learned(tmp_path_factory.mktemp("whole") / "force")


@pytest.fixture(scope="module")
def model(whole: Path) -> str:
    return (whole / "models" / "person.json").read_text()


def test_a_thousand_decisions_hold_through_a_run_a_new_model_a_new_delivery_and_are_undone(
    whole: Path, model: str, tmp_path: Path
) -> None:
    listed = rows()
    folder = force(tmp_path / "force", listed[:-40], model=model)
    decided(folder)
    known = numbers(whole)
    decisions = drawn(known, 1)
    outcome = decided(folder, decisions)
    assert outcome.published
    assert outcome.build.decided == fingerprint(decisions)
    held(folder, decisions)
    assert not decided(folder, decisions).published
    (folder / "people-1.csv").write_text(written(listed[-40:]))
    decided(folder, decisions)
    held(folder, decisions)
    stricter = model.replace('"join": 0.', '"join": 0.99')
    assert stricter != model
    (folder / "models" / "person.json").write_text(stricter)
    decided(folder, decisions)
    held(folder, decisions)
    (folder / "models" / "person.json").write_text(model)
    decided(folder, decisions)
    held(folder, decisions)
    decided(folder)
    assert groups(folder) == groups(whole)
    assert pairs(folder) == pairs(whole)


@pytest.mark.parametrize("seed", range(2))
def test_piece_by_piece_equals_all_at_once_while_decisions_come_and_go(
    whole: Path, model: str, tmp_path: Path, seed: int
) -> None:
    listed = rows()
    chance = random.Random(seed)  # noqa: S311 an order, not a secret
    chance.shuffle(listed)
    cuts = [0, *sorted(chance.sample(range(len(listed)), 2)), len(listed)]
    folder = force(tmp_path / "force", model=model)
    known = numbers(whole)
    for at, (begin, end) in enumerate(pairwise(cuts)):
        (folder / f"people-{at}.csv").write_text(written(listed[begin:end]))
        decisions = drawn(known, seed * 10 + at, 60)
        decided(folder, decisions)
    once = force(tmp_path / "once", listed, model=model)
    decided(once, decisions)
    assert groups(folder) == groups(once)
    assert pairs(folder) == pairs(once)
    held(folder, decisions)


def test_how_records_stood_is_not_needed_for_decisions_to_hold(whole: Path, model: str, tmp_path: Path) -> None:
    folder = force(tmp_path / "force", rows(), model=model)
    first = decided(folder).build
    for path in (builds.folder(store(folder), first.number) / STOOD / "Person").glob("*.npy"):
        path.write_bytes(b"damaged")
    decisions = drawn(numbers(whole), 3, 50)
    decided(folder, decisions)
    held(folder, decisions)


def test_a_run_that_was_stopped_leaves_no_decision_behind(tmp_path: Path) -> None:
    folder = published(tmp_path / "force")
    known = numbers(folder)
    apart = obeyed([Judged("Person", known["N1"], known["S1"], "not_same")])

    def stop(_: pa.Table) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(loaded(folder), "tester", lambda *_: None, combined=stop, decisions=lambda: apart)
    assert not decided(folder).published
    decided(folder, apart)
    held(folder, apart)
    assert groups(folder) == {frozenset({key}) for key in known}
    decided(folder)
    assert frozenset({"N1", "S1"}) in groups(folder)


@pytest.mark.parametrize(("one", "other"), [("N2", "S1"), ("N2", "N1"), ("N2", "S2")])
def test_types_that_only_keys_join_obey_too(tmp_path: Path, one: str, other: str) -> None:
    folder = published(tmp_path / "force")
    known = numbers(folder)
    decided(folder, obeyed([Judged("Person", known[one], known[other], "same")]))
    assert any({one, other} <= each for each in groups(folder))
