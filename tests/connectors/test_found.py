import os
import zipfile
from pathlib import Path

import pytest

from bluelamp.connectors import offers, read
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read


def names(path: str, base: Path, **options: str) -> list[str]:
    return [each.name for each in offers(Read("csv", path, "append", options), base)]


def fill(base: Path, *files: str) -> None:
    for file in files:
        (base / file).parent.mkdir(parents=True, exist_ok=True)
        (base / file).write_text("a\n1\n")


def test_a_pattern_offers_files_in_natural_order(tmp_path: Path) -> None:
    fill(tmp_path, "d/10.csv", "d/9.csv", "d/2.csv", "d/sub/1.csv", "other/1.csv", "d/.hidden.csv")
    assert names("d/*.csv", tmp_path) == ["d/2.csv", "d/9.csv", "d/10.csv"]
    assert names("d/**/*.csv", tmp_path) == ["d/2.csv", "d/9.csv", "d/10.csv", "d/sub/1.csv"]


def test_a_readme_beside_the_data_of_an_archive_is_no_data(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for name in ("readme.txt", "ONE.CSV", "more/two.csv"):
            packed.writestr(name, "a\n1\n")
    assert names("a.zip", tmp_path) == ["a.zip/more/two.csv", "a.zip/ONE.CSV"]
    assert names("a.zip", tmp_path, member="*.txt") == ["a.zip/readme.txt"]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        packed.writestr("rows.txt", "a\n1\n")
    assert names("b.zip", tmp_path) == ["b.zip/rows.txt"]


def test_what_is_wrong_with_a_file_of_an_archive_names_the_option_that_chooses(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("notes.csv", "Please read\n")
    declared = Read("csv", "a.zip", "append")
    with pytest.raises(DeliveryError, match="say by `member` which files of the archive are"):
        read(offers(declared, tmp_path)[0], declared, lambda _: None, frozenset({"a"}))


def test_an_offer_says_its_size_and_time(tmp_path: Path) -> None:
    fill(tmp_path, "one.csv")
    offer = offers(Read("csv", "./one.csv", "append"), tmp_path)[0]
    assert (offer.name, offer.size, offer.modified) == ("one.csv", 4, (tmp_path / "one.csv").stat().st_mtime)


@pytest.mark.parametrize(("path", "said"), [("no.csv", "There is no file no.csv"), ("*.csv", "No file matches")])
def test_a_missing_file_is_said_with_what_to_do(tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(DeliveryError, match=f"{said}.*; put the delivery there, or correct `path`"):
        names(path, tmp_path)


@pytest.mark.parametrize("path", ["../x.csv", "d/../../x.csv", "..", "*/../../x.csv"])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "force").mkdir()
    fill(tmp_path, "x.csv", "force/d/y.csv")
    with pytest.raises(DeliveryError, match=r"leaves|outside|No file"):
        names(path, tmp_path / "force")


def test_dots_that_stay_inside_are_fine(tmp_path: Path) -> None:
    fill(tmp_path, "d/x.csv")
    assert names("d/../d/x.csv", tmp_path) == ["d/x.csv"]


@pytest.mark.parametrize("path", ["link.csv", "*.csv", "folder/*.csv"])
def test_a_symbolic_link_out_of_the_folder_is_refused_with_a_sentence(tmp_path: Path, path: str) -> None:
    fill(tmp_path, "secret/x.csv", "force/real.txt")
    (tmp_path / "force/link.csv").symlink_to(tmp_path / "secret/x.csv")
    (tmp_path / "force/folder").symlink_to(tmp_path / "secret")
    with pytest.raises(DeliveryError, match="is a link to outside of"):
        names(path, tmp_path / "force")


def test_a_symbolic_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    fill(tmp_path, "x.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "x.csv")
    assert names("link.csv", tmp_path) == ["link.csv"]


def test_a_declared_absolute_path_is_its_own_folder(tmp_path: Path) -> None:
    fill(tmp_path, "share/x.csv", "force/y.csv")
    assert names(str(tmp_path / "share/*.csv"), tmp_path / "force") == ["x.csv"]
    assert names(str(tmp_path / "share/x.csv"), tmp_path / "force") == ["x.csv"]


def test_a_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    fill(tmp_path, "d/x.csv")
    with pytest.raises(DeliveryError, match="d is a folder; name a file, or the files in it as `d/\\*`"):
        names("d", tmp_path)


def test_a_device_or_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DeliveryError, match="not an ordinary file"):
        names("pipe.csv", tmp_path)


def test_each_file_of_a_zip_archive_is_one_offer(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        for name in ("b/10.csv", "b/9.csv", "readme.txt", "__MACOSX/b/9.csv", ".DS_Store", "../../evil.csv"):
            packed.writestr(name, "a\n1\n")
    assert names("all.zip", tmp_path, member="b/*") == ["all.zip/b/9.csv", "all.zip/b/10.csv"]
    assert "all.zip/readme.txt" not in names("all.zip", tmp_path)
    with pytest.raises(DeliveryError, match=r"all.zip has no file x"):
        names("all.zip", tmp_path, member="x")


def test_a_blank_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="names no file"):
        names(" ", tmp_path)
