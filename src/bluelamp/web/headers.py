"""What every answer tells the browser: run only our own files, keep nothing, show us in nobody's frame."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: No inline script or style anywhere: what an attacker could write into a page never runs.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Pages hold personal data: no copy stays in a shared machine's cache. Static files say otherwise themselves.
    "cache-control": "no-store",
}

#: Said over https only: come back by https, for a year.
STRICT_TRANSPORT = "max-age=31536000"


#: the same as they are sent
_ALWAYS = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())
_OVER_HTTPS = (*_ALWAYS, (b"strict-transport-security", STRICT_TRANSPORT.encode()))


class SecurityHeaders:
    """Adds HEADERS to every answer that has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add the headers to the answer's start."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                ours = _OVER_HTTPS if scope.get("scheme") == "https" else _ALWAYS
                message["headers"] = [*message["headers"], *(each for each in ours if each[0] not in own)]
            await send(message)

        await self.app(scope, receive, with_headers)
