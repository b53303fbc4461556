import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import without_axe_problems, without_sideways_scroll
from tests.factory import PASSWORD

SMALL = {"width": 320, "height": 640}
LARGE = {"width": 1280, "height": 800}

Tab = Callable[..., Page]


def sign_in(page: Page, name: str = "grace") -> None:
    page.goto("/sign-in")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/purpose")


def declare(page: Page) -> None:
    page.get_by_label("Investigating crime").check()
    page.get_by_label("Reason", exact=True).fill("Burglary at 14 Mill Lane")
    page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize(("scheme", "viewport"), [("light", LARGE), ("dark", SMALL)], ids=["light", "dark and small"])
def test_every_page_of_accounts_is_accessible(tab: Tab, scheme: str, viewport: dict[str, int]) -> None:
    page = tab(color_scheme=scheme, viewport=viewport)
    pages = [
        "/purpose",
        "/account",
        "/account/sessions",
        "/account/authenticator",
        "/account/password",
        "/account/tokens",
        "/account/display",
    ]
    page.goto("/sign-in")
    without_axe_problems(page)
    without_sideways_scroll(page)
    sign_in(page)
    for path in [*pages, "/nowhere"]:
        page.goto(path)
        without_axe_problems(page)
        without_sideways_scroll(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_administrators_page_is_accessible(tab: Tab, scheme: str) -> None:
    page = tab(color_scheme=scheme, viewport=SMALL)
    sign_in(page, "admin")
    page.goto("/accounts")
    without_axe_problems(page)
    without_sideways_scroll(page)


def test_a_form_with_problems_is_accessible_and_the_keyboard_starts_at_their_list(page: Page) -> None:
    sign_in(page)
    page.get_by_label("Investigating crime").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_focused()
    without_axe_problems(page)
    page.get_by_role("link", name="Enter a reason").click()
    expect(page.get_by_label("Reason", exact=True)).to_be_focused()


def test_one_can_sign_in_and_declare_a_purpose_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/account")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("grace")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is your purpose?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Burglary at 14 Mill Lane")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page.get_by_role("region", name="Handling")).to_contain_text("Burglary at 14 Mill Lane")


def test_everything_of_accounts_works_without_javascript(tab: Tab) -> None:
    page = tab(java_script_enabled=False, viewport=LARGE)
    sign_in(page)
    declare(page)
    page.goto("/account/display")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_class("theme-dark density-comfortable")
    expect(page.locator("body")).to_have_css("background-color", "rgb(15, 20, 28)")
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_hidden()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_question_mark_lists_the_shortcuts_and_escape_closes_them(page: Page) -> None:
    page.goto("/sign-in")
    page.locator("main").focus()
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed).to_be_visible()
    close = listed.get_by_role("button", name="Close")
    expect(close).to_be_focused()
    expect(close).to_have_css("outline", re.compile("solid 3px"))
    expect(close).to_have_css("background-color", "rgb(255, 255, 255)")
    without_axe_problems(page)
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()


def test_a_question_mark_that_is_typed_stays_a_question_mark(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("User name").press_sequentially("why?/")
    expect(page.get_by_label("User name")).to_have_value("why?/")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_palette_goes_to_a_page_by_a_few_letters(page: Page) -> None:
    sign_in(page)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("wh si")
    without_axe_problems(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/sessions")


def test_a_slash_goes_to_the_search_box(page: Page) -> None:
    sign_in(page)
    declare(page)
    page.goto("/account")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_targets_are_at_least_24_pixels_high_or_within_a_line_of_text(page: Page) -> None:
    sign_in(page)
    for path in ("/purpose", "/account", "/account/sessions"):
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')]
            .filter(e => e.checkVisibility() && !e.closest('p, li li') && !e.classList.contains('govuk-skip-link'))
            .filter(e => e.getBoundingClientRect().height < 24 && getComputedStyle(e).display !== 'inline')
            .map(e => e.outerHTML)"""
        )
        assert small == []
