from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bluelamp.errors import BlueLampError, DatabaseUnavailable, NotFound, Refused
from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from tests.station import sign_in


@pytest.fixture
def pages(force: BlueLamp) -> FastAPI:
    """Of this test's own: it gets a page that fails."""
    return create_app(force)


def failing(web: TestClient, error: Exception) -> None:
    def fail() -> None:
        raise error

    web.app.add_api_route("/failing", fail)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Refused("Your role does not allow this."), 403, "Your role does not allow this."),
        (NotFound("There is no object person-1."), 404, "There is no object person-1."),
        (BlueLampError("The list has no lines."), 400, "The list has no lines."),
        (DatabaseUnavailable("connection refused at /run/x"), 503, "The database does not answer"),
        (RuntimeError("secret detail"), 500, "give your administrator the number below"),
    ],
)
def test_each_failure_has_its_page_and_says_what_to_do(
    web: TestClient, error: Exception, status: int, said: str
) -> None:
    failing(web, error)
    page = web.get("/failing")
    assert page.status_code == status
    assert said in page.text
    assert "<h1" in page.text
    assert "Traceback" not in page.text


@pytest.mark.parametrize("error", [RuntimeError("secret detail"), DatabaseUnavailable("secret detail")])
def test_a_failure_gives_away_nothing_of_the_inside_but_its_number(web: TestClient, error: Exception) -> None:
    failing(web, error)
    page = web.get("/failing")
    assert "secret detail" not in page.text
    assert page.headers["x-request-id"] in page.text
    assert "content-security-policy" in page.headers


def test_who_is_not_signed_in_is_brought_back_after_signing_in(web: TestClient) -> None:
    sent = web.get("/account/display?a=1&b=//x")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/sign-in?next=%2Faccount%2Fdisplay%3Fa%3D1%26b%3D%2F%2Fx"


def test_a_change_without_signing_in_is_refused_and_says_so(web: TestClient) -> None:
    refused = web.post("/account/display", data={"theme": "dark"})
    assert refused.status_code == 401
    assert "Nothing was changed" in refused.text


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/accounts/x/y/z", 404)])
def test_a_page_that_is_not_there_says_so_in_the_frame(web: TestClient, path: str, status: int) -> None:
    sign_in(web)
    page = web.get(path)
    assert page.status_code == status
    assert "Page not found" in page.text


def test_a_program_gets_the_problem_as_json(web: TestClient) -> None:
    told: dict[str, Any] = web.get("/account", headers={"accept": "application/json"}).json()
    assert told["status"] == 401
    assert told["title"] == "You are not signed in"


def test_a_wrong_method_is_told(web: TestClient) -> None:
    assert web.get("/sign-out").status_code == 405
