"""Dates that keep the precision with which they were said: a year, a month or a day (POLE-4)."""

import re
from calendar import monthrange
from datetime import date
from typing import ClassVar, Self

from bluelamp.types import fast
from bluelamp.types.dating import (
    BLANK,
    ISO,
    MONTHS,
    PARTS,
    UNDECLARED,
    UNIVERSAL,
    Reading,
    century_as_of,
    estimated,
    parts,
    patterns,
    read,
    read_parts,
)
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.wording import filler, is_filler

#: systems write these where no date is known
DEFAULT_DATES = ("1900-01-01", "1970-01-01")

LONGEST = 60

_SHORT_YEAR = re.compile(r"\d{1,2}([/.-])(?:\d{1,2}|[a-z]{3})\1\d\d(?: .*)?", re.ASCII | re.IGNORECASE)
_BARE_NUMBER = re.compile(r"\d{5,14}(?:\.\d+)?", re.ASCII)

#: what is wrong with a date made of parts
_AMISS = {
    "year": "The year is blank or no number, so the date is not known",
    "month": "The month is no number or name of a month, so only the year is kept",
    "day": "The day is no number, so only the year and the month are kept",
    "no month": "A day without its month says nothing, so only the year is kept",
    "time": "The time of day lacks its hour, its minute or its day, so it is left out",
    "impossible": "There is no such day or time; years run from 1000 to 9999",
}
_CENTURY = "The year has two digits; it is the latest that does not put the date after the day of its delivery"
_BLANK_PART = (
    "A part is blank, so the others might be read in its place; make the date as `{year: A, month: B, day: C}` instead"
)

#: strptime codes of fixed width with their patterns in SQL
_PADDED = {
    "%d": "(?:0[1-9]|[12][0-9]|3[01])",
    "%m": "(?:0[1-9]|1[0-2])",
    "%Y": "[1-9][0-9]{3}",
    "%H": "(?:[01][0-9]|2[0-3])",
    "%M": "[0-5][0-9]",
    "%S": "[0-5][0-9]",
}
#: codes of a time of day that belong together
_CLOCKS = ({"%H", "%M"}, {"%H", "%M", "%S"})
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?"
_DAY = f"{_PADDED['%Y']}-{_PADDED['%m']}-{_PADDED['%d']}"


