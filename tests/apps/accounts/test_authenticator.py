import re
from collections.abc import Iterator

import pyotp
import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.factory import PASSWORD
from tests.station import sign_in

HERE = "/account/authenticator"


@pytest.fixture
def enrolled(web: TestClient, force: BlueLamp) -> Iterator[tuple[pyotp.TOTP, list[str]]]:
    """Sunil with an app, and his recovery codes; signed out."""
    sign_in(web, "sunil", purpose="")
    app = pyotp.TOTP(force.accounts.offered_key("sunil"))
    page = web.post(HERE, data={"password": PASSWORD, "code": app.now()}).text
    recovery = re.findall(r"<li><code>([^<]+)</code>", page)
    web.post("/sign-out")
    yield app, recovery
    force.accounts.remove_authenticator("sunil", by="admin")
    force.accounts.unlock("sunil", by="admin")


def test_the_key_is_shown_as_picture_and_as_text(web: TestClient, force: BlueLamp) -> None:
    sign_in(web, "sunil", purpose="")
    key = force.accounts.offered_key("sunil")
    assert key in web.get(HERE).text.replace(" ", "")
    picture = web.get(f"{HERE}/picture.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.headers["cache-control"] == "no-store"
    assert "<svg" in picture.text


def test_ten_recovery_codes_are_shown_once(web: TestClient, enrolled: tuple[pyotp.TOTP, list[str]]) -> None:
    assert len(set(enrolled[1])) == 10
    assert enrolled[1][0] not in web.get(HERE, follow_redirects=True).text


def test_with_an_app_the_password_alone_does_not_sign_in(
    web: TestClient, enrolled: tuple[pyotp.TOTP, list[str]]
) -> None:
    halfway = web.post("/sign-in", data={"name": "sunil", "password": PASSWORD, "next": "/account"})
    assert halfway.headers["location"] == "/sign-in/code"
    assert "bluelamp" not in web.cookies
    assert web.get("/account").status_code == 303
    assert web.get("/sign-in/code").status_code == 200
    wrong = web.post("/sign-in/code", data={"code": "12"})
    assert wrong.status_code == 422
    assert "That code is not right" in wrong.text
    right = web.post("/sign-in/code", data={"code": enrolled[1][0].upper()})
    assert right.headers["location"] == "/purpose?next=%2Faccount"
    assert web.get("/account").status_code == 200


def test_a_code_without_a_password_before_it_is_worth_nothing(
    web: TestClient, enrolled: tuple[pyotp.TOTP, list[str]]
) -> None:
    assert web.post("/sign-in/code", data={"code": enrolled[1][0]}).headers["location"] == "/sign-in"
    web.cookies.set("bluelamp-half", "forged.x.y", path="/sign-in", domain="localhost.local")
    assert web.post("/sign-in/code", data={"code": enrolled[1][0]}).headers["location"] == "/sign-in"
    assert web.get("/sign-in/code").headers["location"] == "/sign-in"


def test_an_app_is_not_set_up_without_the_password_or_with_a_wrong_code(web: TestClient, force: BlueLamp) -> None:
    sign_in(web, "sunil", purpose="")
    code = pyotp.TOTP(force.accounts.offered_key("sunil")).now()
    assert "That is not your password" in web.post(HERE, data={"password": "wrong", "code": code}).text
    assert "That code is not right" in web.post(HERE, data={"password": PASSWORD, "code": "12"}).text
    assert not force.accounts.is_enrolled("sunil")
    force.accounts.unlock("sunil", by="admin")
