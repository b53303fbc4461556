import pytest
from fastapi.testclient import TestClient

from bluelamp.web.origin import is_ours
from tests.station import sign_in


def asked(**headers: str) -> bool:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return is_ours({"type": "http", "scheme": "https", "headers": [(b"host", b"force.example"), *raw]})


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_on_another_site_cannot_act_here(web: TestClient, site: str) -> None:
    sign_in(web, purpose="")
    refused = web.post("/sign-out", headers={"sec-fetch-site": site})
    assert refused.status_code == 403
    assert "did not come from a page of this service" in refused.text
    assert web.get("/account").status_code == 200


def test_what_our_own_pages_send_is_taken() -> None:
    assert asked(sec_fetch_site="same-origin", cookie="x=y")
    assert asked(sec_fetch_site="none", cookie="x=y")


def test_without_sec_fetch_site_the_origin_decides() -> None:
    assert asked(origin="https://force.example", cookie="x=y")
    assert not asked(origin="http://force.example", cookie="x=y")
    assert not asked(origin="https://force.example.evil.example", cookie="x=y")
    assert not asked(origin="null", cookie="x=y")


def test_a_program_without_a_cookie_passes_and_one_with_a_cookie_does_not() -> None:
    assert asked()
    assert not asked(cookie="x=y")


def test_reading_is_always_allowed(web: TestClient) -> None:
    assert web.get("/sign-in", headers={"sec-fetch-site": "cross-site"}).status_code == 200
