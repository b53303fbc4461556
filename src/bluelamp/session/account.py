"""One row of the accounts table: read and locked, changed, and its attempts as a value."""

from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from bluelamp.database.tables import accounts
from bluelamp.session.attempts import Attempts


def row(connection: Connection, name: str) -> Row[*tuple[Any, ...]]:
    """The account, made if it is new, locked until the transaction ends."""
    wanted = select(accounts).where(accounts.c.user == name).with_for_update()
    found = connection.execute(wanted).one_or_none()
    if found is None:
        connection.execute(insert(accounts).values(user=name).on_conflict_do_nothing())
        found = connection.execute(wanted).one()
    return found


def put(connection: Connection, name: str, **values: Any) -> None:
    """Change columns of the account."""
    connection.execute(update(accounts).where(accounts.c.user == name).values(**values))


def attempts(found: Row[*tuple[Any, ...]]) -> Attempts:
    """What was tried in vain."""
    return Attempts(tuple(found.attempts), found.locks, found.locked_until)


def keep(connection: Connection, name: str, now: Attempts) -> None:
    """Note what was tried in vain."""
    put(connection, name, attempts=list(now.tried), locks=now.locks, locked_until=now.until)
