import re
from collections.abc import Iterable, Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from bluelamp.apps.visit import Needs
from bluelamp.web.app import PUBLIC
from tests.station import sign_in


def asked(dependant: Dependant) -> Iterator[Needs]:
    for each in dependant.dependencies:
        if isinstance(each.call, Needs):
            yield each.call
        yield from asked(each)


def routes(web: TestClient) -> list[APIRoute]:
    return list(_within(web.app.routes))  # type: ignore[attr-defined]


def _within(listed: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    for route in listed:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _within(route.original_router.routes)


def test_every_route_says_who_may_use_it_or_is_public(web: TestClient) -> None:
    bare = {route.path for route in routes(web) if not list(asked(route.dependant))}
    assert bare <= set(PUBLIC)
    assert len(routes(web)) > 20


def test_no_public_address_is_left_of_a_page_that_is_gone(web: TestClient) -> None:
    for path in PUBLIC:
        assert web.get(path).status_code != 404


def test_without_signing_in_no_page_answers(web: TestClient) -> None:
    for route in routes(web):
        if route.path not in PUBLIC:
            path = route.path.replace("{", "").replace("}", "")
            for method in route.methods:
                answer = web.request(method, path)
                assert answer.status_code in (303, 401), route.path
                if answer.status_code == 303:
                    assert answer.headers["location"].startswith("/sign-in")


def test_without_a_purpose_no_page_with_data_answers(web: TestClient) -> None:
    sign_in(web, purpose="")
    guarded = [route for route in routes(web) if any(each.purpose for each in asked(route.dependant))]
    for route in guarded:
        path = route.path.replace("{", "").replace("}", "")
        for method in route.methods:
            assert web.request(method, path).status_code in (303, 401, 403), route.path


def test_each_request_has_an_id_of_its_own(web: TestClient) -> None:
    first, second = (web.get("/healthy").headers["x-request-id"] for _ in range(2))
    assert first != second


def test_the_log_has_no_word_that_was_searched_for(web: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="bluelamp.web"):
        web.get("/search?q=Kearney")
    assert "GET /search" in caplog.text
    assert "Kearney" not in caplog.text


def test_a_page_knows_whether_scripts_run_before_any_of_it_is_drawn(web: TestClient) -> None:
    head, _, _ = web.get("/sign-in").text.partition("<body")
    assert re.findall(r"<(?:script|link)[^>]*/static/(\w+)-", head)[1:] == ["scripted", "bluelamp", "bluelamp"]
    assert '<script src="/static/scripted-' in head


def test_the_bar_shows_marking_purpose_and_person(web: TestClient) -> None:
    sign_in(web)
    page = web.get("/account").text
    for shown in ("OFFICIAL", "Investigating crime", "44/1234/26", "Burglary at 14 Mill Lane", "DC Grace Okafor"):
        assert shown in page


def test_navigation_shows_only_what_the_role_may_do(web: TestClient) -> None:
    sign_in(web)
    assert 'href="/accounts"' not in web.get("/account").text
    web.post("/sign-out")
    sign_in(web, "admin", purpose="")
    page = web.get("/account").text
    assert 'href="/accounts"' in page
    assert 'href="/search"' not in page
