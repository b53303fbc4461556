"""Codes of an authenticator app are taken once, and only about when they are shown."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from bluelamp.session import codes

NOW = datetime(2026, 11, 21, 10, 0, 10, tzinfo=UTC)
KEY = codes.new_key()
STEP = int(NOW.timestamp()) // codes.STEP


def shown(at: datetime) -> str:
    return pyotp.TOTP(KEY).at(at)


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_code_is_taken_a_step_early_or_late(seconds: int) -> None:
    code = shown(NOW + timedelta(seconds=seconds))
    assert codes.step_of(KEY, code, NOW, 0) == STEP + seconds // 30


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_code_of_another_time_is_refused(seconds: int) -> None:
    assert codes.step_of(KEY, shown(NOW + timedelta(seconds=seconds)), NOW, 0) is None


def test_a_code_works_once_and_none_before_it_works_after_it() -> None:
    assert codes.step_of(KEY, shown(NOW), NOW, STEP) is None
    assert codes.step_of(KEY, shown(NOW - timedelta(seconds=30)), NOW, STEP) is None
    assert codes.step_of(KEY, shown(NOW + timedelta(seconds=30)), NOW, STEP) == STEP + 1


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "000000 OR 1=1"])
def test_what_is_not_a_code_is_refused(code: str) -> None:
    assert codes.step_of(KEY, code, NOW, 0) is None


def test_recovery_codes_are_known_however_they_are_typed() -> None:
    (code, *others) = codes.recovery_codes()
    assert codes.fingerprint(code) == codes.fingerprint(f" {code.upper().replace('-', ' ')} ")
    assert len({code, *others}) == codes.RECOVERY
