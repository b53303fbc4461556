import re

import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.station import sign_in

HERE = "/account/tokens"
GOOD = {"label": "weekly report", "purpose": "investigation", "reason": "Op Ash", "days": "30"}


def test_a_token_is_shown_once_and_works_for_its_purpose_alone(web: TestClient, force: BlueLamp) -> None:
    sign_in(web, purpose="")
    (secret,) = re.findall(r'data-copy="([^"]+)"', web.post(HERE, data=GOOD).text)
    made = force.accounts.token_of(secret)
    assert made is not None
    assert (made.user, made.purpose, made.reason) == ("grace", "investigation", "Op Ash")
    page = web.get(HERE).text
    assert "weekly report" in page
    assert secret not in page


def test_an_ended_token_stops_working(web: TestClient, force: BlueLamp) -> None:
    sign_in(web, purpose="")
    token, secret = force.accounts.make_token("grace", "x", "investigation", "Op Ash")
    web.post(f"{HERE}/end", data={"token": token.id})
    assert force.accounts.token_of(secret) is None


def test_nobody_ends_the_token_of_somebody_else(web: TestClient, force: BlueLamp) -> None:
    token, secret = force.accounts.make_token("sunil", "x", "investigation", "Op Ash")
    sign_in(web, purpose="")
    web.post(f"{HERE}/end", data={"token": token.id})
    assert force.accounts.token_of(secret) is not None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"label": " "}, "Name the program"),
        ({"purpose": "oversight"}, "Choose one of the purposes."),
        ({"reason": ""}, "needs a written reason"),
        ({"purpose": "safeguarding"}, "needs a case reference"),
        ({"days": "ten"}, "Enter a number of days"),
        ({"days": "999"}, "An API token lasts from 1 to 365 days"),
        ({"days": "²"}, "Enter a number of days"),
    ],
)
def test_a_token_that_cannot_be_made_says_why(web: TestClient, wrong: dict[str, str], said: str) -> None:
    sign_in(web, purpose="")
    refused = web.post(HERE, data=GOOD | wrong)
    assert refused.status_code == 422
    assert said in refused.text
    assert "data-copy" not in refused.text
