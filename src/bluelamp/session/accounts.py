"""The secrets and state of declared users: passwords, codes, sign-ins, API tokens. Who exists, the workspace says."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from bluelamp import clock
from bluelamp.database.connection import Database
from bluelamp.database.tables import accounts, api_tokens, sign_ins
from bluelamp.errors import NotFound, Refused
from bluelamp.ids import event_id
from bluelamp.session import account, codes, passwords, tokens
from bluelamp.session.attempts import Attempts
from bluelamp.session.audit import AuditLog, Context, Operation
from bluelamp.session.audit import Decision as Outcome
from bluelamp.session.permissions import Action, Decision, allowed
from bluelamp.session.tokens import SignIn, Token
from bluelamp.session.visibility import refusal
from bluelamp.workspace.model import User, Workspace

#: how long a one-time password may be used
ONE_TIME = timedelta(days=3)
#: the longest life of an API token
LONGEST_TOKEN = timedelta(days=365)

#: what a refused sign-in is logged under where nobody has the name: people type passwords into the wrong field
NOBODY = "unknown"

#: acts that open or close the door; all others change something
STARTS = (Action.SESSION_START, Action.SESSION_END, Action.SESSION_PURPOSE)


#: a page's requests come together, so a sign-in just looked up is not looked up again; one that another process
#: ends goes on for as long as this at most
REMEMBERED = timedelta(seconds=1)
MOST_REMEMBERED = 10_000


@dataclass(frozen=True)
class Checked:
    """A user whose password was right, and whether a code is still needed."""

    user: str
    needs_code: bool


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field of a form."""

    field: str
    sentence: str


@dataclass(frozen=True)
class AccountState:
    """What an administrator sees of an account."""

    user: str
    has_password: bool
    must_change: bool
    enrolled: bool
    locked_until: datetime | None
    last_sign_in: datetime | None
    sign_ins: int


