"""Second factors: codes of an authenticator app (TOTP, RFC 6238), each good for once, and recovery codes."""

import hashlib
import secrets
from datetime import datetime

import pyotp

from bluelamp.session.passwords import CLEAR

#: seconds that one code is shown
STEP = 30
#: steps that a phone's clock may be off, each way
DRIFT = 1
RECOVERY = 10


def new_key() -> str:
    """A key for an authenticator app, in base 32."""
    return pyotp.random_base32()


def step_of(key: str, code: str, now: datetime, last: int) -> int | None:
    """The time step whose code this is, if that is later than `last`, the last one used; else None."""
    current = int(now.timestamp()) // STEP
    app = pyotp.TOTP(key)
    steps = range(current - DRIFT, current + DRIFT + 1)
    found = [step for step in steps if step > last and secrets.compare_digest(app.at(step * STEP), _ascii(code))]
    return found[0] if found else None


def recovery_codes() -> tuple[str, ...]:
    """New recovery codes, 79 bits each."""
    return tuple("-".join("".join(secrets.choice(CLEAR) for _ in range(4)) for _ in range(4)) for _ in range(RECOVERY))


def fingerprint(code: str) -> bytes:
    """What is kept of a recovery code, however it is typed."""
    plain = "".join(letter for letter in code.lower() if letter in CLEAR)
    return hashlib.sha256(plain.encode()).digest()


def _ascii(code: str) -> str:
    return code if code.isascii() else ""
