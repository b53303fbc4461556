import pytest
from fastapi.testclient import TestClient

from bluelamp.apps.accounts.signin import WRONG, browser
from bluelamp.session.force import BlueLamp
from tests.factory import PASSWORD
from tests.station import sign_in


def test_MISUSE_1_the_page_says_that_misuse_is_an_offence_and_everything_is_recorded(web: TestClient) -> None:
    page = web.get("/sign-in").text
    for said in ("Computer Misuse Act 1990", "section 170 of the Data Protection Act 2018", "Every search"):
        assert said in " ".join(page.split())


def test_a_wrong_password_an_unknown_name_and_a_locked_account_read_the_same(web: TestClient, force: BlueLamp) -> None:
    said = set()
    for name in ("grace", "nobody"):
        refused = web.post("/sign-in", data={"name": name, "password": "wrong"})
        assert refused.status_code == 422
        said.add(refused.text.replace(name, ""))
    assert len(said) == 1
    assert WRONG in said.pop()
    force.accounts.unlock("grace", by="admin")


def test_what_is_missing_is_named_and_the_name_kept(web: TestClient) -> None:
    page = web.post("/sign-in", data={"name": "grace"}).text
    assert "Enter your password." in page
    assert 'value="grace"' in page
    assert "<title>Error: Sign in" in page


def test_a_password_is_never_sent_back(web: TestClient) -> None:
    assert "mistyped-secret" not in web.post("/sign-in", data={"name": "grace", "password": "mistyped-secret"}).text


def test_after_signing_in_comes_the_purpose_and_then_the_page_asked_for(web: TestClient) -> None:
    arrived = web.post("/sign-in", data={"name": "grace", "password": PASSWORD, "next": "/account?x=1"})
    assert arrived.headers["location"] == "/purpose?next=%2Faccount%3Fx%3D1"
    declared = {"purpose": "investigation", "reason": "Burglary", "next": "/account?x=1"}
    assert web.post("/purpose", data=declared).headers["location"] == "/account?x=1"


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_signing_in_leads_to_no_other_site(web: TestClient, onward: str) -> None:
    assert "elsewhere.example" not in web.get("/sign-in", params={"next": onward}).text
    arrived = web.post("/sign-in", data={"name": "grace", "password": PASSWORD, "next": onward})
    assert arrived.headers["location"] == "/purpose"


def test_the_secret_is_out_of_scripts_reach_and_of_other_sites(web: TestClient) -> None:
    cookie = web.post("/sign-in", data={"name": "grace", "password": PASSWORD}).headers["set-cookie"]
    assert cookie.startswith("bluelamp=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Domain" not in cookie


def test_over_https_the_secret_is_held_to_this_host(web: TestClient) -> None:
    cookie = web.post("https://localhost/sign-in", data={"name": "grace", "password": PASSWORD}).headers["set-cookie"]
    assert cookie.startswith("__Host-bluelamp=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_each_sign_in_has_a_new_secret_and_an_old_one_is_worth_nothing(web: TestClient) -> None:
    sign_in(web, purpose="")
    first = web.cookies["bluelamp"]
    web.post("/sign-out")
    sign_in(web, purpose="")
    assert web.cookies["bluelamp"] != first
    web.cookies.clear()
    web.cookies.set("bluelamp", first)
    assert web.get("/account").headers["location"].startswith("/sign-in")


def test_signing_out_clears_what_the_browser_kept(web: TestClient) -> None:
    sign_in(web)
    left = web.post("/sign-out")
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    assert "bluelamp" not in web.cookies
    assert web.get("/account").status_code == 303


@pytest.mark.parametrize("forged", ["x", "é", "a" * 5000, "x.y.z"])
def test_a_forged_secret_is_nobody(web: TestClient, forged: str) -> None:
    headers = {"cookie": f"bluelamp={forged}".encode()}
    assert web.get("/account", headers=headers).status_code == 303


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Linux"),
        ("python-httpx/0.28", "a program"),
        ("", "another browser"),
    ],
)
def test_a_machine_is_called_by_browser_and_system(program: str, said: str) -> None:
    assert browser(program) == said
