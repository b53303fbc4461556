"""Asks the index questions for one reader, within a time: what answers, how many of what, and which rows say so."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from bluelamp.errors import TooMuch
from bluelamp.ids import ObjectId
from bluelamp.index.objects import Objects
from bluelamp.index.pattern import Pattern, Statement
from bluelamp.workspace.model import Given, Question

#: seconds that one question may take, and how often it is told to stop after that
SECONDS, AGAIN = 30.0, 0.1

#: answers that are found at most, before the first of them are chosen
MOST_FOUND = 20_000

_LESS = "ask for fewer days, for a kind of thing, for less distance, or for more at least."


@dataclass(frozen=True)
class Ground:
    """A source row that an answer rests on, with the things of the pattern that it is about."""

    things: tuple[tuple[str, ObjectId], ...]
    access: int
    delivery: int
    file: str
    row: int
    #: rows that say something new have the lesser numbers
    turn: int


class Patterns:
    """Questions to an opened index."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def answers(
        self, question: Question, given: Mapping[str, Given], visible: frozenset[int]
    ) -> dict[ObjectId, dict[str, int]]:
        """All that answers a question, with how many there are of each thing that it counts.

        Raises TooMuch where that takes too long, or is more than can be chosen from.
        """
        asked = self._known(question)
        if asked is None:
            return {}
        slug = self._noun(question, question.answer).slug
        statement = Pattern(asked, given, self._objects.by_name, visible).answers(MOST_FOUND + 1)
        rows = self._rows(statement)
        if len(rows) > MOST_FOUND:
            raise TooMuch(f"More than {MOST_FOUND:,} answer that; {_LESS}")
        return {ObjectId(slug, number): dict(zip(question.at_least, counts, strict=True)) for number, *counts in rows}

    def grounds(
        self, question: Question, given: Mapping[str, Given], answers: Sequence[ObjectId], visible: frozenset[int], rows: int
    ) -> dict[ObjectId, list[Ground]]:  # fmt: skip
        """The source rows that some answers rest on, for each at most `rows` of each part of the pattern."""
        asked = self._known(question)
        if asked is None or not answers:
            return {}
        by_number = {each.number: each for each in answers}
        pattern = Pattern(asked, given, self._objects.by_name, visible)
        found: dict[ObjectId, list[Ground]] = {each: [] for each in answers}
        for answer, one, one_number, other, other_number, *place in self._rows(pattern.grounds(list(by_number), rows)):
            things = tuple(
                (name, ObjectId(self._noun(question, name).slug, number))
                for name, number in ((one, one_number), (other, other_number))
                if name is not None
            )
            found[by_number[answer]].append(Ground(things, *place))
        return found

    def _known(self, question: Question) -> Question | None:
        """The question as far as the index has its types; None where nothing can answer it."""
        names = self._objects.by_name
        has = {name for name, each in question.things.items() if each.type.name() in names}
        if not has.issuperset(question.bound):
            return None
        groups = (group for group in question.without if has.issuperset(end for each in group for end in each.ends))
        return replace(question, without=tuple(groups))

    def _noun(self, question: Question, thing: str) -> Any:
        return self._objects.by_name[question.things[thing].type.name()]

    def _rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        with self._objects.cursor() as cursor, limited(cursor, SECONDS):
            return cursor.execute(*statement).fetchall()


@contextmanager
def limited(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Stop what a cursor does after so many seconds. Raises TooMuch then, and where it needs more memory than there is."""
    done, end = threading.Event(), time.monotonic() + seconds

    def watch() -> None:
        # a query that has only just begun may not hear the first word
        while not done.wait(max(AGAIN, end - time.monotonic())):
            cursor.interrupt()

    watcher = threading.Thread(target=watch, name="question", daemon=True)
    watcher.start()
    try:
        yield
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise TooMuch(f"That would take longer than one question may; {_LESS}") from None
    finally:
        done.set()
        watcher.join()
