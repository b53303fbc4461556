"""The pages of questions without a script, and the API."""

import html
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.office import home, seat, token

Desk = Callable[..., TestClient]


def words(page: str) -> str:
    """The words of a page, without its markup."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("<main")[2])))


@pytest.fixture
def ann(desk: Desk) -> TestClient:
    return desk("ann")


def test_the_list_names_the_questions_of_the_purpose(ann: TestClient) -> None:
    page = ann.get("/questions").text
    assert 'href="/questions/homes"' in page
    assert "neighbours" not in page
    assert 'href="/questions"' in ann.get("/search").text


def test_a_question_is_a_form_with_its_defaults(ann: TestClient) -> None:
    page = ann.get("/questions/homes").text
    assert re.search(r'name="least"[^>]*\s+value="2"', page)
    assert "Rows that say so" not in page


def test_an_answer_shows_who_how_many_and_the_rows_and_leads_to_a_chart(ann: TestClient, office: BlueLamp) -> None:
    page = ann.get("/questions/homes?_asked=1&least=3").text
    assert f'href="/object/{home(office)}"' in page
    assert re.search(r'href="/row/tenancies/1/\d+\?file=', page)
    assert f'href="/workbench?ids={home(office)}"' in page
    assert "1 answer" in words(page)
    assert "133" in words(page)
    assert "Nothing answers that" in words(ann.get("/questions/homes?_asked=1&least=5000").text)


def test_what_cannot_be_asked_is_told_at_its_field(ann: TestClient) -> None:
    answer = ann.get("/questions/homes?_asked=1&least=<b>")
    assert answer.status_code == 400
    assert 'href="#least"' in answer.text
    assert "“People” cannot be “<b>”; give a whole number" in words(answer.text.replace("&lt;b&gt;", "&lt;b&gt;"))
    assert "<b>”" not in answer.text


def test_a_question_for_another_purpose_is_refused_and_one_that_is_not_there_is_not_found(ann: TestClient) -> None:
    assert ann.get("/questions/neighbours").status_code == 403
    assert ann.get("/questions/nowhere").status_code == 404


def test_the_api_lists_and_answers(office: BlueLamp) -> None:
    with seat(office, "") as client:
        client.headers["authorization"] = f"Bearer {token(office)}"
        (offered,) = client.get("/api/v1/questions").json()["questions"]
        assert (offered["name"], offered["ask"][0]["default"]) == ("homes", 2)
        answer = client.get("/api/v1/questions/homes?least=3").json()
        assert (answer["purpose"], answer["total"], answer["given"]) == ("investigation", 1, {"least": 3})
        (found,) = answer["findings"]
        assert found["counts"] == {"who": 133}
        assert len(found["said"]) == 50
        assert found["more"]
        assert client.get("/api/v1/questions/homes?least=none").status_code == 400
        assert client.get("/api/v1/questions/neighbours").status_code == 403
