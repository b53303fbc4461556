"""Looks at every watch when a build is published, whether or not its owner is there, in a thread beside a server.

A look is one transaction, so that one which is killed is made anew and none is made twice. What a watch's owner may
not do any more, nobody does for them: they are held to the rights, purpose and case of today.
"""

import logging
import threading
import time
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bluelamp import clock
from bluelamp.errors import DatabaseUnavailable, NotFound
from bluelamp.session import watches
from bluelamp.session.permissions import Action, allowed
from bluelamp.session.visibility import refusal
from bluelamp.session.watches import Watch

if TYPE_CHECKING:
    from bluelamp.session.force import BlueLamp

log = logging.getLogger("bluelamp.watches")

#: seconds between two looks at whether something is due
EVERY = 5.0

#: how many times as long as a look took nothing is looked at after it: requests have the machine then
REST = 3

#: where each look says that it was made
PLACE = "a declared watch, looked at by the server"

FAULT = (
    "It could not be looked at for a fault of the service, whose log says more; it is tried again with the next build."
)


class Lookout:
    """One for a server: `with Lookout(force):` for as long as it runs."""

    def __init__(self, force: "BlueLamp", every: float = EVERY) -> None:
        self.force = force
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)
        #: what this process has tried: servers with other declarations must not look in turn for ever
        self._tried: set[tuple[str, int, str]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join(self._every)

    def look(self) -> int:
        """Look at all that is due, the quickest first; how many that were.

        Raises DatabaseUnavailable: what is left is due still.
        """
        try:
            build = self.force.build_number
        except NotFound:
            return 0
        policy = self.force.audit.policy_version
        self._tried = {each for each in self._tried if each[1] == build}
        with self.force.database.begin() as connection:
            waiting = watches.due(connection, build, policy)
        done = 0
        for watch in waiting:
            if (watch.id, build, policy) in self._tried or self._stop.is_set():
                continue
            began = time.monotonic()
            self._look(watch, build, policy)
            self._tried.add((watch.id, build, policy))
            done += 1
            self._stop.wait(REST * (time.monotonic() - began))
        return done

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except DatabaseUnavailable as error:
                log.warning("Watches wait: %s", error)
            except Exception:
                log.exception("Watches wait")
            self._stop.wait(self._every)

    def _look(self, watch: Watch, build: int, policy: str) -> None:
        user = self.force.workspace.users.get(watch.owner)
        why = refusal(self.force.workspace, user, watch.purpose, watch.reason, watch.case_ref)
        may = allowed(user, Action.WATCH) if user else None
        if why or not may:
            self._set_aside(watch, build, policy, why or (may.reason if may else ""))
            return
        try:
            session = self.force.session(watch.owner, watch.purpose, watch.reason, watch.case_ref, PLACE)
            session.look_at_watch(watch.id)
        except DatabaseUnavailable:
            raise
        except NotFound:
            log.info("The watch %s was removed", watch.id)
        except Exception:
            log.exception("The watch %s failed", watch.id)
            self._set_aside(watch, build, policy, FAULT)

    def _set_aside(self, watch: Watch, build: int, policy: str, why: str) -> None:
        """Note why a watch was not looked at. What it has found so far stands, to be compared with the next look."""
        with self.force.database.begin() as connection:
            held = watches.one(connection, watch.id, alone=True)
            if held is not None and held.stands == watch.stands:
                look = replace(watch, build=build, policy=policy, problem=why, looked_at=clock.now())
                watches.set_aside(connection, look, hide=watch.policy != policy)
