"""The pages of Review: judge a pair, go on to the next, take back what was wrong, see why an object is one."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

import bluelamp
from bluelamp.session.force import BlueLamp
from tests.factory import published
from tests.office import as_, home, seat, smith
from tests.session.test_reviewing import sources, whole


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """People of three sources of which a model was learned."""
    folder = tmp_path_factory.mktemp("force") / "force"
    opened = bluelamp.open(published(folder, *sources(), fresh_database()))
    opened.run("tester", lambda *_: None)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ann(force: BlueLamp) -> Iterator[TestClient]:
    with seat(force, "ann") as client:
        yield client


def shown(page: str) -> str:
    """The words of a page, without its markup."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def first(force: BlueLamp) -> str:
    """The address of the first pair of ann's queue."""
    return "/review/pair/{}/{}".format(*whole(as_(force))[0])


def test_the_queue_leads_to_its_pairs_and_to_what_joining_costs(ann: TestClient, force: BlueLamp) -> None:
    page = ann.get("/review").text
    assert f'href="{first(force)}"' in page
    assert 'href="/resolution"' in page
    assert re.search(r"1 to 25 of [0-9]+|1 to [0-9]+ of", shown(page))


def test_a_pair_shows_its_sides_its_weights_and_the_buttons(ann: TestClient, force: BlueLamp) -> None:
    page = ann.get(first(force)).text
    for words in ("One or two?", "What speaks for and against", "What hangs on each", "Cannot tell", "likely one"):
        assert words in shown(page)
    assert "style=" not in page
    assert page.count("<svg") > 3


def test_after_a_judgement_comes_the_next_pair_and_it_can_be_undone(ann: TestClient, force: BlueLamp) -> None:
    address = first(force)
    answer = ann.post(address, data={"verdict": "not_same", "reason": "Two faces"})
    assert answer.status_code == 303
    assert answer.headers["location"] == first(force) != address
    page = ann.get("/review/decisions").text
    assert "Two faces" in shown(page)
    assert "from the next run on" in shown(page)
    (undo,) = re.findall(r'action="(/review/decisions/[^"]*/undo)"', page)
    assert ann.post(undo, data={"reason": ""}).status_code == 400
    assert ann.post(undo, data={"reason": "One face"}).headers["location"] == "/review/decisions"
    assert "One face" in shown(ann.get("/review/decisions").text)
    assert first(force) == address


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"verdict": "same", "reason": " "}, 400, "A decision needs a reason"),
        ({"reason": "One face"}, 400, "A decision says one of"),
    ],
)
def test_what_is_missing_is_said_on_the_page_and_what_was_written_stays(
    ann: TestClient, force: BlueLamp, given: dict[str, str], status: int, told: str
) -> None:
    answer = ann.post(first(force), data=given)
    assert answer.status_code == status
    assert told in shown(answer.text)
    assert given["reason"] in answer.text


def test_the_sample_leads_from_pair_to_pair_without_the_models_word(ann: TestClient, force: BlueLamp) -> None:
    page = ann.get("/review/sample").text
    listed = [(each.left, each.right) for each in as_(force).sample("Person").waiting]
    first, second = ("/review/pair/{}/{}?sample=1".format(*pair) for pair in listed[:2])
    assert f'href="{first}"' in page
    assert re.search(r"Sample 0 of [0-9]+ judged", shown(page))
    pair = ann.get(first).text
    assert "One or two?" in shown(pair)
    assert "What speaks for and against" not in shown(pair)
    assert "published build" not in shown(pair)
    address = first.partition("?")[0]
    wrong = ann.post(address, data={"verdict": "same", "reason": "", "sample": "1"})
    assert (wrong.status_code, 'name="sample"' in wrong.text) == (400, True)
    answer = ann.post(address, data={"verdict": "unsure", "reason": "No photograph", "sample": "1"})
    assert answer.headers["location"] == second
    assert "Sample 1 of" in shown(ann.get("/review/sample").text)


def test_a_contradiction_is_a_conflict_and_names_what_it_contradicts(ann: TestClient, force: BlueLamp) -> None:
    address = "/review/pair/{}/{}".format(*whole(as_(force))[5])
    assert ann.post(address, data={"verdict": "same", "reason": "One face"}).status_code == 303
    answer = ann.post(address, data={"verdict": "not_same", "reason": "Two faces"})
    assert answer.status_code == 409
    assert re.search(r"This contradicts decision-[0-9a-f]{12} of .* by ann", shown(answer.text))


def test_an_object_says_why_it_is_one_and_is_taken_apart_from_there(ann: TestClient, force: BlueLamp) -> None:
    session = as_(force)
    hits = session.search("", types=("Person",), size=150).hits
    id = next(hit.object for hit in hits if session.object(hit.object).records > 2)
    assert f'href="/review/joins/{id}">Why is this one?' in ann.get(f"/object/{id}").text
    page = ann.get(f"/review/joins/{id}").text
    assert "by the model" in shown(page)
    pair = re.findall(r'action="(/review/pair/[^"]*)"', page)[0]
    data = {"verdict": "not_same", "reason": "Two faces", "back": f"/review/joins/{id}"}
    assert ann.post(pair, data=data).headers["location"] == f"/review/joins/{id}"
    assert ann.post(pair, data=data | {"back": "https://elsewhere"}).headers["location"].startswith("/review")


def test_who_watches_sees_how_people_judge_without_a_purpose(force: BlueLamp) -> None:
    with seat(force, "dan", "") as dan:
        page = dan.get("/review/judges")
        assert page.status_code == 200
        assert "ann" in shown(page.text)
        assert dan.get("/review/decisions").status_code in (303, 403)


def test_what_is_closed_to_a_reader_is_not_found(force: BlueLamp) -> None:
    mine = set(whole(as_(force, "ben")))
    closed = next(pair for pair in whole(as_(force)) if pair not in mine)
    with seat(force, "ben") as ben:
        nowhere = ben.get("/review/pair/person-0000000000000001/person-0000000000000002")
        answer = ben.get("/review/pair/{}/{}".format(*closed))
        assert answer.status_code == nowhere.status_code == 404
        sent = {"verdict": "same", "reason": "A hunch"}
        assert ben.post("/review/pair/{}/{}".format(*closed), data=sent).status_code == 404


def test_a_conflict_on_an_objects_page_leads_to_the_records_that_have_the_key_in_common(
    office: BlueLamp, desk: Callable[..., TestClient]
) -> None:
    page = desk().get(f"/object/{smith(office)}").text
    (between,) = set(re.findall(r'href="(/review/between/[^"]*)"', page))
    pair = desk().get(between).headers["location"]
    told = shown(desk().get(pair).text)
    assert "John Smith" in told
    assert "Maria Silva" in told
    assert "PNC ID 2099/0000123P 2099/0000123P agree" in told
    nowhere = between.rsplit("/", 1)[0] + "/person-0000000000000001"
    assert desk().get(nowhere).status_code == desk().get("/review/between/unicorn-1/x").status_code == 404


def test_a_place_says_which_records_write_it(office: BlueLamp, desk: Callable[..., TestClient]) -> None:
    assert desk().get(f"/review/joins/{home(office)}").status_code == 200
