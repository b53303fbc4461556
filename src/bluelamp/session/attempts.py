"""Wrong passwords and codes: five in fifteen minutes lock an account, for longer each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST = 5
WITHIN = timedelta(minutes=15)
LOCK = timedelta(minutes=15)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class Attempts:
    """The state of one account: when it was tried in vain, how often it has locked, and until when it is."""

    tried: tuple[datetime, ...] = ()
    locks: int = 0
    until: datetime | None = None

    def closed(self, now: datetime) -> bool:
        """Whether no password is looked at now. Attempts of a clock that has gone back count as recent."""
        return (self.until is not None and now < self.until) or len(self._recent(now)) >= MOST

    def begin(self, now: datetime) -> "Attempts":
        """Count an attempt before its outcome is known, so that many at once do not get by."""
        return Attempts((*self._recent(now), now), self.locks, self.until)

    def fail(self, now: datetime) -> "Attempts":
        """The attempt was wrong: lock, if it was one too many."""
        recent = self._recent(now)
        if len(recent) < MOST:
            return Attempts(recent, self.locks, self.until)
        return Attempts((), self.locks + 1, now + min(LONGEST, LOCK * 2 ** min(self.locks, 20)))

    def forget(self, attempt: datetime) -> "Attempts":
        """The attempt was right, but the sign-in is not complete: what failed before still counts."""
        at = self.tried.index(attempt) if attempt in self.tried else len(self.tried)
        return Attempts((*self.tried[:at], *self.tried[at + 1 :]), self.locks, self.until)

    def _recent(self, now: datetime) -> tuple[datetime, ...]:
        return tuple(each for each in self.tried if each > now - WITHIN)
