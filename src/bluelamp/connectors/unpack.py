"""Open a delivered file as plain bytes, whether plain, gzip or a zip member, within limits that a bomb cannot pass."""

import gzip
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from bluelamp.errors import DeliveryError

#: a file may be this many bytes once unpacked, unless the option `max_size` says otherwise
MAX_SIZE = 64 << 30
#: unpacked bytes per packed byte, looked at once more than `_SMALL` bytes are out; text rarely passes 40
MAX_RATIO = 200
_SMALL = 64 << 20
_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, NotImplementedError)


class Stream(Protocol):
    """Bytes to read from the start to the end."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; none at the end."""


@dataclass(frozen=True)
class Limits:
    """How many bytes a file may unpack to, and how many times its packed size."""

    size: int = MAX_SIZE
    ratio: int = MAX_RATIO


USUAL = Limits()


@dataclass
class Limited:
    """A stream that refuses to give more bytes than its limits allow, or too many times `packed`."""

    stream: Stream
    name: str
    packed: int | None
    limits: Limits
    given: int = 0

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes. Raises DeliveryError past a limit, or where the packed data is broken."""
        try:
            chunk = self.stream.read(size)
        except _BROKEN as error:
            raise DeliveryError(f"{self.name} is cut short or damaged; ask for the file again.") from error
        except OSError as error:
            raise unreadable(self.name, error) from error
        self.given += len(chunk)
        self._weigh()
        return chunk

    def _weigh(self) -> None:
        if self.given > self.limits.size:
            raise DeliveryError(
                f"{self.name} holds more than {self.limits.size:,} bytes once unpacked; if it should, set the option "
                "`max_size` of its source."
            )
        if self.packed is not None and self.given > max(_SMALL, self.packed * self.limits.ratio):
            raise DeliveryError(
                f"{self.name} unpacks to more than {self.limits.ratio} times its size, as a file made to fill a disk; "
                "if it should, set the option `max_ratio` of its source."
            )


@dataclass(frozen=True)
class Stamp:
    """What tells that a file is still the one that was listed."""

    size: int
    modified: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """The stamp in a file's status."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


def unreadable(name: str, error: OSError) -> DeliveryError:
    """One sentence for a file that the operating system will not give."""
    if isinstance(error, FileNotFoundError):
        return DeliveryError(f"{name} is not there any more; put it back, or wait until its delivery is complete.")
    if isinstance(error, PermissionError):
        return DeliveryError(f"{name} may not be read by this user; give the user that runs Blue Lamp read permission.")
    return DeliveryError(f"{name} cannot be read: {error.strerror or error}; check the disk that holds it.")


def plain_file(path: Path, name: str) -> BinaryIO:
    """Open `path`. Raises DeliveryError where it is missing, a folder, a device, or not readable."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise DeliveryError(f"{name} is a folder; name a file, or the files in it as `{name}/*`.")
        if not stat.S_ISREG(status.st_mode):
            raise DeliveryError(f"{name} is not an ordinary file; copy its content to one.")
        return path.open("rb")
    except OSError as error:
        raise unreadable(name, error) from error


@contextmanager
def opened(path: Path, name: str, member: str | None = None, limits: Limits = USUAL) -> Iterator[Limited]:
    """The content of a file, or of a `member` of a zip archive, unpacked; at the end the file must be unchanged.

    Raises DeliveryError.
    """
    with plain_file(path, name) as file:
        before = Stamp.of(os.fstat(file.fileno()))
        if member is None:
            yield _gunzipped(file, name, limits)
        else:
            with archive(file, name) as packed, _member(packed, member, name) as (stream, size):
                yield Limited(stream, name, size, limits)
    unchanged(path, name, before)


def unchanged(path: Path, name: str, before: Stamp) -> None:
    """Raises DeliveryError where the file at `path` is not what it was when reading began."""
    try:
        now = Stamp.of(path.stat())
    except OSError as error:
        raise DeliveryError(f"{name} went away while it was read; run again when its delivery is complete.") from error
    if now != before:
        raise DeliveryError(f"{name} changed while it was read; run again when its delivery is complete.")


def is_zip(path: Path, name: str) -> bool:
    """Whether the file says that it is a zip archive (an .xlsx is one too)."""
    with plain_file(path, name) as file:
        return file.read(4) in _ZIP


def members(path: Path, name: str) -> list[zipfile.ZipInfo]:
    """The files in the zip archive at `path`, without folders and the extras that macOS adds."""
    with plain_file(path, name) as file, archive(file, name) as packed:
        found = [each for each in packed.infolist() if not each.is_dir()]
    return [each for each in found if not _hidden(each.filename)]


@contextmanager
def archive(file: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    """The zip archive in `file`."""
    try:
        packed = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise DeliveryError(f"{name} is cut short or damaged; ask for the file again.") from error
    with packed:
        yield packed


@contextmanager
def _member(packed: zipfile.ZipFile, member: str, name: str) -> Iterator[tuple[Stream, int]]:
    try:
        info = packed.getinfo(member)
        if info.flag_bits & 1:
            raise DeliveryError(f"{name} is locked with a password; unpack it and deliver it without one.")
        stream = packed.open(info)
    except KeyError as error:
        raise DeliveryError(f"{name} is no longer in its archive; ask for the file again.") from error
    except (*_BROKEN, RuntimeError) as error:
        raise DeliveryError(f"{name} is damaged or packed in a way that is not known; pack it as plain zip.") from error
    with stream:
        yield stream, info.compress_size


def _gunzipped(file: BinaryIO, name: str, limits: Limits) -> Limited:
    start = file.read(2)
    file.seek(0)
    if start != _GZIP:
        return Limited(file, name, None, limits)
    packed = os.fstat(file.fileno()).st_size
    return Limited(io.BufferedReader(gzip.GzipFile(fileobj=file), 1 << 20), name, packed, limits)


def _hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".")
