"""The ledger of a source: which deliveries came, when, from whom, how many rows; kept beside its raw dataset."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from bluelamp.errors import BlueLampError
from bluelamp.lake.dataset import Dataset
from bluelamp.types.dating import LONDON
from bluelamp.workspace.model import Mode


@dataclass(frozen=True)
class Delivery:
    """One reading of a source. `read` = `kept` + `rejected`, always."""

    number: int
    name: str
    checksum: str
    size: int
    at: str
    who: str
    read: int
    kept: int
    rejected: int
    #: the number of an earlier delivery of the same name that this one corrects
    replaces: int | None = None
    #: `file`, or `replay` for corrected rejects
    kind: str = "file"
    #: the columns that its file has; None where that was not noted, as of corrected rejects
    columns: list[str] | None = None

    @property
    def day(self) -> str:
        """The day in London on which it was read, as ISO text."""
        return datetime.fromisoformat(self.at).astimezone(LONDON).date().isoformat()


@dataclass
class Ledger:
    """All deliveries of one source, and every file seen, so that an unchanged one costs nothing."""

    deliveries: list[Delivery] = field(default_factory=list)
    #: file name -> [size, modified, checksum]
    seen: dict[str, list[str | int | float]] = field(default_factory=dict)

    def next_number(self) -> int:
        """The number that the next delivery gets: 1, 2, 3, ... without gaps."""
        return len(self.deliveries) + 1

    def replaced(self) -> set[int]:
        """Numbers of the deliveries that a later one corrected."""
        return {each.replaces for each in self.deliveries if each.replaces is not None}

    def named(self, name: str) -> Delivery | None:
        """The newest delivery of the file `name`."""
        return next((each for each in reversed(self.deliveries) if each.name == name and each.kind == "file"), None)

    def same(self, checksum: str) -> Delivery | None:
        """A delivery that still counts and has exactly this content."""
        gone = self.replaced()
        return next((each for each in self.deliveries if each.checksum == checksum and each.number not in gone), None)

    def holds(self, checksum: str, mode: Mode) -> bool:
        """Whether a file with this content says nothing that does not count already.

        Where a later delivery takes the place of an earlier one, an old content that comes back is news.
        """
        if mode == "append":
            return self.same(checksum) is not None
        newest = next((each for each in reversed(self.deliveries) if each.kind == "file"), None)
        return newest is not None and newest.checksum == checksum


def load(path: Path, raw: Dataset, rejects: Callable[[int], Path]) -> Ledger:
    """The ledger at `path`, with any delivery added whose raw commit succeeded just before a crash.

    `rejects` gives the file of a delivery's rejects. Raises BlueLampError where the file is damaged.
    """
    ledger = _read(path) if path.exists() else Ledger()
    listed = len(ledger.deliveries)
    version = raw.version
    while version is not None and version >= 0:
        note = raw.notes(version).get("delivery")
        delivery = Delivery(**json.loads(note)) if note else None
        if delivery is None or delivery.number <= listed:
            break
        ledger.deliveries.insert(listed, counted(delivery, raw, version, rejects(delivery.number)))
        version -= 1
    return ledger


def _read(path: Path) -> Ledger:
    try:
        content = json.loads(path.read_text("utf-8"))
        return Ledger([Delivery(**each) for each in content["deliveries"]], dict(content["seen"]))
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise BlueLampError(
            f"The list of deliveries {path} is damaged; remove it and run again: it is made anew from the deliveries."
        ) from error


def counted(delivery: Delivery, raw: Dataset, version: int, rejects: Path) -> Delivery:
    """`delivery` with its counts, from what was committed as `version` and from its file of rejects."""
    kept = raw.added(version)
    rejected = pq.read_metadata(rejects).num_rows if rejects.exists() else 0
    return replace(delivery, read=kept + rejected, kept=kept, rejected=rejected)


def save(path: Path, ledger: Ledger) -> None:
    """Write the ledger in one step: the file is always whole."""
    content = {"deliveries": [asdict(each) for each in ledger.deliveries], "seen": ledger.seen}
    write_whole(path, json.dumps(content, indent=1))


def write_whole(path: Path, text: str) -> None:
    """Replace the file at `path` by `text` so that a reader or a crash sees either the old or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
