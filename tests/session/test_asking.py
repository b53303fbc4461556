"""Questions through a session: for whom, for what purpose, with what values, and what stands on the log."""

import json
from collections.abc import Callable, Iterator

import pytest

import bluelamp
from bluelamp.errors import BlueLampError, NotFound, Refused, TooMuch
from bluelamp.index import patterns
from bluelamp.session.asking import Answer, understood
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.factory import CUSTODY, CUSTODY_FILE, workspace
from tests.office import entries, newest

HOMES = """
    source: {name}
    title: Who lives where
    owner: Housing
    lawful_basis: DPA 2018 s.35(2)(b)
    purposes: [investigation, safety]
    marking: {marking}
    retention: mopi-2
    read: {{connector: csv, path: {name}.csv, mode: append}}
    records:
      tenant: {{type: Person, key: [Ref], set: {{given_name: Forename, surname: Surname, pnc_id: PNC}}}}
      home: {{type: Location, key: [UPRN], set: {{uprn: UPRN, address: Address}}}}
    links:
      - {{type: lives_at, from: tenant, to: home, role: currentAddress}}
    """
HEAD = "Ref,Forename,Surname,PNC,UPRN,Address\n"
SMITH = '2099/0000123P,100023336956,"1 Harbour Road"\n'
OPEN = HEAD + f"T1,John,Smith,{SMITH}" + "".join(
    f'T{n},{name},Fox,,100023336956,"1 Harbour Road"\n' for n, name in enumerate(("Dora", "Abel", "Cleo", "Bo"), 2)
)  # fmt: skip
CLOSED = HEAD + 'S1,Amara,Okafor,,100023336956,"1 Harbour Road"\nS2,Eli,Fox,,100023336956,"1 Harbour Road"\n'


@pytest.fixture(scope="module")
def forces(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]
) -> Iterator[tuple[BlueLamp, BlueLamp]]:
    """A force in which ben may not see a source, and the same with nothing in that source."""
    sources = {
        "tenants": HOMES.format(name="tenants", marking="OFFICIAL"),
        "covert": HOMES.format(name="covert", marking="OFFICIAL-SENSITIVE"),
        "custody": CUSTODY.replace("[investigation, correction]", "[investigation, safety]"),
    }
    opened = []
    for closed in (CLOSED, HEAD):
        files = {"tenants.csv": OPEN, "covert.csv": closed, "custody-1.csv": CUSTODY_FILE}
        folder = tmp_path_factory.mktemp("asking") / "force"
        opened.append(bluelamp.open(workspace(folder, sources, files, database=fresh_database())))
        opened[-1].run("tester", lambda *_: None)
    yield opened[0], opened[1]
    for each in opened:
        each.close()


@pytest.fixture
def force(forces: tuple[BlueLamp, BlueLamp]) -> BlueLamp:
    return forces[0]


def safely(force: BlueLamp, user: str = "ann", purpose: str = "safety") -> Session:
    return force.session(user, purpose, "A worry of the school")


def names(answer: Answer) -> list[str]:
    return [each.caption for each in answer.findings]


def test_the_questions_of_a_purpose_are_those_that_it_may_ask(force: BlueLamp) -> None:
    assert [each.name for each in safely(force).questions()] == ["homes", "neighbours"]
    (offered,) = safely(force, purpose="investigation").questions()
    assert (offered.name, offered.answers, offered.labels) == ("homes", "Locations", False)
    assert offered.wanted == {"least": "a whole number from 1 to 1,000,000"}


def test_an_answer_says_how_many_who_and_which_rows(force: BlueLamp) -> None:
    answer = safely(force).ask("homes", least=7)
    (home,) = answer.findings
    assert (answer.total, answer.given, answer.marking) == (1, {"least": 7}, "OFFICIAL-SENSITIVE")
    assert home.counts == {"who": 7}
    assert len(home.things["who"]) == 5
    assert {(said.source, said.row) for said in home.said} == {
        *(("tenants", n) for n in range(1, 6)), ("covert", 1), ("covert", 2),
    }  # fmt: skip
    assert not home.more
    assert safely(force).ask("homes", least=8).findings == ()


