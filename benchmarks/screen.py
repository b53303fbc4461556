"""What a reader waits for on the workbench, in a real browser: `python -m benchmarks.screen FOLDER`.

Chromium shares the machine's cores with the server, and draws without a graphics card. A page is opened each time by a
browser that has nothing of it kept.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import bluelamp
from benchmarks.pages import PASSWORD, SERVER, sign_in, wait
from bluelamp.session.session import Session

#: Debian's Chromiums, the one without windows first
DEBIAN = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-background-networking"]
PORT = 8771
ADDRESS = f"http://127.0.0.1:{PORT}"

#: things on the chart that is opened, and things that are put on one at a time
OPENED, ADDED = 200, 500
TIMES = 5

#: how a page of its own puts things on a chart: it sends a form, and the browser goes to the chart
ADD = """([address, ids]) => {
  const form = Object.assign(document.createElement("form"), {method: "post", action: address});
  for (const [name, value] of [["kind", "add"], ...ids.map((id) => ["ids", id])])
    form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
  document.body.append(form);
  form.submit();
}"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
RESTS = "() => !document.querySelector('[data-canvas][aria-busy]')"
DRAWN = "(dots) => document.querySelector('[data-canvas]')?.getAttribute('aria-label')?.startsWith(`Graph of ${dots} `)"
#: how many dots there are where they are more than so many
GREW = """(dots) => {
  const now = parseInt(document.querySelector('[data-canvas]').getAttribute('aria-label').slice('Graph of '.length));
  return now > dots && now;
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    charts, more = _charts(asked.folder)
    command = [sys.executable, "-c", SERVER, str(asked.folder), PASSWORD, str(PORT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as driver:
        try:
            if server.stdout is None or "Blue Lamp is on" not in server.stdout.readline():
                raise RuntimeError("the server did not start")
            path = next((str(path) for path in DEBIAN if path.exists()), None)
            browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
            for line in _measured(browser, charts, more):
                print(line, flush=True)
            browser.close()
        finally:
            server.terminate()
            server.wait()


def _charts(folder: Path) -> tuple[list[str], list[str]]:
    """Charts of OPENED things each, burglaries, and ADDED other things that words find, most of them people."""
    force = bluelamp.open(folder)
    session: Session = force.session(user="amara", purpose="intelligence", reason="A benchmark", case="BENCH/1")
    ids: dict[str, None] = {}
    for word in ("burglary", "smith", "khan", "patel", "street", "ford", "nowak", "james"):
        for page in range(1, 12):
            ids |= {str(hit.object): None for hit in session.search(word, page=page).hits}
        if len(ids) >= OPENED + ADDED:
            break
    listed = list(ids)
    charts = [session.make_chart(f"Benchmark {each}", listed[:OPENED]) for each in range(TIMES)]
    force.close()
    return charts, listed[OPENED : OPENED + ADDED]


def _measured(browser: Browser, charts: list[str], more: list[str]) -> Iterator[str]:
    wait(PORT)
    cookie = sign_in(PORT)
    painted, drawn, added, rested, brought = [], [], [], [], []
    more_now = 0
    for chart in charts:
        with _signed_in(browser, cookie) as page:
            began = time.perf_counter()
            page.goto(f"{ADDRESS}/workbench/{chart}")
            page.wait_for_function(DRAWN, arg=OPENED)
            drawn.append(1000 * (time.perf_counter() - began))
            painted.append(float(page.wait_for_function(PAINTED).json_value()))
            began = time.perf_counter()
            page.evaluate(ADD, [f"/workbench/{chart}/change", more])
            page.wait_for_function(DRAWN, arg=OPENED + len(more))
            added.append(1000 * (time.perf_counter() - began))
            page.wait_for_function(RESTS)
            rested.append(1000 * (time.perf_counter() - began))
            taken, more_now = _brought(page)
            brought.append(taken)
    yield f"| first paint of a chart of {OPENED} things | {_said(painted)} |"
    yield f"| its graph drawn | {_said(drawn)} |"
    yield f"| {len(more)} things put on it, until its graph shows them all | {_said(added)} |"
    yield f"| the same, until they have come to rest | {_said(rested)} |"
    yield f"| {more_now} things that a search around brings onto an open chart of {OPENED}, until they show | {_said(brought)} |"


def _brought(page: Page) -> tuple[float, int]:
    """What it takes a chart that is open to show what stands around all that is on it, and how much that is."""
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function(DRAWN, arg=OPENED)
    page.get_by_role("button", name="Select all").first.click()
    page.get_by_role("button", name="Search around").click()
    page.get_by_label("At most").fill(str(ADDED))
    began = time.perf_counter()
    page.get_by_role("button", name="Put on the chart").click()
    dots = page.wait_for_function(GREW, arg=OPENED).json_value()
    return 1000 * (time.perf_counter() - began), int(dots) - OPENED


@contextmanager
def _signed_in(browser: Browser, cookie: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    pairs = [each.partition("=")[::2] for each in cookie.split("; ")]
    context.add_cookies([{"name": name, "value": value, "url": ADDRESS} for name, value in pairs])
    yield context.new_page()
    context.close()


def _said(taken: list[float]) -> str:
    return f"median {statistics.median(taken):.0f} ms, worst {max(taken):.0f} ms, {len(taken)} times"


if __name__ == "__main__":
    main()
