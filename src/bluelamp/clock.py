"""The time, in one place, so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, date, datetime


def system_time() -> datetime:
    """Now, in UTC, with its zone."""
    return datetime.now(UTC)


_source: Callable[[], datetime] = system_time


def now() -> datetime:
    """Now, in UTC, from whatever clock is set."""
    return _source()


def today() -> date:
    """The date in UTC."""
    return now().date()


def use(source: Callable[[], datetime] = system_time) -> None:
    """Read the time from `source` from here on; without an argument, from the system again."""
    global _source  # noqa: PLW0603 (the one clock, which tests set)
    _source = source
