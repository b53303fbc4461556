"""The web application: every app's pages in one frame, behind one row of guards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse
from starlette.middleware import Middleware

from bluelamp.apps.accounts.cookies import secret
from bluelamp.apps.accounts.pages import router as accounts
from bluelamp.apps.api.routes import router as api
from bluelamp.apps.audit.pages import router as audit
from bluelamp.apps.data.pages import router as data
from bluelamp.apps.objects.pages import router as objects
from bluelamp.apps.page import BUILT, asset, templates
from bluelamp.apps.questions.pages import router as questions
from bluelamp.apps.resolution.pages import router as resolution
from bluelamp.apps.review.pages import router as review
from bluelamp.apps.search.pages import router as search
from bluelamp.apps.watches.pages import router as watches
from bluelamp.apps.workbench.files import router as files
from bluelamp.apps.workbench.gaps import router as gaps
from bluelamp.apps.workbench.ground import router as ground
from bluelamp.apps.workbench.moves import router as moves
from bluelamp.apps.workbench.pages import router as workbench
from bluelamp.apps.workbench.searches import router as searches
from bluelamp.apps.workbench.story import router as story
from bluelamp.session.lookout import Lookout
from bluelamp.web.headers import SecurityHeaders
from bluelamp.web.hosts import LOCAL_HOSTS, KnownHosts
from bluelamp.web.limits import BodyLimit
from bluelamp.web.origin import SameOrigin
from bluelamp.web.problems import install
from bluelamp.web.static import Static
from bluelamp.web.trace import Failures, Trace

#: every app's pages, and the API; those that are asked for most come first
ROUTERS: tuple[APIRouter, ...] = (
    objects,
    search,
    api,
    workbench,
    gaps,
    ground,
    files,
    searches,
    moves,
    story,
    watches,
    questions,
    review,
    data,
    resolution,
    audit,
    accounts,
)

#: the addresses that need nobody signed in; a test holds every other route to `signed_in` or `needs(...)`
PUBLIC = (
    "/",
    "/api/v1/openapi.json",
    "/healthy",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/organisation",
    "/sign-in/organisation/back",
    "/sign-out",
)


def create_app(force: Any) -> FastAPI:
    """The web application over one force, which is an open `bluelamp.session.BlueLamp`.

    `[server] hosts` in bluelamp.toml are the names it answers to besides this machine's own.
    Raises BlueLampError where the front end has not been built.
    """
    asset("bluelamp.css")
    hosts = (*LOCAL_HOSTS, *force.workspace.settings.server.hosts.split())
    guards = [
        Middleware(Trace),
        Middleware(SecurityHeaders),
        Middleware(KnownHosts, hosts=hosts),
        Middleware(SameOrigin),
        Middleware(BodyLimit),
        Middleware(Failures),
    ]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with Lookout(force):
            yield

    app = FastAPI(
        lifespan=lifespan,
        title="Blue Lamp",
        description="What one token's user may see for its purpose. Every call is an entry on the audit log.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        middleware=guards,
    )
    app.state.force = force
    app.state.templates = templates(force.workspace.store / "templates")
    app.state.secret = secret(force.workspace.store)
    install(app)
    app.mount("/static", Static(BUILT))
    app.add_api_route("/", _start, include_in_schema=False)
    app.add_api_route("/healthy", _healthy, include_in_schema=False)
    for router in ROUTERS:
        app.include_router(router, include_in_schema=router is api)
    return app


def _start() -> RedirectResponse:
    return RedirectResponse("/search", status_code=303)


def _healthy() -> dict[str, str]:
    """For whatever watches the process; says nothing of the data."""
    return {"status": "serving"}
