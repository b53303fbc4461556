"""What a connector finds and what it turns away: one file or query that may become a delivery, one malformed row."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bluelamp.connectors import unpack
from bluelamp.connectors.encoding import Fit
from bluelamp.connectors.unpack import USUAL, Limits
from bluelamp.errors import DeliveryError

#: rejected rows are kept up to this many characters
KEPT_TEXT = 10_000
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Offer:
    """One file (or one query) that may become one delivery.

    `name` is the path below the source's folder, or the query's name, and stays over runs; a file inside a zip
    archive is `archive.zip/member.csv`. `modified` is in seconds since 1970, `size` in bytes (unpacked, for a
    member of an archive). A query has no path, and its size is 0.
    """

    name: str
    path: Path | None
    size: int
    modified: float
    #: the file inside the archive at `path`
    member: str | None = None
    limits: Limits = USUAL

    def checksum(self) -> str:
        """SHA-256 of the content, as 64 hexadecimal digits. Raises DeliveryError where it cannot be read."""
        return self._looked_through[0]

    @property
    def utf8(self) -> bool:
        """Whether all of the content is UTF-8. Raises DeliveryError where it cannot be read."""
        return self._looked_through[1]

    @cached_property
    def _looked_through(self) -> tuple[str, bool]:
        """The checksum, and whether all is UTF-8: read together, as unpacking costs more than both."""
        digest, fit = hashlib.sha256(), Fit("utf-8")
        with unpack.opened(self.file, self.name, self.member, self.limits) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                fit.feed(chunk)
        return digest.hexdigest(), fit.wrong() is None

    @property
    def file(self) -> Path:
        """The path, of an offer that is a file."""
        if self.path is None:
            raise DeliveryError(f"{self.name} is not a file; use the connector `sql` to read it.")
        return self.path


@dataclass(frozen=True)
class Reject:
    """A row that could not be read: where it stands, why in plain words, and its text as given.

    `row` counts data rows of the file from 1, rejected ones too; `line` counts lines of text from 1.
    """

    row: int | None
    line: int | None
    reason: str
    text: str
