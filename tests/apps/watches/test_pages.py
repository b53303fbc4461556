"""The page of watches without a script, the number at the top of every page, and the API."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bluelamp import clock
from bluelamp.session.force import BlueLamp
from bluelamp.session.lookout import Lookout
from tests.conftest import SetClock
from tests.office import as_, entries, newest, opened, seat, token
from tests.session.deliver import NGOZI, ZOE, come

LATER = (clock.today() + timedelta(days=30)).isoformat()


@pytest.fixture
def force(tmp_path: Path, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """The office, for one test that runs it again."""
    with opened(tmp_path / "force", fresh_database()) as made:
        yield made


@pytest.fixture
def ann(force: BlueLamp) -> Iterator[TestClient]:
    with seat(force) as client:
        yield client


def words(page: str) -> str:
    """The words of a page, without its markup."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("<main")[2])))


def build(page: str) -> str:
    """The build that the form of what was seen names."""
    found = re.search(r'name="build" value="(\d+)"', page)
    assert found
    return found[1]


def test_what_is_new_is_counted_on_every_page_of_its_owner_and_gone_when_seen(force: BlueLamp, ann: TestClient) -> None:
    with seat(force, "ben") as ben:
        for client, text in ((ann, "okafor"), (ben, "nobody")):
            assert client.post("/watches", data={"title": "All", "text": text}).status_code == 303
        come(force, NGOZI)
        Lookout(force).look()
        force.accounts.forget()
        for address in ("/search", "/account", "/watches", "/questions", "/search?q=okafor"):
            assert "1 new on your watches" in ann.get(address).text
            assert "new on your watches" not in ben.get(address).text
    page = ann.get("/watches").text
    assert "1 new with the build of" in words(page)
    assert "Ngozi Okafor" in page
    (view,) = as_(force).watches(look=False)
    assert ann.post(f"/watches/{view.id}/seen", data={"build": build(page)}).status_code == 303
    page = ann.get("/watches").text
    assert "new on your watches" not in page
    assert "1 that were new with the build of" in words(page)
    assert "Seen before" in page


def test_a_page_waits_for_no_look_and_says_that_one_is_due(force: BlueLamp, ann: TestClient) -> None:
    ann.post("/watches", data={"title": "All", "text": "okafor"})
    come(force, NGOZI)
    before = newest(force)
    page = words(ann.get("/watches").text)
    assert "It has not been looked at in the newest build yet" in page
    (entry,) = entries(force, before)
    assert (entry["action"], entry["result_count"], entry["object_ids"]) == ("watch:keep", 1, [])


def test_a_question_is_watched_from_its_answer(force: BlueLamp, ann: TestClient) -> None:
    page = ann.get("/questions/homes?_asked=1&least=3").text
    assert "Watch this question" in page
    assert "Watch this question" not in ann.get("/questions/homes").text
    given = re.search(r'name="given" value="([^"]*)"', page)
    assert given
    sent = {"kind": "question", "question": "homes", "given": html.unescape(given[1]), "title": "Full homes"}
    assert ann.post("/watches", data=sent).status_code == 303
    page = ann.get("/watches").text
    assert "Addresses of several people: least 3" in words(page)
    assert 'href="/questions/homes?_asked=1&amp;least=3"' in page


def test_a_search_is_looked_for_again_as_it_was(ann: TestClient) -> None:
    sent = {"title": "All", "text": "a & b", "types": ["Person"], "sources": ["custody"], "first": "2026-01-01"}
    ann.post("/watches", data=sent)
    assert 'href="/search?q=a+%26+b&amp;type=Person&amp;source=custody&amp;from=2026-01-01"' in ann.get("/watches").text


def test_what_has_ended_says_so_and_offers_to_go_on(time: SetClock, ann: TestClient) -> None:
    ends = (clock.today() + timedelta(days=1)).isoformat()
    ann.post("/watches", data={"title": "All", "text": "okafor", "ends": ends})
    time.move(days=2)
    force: BlueLamp = ann.app.state.force  # type: ignore[attr-defined]
    with seat(force) as later:
        page = later.get("/watches").text
        assert "It has ended, and nothing is looked at. Go on until" in words(page)
        (view,) = as_(force).watches(look=False)
        wrong = later.post(f"/watches/{view.id}/extend", data={"ends": "2020-01-01"})
        assert wrong.status_code == 400
        assert "within 365 days" in wrong.text
        assert later.post(f"/watches/{view.id}/extend", data={}).status_code == 303
        assert "It has ended" not in later.get("/watches").text
        assert later.post("/watches/watch-0/extend", data={}).status_code == 404


def test_what_has_ended_can_be_removed_and_is_counted_no_more(force: BlueLamp, ann: TestClient) -> None:
    ann.post("/watches", data={"title": "All", "text": "okafor"})
    come(force, NGOZI)
    Lookout(force).look()
    (view,) = as_(force).watches(look=False)
    assert "Remove from this list" not in ann.get("/watches").text
    ann.post(f"/watches/{view.id}/end")
    page = ann.get("/watches").text
    assert "1 new on your watches" in page
    assert f'action="/watches/{view.id}/remove"' in page
    assert ann.post(f"/watches/{view.id}/remove").headers["location"] == "/watches"
    page = ann.get("/watches").text
    assert "Nothing is watched" in page
    assert "new on your watches" not in page
    assert ann.post(f"/watches/{view.id}/remove").status_code == 404


def test_what_cannot_be_watched_is_a_sentence_on_the_page(ann: TestClient) -> None:
    for sent in ({"title": "x", "text": "okafor", "ends": "soon"}, {"title": "x", "kind": "area", "corners": "1"}):
        answer = ann.post("/watches", data=sent)
        assert answer.status_code == 400
        assert "There is a problem" in answer.text


def test_by_the_api_a_watch_is_made_read_seen_extended_ended_and_removed(force: BlueLamp) -> None:
    with seat(force, "") as caller:
        caller.headers["authorization"] = f"Bearer {token(force)}"
        made = caller.post(
            "/api/v1/watches",
            json={"title": "Full homes", "kind": "question", "said": {"question": "homes"}, "ends": LATER},
        )
        assert made.status_code == 201
        searched = {"title": "Smith", "kind": "search", "said": {"text": "smith"}, "ends": LATER}
        id = caller.post("/api/v1/watches", json=searched).json()["watch"]
        come(force, ZOE)
        Lookout(force).look()
        found = {each["title"]: each for each in caller.get("/api/v1/watches").json()["watches"]}
        assert found["Full homes"]["kind"] == "question"
        (fresh,) = found["Smith"]["fresh"]
        assert ([each["caption"] for each in fresh["things"]], fresh["seen"]) == (["Zoe Smith"], False)
        assert caller.post(f"/api/v1/watches/{id}/seen", json={"build": fresh["build"]}).status_code == 200
        assert caller.post(f"/api/v1/watches/{id}/extend", json={"ends": LATER}).status_code == 200
        assert caller.post(f"/api/v1/watches/{id}/end").status_code == 200
        (ended,) = (each for each in caller.get("/api/v1/watches").json()["watches"] if each["id"] == id)
        assert (ended["runs"], ended["fresh"][0]["seen"]) == (False, True)
        assert caller.post(f"/api/v1/watches/{id}/remove").status_code == 200
        assert id not in {each["id"] for each in caller.get("/api/v1/watches").json()["watches"]}
        assert caller.post(f"/api/v1/watches/{id}/remove").status_code == 404
        wrong = caller.post("/api/v1/watches", json=searched | {"kind": "person"})
        assert (wrong.status_code, "cannot be watched" in wrong.json()["detail"]) == (400, True)
