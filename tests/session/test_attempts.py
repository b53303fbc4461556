"""Five wrong tries in fifteen minutes lock an account, for longer each time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bluelamp.session.attempts import LOCK, LONGEST, MOST, WITHIN, Attempts

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def failed(times: int, state: Attempts | None = None, at: datetime = NOW) -> Attempts:
    state = state or Attempts()
    for _ in range(times):
        state = state.begin(at).fail(at)
    return state


def test_four_wrong_tries_do_not_lock() -> None:
    assert not failed(MOST - 1).closed(NOW)


def test_the_fifth_locks_for_a_quarter_of_an_hour() -> None:
    state = failed(MOST)
    assert state.closed(NOW + LOCK - timedelta(seconds=1))
    assert not state.closed(NOW + LOCK)


def test_tries_more_than_a_quarter_of_an_hour_apart_do_not_add_up() -> None:
    state = failed(MOST - 1)
    assert not failed(1, state, NOW + WITHIN).closed(NOW + WITHIN)


def test_each_lock_is_twice_as_long_up_to_a_day() -> None:
    state, at, locks = Attempts(), NOW, []
    for _ in range(10):
        state = failed(MOST, state, at)
        assert state.until is not None
        locks.append(state.until - at)
        at = state.until
    assert locks[:3] == [LOCK, 2 * LOCK, 4 * LOCK]
    assert locks[-1] == LONGEST


def test_many_tries_at_once_count_before_their_outcome_is_known() -> None:
    state = Attempts()
    for _ in range(MOST):
        assert not state.closed(NOW)
        state = state.begin(NOW)
    assert state.closed(NOW)


def test_a_right_password_without_its_code_leaves_what_failed_before() -> None:
    state = failed(MOST - 1)
    assert state.begin(NOW).forget(NOW) == state
    assert failed(1, state.begin(NOW).forget(NOW)).closed(NOW)


@given(st.lists(st.integers(-10_000, 10_000), min_size=MOST, max_size=30))
def test_a_clock_that_goes_back_never_gives_more_tries(seconds: list[int]) -> None:
    state, at, tries = Attempts(), NOW, 0
    for each in seconds:
        at = min(at, NOW + timedelta(seconds=each))
        if not state.closed(at):
            state, tries = failed(1, state, at), tries + 1
    assert tries <= MOST
