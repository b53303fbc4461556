"""The Audit pages: read the log for a permitted use, and check that nothing in it was changed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from bluelamp.apps.page import Visit, needs, render
from bluelamp.session.audit import StoredEntry
from bluelamp.session.permissions import Action
from bluelamp.session.reading import Filter, PermittedUse, permitted
from bluelamp.session.verify import Verdict

router = APIRouter()


@dataclass(frozen=True)
class Choice:
    """One option of a select."""

    value: str
    text: str


@dataclass(frozen=True)
class Log:
    """What log.html shows; without a permitted use, only the question for one."""

    uses: tuple[Choice, ...]
    use: str
    wanted: dict[str, str]
    entries: tuple[StoredEntry, ...]
    older: str
    asked: bool


@dataclass(frozen=True)
class Check:
    """What check.html shows."""

    verdict: Verdict


USES = tuple(Choice(each.name.lower().replace("_", "-"), each.value) for each in PermittedUse)


@router.get("/audit")
def log(
    request: Request,
    visit: Annotated[Visit, needs(Action.AUDIT, purpose=False)],
    use: str = "",
    actor: str = "",
    subject: str = "",
    action: str = "",
    decision: str = "",
    since: str = "",
    until: str = "",
    before: int | None = None,
) -> Response:
    """A page of the log, the newest first, once its use is said."""
    asked = {"actor": actor, "subject": subject, "action": action, "decision": decision, "since": since, "until": until}
    if permitted(use) is None:
        return render(request, "audit/log.html", Log(USES, use, asked, (), "", asked=False))
    first, last = _moment(since), _moment(until)
    wanted = Filter(
        since=first,
        until=last + timedelta(days=1) if last else None,
        actor=actor.strip(),
        subject=subject.strip(),
        action=action,
        decision=decision,
    )
    page = visit.force.read_audit(visit.user, use, wanted, before, place=visit.place)
    kept = {"use": use, **{key: value for key, value in asked.items() if value}}
    older = f"/audit?{urlencode({**kept, 'before': page.before})}" if page.before else ""
    return render(request, "audit/log.html", Log(USES, use, asked, page.entries, older, asked=True))


@router.get("/audit/check")
def check(request: Request, visit: Annotated[Visit, needs(Action.AUDIT_VERIFY, purpose=False)]) -> Response:
    """Check every entry and seal now."""
    return render(request, "audit/check.html", Check(visit.force.verify_audit()))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time.min, UTC) if text else None
    except ValueError:
        return None
