"""The search pages: one box, results that say why they matched, filters with counts, and a pasted list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from bluelamp.apps.page import Pages, Visit, needs, render
from bluelamp.session.permissions import Action

router = APIRouter()

SIZE = 20
#: a search shows no further than this; narrower words find better than further pages
DEEPEST = 10_000
#: characters of a word that is worth looking for as a part of something
SHORTEST_PART = 3


@dataclass(frozen=True)
class Option:
    """One value of a filter, with how many results it would leave."""

    value: str
    text: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Group:
    """A filter: its query parameter, its title and its options."""

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Chosen:
    """A filter in force and the address without it."""

    text: str
    remove: str


@dataclass(frozen=True)
class Results:
    """What results.html shows."""

    query: str
    found: Any
    labels: dict[str, str]
    titles: dict[str, str]
    pages: Pages | None
    chosen: tuple[Chosen, ...]
    groups: tuple[Group, ...]
    kept: tuple[tuple[str, str], ...]
    first: str
    last: str
    problems: dict[str, str]
    #: the same question as a part of something, where nothing was found
    parts: tuple[str, ...]
    #: whether the reader's role may put hits on a chart
    charts: bool


@dataclass(frozen=True)
class Pasted:
    """What list.html shows: each line of a pasted list with what it found."""

    lines: str
    answers: tuple[Any, ...]
    labels: dict[str, str]
    with_hits: int


@router.get("/search")
def results(
    request: Request,
    visit: Annotated[Visit, needs(Action.SEARCH)],
    q: str = "",
    kind: Annotated[list[str] | None, Query(alias="type")] = None,
    source: Annotated[list[str] | None, Query()] = None,
    since: Annotated[str, Query(alias="from")] = "",
    until: Annotated[str, Query(alias="to")] = "",
    page: int = 1,
) -> Response:
    """Search, or show what there is when nothing is asked for yet."""
    problems: dict[str, str] = {}
    first, last = _day(since, "from", problems), _day(until, "to", problems)
    types, sources = tuple(kind or ()), tuple(source or ())
    page = min(max(page, 1), DEEPEST // SIZE)
    found = visit.session.search(q, types=types, sources=sources, first=first, last=last, page=page, size=SIZE)
    labels = {noun.name(): noun.plural for noun in visit.force.workspace.nouns.values()}
    titles = {name: each.title for name, each in visit.force.workspace.sources.items()}
    context = Results(
        query=q,
        found=found,
        labels={noun.name(): noun.label for noun in visit.force.workspace.nouns.values()},
        titles=titles,
        pages=Pages.of(request, page, SIZE, min(found.total, DEEPEST)) if found.total > SIZE else None,
        chosen=tuple(_chosen(request, labels, titles)),
        groups=tuple(
            group
            for group in (
                _group("type", "Type", found.facets.types, labels, types),
                _group("source", "Source", found.facets.sources, titles, sources),
            )
            if group.options
        ),
        kept=(("q", q),) if q else (),
        first=first.isoformat() if first else "",
        last=last.isoformat() if last else "",
        problems=problems,
        charts=visit.may(Action.CHART_CHANGE),
        parts=_parts(q) if not found.total else (),
    )
    return render(request, "search/results.html", context, marking=visit.session.marking(found.hits), query=q)


@router.get("/search/list")
def empty_list(request: Request, visit: Annotated[Visit, needs(Action.SEARCH)]) -> Response:
    """The box for a list."""
    return render(request, "search/list.html", Pasted("", (), {}, 0))


@router.post("/search/list")
def answer_list(
    request: Request, visit: Annotated[Visit, needs(Action.SEARCH)], lines: Annotated[str, Form()] = ""
) -> Response:
    """Every line of a pasted list with what it finds."""
    answers = tuple(visit.session.search_list(lines))
    labels = {noun.name(): noun.label for noun in visit.force.workspace.nouns.values()}
    hits = [hit for _, found in answers for hit in found]
    context = Pasted(lines, answers, labels, sum(1 for _, found in answers if found))
    return render(request, "search/list.html", context, marking=visit.session.marking(hits))


def _day(text: str, name: str, problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems[name] = f"“{text}” is not a date; write it as 2026-01-31"
        return None


def _parts(text: str) -> tuple[str, ...]:
    """One word, or reference, as the start, the end and the middle of something; not as it was asked already."""
    word = text.strip().strip("*")
    if len(word) < SHORTEST_PART or not word.replace("/", "").replace("-", "").isalnum():
        return ()
    return tuple(part for part in (f"{word}*", f"*{word}", f"*{word}*") if part != text.strip())


def _group(name: str, title: str, counts: dict[str, int], labels: dict[str, str], chosen: tuple[str, ...]) -> Group:
    values = sorted({*counts, *chosen}, key=lambda value: (-counts.get(value, 0), labels.get(value, value)))
    options = [Option(v, labels.get(v, v), counts.get(v, 0), v in chosen) for v in values]
    return Group(name, title, tuple(options))


def _chosen(request: Request, labels: dict[str, str], titles: dict[str, str]) -> Iterable[Chosen]:
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "page"]
    words = {"type": labels, "source": titles, "from": {}, "to": {}}
    for pair in pairs:
        if pair[0] in words and pair[1]:
            text = words[pair[0]].get(pair[1], f"{pair[0]} {pair[1]}")
            yield Chosen(text, f"/search?{urlencode([other for other in pairs if other != pair])}")
