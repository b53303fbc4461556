"""What to say of a disk, or of a limit on memory, that stops work on the way."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bluelamp.errors import BlueLampError

#: how the system and each engine's words for it say that nothing more can be written
_FULL = ("No space left", "os error 28", "File too large", "os error 27", "Disk quota exceeded", "os error 122")
_CLOSED = ("Read-only file system", "os error 30", "Permission denied", "os error 13")


def keep(path: Path | str) -> None:
    """Make what was written to a file, or the names in a folder, outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refused(error: BaseException, folder: Path) -> BlueLampError | None:
    """One sentence for an error that the disk below `folder`, or too little memory, caused; None for any other."""
    text = " ".join(str(each) for each in _causes(error))
    if any(sign in text for sign in _FULL):
        return BlueLampError(f"The disk that holds {folder} is full; free some space and run again.")
    if any(sign in text for sign in _CLOSED):
        return BlueLampError(f"Nothing can be written to {folder}; let the user that runs Blue Lamp write there.")
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        return BlueLampError("There is too little memory; set a larger `memory` under [engine] in bluelamp.toml.")
    return None


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Work that writes below `folder`. Raises BlueLampError where the disk or the memory does not allow it."""
    try:
        yield
    except BlueLampError:
        raise
    except Exception as error:
        said = refused(error, folder)
        if said is None:
            raise
        raise said from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
