"""Questions that a force has declared: asked for a purpose, answered with the rows that each answer rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bluelamp.errors import BlueLampError, Refused, TooMuch
from bluelamp.ids import ObjectId
from bluelamp.index.found import About
from bluelamp.index.patterns import Ground
from bluelamp.ontology.grammar import Kind
from bluelamp.session import compose, visibility
from bluelamp.session.charting import Charting
from bluelamp.session.permissions import Action
from bluelamp.session.views import Said
from bluelamp.workspace import inputs
from bluelamp.workspace.model import Given, Input, Question, Use

#: source rows of one answer, and things of each kind, that are shown
ROWS, THINGS = 50, 5


@dataclass(frozen=True)
class QuestionView:
    """A question as it is offered."""

    name: str
    title: str
    description: str
    ask: tuple[Input, ...]
    #: input -> what to give for it
    wanted: dict[str, str]
    #: the type of what answers it
    answers: str
    #: whether it says something of a person by way of another
    labels: bool
    #: answers that are shown at most
    most: int


@dataclass(frozen=True)
class Named:
    """A thing that an answer names."""

    id: ObjectId
    caption: str


@dataclass(frozen=True)
class Finding:
    """One answer: the object, the first things of the pattern that go with it, and the rows that say so."""

    id: ObjectId
    type: str
    caption: str
    about: tuple[About, ...]
    #: thing of the question -> how many different ones there are
    counts: dict[str, int]
    #: thing of the question -> the first of them
    things: dict[str, tuple[Named, ...]]
    said: tuple[Said, ...]
    #: whether it rests on more rows than those
    more: bool


@dataclass(frozen=True)
class Answer:
    """What is true of a question, as far as this reader may see."""

    question: QuestionView
    #: what it was asked with
    given: dict[str, Given]
    findings: tuple[Finding, ...]
    #: of how many these are the first
    total: int
    marking: str


class Asking(Charting):
    """The verbs of a session about questions. Nothing of an answer is kept but its entry on the log."""

    def questions(self) -> tuple[QuestionView, ...]:
        """The questions that may be asked for this purpose."""
        self._may(Action.QUESTION, "questions")
        every = self.force.workspace.questions.values()
        found = tuple(self._offer(each) for each in every if each.allows(self.purpose) is None)
        self._log(Action.QUESTION, (), {"questions": "all"}, len(found))
        return found

    def ask(self, name: str, /, **values: object) -> Answer:
        """What answers a question: `ask("quiet-friends", least=3)`. What is not given is as the question says.

        People are in the order of their names and everything else in that of how many there are, the most first. Raises
        NotFound, Refused where the question is not for this purpose, BlueLampError for a value that it cannot have, and
        TooMuch where it would take too long.
        """
        self._may(Action.QUESTION, name)
        question = self.force.workspace.questions.get(name)
        if question is None:
            raise self._absent(f"the question {name}")
        refusal = question.allows(self.purpose)
        if refusal:
            self._log(Action.QUESTION, (), {"question": name}, 0, refused=True)
            raise Refused(refusal)
        given = understood(question, values)
        asked = {"question": name, "given": given}
        try:
            found = self.index.patterns.answers(question, given, self.visible)
            shown = self._first(question, found)
            grounds = self.index.patterns.grounds(question, given, shown, self.visible, ROWS + 1)
        except TooMuch:
            self._log(Action.QUESTION, (), {**asked, "stopped": True}, 0)
            raise
        findings = self._findings(question, found, grounds)
        others = [each.id for one in findings for some in one.things.values() for each in some]
        named = [*(each.id for each in findings), *others]
        self._log(Action.QUESTION, named, {**asked, "answers": len(found)}, len(findings))
        marks = set(self.index.pairs.markings({each.number for each in named}, self.visible))
        marks |= {said.marking for each in findings for said in each.said}
        marking = visibility.highest(marks, self.force.workspace.markings)
        return Answer(self._offer(question), given, findings, len(found), marking)

    # ---- what these are made of ----

    def _offer(self, question: Question) -> QuestionView:
        ask = tuple(question.ask.values())
        return QuestionView(
            question.name, question.title, question.description, ask, {each.name: inputs.what(each) for each in ask},
            question.things[question.answer].type.plural, question.labels, question.most,
        )  # fmt: skip

    def _first(self, question: Question, found: Mapping[ObjectId, Mapping[str, int]]) -> list[ObjectId]:
        """The answers to show: nobody is put before another for what is said of him."""
        captions = self.index.captions(found, self.visible)
        ordered = sorted(found, key=lambda each: (captions.get(each, ""), each.number))
        if question.things[question.answer].type.kind is not Kind.PERSON:
            ordered.sort(key=lambda each: tuple(found[each].values()), reverse=True)
        return ordered[: question.most]

    def _findings(
        self,
        question: Question,
        found: Mapping[ObjectId, Mapping[str, int]],
        grounds: Mapping[ObjectId, Sequence[Ground]],
    ) -> tuple[Finding, ...]:
        """The answers that `grounds` holds, in its order."""
        noun = question.things[question.answer].type
        rows = {each: _rows(some) for each, some in grounds.items()}
        ids = {id for some in rows.values() for each in some.values() for _, id in each}
        captions = self.index.captions({*grounds, *ids}, self.visible)
        said = self.index.values(grounds, {noun.name(): noun.glance}, self.visible)
        return tuple(
            Finding(
                each, noun.label, captions.get(each, ""), compose.about(noun, said.get(each, ())), dict(found[each]),
                self._companions(question, some, captions), tuple(map(self._row, list(some)[:ROWS])), len(some) > ROWS,
            )
            for each, some in rows.items()
        )  # fmt: skip

    def _companions(
        self,
        question: Question,
        rows: Mapping["_Place", Iterable[tuple[str, ObjectId]]],
        captions: Mapping[ObjectId, str],
    ) -> dict[str, tuple[Named, ...]]:
        """The first things of each kind that the rows shown are about, but the answer itself."""
        met = dict.fromkeys(each for some in list(rows.values())[:ROWS] for each in some)
        things: dict[str, tuple[Named, ...]] = {}
        for name in question.bound:
            some = [id for thing, id in met if thing == name][:THINGS]
            if name != question.answer:
                things[name] = tuple(sorted((Named(id, captions.get(id, "")) for id in some), key=_by_caption))
        return things

    def _row(self, place: "_Place") -> Said:
        access, delivery, file, row = place
        source, marking = self.index.accesses[access]
        return self.origins.said(source, marking, delivery, file, row)


_Place = tuple[int, int, str, int]


def understood(question: Question, values: Mapping[str, object]) -> dict[str, Given]:
    """What a question is asked with. Raises BlueLampError, with one sentence, for what it cannot be asked with."""
    unknown = [name for name in values if name not in question.ask]
    if unknown:
        names = ", ".join(question.ask) or "nothing"
        raise BlueLampError(f"The question {question.name} does not ask for {unknown[0]}; it asks for {names}.")
    given = {name: inputs.understood(asked, values.get(name)) for name, asked in question.ask.items()}
    for thing in question.things.values():
        for condition in thing.where:
            terms = (*condition.values, condition.first, condition.last)
            for each in (given[term.name] for term in terms if isinstance(term, Use)):
                inputs.value(thing.type.properties[condition.property], each)
    return given


def _rows(grounds: Iterable[Ground]) -> dict[_Place, list[tuple[str, ObjectId]]]:
    """Each row once, what says something new first, with all things that it is about."""
    rows: dict[_Place, list[tuple[str, ObjectId]]] = {}
    for each in sorted(grounds, key=lambda each: each.turn):
        rows.setdefault((each.access, each.delivery, each.file, each.row), []).extend(each.things)
    return rows


def _by_caption(named: Named) -> tuple[str, ObjectId]:
    return named.caption, named.id
