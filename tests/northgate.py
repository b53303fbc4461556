"""A part of the made-up town, for tests that need no more of it."""

from pathlib import Path

import pytest

from bluelamp.demo import generate, plan


def northgate(folder: Path, size: tuple[int, int, int], seed: int = 7, database: str = "") -> Path:
    """The force of so many people, and as `plan.SIZES` has them, in `folder`: with a database of its own if one is given.

    Of so few rows a share that is turned away says nothing: no check stops a publish.
    """
    with pytest.MonkeyPatch.context() as sizes:
        sizes.setitem(plan.SIZES, "town", size)
        generate("town", folder, seed=seed)
    for source in folder.glob("sources/*.yaml"):
        source.write_text(source.read_text("utf-8").replace("then: stop", "then: warn"), "utf-8")
    if database:
        with (folder / "bluelamp.toml").open("a") as file:
            file.write(f'\n[database]\nurl = "{database}"\n')
    return folder
