"""A delivered text file as UTF-8, whatever it is packed in and however its characters are written."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from bluelamp.connectors import encoding, unpack
from bluelamp.connectors.encoding import Utf8
from bluelamp.connectors.offer import Offer
from bluelamp.connectors.options import Options
from bluelamp.errors import DeliveryError


@dataclass(frozen=True)
class Text:
    """The text of `offer`, read through once to find or check its encoding and that it is whole."""

    offer: Offer
    options: Options
    encoding: str

    @contextmanager
    def opened(self) -> Iterator[Utf8]:
        """The text from its start, as UTF-8. At the end it must be the file that was offered."""
        with raw(self.offer) as stream:
            yield Utf8(stream, self.encoding)


@contextmanager
def raw(offer: Offer) -> Iterator[unpack.Limited]:
    """The bytes of `offer`, unpacked. Raises DeliveryError where it is no longer the file that was offered."""
    as_offered(offer)
    with unpack.opened(offer.file, offer.name, offer.member, offer.limits) as stream:
        yield stream


def as_offered(offer: Offer) -> None:
    """Raises DeliveryError where the file of `offer` is gone, or was changed since it was listed."""
    try:
        status = offer.file.stat()
    except OSError as error:
        raise unpack.unreadable(offer.name, error) from error
    if status.st_mtime != offer.modified or (offer.member is None and status.st_size != offer.size):
        raise DeliveryError(f"{offer.name} changed after it was listed; run again when its delivery is complete.")


def text(offer: Offer, options: Options) -> Text:
    """The text of `offer`. Raises DeliveryError where it is cut short, or not in the declared encoding."""
    declared = options.text("encoding") if options.connector != "police-uk" else ""
    return Text(offer, options, encoding.settle(declared, partial(raw, offer), offer.name, utf8=offer.utf8))
