"""Where everything lives below `.bluelamp`: raw data, ledgers, rejects, records, links, builds."""

import re
from pathlib import Path

from bluelamp.errors import BlueLampError
from bluelamp.lake.dataset import Dataset

#: what the path of a dataset or an index cannot hold; `=` would be read as the name and value of a partition
_UNUSABLE = re.compile(r"[\[\]\\^|=%*?\x00-\x1f\x7f]")


class Store:
    """The folder tree of one workspace's data. Raises BlueLampError for a folder whose name datasets cannot have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._datasets: dict[Path, Dataset] = {}
        found = _UNUSABLE.search(str(folder.absolute()))
        if found:
            raise BlueLampError(
                f"The folder {folder} has {found[0]!r} in its name, and data cannot live there; rename it."
            )

    @property
    def scratch(self) -> Path:
        """Spill and temporary files; may be emptied whenever nothing runs."""
        return self.folder / "scratch"

    @property
    def builds(self) -> Path:
        """One folder per published build, and the pointer `current`."""
        return self.folder / "builds"

    @property
    def secret(self) -> Path:
        """What records are numbered by; whoever has it can tell which record an object's id was made of."""
        return self.folder / "numbering.secret"

    def raw(self, source: str) -> Dataset:
        """Every row of every delivery of a source, as received."""
        return self._dataset("raw", source)

    def ledger(self, source: str) -> Path:
        """The list of a source's deliveries."""
        return self.folder / "raw" / f"{source}.json"

    def rejects(self, source: str, delivery: int) -> Path:
        """The rows of one delivery that could not be read."""
        return self.folder / "rejects" / source / f"{delivery:06}.parquet"

    def records(self, type_name: str) -> Dataset:
        """All records of one object type."""
        return self._dataset("records", type_name)

    def links(self, type_name: str) -> Dataset:
        """All links of one link type."""
        return self._dataset("links", type_name)

    @property
    def issues(self) -> Dataset:
        """Values that could not be understood, of every source."""
        return self._dataset("issues")

    @property
    def astray(self) -> Dataset:
        """Links whose key leads to no record, of every source."""
        return self._dataset("astray")

    @property
    def entities(self) -> Dataset:
        """Which object a record belongs to, where that is not an object of its own."""
        return self._dataset("entities")

    @property
    def conflicts(self) -> Dataset:
        """Records that share a strong key and may yet not be one object."""
        return self._dataset("conflicts")

    @property
    def pairs(self) -> Dataset:
        """Pairs of records that a model takes for one object, or that a person must judge, with their weight."""
        return self._dataset("pairs")

    @property
    def decided(self) -> Dataset:
        """What people decided of pairs of records, as far as the published build obeys it."""
        return self._dataset("decided")

    def _dataset(self, *place: str) -> Dataset:
        """One dataset for each place, so that each is opened once."""
        path = self.folder.joinpath(*place)
        return self._datasets.setdefault(path, Dataset(path))
