"""Passwords: what makes a good one, and how it is kept (argon2id)."""

import re
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
MOST = 256

#: about 50 ms and 46 MiB a check, above the least that OWASP asks for
HASHER = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)

#: checked where there is no password, so that this takes as long; of a secret that nobody kept
NOBODY = "$argon2id$v=19$m=47104,t=2,p=1$Uk9FLs4TASOhEnVyeIfyfA$4HPsoD04wxCVMOTRFtPmN5FOKHPfkiOV6eJtE01VDk8"

#: letters and digits that nobody misreads
CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"

#: rows of keys and runs that make a password long but not strong
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
)

#: what common passwords are made of; one made only of these, digits and signs is as easily guessed
COMMON = frozenset(
    """
    admin administrator analyst arsenal august autumn baseball batman bluelamp bobby britain changeme charlie chelsea
    chocolate christmas computer constable correct cheese custody daniel database december default detective dragon
    england everton february flower football forever freedom friday george guest hello horse hottie iloveyou inspector
    internet investigator january jessica jordan july june king letmein liverpool login london love manchester march
    master may michael michelle monday monkey mustang nothing november october officer pass passphrase passwd password
    passwort pepper personal phoenix please police policeman policing princess private qwerty rangers samsung saturday
    scotland scotlandyard secret secure security sergeant september service shadow spring starwars summer sunday
    sunshine superman superuser system temp temporary test testing thomas thursday tigger tuesday united user victoria
    wales wednesday welcome westminster whatever winter work yard you
    """.split()  # noqa: SIM905 (as prose it is easier to read and to add to)
)

_LOOKALIKES = str.maketrans("@4301!5$7", "aaeoiisst")


def make(password: str) -> str:
    """What is kept of a password."""
    return HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one of which `kept` is kept; takes as long where nothing is."""
    try:
        HASHER.verify(kept or NOBODY, password[: MOST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def problem(password: str, about: tuple[str, ...] = ()) -> str | None:
    """Why `password` may not be used, in one sentence; `about` are words that others know of the user."""
    if len(password) < LEAST:
        return f"Enter at least {LEAST} characters; three or four unrelated words are easy to remember."
    if len(password) > MOST:
        return f"Enter at most {MOST} characters."
    if _is_common(password, {word for text in about for word in re.findall(r"[a-z]{3,}", text.lower())}):
        return "That password is among the first that others would try; use three or four unrelated words."
    return None


def one_time() -> str:
    """A password to hand over in person: 16 letters and digits, 79 bits."""
    return "-".join("".join(secrets.choice(CLEAR) for _ in range(4)) for _ in range(4))


def _is_common(password: str, about: set[str]) -> bool:
    """Whether nothing is left of it but common words, runs of keys, repeats, digits and signs."""
    plain = password.casefold()
    return any(_is_made_of(COMMON | about, each) for each in (plain, plain.translate(_LOOKALIKES)))


def _is_made_of(words: frozenset[str] | set[str], text: str) -> bool:
    letters = re.sub(r"[\W\d_]+", "", text)
    if _is_repeat(text) or _is_run(text) or _is_run(letters):
        return True
    # reachable[i]: the first i letters are words set end to end
    reachable = [True] + [False] * len(letters)
    for end in range(1, len(letters) + 1):
        reachable[end] = any(
            letters[:end].endswith(word) and reachable[end - len(word)] for word in words if len(word) <= end
        )
    return reachable[-1] and not _is_phrase(words, text)


def _is_phrase(words: frozenset[str] | set[str], text: str) -> bool:
    """Four different words or more are a passphrase, even if each is common."""
    return len({word for word in re.findall(r"[^\W\d_]+", text) if word in words}) >= 4  # noqa: PLR2004


def _is_repeat(text: str) -> bool:
    """`abcabcabcabc`: a piece, again and again."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1))


def _is_run(text: str) -> bool:
    runs = [run for each in RUNS for run in (each, each[::-1])]
    return not text or any(text in run for run in runs) or _is_runs(text, runs)


def _is_runs(text: str, runs: list[str]) -> bool:
    """Whether it falls into pieces of four or more that are each part of a run."""
    at = 0
    while at < len(text):
        size = max(
            (size for size in range(4, len(text) - at + 1) if any(text[at : at + size] in r for r in runs)), default=0
        )
        if not size:
            return False
        at += size
    return True
