"""A few things of the made-up force by name, which tests and documentation look for."""

from pathlib import Path

from bluelamp.demo.world import World


def write(world: World, folder: Path, beside: Path) -> None:
    """Write `known.json`."""
    (beside / "known.json").write_text("{}")
