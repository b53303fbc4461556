"""The town as Blue Lamp's own connectors read it, beside what is true of it."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from bluelamp.connectors.offer import Reject
from bluelamp.connectors.registry import offers, read
from bluelamp.workspace import load
from bluelamp.workspace.model import Workspace

#: a polars frame; its scalars are typed as all that they could be, which no assertion can use
Frame = Any


class Town:
    """A generated force and its truth."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.beside = folder.with_name(folder.name + "-truth")
        self.rejects: dict[str, list[int]] = {}
        self._files: dict[str, pl.DataFrame] = {}

    @cached_property
    def workspace(self) -> Workspace:
        return load(self.folder)

    @cached_property
    def known(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.beside / "known.json").read_text("utf-8"))
        return loaded

    def truth(self, name: str) -> Frame:
        """A table of the truth."""
        return pl.read_parquet(self.beside / f"{name}.parquet")

    def rows(self, source: str) -> Frame:
        """All rows of a source with `_row` and `_file`, read as declared."""
        if source not in self._files:
            declared = self.workspace.sources[source].read
            parts = []
            for offer in offers(declared, self.folder):
                bad: list[Reject] = []
                table = read(offer, declared, bad.append, frozenset()).read_all()
                parts.append(pl.DataFrame(table).with_columns(_file=pl.lit(offer.name)))
                self.rejects[offer.name] = [each.row or 0 for each in bad]
            self._files[source] = pl.concat(parts, how="diagonal")
        return self._files[source]

    def told(self, kind: str, source: str, record: str) -> Frame:
        """The rows of a source with `entity`, where the truth says which thing a record is."""
        truth = self.truth(kind).filter((pl.col("source") == source) & (pl.col("record") == record))
        return self.rows(source).join(
            truth.select("file", "row", "entity"), left_on=["_file", "_row"], right_on=["file", "row"], how="inner"
        )
