"""How large a made-up force is, which months its deliveries cover, and where its chance comes from."""

import zlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Size = Literal["town", "city", "met"]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: rows in total, boroughs, wards of each borough
SIZES: dict[Size, tuple[int, int, int]] = {
    "town": (50_000, 1, 9),
    "city": (1_000_000, 3, 16),
    "met": (10_000_000, 12, 20),
}

#: the share of all rows that each source delivers, and the first month that it still holds
SHARES: dict[str, tuple[float, str]] = {
    "crimes": (0.135, "2024-01"),
    "incidents": (0.15, "2024-01"),
    "anpr": (0.335, "2025-11"),
    "calls": (0.175, "2026-01"),
    "keepers": (0.09, "2024-01"),
    "stops": (0.035, "2024-01"),
    "custody": (0.026, "2024-01"),
    "intelligence": (0.032, "2024-01"),
    "missing": (0.008, "2024-01"),
    "staff": (0.008, "2024-01"),
}

DAY = 86_400
FIRST_MONTH, LAST_MONTH = "2024-01", "2026-10"


@dataclass(frozen=True)
class Period:
    """The months that one delivery covers: from `start` up to, not including, `end` (seconds since 1970)."""

    name: str
    start: int
    end: int

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.end - self.start) // DAY


@dataclass(frozen=True)
class Plan:
    """What to make: everything else follows from these three."""

    size: Size
    seed: int
    rows: int
    boroughs: int
    wards: int

    def count(self, source: str) -> int:
        """How many rows `source` delivers in all."""
        return int(self.rows * SHARES[source][0])

    @property
    def people(self) -> int:
        """How many people live in this place."""
        return int(self.rows * 0.12)

    @property
    def start(self) -> int:
        """The first second that any source covers."""
        return seconds(FIRST_MONTH)

    @property
    def end(self) -> int:
        """The first second that no source covers: the demo's today."""
        return seconds(after(LAST_MONTH))

    def chance(self, *words: str) -> np.random.Generator:
        """Random numbers that depend on the seed and `words` only, so that parts do not disturb each other."""
        return np.random.default_rng([self.seed, *(zlib.crc32(word.encode()) for word in words)])

    def periods(self, source: str) -> list[Period]:
        """The deliveries of `source`: the smaller the force, the more months its older ones cover."""
        months = monthly(SHARES[source][1], LAST_MONTH)
        cuts = {"town": ("2026-01", "2026-07"), "city": ("2024-07", "2025-01", "2025-07", "2026-01"), "met": ()}[
            self.size
        ]
        single = {"town": "2026-07", "city": "2026-01", "met": "2024-01"}[self.size]
        opens = [month for month in months if month == months[0] or month in cuts or month >= single]
        ends = [*opens[1:], after(LAST_MONTH)]
        return [Period(title(first, end), seconds(first), seconds(end)) for first, end in zip(opens, ends, strict=True)]


def luck(chance: np.random.Generator, count: int, share: float | Floats) -> Bools:
    """Whether something of this share happens, for each of `count`."""
    found: Bools = chance.random(count) < share
    return found


def plan(size: Size, seed: int) -> Plan:
    """The plan of a force of this size."""
    return Plan(size, seed, *SIZES[size])


def seconds(month: str) -> int:
    """The first second of `month`, counted from 1970, in the force's local time."""
    year, number = map(int, month.split("-"))
    return (date(year, number, 1) - date(1970, 1, 1)).days * DAY


def after(month: str) -> str:
    """The month that follows."""
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"


def monthly(first: str, last: str) -> list[str]:
    """All months from `first` to `last`."""
    months = [first]
    while months[-1] != last:
        months.append(after(months[-1]))
    return months


def title(first: str, end: str) -> str:
    """`2026-07`, or `2024-01-to-2025-12` for more than one month."""
    last = next(month for month in monthly(first, end) if after(month) == end)
    return first if last == first else f"{first}-to-{last}"
