"""What a text says of a time: the ways of writing that are understood, declared formats, and zones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from bluelamp import clock
from bluelamp.errors import DeclarationError
from bluelamp.types.wording import is_filler

LONDON = ZoneInfo("Europe/London")
FIRST_YEAR = 1000
NO_HOUR = 99
#: minutes
LARGEST_OFFSET = 24 * 60
CENTURY = 100
#: stands for a blank column where several are joined to a date, so that no part is read in the place of another
BLANK = "(blank)"

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = "january february march april may june july august september october november december"
MONTH_WORDS = {word: at % 12 + 1 for at, word in enumerate([*MONTHS, *_LONG.split()])} | {"sept": 9}
ZONES = {"z": 0, "utc": 0, "gmt": 0, "bst": 60}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was said of a time, as far as it was said; `offset` in minutes east of Greenwich."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    offset: int | None = None
    short_year: bool = False

    @property
    def day_text(self) -> str:
        """The date as canonical text."""
        month = "" if self.month is None else f"-{self.month:02}"
        return f"{self.year:04}{month}" + ("" if self.day is None else f"-{self.day:02}")

    @property
    def text(self) -> str:
        """Date and time as canonical text."""
        if self.hour is None:
            return self.day_text
        second = "" if self.second is None else f":{self.second:02}"
        return f"{self.day_text}T{self.hour:02}:{self.minute or 0:02}{second}"


_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"\s?(?P<zone>z|utc|gmt|bst|[+-]\d\d(?::?\d\d)?)?"
)
_ISO = rf"(?P<year>\d{{4}})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[t ]{_TIME})?)?)?"
_DAY_FIRST = rf"(?P<day>\d{{1,2}})(?P<mark>[/.-])(?P<month>\d{{1,2}})(?P=mark)(?P<year>\d{{4}})(?:[t ,]\s?{_TIME})?"
_YEAR_FIRST = rf"(?P<year>\d{{4}})/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})(?: {_TIME})?"
_MONTH_YEAR = r"(?P<month>\d{1,2})[/.-](?P<year>\d{4})"
_WORDS = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?:of )?)?"
    rf"(?P<word>{'|'.join(sorted(MONTH_WORDS, key=len, reverse=True))})\.?,?[ -](?P<year>\d{{4}})"
    rf"(?:,? (?:at )?{_TIME})?"
)
#: a month that is named may stand before its day, as nobody can read the one as the other
_MONTH_FIRST = (
    rf"(?P<word>{'|'.join(sorted(MONTH_WORDS, key=len, reverse=True))})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? "
    rf"(?P<year>\d{{4}})(?:,? (?:at )?{_TIME})?"
)
ISO = re.compile(_ISO, re.ASCII | re.IGNORECASE)
#: the declared format of systems that write universal time without saying so, and the pattern that says it for them
UNIVERSAL = "iso-utc"
_ISO_UNIVERSAL = re.compile(rf"{_ISO}(?P<universal>)", re.ASCII | re.IGNORECASE)
#: the ways of writing that are understood where no format is declared: never the number of a month before the day
UNDECLARED = (
    ISO,
    *(
        re.compile(each, re.ASCII | re.IGNORECASE)
        for each in (_DAY_FIRST, _YEAR_FIRST, _MONTH_YEAR, _WORDS, _MONTH_FIRST)
    ),
)

#: strptime codes that a declared format may hold
CODES = {
    "%d": r"(?P<day>\d\d?)",
    "%m": r"(?P<month>\d\d?)",
    "%Y": r"(?P<year>\d{4})",
    "%y": r"(?P<short>\d\d)",
    "%b": r"(?P<word>[a-z]{3,9})",
    "%B": r"(?P<word>[a-z]{3,9})",
    "%H": r"(?P<hour>\d\d?)",
    "%I": r"(?P<twelve>\d\d?)",
    "%p": r"(?P<half>am|pm)",
    "%M": r"(?P<minute>\d\d?)",
    "%S": r"(?P<second>\d\d?)",
    "%f": r"\d{1,9}",
    "%z": r"(?P<zone>z|[+-]\d\d(?::?\d\d)?)",
    "%%": "%",
}
_NUMBERS = frozenset({"%d", "%m", "%Y", "%y", "%H", "%I", "%M", "%S", "%f"})
#: the declared format of a spreadsheet's dates whose cells do not say that they are dates: days since the end of 1899
SERIAL = "excel"
_SERIAL = re.compile(r"(?P<serial>\d{1,7})(?P<share>\.\d{1,15})?", re.ASCII)
#: the first day that spreadsheets count alike: before 1 March 1900 some have a day that never was
FIRST_SERIAL = 61
_NO_DAY = date(1899, 12, 30)
#: formats that have a name
PATTERNS = {"iso": ISO, UNIVERSAL: _ISO_UNIVERSAL, SERIAL: _SERIAL}
#: the name of dates made of parts (`{year: A, month: B, day: C}`), which no declaration writes: `2016-6-3 10:22`, with
#: each part as it came, and nothing where it is blank
PARTS = "year, month and day"
_PARTED = re.compile(
    r"(?P<year>[^-]*)-(?P<month>[^-]*)-(?P<day>[^ -]*)(?: (?P<hour>[^:]*):(?P<minute>.*))?", re.ASCII | re.IGNORECASE
)
#: a time that is only about right: what stands before or after it
_ESTIMATE = re.compile(
    r"(?:(?:circa|approximately|approx|about|abt|ca|c)\.? ?|~ ?)(?P<said>\d.*?|[a-z]{3,9}\.? \d{4})(?: ?\?)?"
    r"|(?P<doubted>.*\d) ?\?",
    re.ASCII | re.IGNORECASE,
)
_CODE_OR_TEXT = re.compile(r"%.|[^%]+|%", re.DOTALL)


def parts(form: str) -> list[str]:
    """A declared format split into its codes and the text between them."""
    return _CODE_OR_TEXT.findall(form)


@cache
def patterns(formats: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of declared formats, in order; `formats` are names of PATTERNS or strptime codes, parted by `|`.

    Raises DeclarationError where a code is none that dates have.
    """
    return tuple((PATTERNS | {PARTS: _PARTED}).get(form) or _pattern(form) for form in formats.split("|"))


