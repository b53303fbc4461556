"""How pages write dates, times and numbers: "21 Nov 2026", 24 hours, thousands parted by commas."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2.filters import do_urlencode

LOCAL = ZoneInfo("Europe/London")
_PLAIN = re.compile(r"[A-Za-z0-9_.~/-]*").fullmatch
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | datetime | str | None) -> str:
    """A date as "21 Nov 2026"; partial ISO text keeps its precision ("Nov 2026", "2026"); "" for None.

    A moment with a zone is told in London's time.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return _partial(value)
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(LOCAL)
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | str | None) -> str:
    """A date and time as "21 Nov 2026, 14:05", in London's time where the value has a zone; "" for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        days, _, time = value.partition("T")
        return f"{_partial(days)}, {time[:5]}" if time else _partial(days)
    local = value.astimezone(LOCAL) if value.tzinfo else value
    return f"{day(local)}, {local:%H:%M}"


def number(value: float | None) -> str:
    """A count as "12,345"; other numbers with two decimals; "–" for None."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def share(value: float | None) -> str:
    """A share from 0 to 1 as "12.3%"; "–" for None."""
    return "–" if value is None else f"{value:.1%}"


def plural(count: int, one: str, many: str = "") -> str:
    """`plural(1, "record")` is "1 record", `plural(2000, "record")` is "2,000 records"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def role(text: str) -> str:
    """A link reason of the POLE list as people say it: `currentAddress` is "current address"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in text).replace("_", " ").strip()


def urlencode(value: Any) -> str:
    """As Jinja's own filter; what needs no quoting, as most names of files, is seen at once."""
    return value if isinstance(value, str) and _PLAIN(value) else do_urlencode(value)


@lru_cache(4096)
def _partial(text: str) -> str:
    parts = text.partition("T")[0].split("-")
    if not all(part.isdigit() for part in parts) or not 1 <= len(parts) <= 3:  # noqa: PLR2004 (year, month, day)
        return text
    year, *rest = parts
    if not rest:
        return year
    month = int(rest[0])
    if not 1 <= month <= len(_MONTHS):
        return text
    named = f"{_MONTHS[month - 1]} {year}"
    return f"{int(rest[1])} {named}" if len(rest) > 1 else named


#: what templates may write after a bar: `{{ c.received|day }}`
FILTERS = {
    "day": day,
    "moment": moment,
    "number": number,
    "share": share,
    "plural": plural,
    "role": role,
    "urlencode": urlencode,
}
