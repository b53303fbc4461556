"""Sign-ins and API tokens: random secrets of which only the SHA-256 is kept, each with an end."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, select, update

from bluelamp.database.tables import api_tokens, sign_ins
from bluelamp.ids import event_id
from bluelamp.session import watches

#: what API tokens start with, so that one left in a file is found by whoever looks for such
PREFIX = "bluelamp_"

#: how far a clock may be set back before a sign-in ends, and how seldom its last use is written down
SLACK = timedelta(minutes=1)


@dataclass(frozen=True)
class SignIn:
    """One place where a user is signed in, and for what."""

    id: str
    user: str
    began: datetime
    used: datetime
    ends: datetime
    client: str
    purpose: str | None
    reason: str | None
    case: str | None
    #: how many things are new on the user's watches for that purpose
    news: int = 0


@dataclass(frozen=True)
class Token:
    """What a program may call the API with: one user, one purpose, an end, no rights beyond these."""

    id: str
    user: str
    label: str
    purpose: str
    reason: str
    case: str
    made: datetime
    ends: datetime
    used: datetime | None
    revoked: datetime | None


#: a sign-in with what its pages show; to put it together each time costs a third more
_FIND = select(sign_ins, watches.unread(sign_ins.c.user, sign_ins.c.purpose, bindparam("policy")).label("news")).where(
    sign_ins.c.token == bindparam("secret")
)


def fingerprint(secret: str) -> bytes:
    """What is kept of a secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def begin(connection: Connection, user: str, client: str, now: datetime, lasts: timedelta) -> tuple[str, str]:
    """A new sign-in: its id and its secret."""
    secret, made = secrets.token_urlsafe(32), event_id()
    row = {"id": made, "token": fingerprint(secret), "user": user, "began": now, "used": now, "ends": now + lasts}
    connection.execute(insert(sign_ins), [{**row, "client": client}])
    return made, secret


def find(connection: Connection, secret: str, now: datetime, idle: timedelta, policy: str = "") -> SignIn | None:
    """The sign-in with this secret, if it has not ended, under the declarations `policy`; notes that it was used."""
    row = connection.execute(_FIND, {"secret": fingerprint(secret), "policy": policy}).one_or_none()
    if row is None or not _lives(row, now, idle):
        return None
    if abs(now - row.used) >= SLACK:
        connection.execute(update(sign_ins).where(sign_ins.c.id == row.id).values(used=now))
    return _sign_in(row)


def list_sign_ins(connection: Connection, user: str, now: datetime, idle: timedelta) -> tuple[SignIn, ...]:
    """Where the user is signed in, the last used first."""
    rows = connection.execute(select(sign_ins).where(sign_ins.c.user == user).order_by(sign_ins.c.used.desc()))
    return tuple(_sign_in(row) for row in rows if _lives(row, now, idle))


def declare(connection: Connection, id: str, purpose: str, reason: str, case: str | None) -> None:
    """Note for what the sign-in is used from here on."""
    connection.execute(update(sign_ins).where(sign_ins.c.id == id).values(purpose=purpose, reason=reason, case=case))


def end(connection: Connection, now: datetime, *which: ColumnElement[bool]) -> list[tuple[str, str]]:
    """End the sign-ins for which `which` holds; gives the id and user of each that had not ended."""
    ending = update(sign_ins).where(sign_ins.c.ended.is_(None), *which).values(ended=now)
    return [(row.id, row.user) for row in connection.execute(ending.returning(sign_ins.c.id, sign_ins.c.user))]


def make(connection: Connection, token: Token) -> str:
    """Keep a new API token; gives its secret, which is never shown again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    row = {name: getattr(token, name) for name in Token.__dataclass_fields__}
    connection.execute(insert(api_tokens), [{**row, "token": fingerprint(secret)}])
    return secret


def find_token(connection: Connection, secret: str, now: datetime) -> Token | None:
    """The API token with this secret, if it is neither past its end nor revoked; notes that it was used."""
    row = connection.execute(select(api_tokens).where(api_tokens.c.token == fingerprint(secret))).one_or_none()
    if row is None or row.revoked is not None or not row.made - SLACK <= now < row.ends:
        return None
    if row.used is None or abs(now - row.used) >= SLACK:
        connection.execute(update(api_tokens).where(api_tokens.c.id == row.id).values(used=now))
    return _token(row)


def list_tokens(connection: Connection, user: str) -> tuple[Token, ...]:
    """The user's API tokens, the newest first; also those that no longer work."""
    rows = connection.execute(select(api_tokens).where(api_tokens.c.user == user).order_by(api_tokens.c.made.desc()))
    return tuple(_token(row) for row in rows)


def revoke(connection: Connection, now: datetime, *which: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Revoke the API tokens for which `which` holds; gives the id and user of each that still worked."""
    revoking = update(api_tokens).where(api_tokens.c.revoked.is_(None), *which).values(revoked=now)
    return [(row.id, row.user) for row in connection.execute(revoking.returning(api_tokens.c.id, api_tokens.c.user))]


def _lives(row: Row[*tuple[object, ...]], now: datetime, idle: timedelta) -> bool:
    """A sign-in whose last use lies in the future ends: a clock that was set back must not lengthen it."""
    return row.ended is None and now < row.ends and row.used - SLACK <= now < row.used + idle


def _sign_in(row: Row[*tuple[object, ...]]) -> SignIn:
    return SignIn(**{name: getattr(row, name) for name in SignIn.__dataclass_fields__ if hasattr(row, name)})


def _token(row: Row[*tuple[object, ...]]) -> Token:
    return Token(**{name: getattr(row, name) for name in Token.__dataclass_fields__})
