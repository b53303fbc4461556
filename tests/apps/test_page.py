import ast
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.apps.page import PACKAGE, Pages, local_path


def asked(path: str = "/search", query: str = "") -> Request:
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": [],
            "server": ("x", 80),
        }
    )


@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "javascript:x",
        "",
        None,
        "search",
    ],
)
def test_an_address_of_another_site_is_never_followed(path: str | None) -> None:
    assert local_path(path) == "/"


def test_a_path_of_this_service_is_followed() -> None:
    assert local_path("/search?q=a b&next=//x") == "/search?q=a b&next=//x"


@given(st.text(alphabet="/\\:.@ab\t\r\n?#%", max_size=12))
def test_whatever_is_followed_stays_on_this_host(text: str) -> None:
    assert urlsplit(urljoin("https://force.example/sign-in", local_path(text))).netloc == "force.example"


def test_pages_lead_on_and_back_and_keep_the_question() -> None:
    pages = Pages.of(asked(query="q=van&page=4&type=Person"), 4, 20, 12_345)
    assert (pages.first, pages.last, pages.total_text) == (61, 80, "12,345")
    assert pages.next == "/search?q=van&type=Person&page=5"
    assert pages.previous == "/search?q=van&type=Person&page=3"
    assert [link.text for link in pages.around] == ["1", "2", "3", "4", "5", "6", "…", "618"]


def test_a_single_page_has_nowhere_to_go() -> None:
    pages = Pages.of(asked(), 9, 20, 7)
    assert (pages.first, pages.last, pages.previous, pages.next, pages.around) == (1, 7, "", "", ())


@given(page=st.integers(-5, 100), size=st.integers(1, 50), total=st.integers(0, 3000))
def test_the_page_on_screen_is_always_marked_once(page: int, size: int, total: int) -> None:
    pages = Pages.of(asked(), page, size, total)
    assert pages.last <= total
    assert sum(link.current for link in pages.around) == (1 if total > size else 0)


def test_a_form_keeps_no_error_that_no_other_filling_in_would_mend() -> None:
    found = 0
    for path in (PACKAGE / "apps").rglob("*.py"):
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [ast.unparse(way.type or ast.Name("")) for way in each.handlers] if isinstance(each, ast.Try) else []
            )
            if "BlueLampError" in names:
                assert names.index("BlueLampError") > 0, f"{path} {each.lineno}"
                assert "UNMENDABLE" in names[names.index("BlueLampError") - 1], f"{path} {each.lineno}"
                found += 1
    assert found > 5
