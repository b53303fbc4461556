"""No request may be larger than what the service reads."""

from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bluelamp.web.problems import answer

#: bytes; the largest form is a pasted list of a few thousand lines
MOST = 2 * 1024 * 1024


class TooLarge(Exception):
    """More came than was announced or allowed."""


class BodyLimit:
    """Refuses (413) bodies of more than `most` bytes, announced or not."""

    def __init__(self, app: ASGIApp, most: int = MOST) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > self.most:
            await self._refuse(scope, receive, send)
            return
        read, refused = 0, False

        async def counted() -> Message:
            nonlocal read, refused
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
                refused = True
                raise TooLarge
            return message

        async def unless_refused(message: Message) -> None:
            # the application may have caught TooLarge and answered with a page of its own
            if not refused:
                await send(message)

        with suppress(TooLarge):
            await self.app(scope, counted, unless_refused)
        if refused:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        sentence = f"What you sent is larger than {self.most // 1024 // 1024} MB. Send less at a time."
        await answer(scope, receive, send, 413, sentence)
