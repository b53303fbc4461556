import hashlib
from pathlib import Path

import pytest

from bluelamp.connectors import Offer
from bluelamp.errors import DeliveryError


def test_the_checksum_is_sha_256_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a" * 3_000_000)
    offer = Offer("x.csv", tmp_path / "x.csv", 3_000_000, 0.0)
    assert offer.checksum() == hashlib.sha256(b"a" * 3_000_000).hexdigest()


def test_a_file_that_is_gone_has_no_checksum(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"x.csv is not there any more"):
        Offer("x.csv", tmp_path / "x.csv", 1, 0.0).checksum()


def test_an_offer_without_a_file_says_so() -> None:
    with pytest.raises(DeliveryError, match="detainees is not a file"):
        Offer("detainees", None, 0, 0.0).checksum()
