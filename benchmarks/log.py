"""What the audit log costs: entries a second from many threads, one entry alone, and the start of its database."""

import statistics
import tempfile
import threading
import time
from pathlib import Path

from bluelamp.database.connection import Database, connect
from bluelamp.session.audit import AuditLog, Entry, Operation
from bluelamp.session.permissions import Action

ENTRY = Entry(action=Action.VIEW, operation=Operation.CONSULTATION, actor_id="amara", object_ids=["person-0"] * 20)


def measure(threads: int = 32, each: int = 100) -> dict[str, float]:
    """Entries a second of `threads` threads, the median ms of an entry alone, and the seconds of a second start."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        connect(folder).close()
        began = time.perf_counter()
        with connect(folder) as database:
            started = time.perf_counter() - began
            return {"start_s": started, **_written(database, folder, threads, each)}


def _written(database: Database, folder: Path, threads: int, each: int) -> dict[str, float]:
    log = AuditLog(database, folder / "audit")
    alone = []
    for _ in range(200):
        began = time.perf_counter()
        log.append(ENTRY)
        alone.append(time.perf_counter() - began)
    writers = [threading.Thread(target=lambda: [log.append(ENTRY) for _ in range(each)]) for _ in range(threads)]
    began = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    rate = threads * each / (time.perf_counter() - began)
    log.close()
    return {"alone_ms": 1000 * statistics.median(alone), "entries_per_second": rate}


if __name__ == "__main__":
    print(measure())
