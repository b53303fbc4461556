"""How many audited page views one server process gives a second: object pages of a made-up force over HTTP.

The server runs in a process of its own. The client holds a few keep-alive connections and reads whole answers; it
shares the machine's two cores with the server and PostgreSQL, so the figure is a lower bound. It looks at thousands
of different objects, so that no cache of what a page says could make the figure.
"""

import asyncio
import http.client
import itertools
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

import psutil

PASSWORD = "blue lamp over the door"  # noqa: S105 (the made-up force's, which is printed anyway)
SERVER = """
import sys
import bluelamp
from bluelamp.web.serve import serve
force = bluelamp.open(sys.argv[1])
force.accounts.set_password("amara", sys.argv[2])
serve(force, "127.0.0.1", int(sys.argv[3]))
"""


#: different objects that are looked at, and the questions whose hits they are
OBJECTS = 3_000
WORDS = ("smith", "khan", "patel", "nowak", "okafor", "ford", "burglary", "street", "james")


def measure(force: Path, port: int = 8769, connections: int = 8, seconds: float = 10) -> dict[str, float]:
    """Page views a second, their latencies in ms, and the server's processor time for each in ms."""
    command = [sys.executable, "-c", SERVER, str(force), PASSWORD, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout is None or "Blue Lamp is on" not in server.stdout.readline():
                raise RuntimeError("the server did not start")
            wait(port)
            cookie = sign_in(port)
            paths = _objects(port, cookie)
            asyncio.run(_load(port, cookie, paths, connections, 2))
            before = psutil.Process(server.pid).cpu_times()
            times = asyncio.run(_load(port, cookie, paths, connections, seconds))
            after = psutil.Process(server.pid).cpu_times()
        finally:
            server.terminate()
            server.wait()
    ordered = sorted(times)
    return {
        "views_per_second": len(times) / seconds,
        "median_ms": 1000 * statistics.median(ordered),
        "p95_ms": 1000 * ordered[int(0.95 * len(ordered))],
        "server_cpu_ms": 1000 * (after.user + after.system - before.user - before.system) / len(times),
    }


def wait(port: int) -> None:
    for _ in range(100):
        try:
            return _ask(port, "GET", "/healthy")[1:] and None
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not listen")


def _ask(port: int, verb: str, path: str, cookie: str = "", body: dict[str, str] | None = None) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}
    data = None
    if body is not None:
        data = urllib.parse.urlencode(body)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(verb, path, data, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    given = answer.headers.get_all("Set-Cookie") or []
    connection.close()
    return answer.status, text, "; ".join(each.split(";")[0] for each in given)


def sign_in(port: int) -> str:
    """The cookie of somebody who has signed in and declared a purpose."""
    _, _, cookie = _ask(port, "POST", "/sign-in", body={"name": "amara", "password": PASSWORD, "next": ""})
    asked = {"purpose": "intelligence", "reason": "Measuring", "case": "", "next": ""}
    status, text, _ = _ask(port, "POST", "/purpose", cookie, asked)
    if status != 303:
        raise RuntimeError(f"no purpose: {status} {text[:200]}")
    return cookie


def _objects(port: int, cookie: str) -> list[str]:
    """The addresses of OBJECTS hits, or of all there are, in an order that is the same each time."""
    found: dict[str, None] = {}
    left = list(WORDS)
    for page in itertools.count(1):
        for word in tuple(left):
            text = _ask(port, "GET", f"/search?q={word}&page={page}", cookie)[1]
            hits = re.findall(r'href="(/object/[a-z_]+-[0-9a-f]{16})"', text)
            if not set(hits) - set(found):
                left.remove(word)
            found |= dict.fromkeys(hits)
        if not left or len(found) >= OBJECTS:
            break
    if not found:
        raise RuntimeError("nothing was found to look at")
    paths = list(found)[:OBJECTS]
    random.Random(1).shuffle(paths)  # noqa: S311 (an order, no secret)
    return paths


async def _load(port: int, cookie: str, paths: list[str], connections: int, seconds: float) -> list[float]:
    end = time.perf_counter() + seconds
    each = [_client(port, cookie, paths[n::connections] or paths, end) for n in range(connections)]
    return [taken for times in await asyncio.gather(*each) for taken in times]


async def _client(port: int, cookie: str, paths: list[str], end: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    number = 0
    while time.perf_counter() < end:
        began = time.perf_counter()
        path = paths[number % len(paths)]
        number += 1
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode()[:200])
        length = re.search(rb"content-length: (\d+)", head.lower())
        await reader.readexactly(int(length[1]) if length else 0)
        times.append(time.perf_counter() - began)
    writer.close()
    return times


if __name__ == "__main__":
    print(measure(Path(sys.argv[1])))