def test_people_come_by_their_names_and_no_more_of_them_than_the_question_says(force: BlueLamp) -> None:
    answer = safely(force).ask("neighbours")
    assert names(answer) == ["Abel Fox", "Amara Okafor", "Bo Fox"]
    assert answer.total == 6
    (other,) = answer.findings[0].things["other"]
    assert other.caption == "John Smith"
    assert {said.source for said in answer.findings[0].said} == {"tenants", "custody"}


def test_what_one_reader_may_not_see_changes_nothing_of_the_answer(forces: tuple[BlueLamp, BlueLamp]) -> None:
    for question in ("homes", "neighbours"):
        answers = [safely(force, "ben").ask(question) for force in forces]
        told = [
            [(each.caption, each.counts, [(s.source, s.row) for s in each.said], each.things.keys()) for each in one.findings]
            for one in answers
        ]  # fmt: skip
        assert told[0] == told[1]
        assert [each.total for each in answers] == [answers[0].total] * 2
    assert names(safely(forces[0], "ben").ask("neighbours")) == ["Abel Fox", "Bo Fox", "Cleo Fox"]
    assert safely(forces[0], "ben").ask("homes").findings[0].counts == {"who": 5}


def test_the_entry_names_the_question_its_values_and_everybody_answered(force: BlueLamp) -> None:
    before = newest(force)
    answer = safely(force).ask("neighbours", since="2026-01-02")
    (entry,) = entries(force, before)
    assert (entry["action"], entry["decision"], entry["justification_text"], entry["result_count"]) == (
        "question:ask", "allowed", "A worry of the school", 3,
    )  # fmt: skip
    asked = {"question": "neighbours", "given": {"since": "2026-01-02"}, "answers": 6}
    assert json.loads(str(entry["fields_or_query"])) == asked
    told = {str(each.id) for each in answer.findings}
    assert told < set(entry["object_ids"])  # type: ignore[call-overload]
    assert told < set(entry["data_subject_ids"])  # type: ignore[call-overload]


def test_a_question_by_way_of_others_is_refused_for_any_other_purpose_and_the_refusal_logged(force: BlueLamp) -> None:
    before = newest(force)
    with pytest.raises(Refused, match="choose another purpose"):
        safely(force, purpose="investigation").ask("neighbours")
    (entry,) = entries(force, before)
    assert (entry["action"], entry["decision"]) == ("question:ask", "refused")


def test_even_one_that_got_past_the_check_is_refused(force: BlueLamp) -> None:
    session = safely(force, purpose="investigation")
    purposes = {**force.workspace.questions["neighbours"].__dict__, "purposes": ("investigation",)}
    question = type(force.workspace.questions["neighbours"])(**purposes)
    assert "only a purpose of safeguarding" in str(question.allows(session.purpose))


def test_a_role_that_may_not_look_may_not_ask(force: BlueLamp) -> None:
    with pytest.raises(Refused):
        force.session("eve", "investigation", "A reason").ask("homes")


def test_a_question_that_is_not_there_is_not_found(force: BlueLamp) -> None:
    with pytest.raises(NotFound, match="the question nowhere"):
        safely(force).ask("nowhere")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"least": "many"}, "“People” cannot be “many”; give a whole number"),
        ({"least": 0}, "“People” cannot be “0”"),
        ({"most": 5}, "does not ask for most; it asks for least"),
    ],
)
def test_a_value_that_cannot_be_is_one_sentence(force: BlueLamp, values: dict[str, object], sentence: str) -> None:
    with pytest.raises(BlueLampError, match=sentence):
        safely(force).ask("homes", **values)
    assert understood(force.workspace.questions["homes"], {}) == {"least": 2}


def test_what_takes_too_long_is_on_the_log_too(force: BlueLamp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MOST_FOUND", 0)
    before = newest(force)
    with pytest.raises(TooMuch):
        safely(force).ask("homes")
    (entry,) = entries(force, before)
    assert json.loads(str(entry["fields_or_query"]))["stopped"] is True
