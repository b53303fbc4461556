"""How the characters of a text file are written: found out from the whole file, checked, and turned into UTF-8."""

import codecs
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bluelamp.connectors.unpack import Stream
from bluelamp.errors import DeclarationError, DeliveryError

CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: a file is damaged UTF-8 rather than Windows-1252 where this many times more of it is right than wrong
_MOSTLY = 4

Open = Callable[[], AbstractContextManager[Stream]]


@dataclass
class Utf8:
    """`stream`, written in `encoding`, as UTF-8 without a byte order mark. Bytes that are wrong stay as they are."""

    stream: Stream
    encoding: str
    _begun: bool = False
    _decoder: codecs.IncrementalDecoder | None = None

    def __post_init__(self) -> None:
        if self.encoding != "utf-8":
            self._decoder = codecs.getincrementaldecoder(self.encoding)()

    def read(self, size: int = -1, /) -> bytes:
        """About `size` bytes; none at the end."""
        while True:
            raw = self.stream.read(size)
            text = self._decoder.decode(raw, final=not raw).encode() if self._decoder else raw
            if not self._begun and text:
                self._begun = True
                text = text.removeprefix(codecs.BOM_UTF8)
            if text or not raw:
                return text


class Fit:
    """Whether bytes, fed chunk by chunk, are written in an encoding."""

    def __init__(self, codec: str) -> None:
        self.codec = codec
        self._decoder = codecs.getincrementaldecoder(codec)()
        self._seen = 0
        self._wrong: int | None = None

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes."""
        pending = len(self._decoder.getstate()[0])
        if self._wrong is None and not (self.codec == "utf-8" and not pending and chunk.isascii()):
            try:
                self._decoder.decode(chunk)
            except UnicodeError as error:
                self._wrong = self._seen - pending + getattr(error, "start", 0)
        self._seen += len(chunk)

    def wrong(self) -> int | None:
        """After the last byte: the offset of the first that the encoding does not allow."""
        if self._wrong is None:
            try:
                self._decoder.decode(b"", final=True)
            except UnicodeError:
                self._wrong = self._seen - len(self._decoder.getstate()[0])
        return self._wrong


def settle(declared: str, opening: Open, name: str, *, utf8: bool = False) -> str:
    """The encoding of the file that `opening` opens: the declared one, or else the one that fits all of it.

    Reads the file once; where it is known to be `utf8` and no other encoding is declared, only its start. Raises
    DeliveryError where the declared encoding, or none, fits.
    """
    if declared:
        codec = _codec(declared)
        wrong = None if utf8 and codec == "utf-8" else _wrong(opening, codec)
        if wrong is not None:
            raise DeliveryError(
                f"{name} is not written in {declared}, as byte {wrong:,} shows; set the option `encoding` to "
                f"{_advice(opening, codec)}."
            )
        return codec
    found = _found(opening, utf8=utf8)
    if found is None:
        raise DeliveryError(
            f"{name} is written neither in UTF-8 nor in Windows-1252; set the option `encoding` of its source."
        )
    return found


def _codec(declared: str) -> str:
    try:
        found = codecs.lookup(declared.strip())
        "".encode(declared.strip())
    except (LookupError, ValueError) as error:
        raise DeclarationError(
            f"There is no encoding {declared}; write for example utf-8, cp1252 or utf-16."
        ) from error
    return "utf-8" if found.name in ("utf-8-sig", "ascii") else found.name


def _found(opening: Open, *, utf8: bool = False) -> str | None:
    with opening() as stream:
        start = stream.read(4)
    marked = next((codec for bom, codec in _BOMS if start.startswith(bom)), None)
    if marked:
        return marked if marked == "utf-8" or _wrong(opening, marked) is None else None
    if utf8 or _wrong(opening, "utf-8") is None or _mostly_utf8(opening):
        return "utf-8"
    return "cp1252" if _wrong(opening, "cp1252") is None else None


def _wrong(opening: Open, codec: str) -> int | None:
    """The offset of the first byte that `codec` does not allow. Reads all, so packed data is checked too."""
    fit = Fit(codec)
    with opening() as stream:
        while chunk := stream.read(CHUNK):
            fit.feed(chunk)
    return fit.wrong()


def _mostly_utf8(opening: Open) -> bool:
    """Whether far more characters beyond ASCII are right than wrong: UTF-8 with some damaged rows."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    right = wrong = 0
    with opening() as stream:
        chunk = b"."
        while chunk:
            chunk = stream.read(CHUNK)
            beyond = [character for character in decoder.decode(chunk, final=not chunk) if character > "\x7f"]
            bad = sum("\udc80" <= character <= "\udcff" for character in beyond)
            right, wrong = right + len(beyond) - bad, wrong + bad
    return right >= _MOSTLY * wrong


def _advice(opening: Open, refused: str) -> str:
    found = _found(opening)
    return found if found and found != refused else "what the system that wrote it uses"
