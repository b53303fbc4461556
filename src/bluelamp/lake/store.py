"""Where everything lives below `.bluelamp`: raw data, ledgers, rejects, records, links, builds."""

from pathlib import Path

from bluelamp.lake.dataset import Dataset


class Store:
    """The folder tree of one workspace's data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def scratch(self) -> Path:
        """Spill and temporary files; may be emptied whenever nothing runs."""
        return self.folder / "scratch"

    @property
    def builds(self) -> Path:
        """One folder per published build, and the pointer `current`."""
        return self.folder / "builds"

    def raw(self, source: str) -> Dataset:
        """Every row of every delivery of a source, as received."""
        return Dataset(self.folder / "raw" / source)

    def ledger(self, source: str) -> Path:
        """The list of a source's deliveries."""
        return self.folder / "raw" / f"{source}.json"

    def rejects(self, source: str, delivery: int) -> Path:
        """The rows of one delivery that could not be read."""
        return self.folder / "rejects" / source / f"{delivery:06}.parquet"

    def records(self, type_name: str) -> Dataset:
        """All records of one object type."""
        return Dataset(self.folder / "records" / type_name)

    def links(self, type_name: str) -> Dataset:
        """All links of one link type."""
        return Dataset(self.folder / "links" / type_name)

    @property
    def issues(self) -> Dataset:
        """Values that could not be understood, of every source."""
        return Dataset(self.folder / "issues")

    @property
    def entities(self) -> Dataset:
        """Which object a record belongs to, where that is not an object of its own."""
        return Dataset(self.folder / "entities")
