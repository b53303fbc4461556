import gzip
import os
import struct
import zipfile
import zlib
from contextlib import nullcontext
from pathlib import Path

import pytest

from bluelamp.connectors import delimited, offers, unpack
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read
from tests.connectors.delivered import Deliver, take

ROWS = b"a,b\n1,2\n3,4\n"


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(f"{name}.csv", content)
    return path


def test_a_gzip_file_is_unpacked(deliver: Deliver) -> None:
    assert deliver(gzip.compress(ROWS), name="rows.csv.gz").values() == [("1", "2"), ("3", "4")]


def test_a_gzip_file_of_several_members_is_read_to_its_end(deliver: Deliver) -> None:
    content = gzip.compress(b"a,b\n1,") + gzip.compress(b"2\n3,4") + gzip.compress(b"\n")
    assert deliver(content).values() == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("cut", [11, 30, -4])
def test_a_truncated_gzip_is_refused_with_one_sentence(deliver: Deliver, cut: int) -> None:
    whole = gzip.compress(ROWS + os.urandom(500).hex().encode())
    with pytest.raises(DeliveryError, match=r"^rows.csv is cut short or damaged; ask for the file again.$"):
        deliver(whole[:cut])


def test_a_gzip_file_with_a_wrong_checksum_is_refused(deliver: Deliver) -> None:
    whole = bytearray(gzip.compress(ROWS))
    whole[-6] ^= 1
    with pytest.raises(DeliveryError, match="cut short or damaged"):
        deliver(bytes(whole))


def test_a_member_of_a_zip_archive_is_read_and_never_written_to_disk(tmp_path: Path) -> None:
    zipped(tmp_path / "all.zip", one=ROWS, two=b"a,b\n5,6\n")
    before = set(tmp_path.rglob("*"))
    declared = Read("csv", "all.zip", "append")
    assert [take(each, declared).values()[0] for each in offers(declared, tmp_path)] == [("1", "2"), ("5", "6")]
    assert set(tmp_path.rglob("*")) == before


def test_the_checksum_of_a_member_is_that_of_its_content(tmp_path: Path) -> None:
    zipped(tmp_path / "all.zip", one=ROWS)
    (tmp_path / "one.csv").write_bytes(ROWS)
    sums = {offers(Read("csv", name, "append"), tmp_path)[0].checksum() for name in ("all.zip", "one.csv")}
    assert len(sums) == 1


def test_a_truncated_zip_is_refused_with_one_sentence(deliver: Deliver, tmp_path: Path) -> None:
    content = zipped(tmp_path / "all.zip", one=ROWS * 100).read_bytes()
    with pytest.raises(DeliveryError, match=r"^rows.csv is cut short or damaged; ask for the file again.$"):
        deliver(content[:-30])


def test_a_zip_member_with_a_wrong_checksum_is_refused(deliver: Deliver, tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "all.zip", one=ROWS).read_bytes())
    wrong = struct.pack("<L", zlib.crc32(ROWS))
    with pytest.raises(DeliveryError, match="cut short or damaged"):
        deliver(bytes(content).replace(wrong, b"\1\2\3\4"))


def test_an_encrypted_zip_is_refused_with_one_sentence(deliver: Deliver, tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "all.zip", one=ROWS).read_bytes())
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(DeliveryError, match=r"one.csv is locked with a password; unpack it and deliver it without one"):
        deliver(bytes(content))


def test_a_file_made_to_fill_the_disk_is_refused(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "_SMALL", 1000)
    bomb = gzip.compress(b"a,b\n" + b"0,0\n" * 500_000)
    with pytest.raises(DeliveryError, match="more than 200 times its size"):
        deliver(bomb)
    assert len(deliver(bomb, max_ratio="5000").rows) == 500_000


def test_the_declared_limits_hold_for_the_checksum_too(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(ROWS)
    for size, fine in (("11", False), ("12", True)):
        offer = offers(Read("csv", "x.csv", "append", {"max_size": size}), tmp_path)[0]
        with nullcontext() if fine else pytest.raises(DeliveryError, match="more than 11 bytes"):
            assert offer.checksum()


def test_a_file_over_the_declared_size_is_refused(deliver: Deliver) -> None:
    with pytest.raises(DeliveryError, match=r"more than 10 bytes once unpacked.*`max_size`"):
        deliver(ROWS, max_size="10")
    assert deliver(ROWS, max_size="12").rows


def test_a_file_that_changed_after_it_was_listed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(ROWS)
    declared = Read("csv", "x.csv", "append")
    offer = offers(declared, tmp_path)[0]
    (tmp_path / "x.csv").write_bytes(ROWS + b"5,6\n")
    with pytest.raises(DeliveryError, match=r"x.csv changed after it was listed; run again"):
        take(offer, declared)


@pytest.mark.parametrize(
    ("act", "said"), [("grow", "changed while it was read"), ("go", "went away while it was read")]
)
def test_a_file_that_changes_or_vanishes_while_it_is_read_is_refused(tmp_path: Path, act: str, said: str) -> None:
    (tmp_path / "x.csv").write_bytes(b"a,b\n" + b"1,2\n" * 3_000_000)
    declared = Read("csv", "x.csv", "append")
    rows = delimited.read(offers(declared, tmp_path)[0], declared, lambda _: None, frozenset())
    next(rows)
    if act == "grow":
        with (tmp_path / "x.csv").open("ab") as file:
            file.write(b"3,4\n")
    else:
        (tmp_path / "x.csv").unlink()
    with pytest.raises(DeliveryError, match=said):
        rows.read_all()


def test_a_file_that_may_not_be_read_is_said_in_one_sentence(tmp_path: Path) -> None:
    said = str(unpack.unreadable("x.csv", PermissionError(13, "Permission denied")))
    assert said == "x.csv may not be read by this user; give the user that runs Blue Lamp read permission."
    (tmp_path / "x.csv").write_bytes(ROWS)
    (tmp_path / "x.csv").chmod(0)
    if os.geteuid():  # root reads everything
        with pytest.raises(DeliveryError, match="may not be read by this user"):
            offers(Read("csv", "x.csv", "append"), tmp_path)


def test_a_file_gone_before_it_is_read_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(ROWS)
    declared = Read("csv", "x.csv", "append")
    offer = offers(declared, tmp_path)[0]
    (tmp_path / "x.csv").unlink()
    with pytest.raises(DeliveryError, match=r"x.csv is not there any more"):
        take(offer, declared)
