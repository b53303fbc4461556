import zipfile
from pathlib import Path

import pytest

from bluelamp.connectors import offers
from bluelamp.errors import DeclarationError, DeliveryError
from bluelamp.workspace.model import Read
from tests.connectors.delivered import take

STREET = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n"
FILES = {
    "2024-02/2024-02-kent-street.csv": STREET + ",2024-02,Kent Police,Kent Police,,,On or near X,E1,A,Drugs,,\n",
    "2024-01/2024-01-city-of-london-street.csv": STREET,
    "2024-01/2024-01-kent-street.csv": STREET,
    "2024-01/2024-01-kent-outcomes.csv": "Crime ID,Month\n",
    "2024-01/2024-01-kent-stop-and-search.csv": "Type,Date\nPerson search,2024-01-01T00:01:00+00:00\n",
    "2024-01/readme.csv": "x\n",
}


@pytest.fixture(params=["zip", "folder"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    if request.param == "folder":
        for name, content in FILES.items():
            (tmp_path / "archive" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "archive" / name).write_text(content)
        return tmp_path, "archive"
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as packed:
        for name, content in FILES.items():
            packed.writestr(name, content)
    return tmp_path, "archive.zip"


def test_the_files_of_one_kind_are_offered_oldest_first(archive: tuple[Path, str]) -> None:
    base, path = archive
    assert [each.name.removeprefix(f"{path}/") for each in offers(Read("police-uk", path, "append"), base)] == [
        "2024-01/2024-01-city-of-london-street.csv",
        "2024-01/2024-01-kent-street.csv",
        "2024-02/2024-02-kent-street.csv",
    ]


def test_each_row_says_which_force_it_is_from(archive: tuple[Path, str]) -> None:
    base, path = archive
    declared = Read("police-uk", path, "append", {"kind": "stop-and-search"})
    got = take(offers(declared, base)[0], declared, frozenset({"Date", "Force"}))
    assert got.values() == [("Person search", "2024-01-01T00:01:00+00:00", "kent")]
    assert got.numbers == [1]


def test_a_kind_that_is_not_published_is_explained(archive: tuple[Path, str]) -> None:
    base, path = archive
    with pytest.raises(DeclarationError, match="it must be street, outcomes, stop-and-search"):
        offers(Read("police-uk", path, "append", {"kind": "all"}), base)


def test_an_archive_without_the_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2024-01-kent-street.csv").write_text(STREET)
    with pytest.raises(DeliveryError, match="has no outcomes file"):
        offers(Read("police-uk", "*.csv", "append", {"kind": "outcomes"}), tmp_path)
