"""Answers only under the names that the service is known by, so that a forged Host header leads nowhere."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bluelamp.web.problems import answer

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


class KnownHosts:
    """Refuses (400) requests for any other host than `hosts` (names without port)."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...] = LOCAL_HOSTS) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what asks for a known host."""
        if scope["type"] == "http" and host_name(Headers(scope=scope).get("host", "")) not in self.hosts:
            sentence = "This service does not answer to that name. Add it to `hosts` under [server] in bluelamp.toml."
            await answer(scope, receive, send, 400, sentence)
            return
        await self.app(scope, receive, send)


def host_name(host: str) -> str:
    """`Host` without its port, in small letters."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).lower()
