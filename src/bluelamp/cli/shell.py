"""What every command shares: how it prints, the options that say who asks and why, and how a workspace is opened."""

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bluelamp.errors import Stopped

out = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

Folder = Annotated[Path, typer.Argument(metavar="WORKSPACE", help="The workspace folder")]
User = Annotated[str | None, typer.Option("--user", envvar="BLUELAMP_USER", help="Who is asking")]
Purpose = Annotated[str | None, typer.Option("--purpose", envvar="BLUELAMP_PURPOSE", help="For which declared purpose")]
Reason = Annotated[str | None, typer.Option("--reason", envvar="BLUELAMP_REASON", help="Why, in your own words")]
Case = Annotated[str | None, typer.Option("--case", help="The case that it is for")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]


@contextmanager
def bars() -> Iterator[Any]:
    """A progress bar per step on a terminal, a line per step elsewhere. Raises Stopped where somebody ends the work."""
    columns = (TextColumn("{task.fields[step]:<8}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=errors) as progress:
        tasks: dict[str, TaskID] = {}

        def told(step: str, what: str, share: float) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(what, total=1, step=step)
            progress.update(tasks[step], description=what, completed=share)

        try:
            with _stopped_at_once():
                yield told
        except (KeyboardInterrupt, RuntimeError) as error:
            # a query that is under way says so in words of its own
            if isinstance(error, RuntimeError) and str(error) != "Query interrupted":
                raise
            raise Stopped(
                "Stopped before it was done. What stood before stands; run the same again to go on."
            ) from None


@contextmanager
def _stopped_at_once() -> Iterator[None]:
    """While queries may be under way: who stops the work ends them too."""
    from bluelamp.lake import duck

    def stop(number: int, frame: FrameType | None) -> None:
        duck.interrupt()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def loading() -> Iterator[None]:
    """While modules load: nothing that they define is ever garbage, and to look for it takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def opened(workspace: Path) -> Iterator[Any]:
    """The force of a workspace; closed afterwards."""
    with loading():
        from bluelamp.session.force import open as opening

    force = opening(workspace)
    try:
        yield force
    finally:
        force.close()


@contextmanager
def kept_up(workspace: Path) -> Iterator[Any]:
    """The force of a workspace as far as a run needs it, which loads in two thirds of the time; closed afterwards."""
    with loading():
        from bluelamp.session.upkeep import Upkeep

    force = Upkeep(workspace)
    try:
        yield force
    finally:
        force.close()


@contextmanager
def in_session(
    workspace: Path, user: str | None, purpose: str | None, reason: str | None, case: str | None
) -> Iterator[Any]:
    """A session of a declared user; the force is closed afterwards."""
    with opened(workspace) as force:
        yield force.session(user=user, purpose=purpose, reason=reason, case=case)
