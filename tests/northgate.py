"""A part of the made-up town, for tests that need no more of it."""

from pathlib import Path

import pytest

from bluelamp.demo import generate, plan
from tests.factory import SECRET, built, copied, shelved


def standing(folder: Path, database: str) -> Path:
    """A fifth of the town in `folder`, run once, with a database of its own on which its deliveries are not entered yet."""
    made = shelved("northgate", _run_once)
    return copied(made, folder, database)


def _run_once(folder: Path) -> None:
    northgate(folder, (10_000, 1, 2))
    # so that what comes first among equals is the same each time
    (folder / ".bluelamp").mkdir()
    (folder / ".bluelamp" / "numbering.secret").write_text(SECRET)
    built(folder)


def northgate(folder: Path, size: tuple[int, int, int], seed: int = 7) -> Path:
    """The force of so many people, and as `plan.SIZES` has them, in `folder`.

    Of so few rows a share that is turned away says nothing: no check stops a publish.
    """
    with pytest.MonkeyPatch.context() as sizes:
        sizes.setitem(plan.SIZES, "town", size)
        generate("town", folder, seed=seed)
    for source in folder.glob("sources/*.yaml"):
        source.write_text(source.read_text("utf-8").replace("then: stop", "then: warn"), "utf-8")
    return folder