class Accounts:
    """Accounts of one workspace. Each change is in one transaction with its audit entry."""

    def __init__(self, database: Database, workspace: Workspace, audit: AuditLog | None = None) -> None:
        self.database = database
        self.workspace = workspace
        self.audit = audit or AuditLog(database, workspace.store / "audit")
        #: sign-ins looked up less than REMEMBERED ago, by the fingerprint of their secret
        self._known: dict[bytes, tuple[SignIn, datetime]] = {}

    @property
    def idle(self) -> timedelta:
        """How long a sign-in lasts without being used."""
        return timedelta(minutes=self.workspace.settings.sign_in.idle_minutes)

    def may(self, user: User, action: Action) -> Decision:
        """Whether the user's roles allow `action`."""
        return allowed(user, action)

    # --- signing in ---

    def check_password(self, name: str, password: str, client: str = "") -> Checked | None:
        """The user whose password this is. None, after the same time, for a wrong name or password, or a lock."""
        found, began = self._attempt(name)
        kept = found.password if found and not _is_past(found.password_ends) else None
        if not passwords.matches(kept, password) or found is None:
            self._fail(name, client, "wrong password" if found else "no such user, no password, or locked")
            return None
        self._succeed(name, began, complete=found.totp_key is None)
        return Checked(name, found.totp_key is not None)

    def check_code(self, name: str, code: str, client: str = "") -> bool:
        """Whether this is the code that the user's app shows now, or one of their recovery codes; each works once."""
        found, began = self._attempt(name)
        right = found is not None and found.totp_key is not None and self._use_code(name, code)
        if right:
            self._succeed(name, began, complete=True)
        else:
            self._fail(name, client, "wrong code")
        return right

    def begin(self, name: str, client: str = "") -> str:
        """Sign in a user whom something has identified; gives the secret to keep in the browser.

        Raises Refused where the workspace does not declare the user.
        """
        if name not in self.workspace.users:
            raise Refused("You are not a user of this workspace; ask an administrator to declare you.")
        lasts = timedelta(hours=self.workspace.settings.sign_in.absolute_hours)
        with self.database.begin() as connection:
            account.row(connection, name)
            account.put(connection, name, last_sign_in=clock.now())
            made, secret = tokens.begin(connection, name, client, clock.now(), lasts)
            self._log(connection, Action.SESSION_START, name, session_id=made, device_or_ip=client)
        return secret

    def sign_in_of(self, token: str) -> SignIn | None:
        """The sign-in with this secret, if it has not ended and its user is still declared."""
        remembered = self.remembered(token)
        if remembered:
            return remembered
        # what ends or changes a sign-in while it is looked up puts another dictionary in this one's place
        now, known = clock.now(), self._known
        with self.database.begin() as connection:
            found = tokens.find(connection, token, now, self.idle, self.audit.policy_version)
        if len(known) > MOST_REMEMBERED:
            known.clear()
        if found:
            known[tokens.fingerprint(token)] = found, now
        return found if found and found.user in self.workspace.users else None

    def remembered(self, token: str) -> SignIn | None:
        """The same, where the sign-in was looked up so lately that the database need not be asked."""
        found, at = self._known.get(tokens.fingerprint(token), (None, clock.now()))
        is_fresh = timedelta(0) <= clock.now() - at < REMEMBERED
        return found if found and is_fresh and found.user in self.workspace.users else None

    def forget(self) -> None:
        """Look every sign-in up again the next time: what is known with it has changed."""
        self._known = {}

    def declare(self, sign_in: SignIn, purpose: str, reason: str, case: str | None = None) -> SignIn:
        """Keep purpose, reason and case with the sign-in; the door checks them each time it is used."""
        with self.database.begin() as connection:
            tokens.declare(connection, sign_in.id, purpose, reason, case)
            said: dict[str, Any] = {"purpose_code": purpose, "justification_text": reason, "case_ref": case or ""}
            self._log(connection, Action.SESSION_PURPOSE, sign_in.user, session_id=sign_in.id, **said)
        self._known = {}
        return replace(sign_in, purpose=purpose, reason=reason, case=case)

    def end(self, token: str) -> None:
        """Sign out."""
        self._end(Action.SESSION_END, sign_ins.c.token == tokens.fingerprint(token))

    def sign_ins(self, name: str) -> tuple[SignIn, ...]:
        """Where the user is signed in."""
        with self.database.begin() as connection:
            return tokens.list_sign_ins(connection, name, clock.now(), self.idle)

    def revoke(self, id: str, by: str = "") -> None:
        """End one sign-in; `by` is who does it, if not the user."""
        self._end(Action.SESSION_REVOKE, sign_ins.c.id == id, by=by)

    def revoke_others(self, sign_in: SignIn) -> None:
        """End all of the user's sign-ins but this one."""
        self._end(Action.SESSION_REVOKE, sign_ins.c.user == sign_in.user, sign_ins.c.id != sign_in.id)

    def revoke_all(self, name: str, by: str) -> None:
        """End all sign-ins and API tokens of a user."""
        self._end(Action.SESSION_REVOKE, sign_ins.c.user == name, by=by)
        self._revoke_tokens(api_tokens.c.user == name, by=by)

    # --- passwords ---

    def set_password(self, name: str, password: str, by: str = "") -> Problem | None:
        """Give a user a password, or say why not; for the first administrator, from the command line."""
        problem = self._problem(name, password)
        if problem is None:
            with self._changing(name, Action.ACCOUNT_PASSWORD, by) as connection:
                account.put(connection, name, password=passwords.make(password), password_ends=None, must_change=False)
        return problem

    def change_password(self, name: str, current: str, password: str, keep: SignIn | None = None) -> Problem | None:
        """Change one's own password, or say what is wrong; with `keep`, all other sign-ins end."""
        found, began = self._attempt(name)
        if not passwords.matches(found.password if found else None, current):
            self._fail(name, "", "wrong password at a change of password")
            return Problem("current", "That is not your password, or the account is locked for a while.")
        self._succeed(name, began, complete=False)
        if current == password:
            return Problem("password", "Choose another password than the one that you have.")
        problem = self.set_password(name, password)
        if problem is None and keep is not None:
            self.revoke_others(keep)
        return problem

    def reset_password(self, name: str, by: str) -> str:
        """A one-time password to hand over in person; ends the user's sign-ins. Raises NotFound."""
        password = passwords.one_time()
        with self._changing(name, Action.ACCOUNT_RESET, by) as connection:
            kept = {"password": passwords.make(password), "password_ends": clock.now() + ONE_TIME, "must_change": True}
            account.put(connection, name, **kept, attempts=[], locks=0, locked_until=None)
            tokens.end(connection, clock.now(), sign_ins.c.user == name)
        self._known = {}
        return password

    def must_change_password(self, name: str) -> bool:
        """Whether the user has a one-time password."""
        return self.state(name).must_change

    def unlock(self, name: str, by: str) -> None:
        """Let a user try again at once. Raises NotFound."""
        with self._changing(name, Action.ACCOUNT_UNLOCK, by) as connection:
            account.put(connection, name, attempts=[], locks=0, locked_until=None)

    # --- authenticator apps ---

    def offered_key(self, name: str) -> str:
        """The key to put into an authenticator app; the same until it is confirmed by `enrol`."""
        with self.database.begin() as connection:
            found = account.row(connection, name)
            key = found.totp_offered or codes.new_key()
            account.put(connection, name, totp_offered=key)
        return str(key)

    def enrol(self, name: str, code: str) -> tuple[str, ...] | None:
        """Confirm the offered key with a code that the app shows; gives the recovery codes, None for a wrong code."""
        with self.database.begin() as connection:
            found = account.row(connection, name)
            step = codes.step_of(found.totp_offered, code, clock.now(), 0) if found.totp_offered else None
            if step is None:
                return None
            recovery = codes.recovery_codes()
            kept = [codes.fingerprint(each) for each in recovery]
            account.put(connection, name, totp_key=found.totp_offered, totp_offered=None, totp_step=step, recovery=kept)
            self._log(connection, Action.ACCOUNT_AUTHENTICATOR, name)
        return recovery

    def is_enrolled(self, name: str) -> bool:
        """Whether a code is asked for when the user signs in."""
        return self.state(name).enrolled

    def remove_authenticator(self, name: str, by: str) -> None:
        """Let a user in without a code, who has lost phone and recovery codes. Raises NotFound."""
        with self._changing(name, Action.ACCOUNT_AUTHENTICATOR, by) as connection:
            account.put(connection, name, totp_key=None, totp_offered=None, recovery=[])

    # --- what an administrator sees ---

    def state(self, name: str) -> AccountState:
        """The state of one account; one that was never used has no password."""
        with self.database.begin() as connection:
            found = connection.execute(select(accounts).where(accounts.c.user == name)).one_or_none()
            count = len(tokens.list_sign_ins(connection, name, clock.now(), self.idle))
        if found is None:
            return AccountState(name, False, False, False, None, None, 0)  # noqa: FBT003
        locked = found.locked_until if found.locked_until and found.locked_until > clock.now() else None
        has = found.password is not None, found.must_change, found.totp_key is not None
        return AccountState(name, *has, locked, found.last_sign_in, count)

    def states(self) -> tuple[AccountState, ...]:
        """The state of every declared user's account."""
        return tuple(self.state(name) for name in self.workspace.users)

    # --- API tokens ---

    def make_token(
        self, name: str, label: str, purpose: str, reason: str, case: str = "", days: int = 90
    ) -> tuple[Token, str]:
        """An API token and its secret, which is shown only now. Raises Refused where a session would be refused."""
        why = refusal(self.workspace, self.workspace.users.get(name), purpose, reason, case)
        if why is None and not 0 < days <= LONGEST_TOKEN.days:
            why = f"An API token lasts from 1 to {LONGEST_TOKEN.days} days; ask for fewer."
        now = clock.now()
        with self.database.begin() as connection:
            said: dict[str, Any] = {"purpose_code": purpose, "justification_text": reason, "case_ref": case}
            if why is None:
                account.row(connection, name)
                end = now + timedelta(days=days)
                made = Token(event_id(), name, label, purpose, reason, case, now, end, None, None)
                secret = tokens.make(connection, made)
                asked = {"token": made.id, "label": label, "ends": end.isoformat()}
                self._log(connection, Action.TOKEN_MAKE, name, asked=asked, **said)
            else:
                self._log(connection, Action.TOKEN_MAKE, name, asked={"refused": why}, outcome="refused", **said)
        if why is not None:
            raise Refused(why)
        return made, secret

    def token_of(self, secret: str) -> Token | None:
        """The API token with this secret, if it works and its user is still declared."""
        with self.database.begin() as connection:
            found = tokens.find_token(connection, secret, clock.now())
        return found if found and found.user in self.workspace.users else None

    def tokens(self, name: str) -> tuple[Token, ...]:
        """The user's API tokens, the newest first."""
        with self.database.begin() as connection:
            return tokens.list_tokens(connection, name)

    def revoke_token(self, id: str, by: str = "") -> None:
        """Make an API token stop working."""
        self._revoke_tokens(api_tokens.c.id == id, by=by)

    # --- inside ---

    def _attempt(self, name: str) -> tuple[Row[*tuple[Any, ...]] | None, datetime]:
        """Count an attempt; the account, or None where it is locked or nobody's."""
        now = clock.now()
        with self.database.begin() as connection:
            if name not in self.workspace.users:
                return None, now
            found = account.row(connection, name)
            if account.attempts(found).closed(now):
                return None, now
            account.keep(connection, name, account.attempts(found).begin(now))
        return found, now

    def _fail(self, name: str, client: str, why: str) -> None:
        with self.database.begin() as connection:
            said: dict[str, Any] = {"asked": {"refused": why}, "outcome": "refused", "device_or_ip": client}
            if name not in self.workspace.users:
                self._log(connection, Action.SESSION_START, NOBODY, **said)
                return
            before = account.attempts(account.row(connection, name))
            after = before.fail(clock.now())
            account.keep(connection, name, after)
            self._log(connection, Action.SESSION_START, name, **said)
            if after.locks > before.locks and after.until:
                until = {"locked_until": after.until.isoformat()}
                self._log(connection, Action.ACCOUNT_LOCK, name, asked=until, device_or_ip=client)

    def _succeed(self, name: str, began: datetime, *, complete: bool) -> None:
        with self.database.begin() as connection:
            now = account.attempts(account.row(connection, name))
            account.keep(connection, name, Attempts() if complete else now.forget(began))

    def _use_code(self, name: str, code: str) -> bool:
        """Use up a code; two that come at once wait for each other here."""
        with self.database.begin() as connection:
            found = account.row(connection, name)
            step = codes.step_of(found.totp_key, code, clock.now(), found.totp_step)
            kept = codes.fingerprint(code)
            if step is not None:
                account.put(connection, name, totp_step=step)
            elif kept in found.recovery:
                account.put(connection, name, recovery=[each for each in found.recovery if each != kept])
            else:
                return False
        return True

    def _problem(self, name: str, password: str) -> Problem | None:
        user = self._declared(name)
        sentence = passwords.problem(password, (user.name, user.title, user.email, self.workspace.name))
        return Problem("password", sentence) if sentence else None

    def _declared(self, name: str) -> User:
        user = self.workspace.users.get(name)
        if user is None:
            raise NotFound(f"The workspace declares no user {name}.")
        return user

    @contextlib.contextmanager
    def _changing(self, name: str, action: Action, by: str) -> Iterator[Connection]:
        self._declared(name)
        with self.database.begin() as connection:
            account.row(connection, name)
            yield connection
            self._log(connection, action, name, by=by)

    def _end(self, action: Action, *which: ColumnElement[bool], by: str = "") -> None:
        with self.database.begin() as connection:
            for id, user in tokens.end(connection, clock.now(), *which):
                self._log(connection, action, user, by=by, session_id=id)
        self._known = {}

    def _revoke_tokens(self, which: ColumnElement[bool], by: str = "") -> None:
        with self.database.begin() as connection:
            for id, user in tokens.revoke(connection, clock.now(), which):
                self._log(connection, Action.TOKEN_REVOKE, user, by=by, asked={"token": id})

    def _log(
        self,
        connection: Connection,
        action: Action,
        user: str,
        *,
        by: str = "",
        asked: dict[str, str] | None = None,
        outcome: Outcome = "allowed",
        **context: str,
    ) -> None:
        actor = self.workspace.users.get(by or user)
        role, team = (" ".join(actor.roles), actor.team) if actor else ("", "")
        who = Context(actor_id=by or user, actor_role=role, actor_team=team, **context)
        operation = Operation.CONSULTATION if action in STARTS else Operation.ALTERATION
        said = {"object_ids": [user], "object_types": ["account"], "fields_or_query": asked or {}, "decision": outcome}
        self.audit.append_in(connection, who.entry(action, operation, **said))


def _is_past(end: datetime | None) -> bool:
    return end is not None and clock.now() >= end
