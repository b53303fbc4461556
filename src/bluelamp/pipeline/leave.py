"""Sources that a run leaves out on request: they stay as the published build has them, and the next build says so."""

from collections.abc import Collection
from dataclasses import replace

from bluelamp.errors import DeclarationError
from bluelamp.pipeline import build as builds
from bluelamp.pipeline.build import Build
from bluelamp.workspace.model import Workspace


def without(workspace: Workspace, leave_out: Collection[str]) -> Workspace:
    """The workspace with the sources that are to be read. Raises DeclarationError where one is not declared."""
    unknown = sorted(set(leave_out) - set(workspace.sources))
    if unknown:
        message = f"There is no source {unknown[0]} to leave out; the sources are {', '.join(workspace.sources)}."
        raise DeclarationError(message)
    return replace(workspace, sources={name: each for name, each in workspace.sources.items() if name not in leave_out})


def leaving(build: Build, leave_out: Collection[str], published: Build | None) -> Build:
    """`build` with what it says of the sources that were left out."""
    said = [f"{name}: {builds.LEFT_OUT}" for name in sorted(leave_out)]
    states = {name: each for name, each in (published.sources if published else {}).items() if name in leave_out}
    warnings = [*dict.fromkeys([*build.warnings, *said])]
    return replace(build, warnings=warnings, left_out=sorted(leave_out), sources=states)


def way_out(reading: Workspace, failed: Collection[str]) -> str:
    """That nothing happened, and how to publish the sources that have not failed."""
    stays = "Nothing was published; the last build stays as it was."
    if set(failed) == set(reading.sources):
        return stays
    listed = " ".join(f"--leave-out {name}" for name in failed)
    return f"{stays} To publish the others: `bluelamp run {reading.folder} {listed}`."
