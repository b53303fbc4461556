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


def settle(declared: str, opening: Open, name: str) -> str:
    """The encoding of the file that `opening` opens: the declared one, or else the one that fits all of it.

    Reads the file once. Raises DeliveryError where the declared encoding, or none, fits.
    """
    if declared:
        codec = _codec(declared)
        wrong = _wrong(opening, codec)
        if wrong is not None:
            raise DeliveryError(
                f"{name} is not written in {declared}, as byte {wrong:,} shows; set the option `encoding` to "
                f"{_advice(opening, codec)}."
            )
        return codec
    found = _found(opening)
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


def _found(opening: Open) -> str | None:
    with opening() as stream:
        start = stream.read(4)
    marked = next((codec for bom, codec in _BOMS if start.startswith(bom)), None)
    if marked:
        return marked if marked == "utf-8" or _wrong(opening, marked) is None else None
    if _wrong(opening, "utf-8") is None or _mostly_utf8(opening):
        return "utf-8"
    return "cp1252" if _wrong(opening, "cp1252") is None else None


def _wrong(opening: Open, codec: str) -> int | None:
    """The offset of the first byte that `codec` does not allow. Reads all, so packed data is checked too."""
    decoder = codecs.getincrementaldecoder(codec)()
    wrong, seen = None, 0
    with opening() as stream:
        while chunk := stream.read(CHUNK):
            pending = len(decoder.getstate()[0])
            if wrong is None and not (codec == "utf-8" and not pending and chunk.isascii()):
                try:
                    decoder.decode(chunk)
                except UnicodeError as error:
                    wrong = seen - pending + getattr(error, "start", 0)
            seen += len(chunk)
    if wrong is None:
        try:
            decoder.decode(b"", final=True)
        except UnicodeError:
            wrong = seen - len(decoder.getstate()[0])
    return wrong


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
