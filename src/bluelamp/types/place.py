"""Where a place is: address, postcode, UPRN and point."""

import math
import re
from typing import Self

from bluelamp.errors import DeclarationError
from bluelamp.types import fast, grid
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.identifier import LONGEST, Identifier
from bluelamp.types.text import Text
from bluelamp.types.wording import filler, is_filler, line

UPRN_DIGITS = 12
#: degrees
POLE, DATE_LINE = 90, 180
#: the format of points of the British National Grid
GRID = "grid"

_DECIMAL = r"[+-]?\d{1,3}(?:\.\d{0,40})?"
_POINT = re.compile(rf"({_DECIMAL})\s*[,; ]\s*({_DECIMAL})", re.ASCII)
_METRES = re.compile(r"(\d{1,7}(?:\.\d{0,10})?)\s*,\s*(\d{1,7}(?:\.\d{0,10})?)", re.ASCII)
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
    """Latitude and longitude in decimal degrees (WGS 84), to six decimals: about ten centimetres.

    In the format `grid` it reads an easting and a northing of the British National Grid, in metres.
    """

    label = "Point"
    search = Search.NOT
    sensitivity = "location"
    example = "51.583427,0.140619"

    def __init__(self, format: str = "degrees") -> None:
        self.format = format

    def formatted(self, format: str) -> Self:
        if format != GRID:
            raise DeclarationError(f"A point has no format {format}; write `{{point: {{easting: A, northing: B}}}}`.")
        return type(self)(GRID)

    def clean(self, raw: str) -> Cleaned:
        text = raw.strip()
        if not text:
            return Cleaned(None)
        if self.format == GRID:
            return _from_grid(text)
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
        if self.format == GRID:
            return _grid_sql(raw, text)
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


#: metres of a degree of latitude
DEGREE = 111_320


def metres(one: str, other: str) -> float:
    """How far two points lie from each other, as far as a few kilometres go."""
    (south, west), (north, east) = (map(float, each.split(",")) for each in (one, other))
    return math.hypot(north - south, (east - west) * math.cos(math.radians((south + north) / 2))) * DEGREE


def _from_grid(text: str) -> Cleaned:
    found = _METRES.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        return Cleaned(None, Issue("format", "This is not an easting and a northing in metres, such as 530625,178388"))
    east, north = (float(each) for each in found.groups())
    if not (0 < east < grid.EAST and 0 < north < grid.NORTH):
        message = f"In Britain eastings run to {grid.EAST:,} and northings to {grid.NORTH:,} metres, above 0"
        return Cleaned(None, Issue("range", message))
    latitude, longitude = (round(each, 6) + 0.0 for each in grid.point(east, north))
    return Cleaned(f"{latitude:.6f},{longitude:.6f}")


def _grid_sql(raw: str, text: str) -> str:
    east, north = (f"try_cast(split_part({text}, ',', {part}) as DOUBLE)" for part in (1, 2))
    shaped = fast.matches(text, r"[0-9]{1,6}(?:\.[0-9]{1,4})?,[0-9]{1,7}(?:\.[0-9]{1,4})?")
    inside = f"{east} > 0 AND {east} < {grid.EAST} AND {north} > 0 AND {north} < {grid.NORTH}"
    made = grid.point_sql(east, north)
    # just west of Greenwich -0.0 is written 0.0
    return f"regexp_replace({fast.choose(raw, (f'{shaped} AND {inside}', made))}, ',-(0\\.0+)$', ',\\1')"
