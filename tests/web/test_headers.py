import re

import pytest
from fastapi.testclient import TestClient

from tests.station import sign_in

PAGES = ("/sign-in", "/nowhere", "/account")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_what_is_not_ours(web: TestClient, path: str) -> None:
    headers = web.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_pages_with_data_are_kept_nowhere_and_never_compressed(web: TestClient) -> None:
    sign_in(web)
    page = web.get("/account", headers={"accept-encoding": "gzip, br"})
    assert page.headers["cache-control"] == "no-store"
    assert "content-encoding" not in page.headers


@pytest.mark.parametrize("path", ["/sign-in", "/purpose", "/account", "/account/authenticator", "/nowhere"])
def test_no_page_carries_script_or_style_in_itself(web: TestClient, path: str) -> None:
    sign_in(web)
    page = web.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page)


def test_over_https_browsers_are_told_to_stay_there(web: TestClient) -> None:
    assert "strict-transport-security" not in web.get("/sign-in").headers
    assert web.get("https://localhost/sign-in").headers["strict-transport-security"] == "max-age=31536000"
