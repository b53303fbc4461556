"""Numbers, with or without decimals."""

import re

from bluelamp.types import fast
from bluelamp.types.choice import LONGEST
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.wording import filler, is_filler

_NUMBER = re.compile(r"([+-]?)\s?£?\s?([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,40})(?:\.(\d{0,40}))?", re.ASCII)

#: a DOUBLE holds that many digits exactly, and of longer numbers those that a computer wrote out of one
EXACT_DIGITS = 15
LARGEST_INTEGER = 2**63 - 1


def decimal(raw: str) -> tuple[str, str, str] | None:
    """Sign, whole digits and decimals of a number, without empty zeroes; None where it is none."""
    found = _NUMBER.fullmatch(raw.strip()) if len(raw) <= LONGEST else None
    if not found or (found[1] and found[2]):
        return None
    whole = found[3].replace(",", "").lstrip("0") or "0"
    decimals = (found[4] or "").rstrip("0")
    negative = "-" in (found[1], found[2]) and (whole, decimals) != ("0", "")
    return "-" if negative else "", whole, decimals


class Number(PropertyType):
    """A number with decimals, with commas only between thousands and a pound sign at most before it."""

    label = "Number"
    storage = "DOUBLE"
    search = Search.NOT
    example = "1250.5"
    hidden = "•••"

    def clean(self, raw: str) -> Cleaned:
        text = raw.strip()
        found = decimal(text)
        if found is None:
            return self._refused(text)
        sign, whole, decimals = found
        value = sign + whole + ("." + decimals if decimals else "")
        if len(whole) + len(decimals) > EXACT_DIGITS and repr(float(value)).removesuffix(".0") != value:
            message = f"A number can be kept exactly with up to {EXACT_DIGITS} digits only"
            return Cleaned(None, Issue("too_long", message))
        return Cleaned(value)

    def _refused(self, text: str) -> Cleaned:
        if not text:
            return Cleaned(None)
        if is_filler(text):
            return filler(self.label)
        return Cleaned(None, Issue("format", f"This is not a {self.label.lower()}, such as {self.example}"))

    def sql(self, raw: str) -> str | None:
        text = f"trim({raw})"
        pattern = "0|-?[1-9][0-9]{0,8}|-?(?:0|[1-9][0-9]{0,8})[.][0-9]{0,5}[1-9]"
        return fast.choose(raw, (fast.matches(text, pattern), text))

    def show(self, value: str) -> str:
        whole, dot, decimals = value.partition(".")
        return f"{int(whole):,}{dot}{decimals}" if whole != "-0" else value


class Integer(Number):
    """A whole number."""

    label = "Whole number"
    storage = "BIGINT"
    example = "42"

    def clean(self, raw: str) -> Cleaned:
        text = raw.strip()
        found = decimal(text)
        if found is None:
            return self._refused(text)
        sign, whole, decimals = found
        if decimals:
            return Cleaned(None, Issue("not_whole", "This must be a whole number, and it has decimals"))
        if int(whole) > LARGEST_INTEGER:
            return Cleaned(None, Issue("too_long", f"A whole number goes up to {LARGEST_INTEGER}"))
        return Cleaned(sign + whole)

    def sql(self, raw: str) -> str | None:
        text = f"trim({raw})"
        return fast.choose(raw, (fast.matches(text, "0|-?[1-9][0-9]{0,17}"), text))
