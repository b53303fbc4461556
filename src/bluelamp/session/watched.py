"""What can be watched: a search, an area or a question, as somebody asked for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from bluelamp.errors import BlueLampError, Refused
from bluelamp.index.graph import Choice
from bluelamp.index.places import Area
from bluelamp.index.search import Numbers
from bluelamp.session.asking import Asking, understood
from bluelamp.session.said import kept

SEARCH, AREA, QUESTION = "search", "area", "question"

#: things that one watch may find: all of them are compared, eight bytes each are kept
MOST = 1_000_000

#: letters of a word, and words, that a watch may say
LETTERS, WORDS = 1_000, 200


class Watched(Asking):
    """What a watch finds, for a session that may see it."""

    def _finds(self, kind: str, said: Mapping[str, Any]) -> Numbers:
        """The numbers of all that a watch finds now, sorted.

        Raises BlueLampError, with one sentence, where it cannot be watched or finds too much to be compared.
        """
        said = checked(kind, said)
        if kind == SEARCH:
            return self.index.matching(
                said["text"],
                self.visible,
                said["types"],
                said["sources"],
                _day(said["first"]),
                _day(said["last"]),
                MOST,
            )
        if kind == AREA:
            area = Area(tuple((south, east) for south, east in said["corners"]), said["metres"])
            choice = Choice.of(others=said["others"], first=said["first"], last=said["last"])
            found = [each.number for each in self._there(area, choice) if self._wanted(each, choice)]
            return np.unique(np.array(found, np.int64))
        question = self.force.workspace.questions.get(said["question"])
        if question is None:
            raise BlueLampError(f"There is no question {said['question']} any more; end the watch.")
        refusal = question.allows(self.purpose)
        if refusal:
            raise Refused(refusal)
        given = understood(question, said["given"])
        answers = self.index.patterns.answers(question, given, self.visible)
        return np.unique(np.array([each.number for each in answers], np.int64))


def checked(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a watch says, checked and without what does not belong there. Raises BlueLampError."""
    days = {name: _text(said, name) for name in ("first", "last")}
    for each in days.values():
        _day(each)
    if kind == SEARCH:
        made = {"text": _text(said, "text"), "types": _words(said, "types"), "sources": _words(said, "sources"), **days}
        if not made["text"] and not made["types"]:
            raise BlueLampError("A search to watch needs words or a type; search for something first.")
        return made
    if kind == AREA:
        corners = said.get("corners")
        listed = [_corner(each) for each in corners] if isinstance(corners, list | tuple) else []
        metres = _metres(said.get("metres"))
        Area(tuple(listed), metres)
        return {"corners": listed, "metres": metres, "others": _words(said, "others"), **days}
    if kind != QUESTION:
        raise BlueLampError(f"A {kind[:20]!r} cannot be watched; a {SEARCH}, an {AREA} or a {QUESTION} can.")
    given = said.get("given") or {}
    if not isinstance(given, Mapping):
        raise BlueLampError('What a question is asked with is written `{"given": {input: value}}`.')
    return {"question": _text(said, "question"), "given": {str(name): _given(each) for name, each in given.items()}}


def _text(said: Mapping[str, Any], name: str) -> str:
    text = kept(str(said.get(name) or ""))
    if len(text) > LETTERS:
        raise BlueLampError(f"What is to be watched has more than {LETTERS:,} letters; shorten it.")
    return text


def _given(value: object) -> int | str:
    return value if isinstance(value, int) and not isinstance(value, bool) else kept(str(value))[:LETTERS]


def _words(said: Mapping[str, Any], name: str) -> list[str]:
    listed = said.get(name) or ()
    words = [kept(str(each)) for each in (listed if isinstance(listed, list | tuple) else [listed])]
    if len(words) > WORDS or any(len(each) > LETTERS for each in words):
        raise BlueLampError(f"A watch names at most {WORDS} types or sources; choose fewer.")
    return words


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BlueLampError(f"{text[:20]!r} is no day; write one such as 2026-05-01.") from None


def _metres(said: Any) -> float:
    try:
        return float(said or 0)
    except (TypeError, ValueError):
        raise BlueLampError("A distance is a number of metres; write one such as 500.") from None


def _corner(said: Any) -> tuple[float, float]:
    try:
        south, east = said
        return float(south), float(east)
    except (TypeError, ValueError):
        raise BlueLampError("Each corner of an area is a latitude and a longitude in degrees.") from None
