import threading
import time
from collections.abc import Callable

import pytest

from bluelamp.index.together import Together

ALL = frozenset({1, 2})
SOME = frozenset({1})


def at_once(*calls: Callable[[], object]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


class Slow:
    """Doubles numbers; the first query waits until `go` is set."""

    def __init__(self) -> None:
        self.queries: list[tuple[frozenset[int], list[int]]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, visible: frozenset[int], asked: list[int]) -> list[int]:
        self.queries.append((visible, sorted(asked)))
        self.begun.set()
        assert self.go.wait(30)
        if 13 in asked:
            raise ValueError("13")
        return [2 * each for each in asked]


def test_a_question_alone_is_answered_at_once() -> None:
    assert Together(lambda _, asked: asked).ask(ALL, 1) == 1


def test_questions_that_wait_share_a_query_with_those_of_equal_sight_only() -> None:
    slow, answers = Slow(), {}
    together = Together(slow)

    def ask(visible: frozenset[int], number: int) -> None:
        answers[visible, number] = together.ask(visible, number)

    def release() -> None:
        slow.begun.wait(30)
        while len(together._waiting) < 6:
            time.sleep(0.001)
        slow.go.set()

    first = threading.Thread(target=ask, args=(ALL, 0))
    first.start()
    slow.begun.wait(30)
    waiting = [(ALL, 1), (SOME, 2), (ALL, 3), (SOME, 4), (ALL, 5)]
    at_once(release, *(lambda each=each: ask(*each) for each in waiting))
    first.join(30)
    assert answers == {(visible, number): 2 * number for visible, number in [(ALL, 0), *waiting]}
    assert sorted(slow.queries, key=lambda query: query[1]) == [(ALL, [0]), (ALL, [1, 3, 5]), (SOME, [2, 4])]


def test_a_query_that_fails_fails_for_those_who_shared_it_and_for_nobody_after() -> None:
    slow = Slow()
    slow.go.set()
    together = Together(slow)
    with pytest.raises(ValueError, match="13"):
        together.ask(ALL, 13)
    assert together.ask(ALL, 4) == 8


def test_many_threads_each_get_their_own_answer() -> None:
    together = Together(lambda _, asked: [2 * each for each in asked])
    wrong: list[int] = []

    def ask(start: int) -> None:
        wrong.extend(n for n in range(start, start + 300) if together.ask((ALL, SOME)[n % 2], n) != 2 * n)

    at_once(*(lambda start=start: ask(start) for start in range(0, 2400, 300)))
    assert not wrong
