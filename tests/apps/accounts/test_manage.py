import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from bluelamp.session.force import BlueLamp
from tests.factory import PASSWORD
from tests.station import sign_in


def test_only_an_administrator_sees_the_list_and_a_refusal_is_logged(web: TestClient, force: BlueLamp) -> None:
    sign_in(web)
    refused = web.get("/accounts")
    assert refused.status_code == 403
    assert "it needs one of these roles: administrator" in refused.text
    with force.database.begin() as connection:
        last = connection.execute(text("SELECT actor_id, action, decision FROM audit ORDER BY seq DESC LIMIT 1")).one()
    assert tuple(last) == ("grace", "account:manage", "refused")


def test_the_list_shows_states_and_nothing_of_what_people_do(web: TestClient) -> None:
    sign_in(web)
    web.post("/sign-out")
    sign_in(web, "admin", purpose="")
    page = web.get("/accounts").text
    assert "DC Grace Okafor" in page
    assert "Burglary at 14 Mill Lane" not in page


def test_a_locked_account_is_unlocked(web: TestClient, force: BlueLamp) -> None:
    for _ in range(20):
        force.accounts.check_password("sunil", "wrong")
    sign_in(web, "admin", purpose="")
    assert "Locked until" in web.get("/accounts").text
    assert web.post("/accounts/sunil/unlock").status_code == 303
    assert "Locked until" not in web.get("/accounts").text
    assert force.accounts.check_password("sunil", PASSWORD) is not None


def test_a_one_time_password_is_shown_once_and_must_be_changed_first(web: TestClient, force: BlueLamp) -> None:
    sign_in(web, "admin", purpose="")
    page = web.post("/accounts/sunil/reset").text
    (once,) = re.findall(r'data-copy="([^"]+)"', page)
    assert once not in web.get("/accounts").text
    web.post("/sign-out")
    assert web.post("/sign-in", data={"name": "sunil", "password": once}).headers["location"] == "/purpose"
    for path in ("/purpose", "/search"):
        assert web.get(path).headers["location"] == "/account/password"
    changed = web.post("/account/password", data={"current": once, "password": "violet tractor umbrella 9"})
    assert changed.headers["location"] == "/purpose"
    assert web.get("/purpose").status_code == 200
    force.accounts.set_password("sunil", PASSWORD)


def test_ending_sign_ins_puts_somebody_out_at_once(web: TestClient, force: BlueLamp) -> None:
    secret = force.accounts.begin("grace")
    sign_in(web, "admin", purpose="")
    assert web.post("/accounts/grace/revoke").status_code == 303
    assert force.accounts.sign_in_of(secret) is None


@pytest.mark.parametrize("path", ["/accounts/nobody/unlock", "/accounts/grace/promote"])
def test_what_is_not_there_cannot_be_done(web: TestClient, path: str) -> None:
    sign_in(web, "admin", purpose="")
    assert web.post(path).status_code == 404


def test_somebody_elses_account_cannot_be_changed_by_a_user(web: TestClient, force: BlueLamp) -> None:
    sign_in(web)
    assert web.post("/accounts/sunil/reset").status_code == 403
    assert force.accounts.check_password("sunil", PASSWORD) is not None
