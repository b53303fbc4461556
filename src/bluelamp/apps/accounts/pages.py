"""All the pages of accounts, as one router."""

from fastapi import APIRouter

from bluelamp.apps.accounts import authenticator, manage, mine, organisation, purpose, signin, tokens

router = APIRouter()
for part in (signin, organisation, purpose, mine, authenticator, tokens, manage):
    router.include_router(part.router)