class Date(PropertyType):
    """A year, a month or a day. Day before month, always; a declared format says otherwise.

    A year of two digits, where a format allows it, is the latest that is not after the day of delivery; of what may
    lie ahead, the latest at most `ahead` years after it.
    """

    label = "Date"
    search = Search.IDENTIFIER
    nothing = "[/.: T-]*0[0/.: T-]*"
    sensitivity = "none"
    example = "2016-06-03"
    #: whether the time of day is part of the value
    timed: ClassVar[bool] = False

    def __init__(self, formats: str = "", ahead: int = 0) -> None:
        self.formats = formats
        self.ahead = ahead
        self._ways = patterns(formats) if formats else UNDECLARED

    def formatted(self, format: str) -> Self:
        """The same type reading `iso`, `iso-utc` or strptime codes, several with `|` between them, tried in order."""
        return type(self)(format, self.ahead)

    def clean(self, raw: str) -> Cleaned:
        text = " ".join(raw.split()) if len(raw) <= LONGEST else raw.strip()
        if not text:
            return Cleaned(None)
        if len(text) > LONGEST:
            return self._refused()
        return self._of_parts(text) if self.formats == PARTS else self._read(text)

    def _read(self, text: str) -> Cleaned:
        reading, fits = read(text, self._ways, self.ahead)
        if reading is not None:
            return self._judge(reading)
        if is_filler(text) or re.fullmatch(self.nothing, text):
            return filler(self.label)
        if BLANK in text:
            return self._with_blanks(text)
        reading, fits_about = read(estimated(text), (*self._ways, ISO), self.ahead)
        if reading is not None:
            return self._judge(reading, Issue("estimate", "The source says that this is only about right"))
        if fits or fits_about:
            message = "There is no such day or time; dates are read day first, and years run from 1000 to 9999"
            return Cleaned(None, Issue("impossible", message))
        return self._refused(text)

    def _refused(self, text: str = "") -> Cleaned:
        if not self.formats and _SHORT_YEAR.fullmatch(text):
            message = "The year has two digits, so its century is unknown; declare the format, such as %d/%m/%y"
            return Cleaned(None, Issue("two_digit_year", message))
        if not self.formats and _BARE_NUMBER.fullmatch(text):
            return Cleaned(
                None,
                Issue(
                    "number",
                    "A bare number may mean several dates; declare the format, such as %Y%m%d, "
                    "or excel where a spreadsheet counts the days",
                ),
            )
        wanted = f"as {self.formats.replace('|', ' or ')}" if self.formats else "such as 2016-06-03 or 03/06/2016"
        return Cleaned(None, Issue("format", f"This is not a date {wanted}"))

    def _of_parts(self, text: str) -> Cleaned:
        reading, amiss = read_parts(text, self.ahead)
        doubt = Issue(amiss.replace(" ", "_"), _AMISS[amiss]) if amiss else None
        return self._judge(reading, doubt) if reading else Cleaned(None, doubt)

    def _with_blanks(self, text: str) -> Cleaned:
        """What is joined of columns of which some are blank: understood where a whole day stands before them all."""
        said, _, rest = text.partition(BLANK)
        reading = None
        if not any(character.isalnum() for character in rest.replace(BLANK, "")):
            reading, _ = read(said.rstrip(" ,;:/.|-"), self._ways, self.ahead)
        whole = reading is not None and reading.day is not None
        return self._judge(reading) if reading and whole else Cleaned(None, Issue("blank_part", _BLANK_PART))

    def _value(self, reading: Reading) -> str:
        return reading.text if self.timed else reading.day_text

    def _judge(self, reading: Reading, doubt: Issue | None = None) -> Cleaned:
        """What a reading is cleaned to, with the weightiest doubt of it; `doubt` is of how it was written."""
        value = self._value(reading)
        if reading.day_text in DEFAULT_DATES:
            return Cleaned(value, Issue("default_date", "Systems write this date where none is known"))
        if reading.short_year:
            return Cleaned(value, Issue("century", _CENTURY))
        if doubt:
            return Cleaned(value, doubt)
        if not self.timed and (reading.hour or reading.minute or reading.second) and "%H" not in self.formats:
            return Cleaned(
                value, Issue("time_dropped", "A time of day was given, and this property keeps only the date")
            )
        return Cleaned(value)

    def as_of(self, value: str, day: str) -> str:
        return century_as_of(value, day, self.ahead)

    def sql(self, raw: str) -> str | None:
        text = f"trim({raw})"
        if self.formats == PARTS:
            return fast.choose(raw, *_parted_cases(text, timed=self.timed))
        cases: list[tuple[str, str]] = []
        for form in self.formats.split("|") if self.formats else ("iso", "%d/%m/%Y", "%d-%m-%Y"):
            named = {"iso": self._iso_cases, UNIVERSAL: self._universal_cases}.get(form)
            found = named(text) if named else _fixed_case(text, form, timed=self.timed)
            if not found:
                return None
            cases += found
        return fast.choose(raw, *cases)

    def _iso_cases(self, text: str) -> list[tuple[str, str]]:
        partial = f"{_PADDED['%Y']}(?:-{_PADDED['%m']})?"
        day, number = f"left({text}, 10)", f"substr({text}, 9, 2)"
        cases = [
            (f"{fast.matches(text, _DAY)} AND {_sound(text, number)}", text),
            (fast.matches(text, partial), text),
        ]
        if self.timed:
            shaped = f"{fast.matches(text, f'{_DAY}[T ]{_CLOCK}')} AND {_sound(day, number)}"
            return [*cases, (shaped, f"{day} || 'T' || substr({text}, 12, 8)")]
        midnight = f"{fast.matches(text, f'{_DAY}[T ]00:00(?::00)?')} AND {_sound(day, number)}"
        return [*cases, (midnight, day)]

    def _universal_cases(self, text: str) -> list[tuple[str, str]]:
        """Universal time in the months that are wholly winter or summer since 1972, but for the last hour of a day."""
        if not self.timed:
            return []
        sound = _sound(f"left({text}, 10)", f"substr({text}, 9, 2)")
        year, clock = "(?:19[89][0-9]|20[0-9]{2})", "[T ](?:[01][0-9]|2[0-2]):[0-5][0-9](?::[0-5][0-9])?"
        day, winter, summer = "(?:0[1-9]|[12][0-9]|3[01])", "(?:01|02|11|12)", "0[4-9]"
        later = f"lpad(cast(cast(substr({text}, 12, 2) AS INT) + 1 AS VARCHAR), 2, '0')"
        hours = ((winter, f"substr({text}, 12, 2)"), (summer, later))
        return [
            (
                f"{fast.matches(text, f'{year}-{months}-{day}{clock}')} AND {sound}",
                f"left({text}, 10) || 'T' || {hour} || substr({text}, 14, 6)",
            )
            for months, hour in hours
        ]

    def show(self, value: str) -> str:
        day, _, clock = value.partition("T")
        year, month, number = [*day.split("-"), "", ""][:3]
        words = [number.lstrip("0"), MONTHS[int(month) - 1].title() if month else "", year]
        return " ".join(word for word in words if word) + (f", {clock}" if clock else "")

    def shown_sql(self, value: str) -> str:
        text = f"{value}::VARCHAR"
        day = f"strftime(try_cast(left({text}, 10) AS DATE), '%-d %b %Y')"
        clock = f"CASE WHEN length({text}) > 10 THEN ', ' || substr({text}, 12) ELSE '' END"
        return f"CASE WHEN length({text}) >= 10 THEN coalesce({day} || {clock}, {text}) ELSE {text} END"

    def agree(self, one: str, other: str) -> bool:
        """Whether they are the same as far as both say: `2016` agrees with `2016-06-03`."""
        short, long = sorted((one, other), key=len)
        return short == long or (long.startswith(short) and long[len(short)] in "-T:")


