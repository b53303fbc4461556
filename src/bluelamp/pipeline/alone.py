"""One run at a time: the lock of a workspace."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from bluelamp.errors import BlueLampError
from bluelamp.lake import disk
from bluelamp.lake.store import Store


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Hold the workspace's run lock; the system frees it when the process ends, however it ends.

    Raises BlueLampError where another run holds it, or where the disk does not take what the work writes.
    """
    with disk.writing(store.folder):
        store.folder.mkdir(parents=True, exist_ok=True)
        with (store.folder / "run.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                message = f"Another run is busy on {store.folder.parent}; wait for it to finish, then run again."
                raise BlueLampError(message) from None
            yield
