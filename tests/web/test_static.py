import re

from fastapi.testclient import TestClient

from bluelamp.apps.page import asset


def test_styles_are_compressed_and_kept_for_a_year(web: TestClient) -> None:
    found = web.get(asset("bluelamp.css"), headers={"accept-encoding": "br, gzip"})
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert found.headers["content-encoding"] in ("br", "gzip")
    assert found.headers["content-type"].startswith("text/css")
    assert int(found.headers["content-length"]) < 20_000


def test_a_browser_that_takes_no_compression_gets_the_same_text(web: TestClient) -> None:
    plain = web.get(asset("bluelamp.js"), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == web.get(asset("bluelamp.js"), headers={"accept-encoding": "gzip"}).text


def test_only_named_files_are_served(web: TestClient) -> None:
    for path in ("/static/manifest.json", "/static/../app.py", "/static/%2e%2e/app.py", "/static/nothing.css"):
        assert web.get(path).status_code == 404


def test_the_styles_ask_for_nothing_from_anywhere(web: TestClient) -> None:
    styles = web.get(asset("bluelamp.css")).text
    assert not re.search(r"url\(|@import|@font-face", styles)
    assert "GDS Transport" not in styles
