"""Questions that are asked at the same time are answered by one query: planning one costs more than its rows do."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class _Asked(Generic[Question, Answer]):
    """One question that waits; `woken` when it has its answer, or when its thread is the next to answer."""

    def __init__(self, visible: frozenset[int], question: Question) -> None:
        self.visible, self.question = visible, question
        self.woken = threading.Event()
        self.answer: Future[Answer] = Future()


class Together(Generic[Question, Answer]):
    """Who asks first answers all who wait by then, and leaves those who came since to the first of them.

    Only questions of readers who may see the same share a query, so that no answer depends on what another reader
    may see. Nothing is kept once it is answered.
    """

    def __init__(self, answer: Callable[[frozenset[int], list[Question]], Sequence[Answer]]) -> None:
        """`answer` is given what the readers may see, and their questions; it gives the answers in that order."""
        self._answer = answer
        self._lock = threading.Lock()
        self._busy = False
        self._waiting: list[_Asked[Question, Answer]] = []

    def ask(self, visible: frozenset[int], question: Question) -> Answer:
        """The answer. Raises what the query raises."""
        mine: _Asked[Question, Answer] = _Asked(visible, question)
        with self._lock:
            self._waiting.append(mine)
            if not self._busy:
                self._busy = True
                mine.woken.set()
        try:
            mine.woken.wait()
            if not mine.answer.done():
                self._answer_all(visible)
        finally:
            self._leave(mine)
        return mine.answer.result()

    def _answer_all(self, visible: frozenset[int]) -> None:
        with self._lock:
            group = [each for each in self._waiting if each.visible == visible]
        try:
            answers = self._answer(visible, [each.question for each in group])
        except BaseException as error:
            for each in group:
                each.answer.set_exception(error)
            raise
        else:
            for each, answer in zip(group, answers, strict=True):
                each.answer.set_result(answer)
        finally:
            with self._lock:
                self._waiting = [each for each in self._waiting if not each.answer.done()]
                self._pass_on()
            for each in group:
                each.woken.set()

    def _leave(self, mine: _Asked[Question, Answer]) -> None:
        """Somebody who is interrupted while waiting hands on the turn to answer."""
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                if mine.woken.is_set():
                    self._pass_on()

    def _pass_on(self) -> None:
        self._busy = bool(self._waiting)
        if self._waiting:
            self._waiting[0].woken.set()