def _pattern(form: str) -> re.Pattern[str]:
    pieces = parts(form)
    written = []
    for at, piece in enumerate(pieces):
        if piece.startswith("%") and piece not in CODES:
            known = " ".join(CODES)
            raise DeclarationError(
                f"The date format `{form}` has the code `{piece}`; write {' or '.join(PATTERNS)} or one made of {known}"
            )
        # beside another number one must have its two digits, or nobody could tell where it ends
        beside = {*pieces[max(at - 1, 0) : at], *pieces[at + 1 : at + 2]}
        code = CODES.get(piece, re.escape(piece))
        written.append(code.replace(r"\d\d?", r"\d\d") if beside & _NUMBERS else code)
    names = re.findall(r"\?P<(\w+)>", "".join(written))
    if ("%I" in pieces) != ("%p" in pieces):
        raise DeclarationError(f"The date format `{form}` must hold %I and %p together, or %H for 24 hours")
    if not {"year", "short"} & set(names) or len(names) != len(set(names)):
        raise DeclarationError(f"The date format `{form}` must hold the year, as %Y or %y, and each part at most once")
    return re.compile("".join(written), re.ASCII | re.IGNORECASE)


def read(text: str, ways: tuple[re.Pattern[str], ...], ahead: int = 0) -> tuple[Reading | None, bool]:
    """The first possible reading of `text`, and whether any way of writing fits it at all.

    A year of two digits is the latest that lies at most `ahead` years after today.
    """
    fits = False
    for way in ways:
        if found := way.fullmatch(text):
            fits = True
            reading = _possible(found.groupdict(), ahead)
            if reading is not None:
                return reading, True
    return None, fits


def estimated(text: str) -> str:
    """The time of which `text` says that it is only about right: `1985` of `circa 1985`; empty where it does not."""
    found = _ESTIMATE.fullmatch(text)
    return (found["said"] or found["doubted"] or "") if found else ""


def read_parts(text: str, ahead: int = 0) -> tuple[Reading | None, str]:
    """The reading of a date made of parts as far as they say it, and what is amiss; nothing amiss: empty.

    What is amiss is one of `year`, `month`, `day`, `time` (which is left out, with all after it), `no month` and
    `impossible`.
    """
    found = _PARTED.fullmatch(text)
    parts = found.groupdict() if found else {}
    said = {name: "" if part is None or is_filler(part) else part.strip() for name, part in parts.items()}
    kept: dict[str, str | None] = {}
    year = said.get("year", "")
    if re.fullmatch(r"\d\d|\d{4}", year, re.ASCII) and year != "0000":
        kept = {"short" if _is_number(year) else "year": year}
    if not kept:
        return None, "year"
    amiss = _keep_day(said, kept)
    if (said["hour"] or said["minute"]) and not amiss:
        if "day" in kept and _is_number(said["hour"]) and _is_number(said["minute"]):
            kept |= {"hour": said["hour"], "minute": said["minute"]}
        else:
            amiss = "time"
    reading = _possible(kept, ahead)
    return reading, amiss if reading else "impossible"


def _keep_day(said: dict[str, str], kept: dict[str, str | None]) -> str:
    """Add the month and the day to `kept` as far as `said` has them; what is amiss with them."""
    month, day = ("" if not said[name].strip("0") else said[name].removesuffix(".") for name in ("month", "day"))
    if month and not _is_number(month) and month.lower() not in MONTH_WORDS:
        return "month"
    if month:
        kept["month" if _is_number(month) else "word"] = month
    if day and not month:
        return "no month"
    if day and not _is_number(day):
        return "day"
    if day:
        kept["day"] = day
    return ""


