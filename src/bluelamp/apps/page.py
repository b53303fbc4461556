"""What every page needs from below the apps: the signed-in person, the frame around the page, and rendering.

A page of an app is a documented dataclass, a template beside it, and a route that declares what it lets people do:

    router = APIRouter()

    @dataclass(frozen=True)
    class Results:
        \"\"\"What apps/search/templates/results.html shows.\"\"\"
        query: str
        rows: tuple[Row, ...]

    @router.get("/search")
    def results(request: Request, visit: Annotated[Visit, needs(Action.SEARCH)], q: str = "") -> Response:
        rows = visit.session.search(q)
        return render(request, "search/results.html", Results(q, rows), marking="OFFICIAL-SENSITIVE")

- `needs(Action.X)`: signed in, with a purpose, and a role that may do X; `signed_in`: only signed in (no records).
  A test asserts that each route has one of them or stands in `bluelamp.web.app.PUBLIC`.
- The template's address is APP/NAME: it lies in `apps/APP/templates/NAME`. In it the dataclass is `c`.
- Routes are plain `def`: they run in threads, and so may wait for the database.
- After a POST answer with `go(path)` (303), so that reloading never repeats an act.
- Register the router in `bluelamp.web.app.ROUTERS` and its place in the navigation in `NAVIGATION` below.
- Raise bluelamp.errors (Refused, NotFound, DatabaseUnavailable, ...): the shell turns each into its page. A form that
  shows what is wrong with it lets those go that nobody mends there: `except UNMENDABLE: raise`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, StrictUndefined
from jinja2.environment import Template
from markupsafe import Markup

from bluelamp.apps.visit import PasswordNeeded, PurposeNeeded, SignInNeeded, Visit, needs, signed_in
from bluelamp.apps.words import FILTERS
from bluelamp.errors import BlueLampError
from bluelamp.session.formats import ChartFile
from bluelamp.session.permissions import Action

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "NAVIGATION",
    "Link",
    "Pages",
    "PasswordNeeded",
    "PurposeNeeded",
    "Shell",
    "SignInNeeded",
    "Visit",
    "attached",
    "go",
    "local_path",
    "needs",
    "render",
    "signed_in",
    "templates",
]

PACKAGE = Path(__file__).parents[1]
SHARED = PACKAGE / "web" / "templates"
BUILT = PACKAGE / "web" / "static" / "built"

#: parts of the frame that are kept: there are as many as there are roles and places
PARTS = 256

THEMES = ("system", "light", "dark")
DENSITIES = ("comfortable", "compact")


class Link(NamedTuple):
    """Somewhere to go; `current` is where the reader is."""

    text: str
    href: str
    current: bool = False


class Place(NamedTuple):
    """An entry of the main navigation, shown to those whose role may do `action` (None: to all who are signed in)."""

    text: str
    href: str
    action: Action | None
    #: also in the bar of links; otherwise only in the command palette
    main: bool = True


class Shortcut(NamedTuple):
    """A key and what it does, as the list of shortcuts shows them."""

    keys: str
    does: str


NAVIGATION = (
    Place("Search", "/search", Action.SEARCH),
    Place("Workbench", "/workbench", Action.CHART),
    Place("Questions", "/questions", Action.QUESTION),
    Place("Watches", "/watches", Action.WATCH),
    Place("Review", "/review", Action.REVIEW),
    Place("Data", "/data", Action.DATA),
    Place("Audit", "/audit", Action.AUDIT),
    Place("Accounts", "/accounts", Action.ACCOUNTS),
    Place("Decisions", "/review/decisions", Action.DECISIONS, main=False),
    Place("How people judge", "/review/judges", Action.DECISION_COUNT, main=False),
    Place("Account", "/account", None, main=False),
    Place("Change purpose", "/purpose", None, main=False),
    Place("Where you are signed in", "/account/sessions", None, main=False),
    Place("Light, dark and density", "/account/display", None, main=False),
)

SHORTCUTS = (
    Shortcut("/", "Go to the search box"),
    Shortcut("Ctrl K", "Go to any page, or search again"),
    Shortcut("?", "Show this list"),
    Shortcut("Esc", "Close what is open"),
)


@dataclass(frozen=True)
class Shell:
    """What the frame around every page shows; templates know it as `shell`."""

    #: the force's name
    force: str
    #: the highest marking of what is on screen
    marking: str
    #: who is signed in, and for what; "" where not
    person: str = ""
    purpose: str = ""
    reason: str = ""
    case: str = ""
    #: how many things are new on the reader's watches for this purpose
    news: int = 0
    theme: str = "system"
    density: str = "comfortable"
    navigation: tuple[Link, ...] = ()
    #: what the command palette offers
    destinations: tuple[Link, ...] = ()
    #: whether the search box shows
    searchable: bool = False
    #: what stands in the search box
    query: str = ""
    shortcuts: tuple[Shortcut, ...] = SHORTCUTS

    @property
    def colours(self) -> str:
        """The colour schemes that the page is drawn in, for the browser's own parts."""
        return "light dark" if self.theme == "system" else self.theme


