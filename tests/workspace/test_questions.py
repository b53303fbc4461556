"""Questions as files say them: what they mean, and what is said of each mistake."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bluelamp.errors import BlueLampError
from bluelamp.workspace import inputs
from bluelamp.workspace.model import Input, Question, Use
from tests.workspace.asked import QUESTION, SAFE, SAFETY, TEXT
from tests.workspace.made import FILES, PURPOSE, Change, loaded, problems, swap


def ask(folder: Path, change: Change = TEXT, purpose: str = SAFETY) -> Question:
    """The question, which must be without a mistake."""
    text = change(TEXT) if callable(change) else change
    return loaded(folder, {SAFE: purpose, QUESTION: text}).questions["quiet-friends"]


def test_a_question_is_read_as_it_stands(tmp_path: Path) -> None:
    found = ask(tmp_path)
    assert (found.title, found.purposes, found.answer, found.most) == (
        "People who know some suspects", ("safety",), "who", 100,
    )  # fmt: skip
    assert {name: (each.kind, each.default) for name, each in found.ask.items()} == {
        "least": ("number", 2), "since": ("date", "2024-01-01"), "kind": ("choice", None), "apart": ("metres", 200),
        "days": ("days", 7),
    }  # fmt: skip
    assert found.things["crime"].since == Use("since")
    assert found.things["crime"].where[0].values == (Use("kind"),)
    assert [(each.type.name, each.either, each.roles) for each in found.links] == [
        ("associated_with", True, ()), ("involved_in", False, ("knownSuspect", "offender")),
    ]  # fmt: skip
    assert found.bound == ("who", "friend", "crime", "other")
    assert found.labels
    assert not found.sensitive


def test_the_question_on_the_page_about_questions_has_no_mistake(tmp_path: Path) -> None:
    page = Path("docs/questions.md").read_text("utf-8")
    ((name, text),) = re.findall(r"```yaml file=(\S+)\n(.*?)```", page, re.DOTALL)
    found = loaded(tmp_path, {SAFE: SAFETY.replace("safety", "safeguarding"), name: text}).questions["quiet-friends"]
    assert (found.labels, found.most, list(found.ask)) == (True, 200, ["least", "since", "kind"])


def test_a_workspace_needs_no_questions(tmp_path: Path) -> None:
    assert loaded(tmp_path).questions == {}


def test_links_of_without_that_share_a_thing_of_their_own_belong_together(tmp_path: Path) -> None:
    more = """things:
  home: Location
  phone: Phone"""
    two = """without:
  - {from: who, type: lives_at, to: home}
  - {from: who, type: uses_phone, to: phone}
  - {from: friend, type: lives_at, to: home}"""
    found = ask(tmp_path, lambda text: text.replace("things:", more).replace("without:", two))
    assert [[(each.from_, each.to) for each in group] for group in found.without] == [
        [("who", "phone")], [("who", "home"), ("friend", "home")], [("who", "any")],
    ]  # fmt: skip


def test_a_direction_makes_a_link_read_one_way(tmp_path: Path) -> None:
    assert not ask(tmp_path, swap("to: friend}", "to: friend, direction: forward}")).links[0].either


WRONG: list[tuple[str, Callable[[str], str], int, str]] = [
    ("B007", swap("most: 100", "most: many"), 25, "not a number"),
    ("B007", swap("metres: $apart", "metres: [1, 2]"), 21, "not one value"),
    ("B008", swap("most: 100", "score: age"), 25, "no key `score`"),
    ("B008", swap("default: 2}", "default: 2, weight: 3}"), 5, "no key `weight`"),
    ("B008", swap("since: $since,", "sinse: 2024-01-01, since: $since,"), 13, 'did you mean "since"?'),
    ("B009", swap("answer: who\n", ""), 1, "no `answer`"),
    ("B009", swap("metres: $apart", "meters: 10"), 21, "lacks two things"),
    ("B013", swap("any: Crime", "any: Crimes"), 15, 'did you mean "Crime"?'),
    ("B014", swap("crime_type: $kind", "crime_tipe: $kind"), 13, 'did you mean "crime_type"?'),
    ("B015", swap("associated_with", "knows"), 17, 'no link type "knows"'),
    ("B016", swap("from: friend, type: involved_in, to: crime", "from: crime, type: involved_in, to: friend"), 18, "turn"),
    ("B016", swap("to: any", "to: friend"), 20, "use a Crime or Incident"),
    ("B019", swap("offender]", "thief]"), 18, 'no role "thief"'),
    ("B022", swap("[safety]", "[curiosity]"), 3, 'no purpose "curiosity"'),
    ("B028", swap("question: quiet-friends", "question: Quiet friends"), 1, "not a name for a question"),
    ("B028", swap("  any: Crime", "  Any: Crime"), 15, "not a name for a thing"),
    ("B028", swap("  least: {", "  Least: {"), 5, "not a name for an input"),
    ("B039", swap("to: friend}", "to: friend, direction: back}"), 17, "either, forward"),
    ("B047", swap("crime_type: $kind", "happened_at: never"), 13, '"never" is no value of happened_at'),
    ("B061", swap("to: friend}", "to: freind}"), 17, 'did you mean "friend"?'),
    ("B061", swap("of: [crime, other], metres", "of: [crime, others], metres"), 21, 'no thing "others"'),
    ("B061", swap("answer: who", "answer: whom"), 23, 'no thing "whom"'),
    ("B062", swap("  any: Crime\n", "  any: Crime\n  car: Vehicle\n"), 10, "car of the question quiet-friends is tied to nothing"),
    ("B062", swap("to: friend}", "to: who}"), 17, "tied to itself"),
    ("B062", swap("at_least: {friend", "at_least: {who"), 24, "the answer"),
    ("B062", swap("at_least: {friend", "at_least: {any"), 24, "stands in `without` alone"),
    ("B063", swap("since: $since", "since: $from"), 13, "does not ask for"),
    ("B063", swap("since: $since, ", ""), 4, "asks for since and does not use it"),
    ("B064", swap("since: $since", "since: $least"), 13, "a day, written"),
    ("B064", swap("days: $days", "days: $apart"), 22, "a time from 0 to 366 days"),
    ("B064", swap("kind: metres, default: 200", "kind: metres, default: 9000"), 8, "1 to 5,000 metres"),
    ("B064", swap("choices: [Burglary, Robbery]", "kind: choice"), 7, "choices: [one, two]"),
    ("B064", swap("crime_type: $kind", "crime_type: {from: a, to: b}"), 13, "no from and to"),
    ("B065", swap("who: Person", "who: {type: Person, since: $since}"), 11, "happens on no day"),
    ("B065", swap("of: [crime, other], metres", "of: [who, other], metres"), 21, "at no place"),
    ("B065", swap("of: [crime, other], days", "of: [who, other], days"), 22, "no day"),
    ("B066", swap("[safety]", "[safety, investigation]"), 3, "safeguarding: true"),
    ("B068", swap("most: 100", "most: 5000"), 25, "at most 1,000"),
    ("B068", swap("days: $days", "days: 400"), 22, "0 to 366 days"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "change", "line", "words"), WRONG, ids=lambda each: "" if callable(each) else str(each)[:60]
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, code: str, change: Callable[[str], str], line: int, words: str
) -> None:
    found = problems(tmp_path, {SAFE: SAFETY, QUESTION: change(TEXT)})
    told = [f"{each.place.line} {each}" for each in found if each.code == code]
    assert any(each.startswith(f"{line} ") and words in each for each in told), [str(each) for each in found]


def test_two_questions_of_one_name_are_one_too_many(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {SAFE: SAFETY, QUESTION: TEXT, "questions/z.yaml": TEXT})
    assert (found.code, found.fix) == ("B027", "see questions/quiet-friends.yaml:1: rename one")


def test_a_sensitive_property_needs_a_purpose_that_may_see_it(tmp_path: Path) -> None:
    change = swap("who: Person", "who: {type: Person, where: {ethnicity_self: W1}}")
    assert [each.code for each in problems(tmp_path, {SAFE: SAFETY, QUESTION: change(TEXT)})] == ["B067"]
    allowed = f"{SAFETY}sensitive: true\npolicy_document: APD-1\n"
    assert ask(tmp_path / "allowed", change, allowed).sensitive


FAR = (
    "{from: one, type: uses_phone, to: phone}, {from: call, type: from_phone, to: phone}, {from: call, type: to_phone, "
    "to: second}, {from: other, type: uses_phone, to: second}, {from: other, type: involved_in, to: arrest}"
)

#: things that a pattern may be made of, and how each is tied to the one before it
PATTERNS = {
    "one person": ("one: Person", ""),
    "a person and what he did": ("one: Person, crime: Crime", "{from: one, type: involved_in, to: crime}"),
    "a person and a body": ("one: Person, firm: Organisation", "{from: one, type: works_with, to: firm}"),
    "known to each other": ("one: Person, other: Person", "{from: one, type: associated_with, to: other}"),
    "by a thing alone": (
        "one: Person, car: Vehicle, other: Person",
        "{from: one, type: has_vehicle, to: car}, {from: other, type: has_vehicle, to: car}",
    ),
    "by a place": (
        "one: Person, home: Location, other: Person",
        "{from: one, type: lives_at, to: home}, {from: other, type: lives_at, to: home}",
    ),
    "by an event": (
        "one: Person, crime: Crime, other: Person",
        "{from: one, type: involved_in, to: crime}, {from: other, type: involved_in, to: crime}",
    ),
    "by things and events, far off": (
        "one: Person, phone: Phone, call: Call, second: Phone, other: Person, arrest: Custody",
        FAR,
    ),
}
LABELLED = {name for name, (things, _) in PATTERNS.items() if "other" in things}


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [(name, thing.partition(":")[0].strip()) for name, (things, _) in PATTERNS.items() for thing in things.split(",")],
)
def test_whoever_is_named_beside_another_person_is_labelled_whatever_lies_between_and_whichever_is_the_answer(
    tmp_path: Path, pattern: str, answer: str
) -> None:
    things, links = PATTERNS[pattern]
    text = f"question: quiet-friends\npurposes: [investigation]\nthings: {{{things}}}\n"
    text += f"links: [{links}]\n" * bool(links) + f"answer: {answer}\n"
    codes = [each.code for each in problems(tmp_path, {QUESTION: text})]
    assert codes == ["B066"] * (pattern in LABELLED)
    assert ask(tmp_path / "safe", text.replace("[investigation]", "[safety]")).labels == (pattern in LABELLED)


def test_a_person_of_without_labels_those_who_are_named_too(tmp_path: Path) -> None:
    without = """question: quiet-friends
