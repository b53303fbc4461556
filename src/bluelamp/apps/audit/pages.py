"""The Audit pages: read the log for a permitted use, and check that nothing in it was changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from bluelamp.apps.page import Visit, needs, render
from bluelamp.session.audit import StoredEntry
from bluelamp.session.permissions import Action
from bluelamp.session.reading import Filter, PermittedUse
from bluelamp.session.verify import Verdict

router = APIRouter()


@dataclass(frozen=True)
class Choice:
    """One option of a select."""

    value: str
    text: str


@dataclass(frozen=True)
class Line:
    """One entry, with what was asked in words: name and value."""

    entry: StoredEntry
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Log:
    """What log.html shows; without a permitted use, only the question for one."""

    uses: tuple[Choice, ...]
    use: str
    wanted: dict[str, str]
    entries: tuple[Line, ...]
    older: str
    asked: bool
    problems: dict[str, str]
    actions: tuple[Choice, ...]
    decisions: tuple[Choice, ...]


@dataclass(frozen=True)
class Check:
    """What check.html shows."""

    verdict: Verdict


ANY = Choice("", "any")
ACTIONS = (ANY, *(Choice(each, each) for each in sorted(Action)))
DECISIONS = (ANY, Choice("allowed", "allowed"), Choice("refused", "refused"))
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
    problems: dict[str, str] = {}
    if not use:
        return _show(request, use, asked, problems)
    first, last = _moment(since, "since", problems), _moment(until, "until", problems)
    if problems:
        return _show(request, use, asked | dict.fromkeys(problems, ""), problems)
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
    lines = tuple(Line(each, _said(each.fields_or_query)) for each in page.entries)
    context = Log(USES, use, asked, lines, older, asked=True, problems={}, actions=ACTIONS, decisions=DECISIONS)
    return render(request, "audit/log.html", context)


def _show(request: Request, use: str, asked: dict[str, str], problems: dict[str, str]) -> Response:
    """The form without entries: nothing is read for a question that is not understood."""
    form = Log(USES, use, asked, (), "", asked=False, problems=problems, actions=ACTIONS, decisions=DECISIONS)
    return render(request, "audit/log.html", form, status=422 if problems else 200)


@router.get("/audit/check")
def check(request: Request, visit: Annotated[Visit, needs(Action.AUDIT_VERIFY, purpose=False)]) -> Response:
    """Check every entry and seal now."""
    return render(request, "audit/check.html", Check(visit.force.verify_audit(visit.user, visit.place)))


def _said(asked: str | Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What an entry tells of its question, without file checksums, which stand on the source's page."""
    try:
        told = json.loads(asked) if isinstance(asked, str) else asked
    except ValueError:
        return (("", str(asked)),) if asked else ()
    if not isinstance(told, Mapping):
        return (("", str(told)),)
    return tuple(
        (name, _words(value)) for name, value in told.items() if name != "checksum" and value not in ("", [], None)
    )


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _moment(text: str, name: str, problems: dict[str, str]) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time.min, UTC) if text else None
    except ValueError:
        problems[name] = f"“{text}” is not a date; write it as 2026-01-31."
        return None
