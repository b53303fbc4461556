"""Charts that are taken out as files, and files that are brought in as charts."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from bluelamp.apps.page import Visit, attached, go, needs, render
from bluelamp.apps.workbench.pages import Changer, ChartsPage, Words
from bluelamp.errors import UNMENDABLE, BlueLampError, Refused, TooMuch
from bluelamp.session.carrying import Leaving
from bluelamp.session.formats import FORMATS, Format
from bluelamp.session.permissions import Action

router = APIRouter()

Taker = Annotated[Visit, needs(Action.EXPORT)]


@dataclass(frozen=True)
class ExportPage:
    """What export.html shows."""

    leaves: Leaving
    ids: tuple[str, ...]
    formats: tuple[Format, ...]
    format: str
    recipients: str
    problems: dict[str, str]


@router.post("/workbench/import")
def bring_in(
    request: Request,
    visit: Changer,
    file: Annotated[UploadFile, File()],
    format: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
) -> Response:
    """A new chart of a file that was made elsewhere."""
    name = (file.filename or "").strip()
    try:
        made = visit.session.import_chart(title or name, format, file.file.read(), name)
    except UNMENDABLE:
        raise
    except BlueLampError as error:
        page = ChartsPage(visit.session.charts(), (), {"file": str(error)}, title)
        return render(request, "workbench/charts.html", page, status=400)
    return go(f"/workbench/{made}")


@router.get("/workbench/{id}/export")
def export(request: Request, visit: Taker, id: str, ids: Words = None) -> Response:
    """What would leave, counted, in which format and to whom."""
    return _export(request, visit, id, ids, {})


@router.post("/workbench/{id}/export")
def take_out(
    request: Request,
    visit: Taker,
    id: str,
    format: Annotated[str, Form()] = "",
    recipients: Annotated[str, Form()] = "",
    ids: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """The chart as a file."""
    try:
        return attached(visit.session.export_chart(id, format, recipients.splitlines(), ids or None))
    except Refused as error:
        return _export(request, visit, id, ids, {"recipients": str(error)}, format)
    except TooMuch as error:
        return _export(request, visit, id, ids, {"format": str(error)}, format, recipients)


def _export(
    request: Request,
    visit: Visit,
    id: str,
    ids: list[str] | None,
    problems: dict[str, str],
    format: str = "",
    recipients: str = "",
) -> Response:
    leaves = visit.session.leaving(id, ids or None)
    context = ExportPage(leaves, tuple(ids or ()), FORMATS, format, recipients, problems)
    status = 400 if problems else 200
    return render(request, "workbench/export.html", context, marking=leaves.marking, status=status)