def _is_number(part: str) -> bool:
    return bool(re.fullmatch(r"\d\d?", part, re.ASCII))


def _possible(said: dict[str, str | None], ahead: int) -> Reading | None:
    """The reading of what a pattern found, or None where no such day or time exists."""
    if said.get("serial"):
        return _of_serial(int(said["serial"] or 0), float(said.get("share") or 0))
    numbers = {name: int(said[name] or 0) for name in ("day", "month", "hour", "minute", "second") if said.get(name)}
    if word := said.get("word"):
        numbers["month"] = MONTH_WORDS.get(word.lower(), 0)
    if said.get("twelve"):
        numbers["hour"] = _of_twelve(int(said["twelve"] or 0), said.get("half"))
    _drop_noughts(numbers)
    short = said.get("short")
    year = int(said.get("year") or 0) if short is None else of_century(int(short), numbers, ahead)
    zone = said.get("zone") or ("utc" if "universal" in said else None)
    reading = Reading(year, **numbers, offset=_offset(zone), short_year=short is not None)
    return _in_london(reading) if _exists(reading) else None


def _of_serial(days: int, share: float) -> Reading | None:
    """The day that a spreadsheet means by a number, and the time by its share of a day, to the second."""
    seconds = round(share * timedelta(days=1).total_seconds())
    try:
        moment = datetime.combine(_NO_DAY, time()) + timedelta(days=days, seconds=seconds)
    except OverflowError:
        return None
    if days < FIRST_SERIAL:
        return None
    clock = (moment.hour, moment.minute, moment.second) if share else (None, None, None)
    return Reading(moment.year, moment.month, moment.day, *clock)


def _drop_noughts(numbers: dict[str, int]) -> None:
    """Take out the day, or the month and the day, where 00 stands for them: older systems write partial dates so."""
    if numbers.get("day") == 0 and not any(numbers.get(name) for name in ("hour", "minute", "second")):
        for name in ("day", "hour", "minute", "second"):
            numbers.pop(name, None)
    if numbers.get("month") == 0 and "day" not in numbers:
        del numbers["month"]


def of_century(short: int, numbers: Mapping[str, int], ahead: int = 0) -> int:
    """The latest year with the last two digits `short` of which the date lies at most `ahead` years after today."""
    today = clock.now().astimezone(LONDON).date()
    latest = f"{today.year + ahead}-{today:%m-%d}"
    year = (today.year + ahead) // CENTURY * CENTURY + short
    text = Reading(year, numbers.get("month"), numbers.get("day")).day_text
    return year - CENTURY if text > latest else year


def century_as_of(value: str, day: str, ahead: int = 0) -> str:
    """SQL of the cleaned date `value`, whose century `of_century` chose, as it must be read on the ISO `day`."""
    latest = f"(left({day}, 4)::INT + {ahead})::VARCHAR || substr({day}, 5)" if ahead else day
    earlier = f"(left({value}, 4)::INT - {CENTURY})::VARCHAR || substr({value}, 5)"
    return f"CASE WHEN left({value}, 10) > {latest} THEN {earlier} ELSE {value} END"


def _of_twelve(hour: int, half: str | None) -> int:
    """The hour of the day of an hour from 1 to 12; one that no day has where it is none."""
    if hour not in range(1, 13):
        return NO_HOUR
    return hour % 12 + (12 if (half or "am").lower() == "pm" else 0)


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    known = ZONES.get(zone.lower())
    if known is not None:
        return known
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes


def _exists(reading: Reading) -> bool:
    if reading.day is not None and reading.month is None:
        return False
    if reading.hour is not None and reading.day is None:
        return False
    try:
        date(reading.year, 1 if reading.month is None else reading.month, 1 if reading.day is None else reading.day)
        time(reading.hour or 0, reading.minute or 0, reading.second or 0)
    except ValueError:
        return False
    return reading.year >= FIRST_YEAR and abs(reading.offset or 0) < LARGEST_OFFSET


def _in_london(reading: Reading) -> Reading | None:
    """The reading in local time of London, where it has a zone."""
    if reading.offset is None or reading.hour is None:
        return reading
    zone = timezone(timedelta(minutes=reading.offset))
    stated = datetime(
        reading.year,
        reading.month or 1,
        reading.day or 1,
        reading.hour,
        reading.minute or 0,
        reading.second or 0,
        tzinfo=zone,
    )
    try:
        local = stated.astimezone(UTC).astimezone(LONDON)
    except OverflowError:
        return None
    if local.year < FIRST_YEAR:
        return None
    second = None if reading.second is None else local.second
    return replace(
        reading, year=local.year, month=local.month, day=local.day, hour=local.hour, minute=local.minute, second=second
    )