@dataclass(frozen=True)
class Pages:
    """Which rows of how many are on screen (counted from 1), and the ways to the others."""

    first: int
    last: int
    total_text: str
    previous: str = ""
    next: str = ""
    around: tuple[Link, ...] = ()

    @classmethod
    def of(cls, request: Request, page: int, size: int, total: int) -> "Pages":
        """The pages of `total` rows, `size` to a page, by the query parameter `page`."""
        last_page = max(1, -(-total // size))
        page = min(max(page, 1), last_page)

        def href(to: int) -> str:
            kept = [pair for pair in request.query_params.multi_items() if pair[0] != "page"]
            return f"{request.url.path}?{urlencode([*kept, ('page', to)])}"

        shown = sorted({1, last_page, *range(max(1, page - 2), min(last_page, page + 2) + 1)})
        around: list[Link] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number - before > 1:
                around.append(Link("…", ""))
            around.append(Link(f"{number:,}", href(number), number == page))
        return cls(
            first=min(total, (page - 1) * size + 1),
            last=min(total, page * size),
            total_text=f"{total:,}",
            previous=href(page - 1) if page > 1 else "",
            next=href(page + 1) if page < last_page else "",
            around=tuple(around) if last_page > 1 else (),
        )


def render(
    request: Request,
    template: str,
    context: "DataclassInstance",
    *,
    status: int = 200,
    marking: str = "OFFICIAL",
    query: str = "",
    keys: tuple[Shortcut, ...] = (),
) -> Response:
    """The page: `template` filled with `context` (as `c`) inside the frame, marked with the highest marking shown.

    `keys` are the shortcuts that this page has besides those of all.
    """
    environment: Environment = request.app.state.templates
    frame = shell(request, marking, query, keys)
    return HTMLResponse(environment.get_template(template).render(c=context, shell=frame), status_code=status)


def shell(request: Request, marking: str = "OFFICIAL", query: str = "", keys: tuple[Shortcut, ...] = ()) -> Shell:
    """The frame around the page that answers `request`."""
    visit: Visit | None = getattr(request.state, "visit", None)
    look = {
        "force": request.app.state.force.workspace.name,
        "marking": marking,
        "theme": _choice(request.cookies.get("theme"), THEMES),
        "density": _choice(request.cookies.get("density"), DENSITIES),
        "shortcuts": (*keys, *SHORTCUTS),
    }
    if visit is None:
        return Shell(**look)
    open_places = [place for place in NAVIGATION if place.action is None or visit.may(place.action)]
    path = request.url.path
    links = [Link(place.text, place.href, _under(path, place.href)) for place in open_places]
    purpose = visit.purpose
    return Shell(
        **look,
        person=visit.user.title or visit.user.name,
        purpose=purpose.title if purpose else "",
        reason=visit.reason,
        case=visit.case,
        news=visit.sign_in.news if purpose and visit.may(Action.WATCH) else 0,
        navigation=tuple(link for place, link in zip(open_places, links, strict=True) if place.main),
        destinations=tuple(links),
        searchable=purpose is not None and visit.may(Action.SEARCH),
        query=query,
    )


def go(path: str) -> Response:
    """Leave for another page of this service after a change (303)."""
    return RedirectResponse(local_path(path), status_code=303)


def attached(file: ChartFile) -> Response:
    """A file that the browser keeps and does not show; its name is in any script (RFC 6266)."""
    plain = file.name.encode("ascii", "replace").decode().replace("?", "_")
    name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(file.content, media_type=file.media, headers={"Content-Disposition": name})


def local_path(text: str | None, otherwise: str = "/") -> str:
    """`text` where it is a path of this service, else `otherwise`: no link to us sends anybody elsewhere."""
    if not text or not text.startswith("/") or text.startswith("//"):
        return otherwise
    if "\\" in text or any(ord(letter) < ord(" ") or ord(letter) == 127 for letter in text):  # noqa: PLR2004 (DEL)
        return otherwise
    return text


def templates(cached: Path) -> Environment:
    """The templates of the shell and of every app; compiled ones are kept in the folder `cached`."""
    cached.mkdir(parents=True, exist_ok=True)
    environment = Environment(
        loader=FunctionLoader(_load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=FileSystemBytecodeCache(str(cached)),
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    environment.globals["asset"] = asset
    environment.globals["drawn"] = _drawn(environment)
    return environment


def _drawn(environment: Environment) -> Callable[..., Markup]:
    """What draws a part of the frame that many pages have in common, once for all that it says (`said`)."""

    @lru_cache(PARTS)
    def drawn(template: str, *said: tuple[Link | Shortcut, ...]) -> Markup:
        # the template escapes what it is told
        return Markup(environment.get_template(template).render(said=said))  # noqa: S704

    return drawn


def asset(name: str) -> str:
    """The address of a built file: its name carries its content's hash, so browsers keep it for good."""
    return f"/static/{_manifest()[name]}"


@cache
def _manifest() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        sentence = "The pages' styles and scripts are not built; run `make build` in the source folder."
        raise BlueLampError(sentence) from None
    return found


def _load(name: str) -> tuple[str, str, Any] | None:
    app, _, rest = name.partition("/")
    within_app = PACKAGE / "apps" / app / "templates"
    file = within_app / rest if within_app.is_dir() else SHARED / name
    if not file.is_file():
        return None
    return file.read_text(encoding="utf-8"), str(file), None


def _choice(value: str | None, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]


def _under(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")


def template(request: Request, name: str) -> Template:
    """A template by its address, for a page that streams."""
    environment: Environment = request.app.state.templates
    return environment.get_template(name)
