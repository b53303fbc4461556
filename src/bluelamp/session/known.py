"""What of a chart's changes one reader knows of: what is about nothing that they may see was, for them, never made."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bluelamp.ids import ObjectId
from bluelamp.session.changes import ABOUT, BRING, PROPOSED, Change, concerns, ends, moved, parts

#: what a change keeps beside its words: id of a thing -> records of it that whoever made the change saw
HELD = "held"


class Known:
    """Which things, notes and proposals of a chart are there for one reader; worked out as it is asked for.

    `mean` says what ids mean now, of those that the reader may know of; `change` gives a change of the chart by name.
    """

    def __init__(
        self, mean: Callable[[Iterable[str]], Mapping[str, ObjectId]], change: Callable[[str], Change | None]
    ) -> None:
        self._mean, self._change = mean, change
        self._held: dict[str, list[str]] = {}
        self._means: dict[str, ObjectId | None] = {}
        self._told: dict[str, bool] = {}

    def all(self, changes: Iterable[Change]) -> dict[str, ObjectId]:
        """What everything means now that some changes are about; what is not there for the reader is left out."""
        listed = list(changes)
        for each in listed:
            self._hold(each)
        self._look(dict.fromkeys(id for each in listed for id in concerns(each)))
        return {id: found for id, found in self._means.items() if found}

    def has(self, end: str) -> bool:
        """Whether what a change is about is there: a thing, what another wrote or proposed, or nothing at all."""
        if end.startswith(PROPOSED):
            made = self._change("-".join(end.split("-")[:2]))
            part = parts(made).get(end) if made else None
            return (
                made is not None and part is not None and (made.kind == BRING or self.tells(made)) and self._about(part)
            )
        self._look([end] if end else [])
        return not end or self._means[end] is not None

    def __contains__(self, end: object) -> bool:
        return self.has(str(end))

    def tells(self, change: Change) -> bool:
        """Whether the reader is told of a change: of one about others, nothing."""
        if change.id not in self._told:
            self._hold(change)
            said = change.said
            ids = moved(change)
            there = not ids or change.kind == BRING or any(map(self.has, ids))
            about = any(map(self._about, parts(change).values()))
            # what a passage is about now counts, not what it was told of first
            key = "" if ABOUT in said else str(said.get("key") or "")
            self._told[change.id] = there and about and self.has(key)
        return self._told[change.id]

    def standing(self, at: str | None) -> str | None:
        """Where a chart that stands at a change stands for the reader: at the last up to there that is told."""
        while at is not None and (made := self._change(at)) is not None and not self.tells(made):
            at = made.before
        return at

    def _about(self, part: Mapping[str, Any]) -> bool:
        """Whether all is there that a note or proposal is about."""
        return all(map(self.has, ends(part)))

    def _hold(self, change: Change) -> None:
        for id, records in change.said.get(HELD, {}).items():
            self._held.setdefault(id, []).extend(records)

    def _look(self, ids: Iterable[str]) -> None:
        wanted = [each for each in ids if each not in self._means]
        found = self._mean(wanted)
        # an object may have gone by the number of a record that the reader does not see: others lead to it too
        lost = {id: self._held[id] for id in wanted if id not in found and id in self._held}
        by_record = self._mean(dict.fromkeys(record for records in lost.values() for record in records))
        for id in wanted:
            ways = (by_record[record] for record in lost.get(id, ()) if record in by_record)
            self._means[id] = found.get(id) or next(ways, None)
