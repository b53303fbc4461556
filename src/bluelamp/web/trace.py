"""Gives each request an id, puts it on the answer, and turns whatever failed into a page that names it."""

import logging
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bluelamp.ids import event_id
from bluelamp.web.limits import TooLarge
from bluelamp.web.problems import answer

log = logging.getLogger("bluelamp.web")


class Trace:
    """Outermost: `request_id` in the request's state and in the X-Request-Id header, and one line in the log.

    The line has no query string: what people search for is in the audit, not in log files.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name, began, status = event_id(), perf_counter(), 0
        scope.setdefault("state", {})["request_id"] = name

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = name
            await send(message)

        await self.app(scope, receive, named)
        spent = (perf_counter() - began) * 1000
        log.info("%s %s %s %.0f ms %s", scope["method"], scope["path"], status, spent, name)


class Failures:
    """Innermost: a failure that nobody expected becomes the 500 page; its trace goes to the log only."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and catch."""
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except TooLarge:
            raise
        except Exception:
            log.exception(
                "%s %s failed, request %s", scope.get("method"), scope.get("path"), scope["state"]["request_id"]
            )
            if started:
                raise
            await answer(scope, receive, send, 500)
