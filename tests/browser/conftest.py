"""Chromium and a server on a free port; tests of pages in a real browser begin here.

`address` is where the pages of the small made-up force of tests/station.py are served; for another force use
`serve(create_app(force))`. `browser` is Chromium; `page` is a fresh tab that fails the test on any script error
or blocked resource; `without_axe_problems(page)` asserts that axe finds nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from tests.serve import serve
from tests.station import force  # noqa: F401 (a fixture)

#: Debian's Chromiums, the one without windows first, which takes a third less of the processor
DEBIAN = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
#: WCAG 2.2 AA and what axe holds to be good practice; of what is right it need not tell every place
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: what Chromium writes for every answer of 400 and more; the tests know of those
EXPECTED = "Failed to load resource: the server responded with a status of 4"
#: what it writes of maps that are drawn without a graphics card
NO_CARD = "GPU stall due to ReadPixels"


@pytest.fixture(scope="session")
def address(force: BlueLamp) -> Iterator[str]:  # noqa: F811 (the fixture)
    """Where the made-up force is served."""
    with serve(create_app(force)) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else Playwright's own."""
    with sync_playwright() as driver:
        path = next((str(path) for path in DEBIAN if path.exists()), None)
        launched = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a tab of its own context: `tab(color_scheme="dark", java_script_enabled=False, viewport=...)`."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_tab(**options: object) -> Page:
        context = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: _note(complaints, message))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def page(tab: Callable[..., Page]) -> Page:
    """A light tab, 1280 pixels wide."""
    return tab(viewport={"width": 1280, "height": 800})


def without_axe_problems(page: Page) -> None:
    """Assert that axe finds nothing on the page as it stands."""
    found = Axe().run(page, options=RULES)
    assert not found.violations_count, found.generate_report()


def without_sideways_scroll(page: Page) -> None:
    """Assert that the page is no wider than its window (WCAG 1.4.10)."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def _note(complaints: list[str], message: ConsoleMessage) -> None:
    known = message.text.startswith(EXPECTED) or NO_CARD in message.text
    if message.type in ("error", "warning") and not known:
        complaints.append(message.text)
