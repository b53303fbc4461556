"""A window on a stream of text, from which rows are cut one by one, exactly, in bounded memory."""

import re
from dataclasses import dataclass, field

from bluelamp.connectors.dialect import Dialect
from bluelamp.connectors.offer import KEPT_TEXT
from bluelamp.connectors.unpack import Stream

BLOCK = 4 << 20
#: a character of UTF-8 has up to 4 bytes
_KEPT = 4 * KEPT_TEXT
_LINE_ENDS = (b"\n", b"\r")
_LINE_END = re.compile(rb"[\r\n]")


@dataclass
class Window:
    """The part of `stream` in memory: `data` from `at` on is still to be read. `line` counts lines from 1."""

    stream: Stream
    data: bytes = b""
    at: int = 0
    line: int = 1
    ended: bool = False
    #: how many bytes are read on at a time
    block: int = BLOCK

    def fill(self, least: int = 0) -> bool:
        """Read on until `least` bytes wait (default: a block) or the stream ends. Returns whether any wait."""
        least = least or self.block
        waiting = len(self.data) - self.at
        if self.ended or waiting >= least:
            return waiting > 0
        parts = [self.data[self.at :]]
        while waiting < least:
            chunk = self.stream.read(self.block)
            if not chunk:
                self.ended = True
                break
            parts.append(chunk)
            waiting += len(chunk)
        self.data, self.at = b"".join(parts), 0
        return waiting > 0

    def more(self) -> bool:
        """Read one block more behind what waits. Returns False at the end."""
        self.fill(len(self.data) - self.at + self.block)
        return not self.ended

    def line_end(self, start: int, most: int) -> tuple[int, int] | None:
        """Where the line from `start` on (an offset from `at`) ends, and where the next begins, as such offsets.

        None where the line has more than `most` bytes.
        """
        searched = start
        while True:
            place = self._next_end(searched)
            if place is not None and place - start <= most:
                return place, place + self.width(place)
            waiting = len(self.data) - self.at
            if place is not None or waiting - start > most + 1:
                return None
            if self.ended:
                return (waiting, waiting) if waiting - start <= most else None
            searched = waiting
            self.more()

    def start_of_line(self) -> bytes:
        """As much of the next line as is kept of a rejected row, in bytes."""
        return self.data[self.at : self.at + _KEPT].splitlines()[0]

    def skip_line(self) -> None:
        """Pass over the rest of a line, however long, without holding it."""
        while True:
            place = self._next_end(0)
            if place is not None:
                self.at += place + self.width(place)
                break
            self.at = len(self.data)
            if not self.fill():
                break
        self.line += 1

    def _next_end(self, start: int) -> int | None:
        found = _LINE_END.search(self.data, self.at + start)
        return found.start() - self.at if found else None

    def width(self, place: int) -> int:
        """How many bytes the line end at `place` (an offset from `at`) has: 2 for CRLF, else 1."""
        if self.data[self.at + place : self.at + place + 1] == b"\n":
            return 1
        if self.at + place + 1 == len(self.data) and not self.ended:
            self.more()
        return 2 if self.data[self.at + place + 1 : self.at + place + 2] == b"\n" else 1


@dataclass(slots=True)
class Row:
    """A row as cut: its values, or the reason why there are none; where it begins; its text."""

    line: int
    text: bytes
    values: list[str] = field(default_factory=list)
    reason: str = ""


def cut(window: Window, dialect: Dialect) -> Row | None:
    """The next row that is not a blank line, or None at the end.

    Where quotes are wrong, or a row is too long, one line is given up and reading goes on with the next: a stray
    quote costs one row, not the rest of the file.
    """
    while window.fill(1):
        begun = window.line
        ends = window.line_end(0, dialect.max_line)
        if ends is None:
            text = window.start_of_line()
            window.skip_line()
            return Row(begun, text, reason=f"The row is longer than {dialect.max_line:,} bytes")
        line = window.data[window.at : window.at + ends[0]]
        if line and dialect.quote and dialect.quote.encode() in line:
            return _quoted(window, dialect, line, ends[1])
        window.at += ends[1]
        window.line += 1
        if line:
            return _plain(begun, line, dialect)
    return None


def _plain(begun: int, line: bytes, dialect: Dialect) -> Row:
    reason = _unfit(line)
    return Row(begun, line, reason=reason) if reason else Row(begun, line, line.decode().split(dialect.delimiter))


def _quoted(window: Window, dialect: Dialect, line: bytes, length: int) -> Row:
    begun = window.line
    found = _values(window, dialect)
    if isinstance(found, str):
        window.at += length
        window.line += 1
        return Row(begun, line, reason=found)
    values, end = found
    text = window.data[window.at : window.at + end]
    width = window.width(end) if window.at + end < len(window.data) else 0
    window.line += 1 + count_lines(text)
    window.at += end + width
    reason = _unfit(text)
    return Row(begun, text, reason=reason) if reason else Row(begun, text, [value.decode() for value in values])


def _values(window: Window, dialect: Dialect) -> tuple[list[bytes], int] | str:
    """The values of the row that begins the window and the offset of its end, or why there are none."""
    delimiter, quote = dialect.delimiter.encode(), dialect.quote.encode()
    values: list[bytes] = []
    place = 0
    while place <= dialect.max_line:
        start = window.at + place
        if window.data[start : start + 1] == quote:
            end = _closing(window, dialect, place + 1)
            if end is None:
                return "A quote is never closed"
            values.append(dialect.plain(window.data[window.at + place + 1 : window.at + end]))
            end += 1
        else:
            end = _bare(window, dialect, place)
            if end is None:
                break
            values.append(window.data[window.at + place : window.at + end])
        after = window.data[window.at + end : window.at + end + 1]
        if after != delimiter:
            return (values, end) if after in (b"", *_LINE_ENDS) else "Text stands behind a closing quote"
        place = end + 1
        if window.at + place == len(window.data):
            window.more()
    return f"The row is longer than {dialect.max_line:,} bytes"


def _bare(window: Window, dialect: Dialect, place: int) -> int | None:
    """The offset where the unquoted value from `place` on ends; None where its line is too long."""
    ends = window.line_end(place, dialect.max_line)
    if ends is None:
        return None
    found = window.data.find(dialect.delimiter.encode(), window.at + place, window.at + ends[0])
    return found - window.at if found >= 0 else ends[0]


def _closing(window: Window, dialect: Dialect, start: int) -> int | None:
    """The offset of the quote that closes the value from `start` on; None where there is none in reach."""
    while True:
        found = dialect.rest_of_quoted.match(window.data, window.at + start)
        place = found.end() - 1 - window.at if found else None
        if place is not None and (window.at + place + 1 < len(window.data) or window.ended):
            return place if place <= dialect.max_line else None
        if window.ended or len(window.data) - window.at > dialect.max_line:
            return place
        window.more()


def _unfit(text: bytes) -> str:
    if b"\0" in text:
        return "The row has a NUL byte (binary zero)"
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return f"Byte {error.start + 1} of the row is not valid UTF-8"
    return ""


def count_lines(text: bytes) -> int:
    """How many line ends (LF, CR or CRLF) are in `text`."""
    returns = text.count(b"\r")
    return text.count(b"\n") + (returns - text.count(b"\r\n") if returns else 0)
