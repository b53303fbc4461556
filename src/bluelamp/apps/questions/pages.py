"""The questions that may be asked for a purpose, a form for each, and its answers with the rows that they rest on."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from bluelamp.apps.page import Visit, needs, render
from bluelamp.errors import UNMENDABLE, BlueLampError, NotFound, TooMuch
from bluelamp.session.asking import Answer, Finding, QuestionView
from bluelamp.session.permissions import Action
from bluelamp.workspace.model import Input

router = APIRouter()

#: the field of a form that says that it is asked, which no input can be called
ASKED = "_asked"

#: things that one link puts on a chart
CHARTED = 100

Asker = Annotated[Visit, needs(Action.QUESTION)]


@dataclass(frozen=True)
class QuestionsPage:
    """What list.html shows."""

    questions: tuple[QuestionView, ...]


@dataclass(frozen=True)
class Field:
    """An input as a form shows it."""

    input: Input
    value: str
    wanted: str


@dataclass(frozen=True)
class QuestionPage:
    """What question.html shows: the form, and the answers once it is asked."""

    question: QuestionView
    fields: tuple[Field, ...]
    answer: Answer | None
    #: the things of the question besides the answer
    things: tuple[str, ...]
    #: address by which all answers are put on a chart; "" for a reader whose role may not
    chart: str
    #: the same for each answer with what goes with it, in their order
    charts: tuple[str, ...]
    #: what it was asked with, as its address says it; "" where it was not, or for a reader who may not watch
    given: str
    problems: dict[str, str]


@router.get("/questions")
def questions(request: Request, visit: Asker) -> Response:
    """The questions that may be asked for the reader's purpose."""
    return render(request, "questions/list.html", QuestionsPage(visit.session.questions()))


@router.get("/questions/{name}")
def question(request: Request, visit: Asker, name: str) -> Response:
    """One question: its form, and below it the answers where the address holds what was filled in."""
    offered = next((each for each in visit.session.questions() if each.name == name), None)
    given = {key: value for key, value in request.query_params.items() if key != ASKED}
    answer, problems = None, {}
    if offered is None:
        visit.session.ask(name)
        raise NotFound(f"There is no question {name} for your purpose; choose one from the list.")
    if ASKED in request.query_params:
        try:
            answer = visit.session.ask(name, **given)
        except (TooMuch, *UNMENDABLE):
            raise
        except BlueLampError as error:
            problems[_field(offered, str(error))] = str(error)
    fields = tuple(
        Field(each, given.get(each.name, "" if each.default is None else str(each.default)), offered.wanted[each.name])
        for each in offered.ask
    )
    findings = answer.findings if answer else ()
    charts = visit.may(Action.CHART_CHANGE)
    context = QuestionPage(
        offered, fields, answer, tuple(findings[0].things) if findings else (),
        _chart([str(each.id) for each in findings]) if charts and findings else "",
        tuple(_chart(_group(each)) for each in findings) if charts else (),
        urlencode(answer.given) if answer and visit.may(Action.WATCH) else "", problems,
    )  # fmt: skip
    marking = answer.marking if answer else "OFFICIAL"
    return render(request, "questions/question.html", context, marking=marking, status=400 if problems else 200)


def _field(offered: QuestionView, sentence: str) -> str:
    """The input that a sentence is about, by its label."""
    return next((each.name for each in offered.ask if f"“{each.label}”" in sentence), "")


def _group(finding: Finding) -> list[str]:
    return [str(finding.id), *(str(each.id) for some in finding.things.values() for each in some)]


def _chart(ids: list[str]) -> str:
    return "/workbench?" + urlencode([("ids", id) for id in ids[:CHARTED]])