def _sound(day: str, number: str) -> str:
    """SQL that holds where an ISO day exists and is no default date; `number` is its day of the month."""
    exists = f"({number} <= '28' OR try_cast({day} AS DATE) IS NOT NULL)"
    return f"{exists} AND NOT ({number} = '01' AND {fast.within(day, DEFAULT_DATES)})"


def _fixed_case(text: str, form: str, *, timed: bool) -> list[tuple[str, str]]:
    """The SQL case of a declared format whose every part has a fixed place; nothing where one has not."""
    at, pattern, places = 1, "", {}
    for piece in parts(form):
        code = piece.startswith("%")
        if (code and piece not in _PADDED) or not (piece.isascii() and piece.isprintable()):
            return []
        width = 4 if piece == "%Y" else 2 if code else len(piece)
        if code:
            places[piece] = f"substr({text}, {at}, {width})"
        pattern += _PADDED.get(piece) or re.escape(piece).replace(r"\ ", " ")
        at += width
    if {"%Y", "%m", "%d"} - places.keys() or places.keys() & {"%H", "%M", "%S"} not in (set(), *_CLOCKS):
        return []
    day = f"{places['%Y']} || '-' || {places['%m']} || '-' || {places['%d']}"
    clock = [places[each] for each in ("%H", "%M", "%S") if each in places] if timed else []
    value = day + (" || 'T' || " + " || ':' || ".join(clock) if clock else "")
    return [(f"{fast.matches(text, pattern)} AND {_sound(f'({day})', places['%d'])}", value)]


def _parted_cases(text: str, *, timed: bool) -> list[tuple[str, str]]:
    """The SQL cases of a date made of parts that are numbers: a year, a month, a day, a minute."""
    said = f"split_part({text}, ' ', 1)"
    year, month, day = (f"lpad(split_part({said}, '-', {at}), {width}, '0')" for at, width in ((1, 4), (2, 2), (3, 2)))
    twelve, thirty = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
    cases = []
    for clock in (False, True) if timed else (False,):
        pattern = f"{_PADDED['%Y']}-{twelve}-{thirty}" + (" (?:[01]?[0-9]|2[0-3]):[0-5]?[0-9]" if clock else "")
        whole = f"({year} || '-' || {month} || '-' || {day})"
        hour, minute = (f"lpad(split_part(split_part({text}, ' ', 2), ':', {at}), 2, '0')" for at in (1, 2))
        value = whole + (f" || 'T' || {hour} || ':' || {minute}" if clock else "")
        cases.append((f"{fast.matches(text, pattern)} AND {_sound(whole, day)}", value))
    cases.append((fast.matches(text, f"{_PADDED['%Y']}-{twelve}-"), f"{year} || '-' || {month}"))
    cases.append((fast.matches(text, f"{_PADDED['%Y']}--"), year))
    return cases


def bounds(value: str) -> tuple[date, date]:
    """The earliest and the latest day that a cleaned Date or Moment may mean."""
    year, month, day = ([int(part) for part in value[:10].split("-")] + [0, 0])[:3]
    last_month = month or 12
    return date(year, month or 1, day or 1), date(year, last_month, day or monthrange(year, last_month)[1])


def first_day_sql(expr: str) -> str:
    """SQL of the earliest day, as DATE, of the cleaned Date or Moment in the SQL expression `expr`."""
    return (
        f"try_cast(CASE length({expr}) WHEN 4 THEN {expr} || '-01-01' WHEN 7 THEN {expr} || '-01' "
        f"ELSE left({expr}, 10) END AS DATE)"
    )


def last_day_sql(expr: str) -> str:
    """SQL of the latest day, as DATE, of the cleaned Date or Moment in the SQL expression `expr`."""
    return (
        f"CASE length({expr}) WHEN 4 THEN try_cast({expr} || '-12-31' AS DATE) "
        f"WHEN 7 THEN last_day(try_cast({expr} || '-01' AS DATE)) ELSE try_cast(left({expr}, 10) AS DATE) END"
    )
