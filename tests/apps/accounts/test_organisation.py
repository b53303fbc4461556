from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey

from bluelamp.session.force import BlueLamp
from bluelamp.settings import Oidc
from tests.apps.accounts.provider import CLIENT, SECRET, Provider
from tests.serve import serve


@pytest.fixture
def provider(force: BlueLamp, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    made = Provider()
    with serve(made.app()) as address:
        made.issuer = address
        oidc = Oidc(issuer=address, client_id=CLIENT, client_secret=SECRET)
        settings = replace(force.workspace.settings, oidc=oidc)
        monkeypatch.setattr(force, "workspace", replace(force.workspace, settings=settings))
        yield made


def back_from(web: TestClient, onward: str = "") -> str:
    """The address that the provider sends the browser back to."""
    left = web.get("/sign-in/organisation", params={"next": onward})
    assert left.status_code == 303
    return httpx.get(left.headers["location"], follow_redirects=False).headers["location"]


def test_the_forces_own_sign_in_lets_a_declared_user_in(web: TestClient, provider: Provider) -> None:
    assert "/sign-in/organisation" in web.get("/sign-in").text
    arrived = web.get(back_from(web, "/account"))
    assert arrived.status_code == 303
    assert arrived.headers["location"] == "/purpose?next=%2Faccount"
    assert "DC Grace Okafor" in web.get("/account").text


@pytest.mark.parametrize(
    "twisted",
    [
        {"nonce": "another"},
        {"aud": "another-service"},
        {"iss": "https://another.example"},
        {"exp": 1_600_000_000},
    ],
    ids=["nonce", "audience", "issuer", "time"],
)
def test_a_token_for_another_time_place_or_browser_is_refused(
    web: TestClient, provider: Provider, twisted: dict[str, object]
) -> None:
    provider.twisted = twisted
    refused = web.get(back_from(web))
    assert refused.status_code == 403
    assert "could not be trusted" in refused.text
    assert web.get("/account").status_code == 303


def test_a_token_signed_by_somebody_else_is_refused(web: TestClient, provider: Provider) -> None:
    provider.signing = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    assert web.get(back_from(web)).status_code == 403


def test_a_user_whom_the_workspace_does_not_declare_is_refused(web: TestClient, provider: Provider) -> None:
    provider.user = "mallory"
    refused = web.get(back_from(web))
    assert refused.status_code == 403
    assert "ask an administrator to declare you" in refused.text


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(web: TestClient, provider: Provider) -> None:
    theirs = back_from(web)
    web.cookies.clear()
    assert web.get(theirs).status_code == 403
    back_from(web)
    assert web.get(theirs).status_code == 403


def test_a_code_works_once(web: TestClient, provider: Provider) -> None:
    returned = back_from(web)
    kept = dict(web.cookies)
    assert web.get(returned).status_code == 303
    web.cookies.clear()
    web.cookies.update(kept)
    assert web.get(returned).status_code == 403


def test_a_provider_that_does_not_answer_is_told(web: TestClient, provider: Provider, force: BlueLamp) -> None:
    oidc = replace(force.workspace.settings.oidc, issuer="http://127.0.0.1:9")
    web.app.state.force.workspace = replace(  # type: ignore[attr-defined]
        force.workspace, settings=replace(force.workspace.settings, oidc=oidc)
    )
    refused = web.get("/sign-in/organisation")
    assert refused.status_code == 403
    assert "does not answer" in refused.text


def test_without_a_provider_there_is_no_such_sign_in(web: TestClient) -> None:
    assert "/sign-in/organisation" not in web.get("/sign-in").text
    assert web.get("/sign-in/organisation").status_code == 403
