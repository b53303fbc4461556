"""The secret that records are numbered by: made once, kept whole, missed when it is gone, shown to nobody."""

import stat
from pathlib import Path

import pytest

from bluelamp.errors import BlueLampError
from bluelamp.ids import SECRET, record_number
from bluelamp.lake.store import Store
from bluelamp.pipeline import build as builds
from bluelamp.pipeline import numbering
from tests import factory
from tests.factory import built, rows, store, workspace
from tests.pipeline.standing import HEADER, ROW, refusal, shown


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A workspace that nobody has run yet, without any secret."""
    folder = workspace(tmp_path / "own")
    store(folder).secret.unlink()
    return folder


def test_the_first_run_makes_it_for_its_user_alone_and_later_ones_keep_it(own: Path) -> None:
    built(own)
    path = store(own).secret
    made = path.read_text()
    assert len(made) == SECRET
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (own / "custody-2.csv").write_text(f"{HEADER}\n{ROW}")
    built(own)
    assert path.read_text() == made


def test_two_workspaces_number_the_same_record_otherwise(own: Path, folder: Path) -> None:
    built(own)
    numbers = [{number for (number,) in rows(each, "record_person", "record")} for each in (own, folder)]
    assert len(numbers[0]) == len(numbers[1])
    assert not numbers[0] & numbers[1]


def test_a_number_is_the_secrets_and_the_keys(folder: Path) -> None:
    assert (record_number(factory.SECRET, "custody", "detainee", "N2"),) in rows(folder, "record_person", "record")


def test_a_run_that_was_killed_before_the_first_build_goes_on_with_the_secret_that_it_made(own: Path) -> None:
    store(own).folder.mkdir(exist_ok=True)
    made = numbering.make(store(own))
    assert numbering.make(store(own)) == made
    built(own)
    assert numbering.secret(store(own), builds.current(store(own))) == made


@pytest.mark.parametrize("content", [None, b"", b"5ec2e7", b"\xff" * SECRET, b"0" * SECRET])
def test_a_lost_secret_is_one_sentence_and_numbers_nothing_anew(folder: Path, content: bytes | None) -> None:
    path = store(folder).secret
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{ROW}")
    said = refusal(folder)
    assert said.startswith(f"The secret {path} that objects are numbered by is missing, or not the one")
    assert "0" * SECRET not in said
    path.write_text(factory.SECRET)
    assert built(folder).published


def test_what_the_sentence_says_of_a_secret_lost_for_good_is_so(folder: Path) -> None:
    before = shown(folder)["object"]
    store(folder).secret.unlink()
    for path in sorted(store(folder).builds.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    store(folder).builds.rmdir()
    built(folder)
    after = shown(folder)["object"]
    assert len(after) == len(before)
    assert not {row[0] for row in after} & {row[0] for row in before}


def test_with_no_build_that_can_be_read_a_lost_secret_is_still_missed(folder: Path) -> None:
    (builds.folder(store(folder), 1) / "build.json").write_text("{")
    store(folder).secret.unlink()
    with pytest.raises(BlueLampError, match="The secret .* is missing"):
        built(folder)


def test_it_stands_in_no_other_file_of_the_workspace(own: Path) -> None:
    built(own)
    secret = store(own).secret.read_bytes()
    files = [path for path in own.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert files == [Store(own / ".bluelamp").secret]
    fingerprint = numbering.fingerprint(secret.decode())
    assert fingerprint.encode() not in secret
