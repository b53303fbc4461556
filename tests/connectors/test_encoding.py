import codecs
import io
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.connectors import encoding
from bluelamp.connectors.encoding import Utf8, settle
from bluelamp.errors import DeclarationError, DeliveryError
from tests.connectors.delivered import Deliver

TEXT = "Name,Town\nZoë,Łódź\n"


def settled(content: bytes, declared: str = "") -> str:
    return settle(declared, lambda: nullcontext(io.BytesIO(content)), "rows.csv")


@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_encoding_is_found_from_the_whole_file_or_its_mark(deliver: Deliver, written: str) -> None:
    assert deliver(TEXT.encode(written)).values() == [("Zoë", "Łódź")]


def test_a_file_that_is_not_utf_8_is_windows_1252(deliver: Deliver) -> None:
    assert deliver("Name\nZoë – £5\n".encode("cp1252")).values() == [("Zoë – £5",)]


def test_one_late_character_decides_for_the_whole_file() -> None:
    assert settled(b"a" * 3_000_000 + "é".encode()) == "utf-8"
    assert settled(b"a" * 3_000_000 + "é".encode("cp1252")) == "cp1252"


def test_a_character_across_two_chunks_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "CHUNK", 3)
    assert settled("aaé€é€".encode()) == "utf-8"


def test_a_character_cut_off_at_the_end_is_noticed() -> None:
    with pytest.raises(DeliveryError, match="as byte 3 shows"):
        settled(b"abc\xe2\x82", "utf-8")


def test_a_declared_encoding_that_fails_is_said_with_its_place_and_what_to_write() -> None:
    with pytest.raises(DeliveryError) as caught:
        settled("Name\nZoë\n".encode("cp1252"), "utf-8")
    assert (
        str(caught.value) == "rows.csv is not written in utf-8, as byte 7 shows; set the option `encoding` to cp1252."
    )


def test_the_place_of_a_wrong_byte_is_right_beyond_the_first_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "CHUNK", 4)
    with pytest.raises(DeliveryError, match="as byte 9 shows"):
        settled("aaé€é".encode() + b"\xff" + b"zzzz", "utf-8")


def test_a_declared_encoding_is_used(deliver: Deliver) -> None:
    assert deliver("a\nŁódź\n".encode("iso8859-2"), encoding="iso8859-2").values() == [("Łódź",)]
    assert deliver("a\nŁ\n".encode("utf-16-le"), encoding="utf-16-le").values() == [("Ł",)]


@pytest.mark.parametrize("declared", ["klingon", "rot13", "zlib", "\0"])
def test_an_encoding_that_there_is_not_is_explained(declared: str) -> None:
    with pytest.raises(DeclarationError, match="There is no encoding"):
        settled(b"a", declared)


def test_a_file_in_no_known_encoding_is_refused() -> None:
    with pytest.raises(DeliveryError, match="neither in UTF-8 nor in Windows-1252"):
        settled(b"a\x81\xe9")


@given(st.text(), st.sampled_from(["utf-8", "utf-16", "cp1252", "iso8859-15"]), st.integers(1, 5))
def test_any_text_comes_out_as_utf_8_in_any_pieces(text: str, written: str, size: int) -> None:
    content = text.encode(written, errors="ignore")
    expected = content.decode(written).encode().removeprefix(codecs.BOM_UTF8)
    stream, found = Utf8(io.BytesIO(content), written), b""
    while chunk := stream.read(size):
        found += chunk
    assert found == expected
