"""Searching through a session for texts that no property could understand."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

import bluelamp
from bluelamp.session.session import Session
from tests.factory import CUSTODY, CUSTODY_FILE, workspace


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[Session]:
    # one column is read twice: as a nationality, which it often is not, and as ethnicity, which is sensitive
    declared = CUSTODY.replace(
        "          ethnicity_self: Ethnicity\n",
        "          ethnicity_self: Ethnicity\n          nationality: Ethnicity\n",
    )
    folder = workspace(
        tmp_path_factory.mktemp("searching") / "force",
        {"custody": declared},
        {"custody-1.csv": CUSTODY_FILE},
        database=fresh_database(),
    )
    with closing(bluelamp.open(folder)) as force:
        force.run("tester", lambda *_: None)
        yield force.session(user="ann", purpose="investigation", reason="Finding a detainee")


def test_a_birth_that_no_calendar_has_finds_the_person_and_the_hit_says_so(session: Session) -> None:
    (hit,) = session.search("31/02/1988").hits
    assert hit.caption == "Amara Okafor"
    assert hit.why[0].how.startswith("Date of birth, not understood,")


def test_DP_3_no_text_of_a_column_that_feeds_something_sensitive_is_found(session: Session) -> None:
    (view,) = (session.object(hit.object) for hit in session.search("Okafor").hits if hit.type == "Person")
    masked = {each.label for each in view.facts for odd in each.not_understood if odd.masked}
    assert masked == {"Nationality"}
    assert not session.search("B2").hits
