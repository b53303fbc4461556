"""Numbers of handsets and SIM cards."""

from bluelamp.types.grammar import Cleaned, Issue
from bluelamp.types.identifier import Identifier

#: an IMEI without its check digit, and one with a software version in its place
BARE, WITH_VERSION = 14, 16


class Imei(Identifier):
    """Number of a handset."""

    key = "imei"

    def refused(self, value: str = "") -> Cleaned:
        if not (value.isascii() and value.isdigit() and len(value) in (BARE, WITH_VERSION)):
            return super().refused(value)
        message = f"This has {len(value)} digits, so no check digit; an {self.label} has 15 and matches on the first 14"
        return Cleaned(None, Issue("no_check_digit", message))


class Imsi(Identifier):
    """Number of a subscriber."""

    key = "imsi"


class Iccid(Identifier):
    """Serial number of a SIM card."""

    key = "iccid"
    example = "8944110068012345679"
