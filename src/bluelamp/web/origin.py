"""A form on another site must not act here with our reader's cookie (cross-site request forgery).

Browsers say where a request was made: `Sec-Fetch-Site` (to https and to localhost) and `Origin`. A request that
changes something must come from our own pages. A program without the cookie cannot be tricked like that, and passes.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bluelamp.web.problems import answer

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


class SameOrigin:
    """Refuses (403) a changing request that another site made."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is safe or ours."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not is_ours(scope):
            sentence = (
                "The form that you sent did not come from a page of this service. Open the page again and repeat."
            )
            await answer(scope, receive, send, 403, sentence)
            return
        await self.app(scope, receive, send)


def is_ours(scope: Scope) -> bool:
    """Whether the request was made by a page of this service, or by a program that carries no cookie."""
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return "cookie" not in headers
    found = urlsplit(origin)
    return found.scheme == scope.get("scheme") and found.netloc == headers.get("host")
