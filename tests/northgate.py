"""A part of the made-up town, for tests that need no more of it."""

from pathlib import Path

import pytest

from bluelamp.demo import generate, plan
from tests.factory import built, copied, shelved


def standing(folder: Path, database: str) -> Path:
    """A fifth of the town in `folder`, run once, with a database of its own on which its deliveries are not entered yet."""
    made = shelved("northgate", lambda half: built(northgate(half, (10_000, 1, 2))))
    return copied(made, folder, database)


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
