"""Where a place is: address, postcode, UPRN and point."""

import re

from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.identifier import LONGEST, Identifier
from bluelamp.types.text import Text
from bluelamp.types.wording import filler, is_filler, line

UPRN_DIGITS = 12
#: degrees
POLE, DATE_LINE = 90, 180

_DECIMAL = r"[+-]?\d{1,3}(?:\.\d{0,40})?"
_POINT = re.compile(rf"({_DECIMAL})\s*[,; ]\s*({_DECIMAL})", re.ASCII)
_COMMAS = re.compile(r"(?:\s*,)+\s*")


class Address(Text):
    """An address as written, on one line with commas between its parts."""

    label = "Address"
    sensitivity = "location"
    example = "Flat 2, 10 High Street, London"

    def clean(self, raw: str) -> Cleaned:
        text = line(", ".join(raw.splitlines()))
        text = line(_COMMAS.sub(", ", text).strip(", "))
        if text and is_filler(text):
            return filler(self.label)
        return Cleaned(text or None, None if text or not raw.strip() else filler(self.label).issue)

    def sql(self, raw: str) -> str | None:
        text = f"trim({raw})"
        # commas at the ends, before a blank or without one after them are tidied by `clean`
        untidy = f"regexp_matches({text}, '^,|,$| ,|,[^ ]')"
        said = f"regexp_matches({text}, '[0-9].* [A-Za-z]|[A-Za-z].* [0-9]')"
        return fast.choose(raw, (f"{fast.single(text)} AND NOT {untidy} AND {said}", text))

    def agree(self, one: str, other: str) -> bool:
        """Whether all words of the one stand in the other."""
        ones, others = (set(re.findall(r"\w+", each.casefold())) for each in (one, other))
        return ones <= others or others <= ones


class Postcode(Identifier):
    """UK postcode with its space."""

    key = "uk_postcode"


class Uprn(Identifier):
    """Unique property reference number, filled with zeroes to 12 digits."""

    key = "uprn"

    def judge(self, value: str) -> Cleaned:
        return Cleaned(value.zfill(UPRN_DIGITS))

    def sql(self, raw: str) -> str | None:
        value = f"replace({raw}, ' ', '')"
        shaped = f"{fast.matches(value, '[0-9]{1,12}')} AND NOT {fast.matches(value, '0*')}"
        return fast.choose(raw, (shaped, f"lpad({value}, {UPRN_DIGITS}, '0')"))

    def show(self, value: str) -> str:
        return value.lstrip("0")


class Point(PropertyType):
    """Latitude and longitude in decimal degrees (WGS 84), to six decimals: about ten centimetres."""

    label = "Point"
    search = Search.NOT
    sensitivity = "location"
    example = "51.583427,0.140619"

    def clean(self, raw: str) -> Cleaned:
        text = raw.strip()
        if not text:
            return Cleaned(None)
        found = _POINT.fullmatch(text) if len(text) <= LONGEST else None
        if not found:
            message = f"This is not latitude and longitude in decimal degrees, such as {self.example}"
            return Cleaned(None, Issue("format", message))
        latitude, longitude = (round(float(each), 6) + 0.0 for each in found.groups())
        if abs(latitude) > POLE or abs(longitude) > DATE_LINE:
            return Cleaned(None, Issue("range", "Latitude runs from -90 to 90 and longitude from -180 to 180"))
        if latitude == longitude == 0:
            return Cleaned(None, Issue("filler", "Latitude 0, longitude 0 stands for a place that is not known"))
        return Cleaned(f"{latitude:.6f},{longitude:.6f}")

    def sql(self, raw: str) -> str | None:
        text = f"trim({raw})"
        whole, part = r"-?[1-8]?[0-9]\.", r"-?(?:[1-9]?[0-9]|1[0-7][0-9])\."
        exact, shape = (f"{whole}{digits},{part}{digits}" for digits in ("[0-9]{6}", "[0-9]{1,6}"))
        # -0.0 is written 0.0, and 0.0,0.0 is nowhere
        odd = rf"NOT regexp_matches({text}, '(?:^|,)-0\.0*(?:,|$)|^0\.0*,0\.0*$')"

        def six(part: int) -> str:
            degrees = f"split_part({text}, ',', {part})"
            return f"split_part({degrees}, '.', 1) || '.' || rpad(split_part({degrees}, '.', 2), 6, '0')"

        padded = f"{six(1)} || ',' || {six(2)}"
        cases = ((exact, text), (shape, padded))
        return fast.choose(raw, *((f"{fast.matches(text, form)} AND {odd}", value) for form, value in cases))

    def show(self, value: str) -> str:
        return value.replace(",", ", ")
