import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from tests.factory import PASSWORD
from tests.station import AT, sign_in


@pytest.fixture
def elsewhere(force: BlueLamp) -> Iterator[TestClient]:
    """Another browser."""
    with TestClient(create_app(force), base_url=AT, follow_redirects=False) as client:
        client.headers.update({"sec-fetch-site": "same-origin", "user-agent": "Firefox/150.0 Windows"})
        yield client


def test_ones_page_says_who_one_is_here(web: TestClient) -> None:
    sign_in(web)
    page = web.get("/account").text
    for shown in ("DC Grace Okafor", "investigator", "OFFICIAL, OFFICIAL-SENSITIVE", "Major Crime", "not set up"):
        assert shown in page


def test_one_sees_where_one_is_signed_in_and_ends_it_there(
    web: TestClient, elsewhere: TestClient, force: BlueLamp
) -> None:
    force.accounts.revoke_all("grace", by="grace")
    sign_in(elsewhere)
    sign_in(web)
    page = web.get("/account/sessions").text
    assert "Firefox on Windows" in page
    assert page.count("This one") == 1
    (other,) = re.findall(r'name="session" value="([0-9a-f-]{36})"', page)
    assert web.post("/account/sessions", data={"session": other}).status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert web.get("/account").status_code == 200


def test_one_cannot_end_the_sign_in_of_somebody_else(web: TestClient, elsewhere: TestClient, force: BlueLamp) -> None:
    sign_in(elsewhere, "sunil")
    sign_in(web)
    (theirs, *_) = force.accounts.sign_ins("sunil")
    web.post("/account/sessions", data={"session": theirs.id})
    assert elsewhere.get("/account").status_code == 200


def test_all_others_end_at_once(web: TestClient, elsewhere: TestClient) -> None:
    sign_in(elsewhere)
    sign_in(web)
    web.post("/account/sessions", data={"session": "others"})
    assert elsewhere.get("/account").status_code == 303
    assert web.get("/account").status_code == 200


def test_a_changed_password_ends_the_other_sign_ins(web: TestClient, elsewhere: TestClient, force: BlueLamp) -> None:
    sign_in(elsewhere, "sunil")
    sign_in(web, "sunil")
    changed = web.post("/account/password", data={"current": PASSWORD, "password": "violet tractor umbrella 9"})
    assert changed.headers["location"] == "/account"
    assert elsewhere.get("/account").status_code == 303
    assert force.accounts.set_password("sunil", PASSWORD) is None


@pytest.mark.parametrize(
    ("current", "password", "said"),
    [("wrong", "violet tractor umbrella 9", "That is not your password"), (PASSWORD, "short", "Enter at least 12")],
)
def test_a_password_that_cannot_be_changed_says_why(
    web: TestClient, force: BlueLamp, current: str, password: str, said: str
) -> None:
    sign_in(web)
    refused = web.post("/account/password", data={"current": current, "password": password})
    assert refused.status_code == 422
    assert said in refused.text
    force.accounts.unlock("grace", by="admin")


def test_the_choice_of_colours_is_in_the_page_that_the_server_sends(web: TestClient) -> None:
    assert '<html lang="en-GB" class="theme-system density-comfortable">' in web.get("/sign-in").text
    sign_in(web)
    web.post("/account/display", data={"theme": "dark", "density": "compact"})
    page = web.get("/account").text
    assert '<html lang="en-GB" class="theme-dark density-compact">' in page
    assert '<meta name="color-scheme" content="dark">' in page


def test_a_choice_that_does_not_exist_is_the_first(web: TestClient) -> None:
    sign_in(web)
    web.post("/account/display", data={"theme": '"><script>', "density": "x"})
    web.cookies.set("theme", '"><b>', domain="localhost.local")
    assert 'class="theme-system density-comfortable"' in web.get("/account").text
