import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.station import sign_in


def test_only_purposes_open_to_ones_roles_and_not_ended_are_offered(web: TestClient) -> None:
    sign_in(web, purpose="")
    page = web.get("/purpose").text
    assert "Investigating crime" in page
    assert "Protecting a person at risk" in page
    assert "The festival of 2020" not in page
    assert "Checking how data is used" not in page


def test_DP_11_each_purpose_says_its_lawful_basis_what_it_needs_and_when_it_ends(web: TestClient) -> None:
    sign_in(web, purpose="")
    page = web.get("/purpose").text
    assert "Lawful basis: DPA 2018 s.35(2)(b), Children Act 2004 s.11" in page
    assert "Reason and case needed. Ends 31 Mar 2099." in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Choose one of the purposes."),
        ({"purpose": "oversight", "reason": "x"}, "Choose one of the purposes."),
        ({"purpose": "festival", "reason": "x"}, "Choose one of the purposes."),
        ({"purpose": "investigation", "reason": "  "}, "Enter a reason"),
        ({"purpose": "safeguarding", "reason": "x"}, "Enter a case reference"),
        ({"purpose": "investigation", "reason": "x" * 1001}, "Say it in at most 1,000 characters."),
        ({"purpose": "investigation", "reason": "x", "case": "9" * 61}, "A case reference has at most 60 characters."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_declared(web: TestClient, given: dict[str, str], said: str) -> None:
    sign_in(web, purpose="")
    refused = web.post("/purpose", data=given)
    assert refused.status_code == 422
    assert said in refused.text
    assert web.get("/account").text.count("none yet") == 2


def test_the_wording_is_frozen_into_the_sign_in_and_logged(web: TestClient, force: BlueLamp) -> None:
    sign_in(web, purpose="")
    given = {"purpose": "safeguarding", "reason": " A child \n at risk ", "case": "44/9/26"}
    assert web.post("/purpose", data=given).status_code == 303
    (declared,) = [each for each in force.accounts.sign_ins("grace") if each.case == "44/9/26"]
    assert (declared.purpose, declared.reason) == ("safeguarding", "A child at risk")
    assert "A child at risk" in web.get("/account").text


def test_what_was_typed_is_kept_when_something_is_missing(web: TestClient) -> None:
    sign_in(web, purpose="")
    page = web.post("/purpose", data={"purpose": "safeguarding", "reason": "<b>Ash</b>"}).text
    assert "&lt;b&gt;Ash&lt;/b&gt;" in page
    assert 'value="safeguarding" checked' in page


def test_a_page_with_data_asks_for_the_purpose_first(web: TestClient) -> None:
    sign_in(web, "sunil", purpose="")
    asked = web.get("/search?q=van")
    assert asked.headers["location"] == "/purpose?next=%2Fsearch%3Fq%3Dvan"


def test_a_user_whom_no_purpose_admits_is_told_whom_to_ask(web: TestClient) -> None:
    sign_in(web, "admin", purpose="")
    assert "No purpose is open to your roles" in web.get("/purpose").text
