"""Signing in with the force's own identity provider, by OpenID Connect (authorisation code with PKCE)."""

import secrets
import warnings
from typing import Any

import httpx
from authlib.integrations.base_client.errors import OAuthError
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bluelamp.apps.accounts.cookies import end_step, keep_step, step
from bluelamp.apps.accounts.signin import client, welcome
from bluelamp.apps.page import local_path
from bluelamp.errors import Refused
from bluelamp.settings import Oidc

with warnings.catch_warnings(record=True):
    # where httpx2 is not installed, Authlib tells whoever starts the server that it would rather have it
    from authlib.integrations.httpx_client import OAuth2Client


router = APIRouter()

#: the step between leaving for the provider and coming back
AWAY = "bluelamp-away"
#: signatures that a provider may use; never `none`, never one made with the shared secret
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
#: seconds to wait for the provider
PATIENCE = 10.0

FAILED = "Your organisation's sign-in did not work: {why}. Start again; if it goes on, tell your administrator."


@router.get("/sign-in/organisation")
def leave(request: Request, next: str = "") -> Response:
    """Go to the provider."""
    oidc = _settings(request)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    with _client(request, oidc) as provider:
        address, _ = provider.create_authorization_url(
            _told(oidc)["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    response = RedirectResponse(address, status_code=303)
    kept = {"state": state, "nonce": nonce, "verifier": verifier, "next": local_path(next, "")}
    keep_step(request, response, AWAY, kept)
    return response


@router.get("/sign-in/organisation/back")
def back(request: Request, state: str = "", code: str = "") -> Response:
    """Come back from the provider with a code, change it for who the user is, and sign them in."""
    oidc, away = _settings(request), step(request, AWAY)
    if away is None or not secrets.compare_digest(state, away["state"]):
        raise Refused(FAILED.format(why="it was not started from this browser, or took longer than five minutes"))
    if not code:
        raise Refused(FAILED.format(why="the provider did not let you in"))
    name = str(_claims(request, oidc, code, away).get(oidc.user_claim, ""))
    force = request.app.state.force
    if name not in force.workspace.users:
        raise Refused("You are not a user of Blue Lamp in this workspace; ask an administrator to declare you.")
    response = welcome(request, force.accounts.begin(name, client(request)), away["next"])
    end_step(response, AWAY)
    return response


def _claims(request: Request, oidc: Oidc, code: str, away: dict[str, str]) -> dict[str, Any]:
    """What the provider says of the user, with its signature, issuer, audience, nonce and times checked."""
    told = _told(oidc)
    try:
        with _client(request, oidc) as provider:
            token = provider.fetch_token(told["token_endpoint"], code=code, code_verifier=away["verifier"])
        keys = KeySet.import_key_set(httpx.get(told["jwks_uri"], timeout=PATIENCE).raise_for_status().json())
        decoded = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": oidc.issuer},
            aud={"essential": True, "value": oidc.client_id},
            nonce={"essential": True, "value": away["nonce"]},
            exp={"essential": True},
        )
        rules.validate(decoded.claims)
    except (OAuthError, JoseError, httpx.HTTPError, KeyError, ValueError) as failure:
        raise Refused(FAILED.format(why="the provider's answer could not be trusted")) from failure
    return decoded.claims


def _told(oidc: Oidc) -> dict[str, Any]:
    """The provider's own description."""
    try:
        address = f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
        told: dict[str, Any] = httpx.get(address, timeout=PATIENCE).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as failure:
        raise Refused(FAILED.format(why="the provider does not answer")) from failure
    if told.get("issuer") != oidc.issuer:
        raise Refused(FAILED.format(why="the provider calls itself by another name than `issuer` under [oidc]"))
    return told


def _client(request: Request, oidc: Oidc) -> OAuth2Client:
    return OAuth2Client(
        oidc.client_id,
        oidc.client_secret or None,
        scope="openid profile",
        redirect_uri=str(request.url_for("back")),
        code_challenge_method="S256",
        timeout=PATIENCE,
    )


def _settings(request: Request) -> Oidc:
    oidc: Oidc = request.app.state.force.workspace.settings.oidc
    if not oidc.issuer:
        raise Refused("This force has no sign-in of its own; sign in with your user name and password.")
    return oidc