purposes: [safety]
things: {car: Vehicle, one: Person, friend: Person}
links: [{from: one, type: has_vehicle, to: car}]
without: [{from: one, type: associated_with, to: friend}]
answer: car
"""
    assert ask(tmp_path, without).labels
    # where nobody is named, nobody is labelled
    nobody = without.replace("links: [{from: one, type: has_vehicle, to: car}]\n", "").replace(
        "[{from: one, type: associated_with, to: friend}]",
        "[{from: one, type: has_vehicle, to: car}, {from: friend, type: has_vehicle, to: car}]",
    )
    assert not ask(tmp_path / "nobody", nobody).labels


def test_an_organisation_is_not_another_person(tmp_path: Path) -> None:
    text = """question: quiet-friends
purposes: [investigation]
things: {who: Person, firm: Organisation}
links: [{from: who, type: works_with, to: firm}]
answer: who
"""
    assert not ask(tmp_path, text).labels


def test_a_purpose_is_not_safeguarding_unless_it_says_so(tmp_path: Path) -> None:
    assert not loaded(tmp_path).purposes["investigation"].safeguarding
    said = FILES[PURPOSE] + "safeguarding: true\n"
    assert loaded(tmp_path / "said", {PURPOSE: said}).purposes["investigation"].safeguarding


def test_an_allowed_question_is_refused_in_a_session_for_any_other_purpose(tmp_path: Path) -> None:
    folder = loaded(tmp_path, {SAFE: SAFETY, QUESTION: TEXT})
    question, purposes = folder.questions["quiet-friends"], folder.purposes
    assert question.allows(purposes["safety"]) is None
    assert "choose another purpose" in str(question.allows(purposes["investigation"]))


@pytest.mark.parametrize(
    ("kind", "raw", "meant"),
    [
        ("number", "1,200", 1200), ("number", 3, 3), ("date", date(2026, 1, 31), "2026-01-31"), ("date", "2026-01-31", "2026-01-31"),
        ("text", " a  word ", "a  word"), ("choice", "robbery", "Robbery"), ("days", "0", 0), ("metres", "5000", 5000),
        ("number", None, 7), ("number", " ", 7),
    ],
)  # fmt: skip
def test_what_is_given_is_understood(kind: str, raw: object, meant: object) -> None:
    asked = Input("it", "It", kind, 7 if kind == "number" else None, ("Burglary", "Robbery"))
    assert inputs.understood(asked, raw) == meant


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("number", "0"), ("number", "-1"), ("number", "1.5"), ("number", "²"), ("number", "9" * 5000), ("date", "31/01/2026"),
        ("date", "2026-02-30"), ("choice", "Arson"), ("days", "367"), ("metres", "0"), ("text", "x" * 201),
        ("text", "a\x00b"), ("number", None), ("number", True),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence_that_says_what_to_give(kind: str, raw: object) -> None:
    with pytest.raises(BlueLampError, match=r"“It” .*; give "):
        inputs.understood(Input("it", "It", kind, None, ("Burglary", "Robbery")), raw)
