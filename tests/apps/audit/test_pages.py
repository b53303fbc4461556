import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.apps.objects.test_pages import shown
from tests.office import entries, newest, smith

Desk = Callable[..., TestClient]


@pytest.fixture
def dan(desk: Desk) -> Iterator[TestClient]:
    """The data protection officer's browser, who needs no purpose here."""
    return desk("dan", "")


def test_first_the_permitted_use_is_asked_for_and_nothing_is_shown(dan: TestClient, office: BlueLamp) -> None:
    before = newest(office)
    page = dan.get("/audit").text
    for use in ("verify lawfulness of processing", "integrity and security", "criminal proceedings", "self-monitoring"):
        assert use in page
    assert "<table" not in page
    assert newest(office) == before


def test_a_use_that_is_not_permitted_is_refused_and_the_refusal_logged(dan: TestClient, office: BlueLamp) -> None:
    before = newest(office)
    answer = dan.get("/audit?use=curiosity")
    assert answer.status_code == 403
    assert "may be used only to" in answer.text
    (entry,) = entries(office, before)
    assert (entry["actor_id"], entry["action"], entry["decision"]) == ("dan", "audit:read", "refused")


def test_reading_the_log_is_an_entry_on_it(dan: TestClient, office: BlueLamp) -> None:
    before = newest(office)
    assert dan.get("/audit?use=lawfulness").status_code == 200
    (entry,) = entries(office, before)
    assert (entry["actor_id"], entry["action"], entry["decision"]) == ("dan", "audit:read", "allowed")
    assert "verify lawfulness of processing" in str(entry["fields_or_query"])


def test_an_entry_says_who_what_why_and_how_many(dan: TestClient, desk: Desk) -> None:
    desk("ann").get("/search?q=okafor")
    page = shown(dan.get("/audit?use=lawfulness&actor=ann&action=search:run").text)
    assert re.search(
        r"ann testclient search:run consultation investigation Operation Ash page 1 text okafor 1 1 person-", page
    )


def test_the_log_is_filtered_by_who_whom_what_and_when(dan: TestClient, desk: Desk, office: BlueLamp) -> None:
    desk("ann").get(f"/object/{smith(office)}")
    about = shown(dan.get(f"/audit?use=lawfulness&subject={smith(office)}&action=object:view").text)
    assert "object:view" in about
    assert "search:run consultation" not in about
    refused = shown(dan.get("/audit?use=lawfulness&decision=refused&actor=nobody").text)
    assert "No entries match." in refused
    assert "No entries match." in shown(dan.get("/audit?use=lawfulness&until=2001-01-01").text)


def test_who_looked_at_somebody_is_one_step_from_any_entry_about_them(
    dan: TestClient, desk: Desk, office: BlueLamp
) -> None:
    desk("ann").get(f"/object/{smith(office)}")
    page = dan.get("/audit?use=lawfulness&action=object:view").text
    assert f'href="/audit?use=lawfulness&amp;subject={smith(office)}"' in page


def test_a_bad_date_is_told_and_the_log_not_read(dan: TestClient, office: BlueLamp) -> None:
    before = newest(office)
    answer = dan.get("/audit?use=lawfulness&since=yesterday")
    assert answer.status_code == 422
    assert "“yesterday” is not a date" in answer.text
    assert "<table" not in answer.text
    assert newest(office) == before


def test_older_entries_are_a_page_further(dan: TestClient, desk: Desk) -> None:
    for _ in range(101):
        desk("ann").get("/search/list")
        desk("ann").get("/search?q=fox")
    first = dan.get("/audit?use=lawfulness&actor=ann").text
    older = re.search(r'href="(/audit\?[^"]*before=\d+)"', first)
    assert older
    numbers = [re.findall(r'<td class="bl-table__number">([\d,]+)</td><td class="bl-table__date">', page)
               for page in (first, dan.get(older[1].replace("&amp;", "&")).text)]  # fmt: skip
    assert len(numbers[0]) == 100
    assert max(map(counted, numbers[1])) < min(map(counted, numbers[0]))


def test_the_log_is_not_for_analysts_and_asking_is_logged(desk: Desk, office: BlueLamp) -> None:
    before = newest(office)
    for path in ("/audit?use=lawfulness", "/audit/check"):
        assert desk("ann").get(path).status_code == 403
    assert [entry["decision"] for entry in entries(office, before)] == ["refused", "refused"]


def test_the_check_says_that_all_is_as_written_and_is_itself_an_entry(dan: TestClient, office: BlueLamp) -> None:
    before = newest(office)
    page = shown(dan.get("/audit/check").text)
    assert "All as written" in page
    assert re.search(r"[\d,]+ entries and \d+ seals checked", page)
    (entry,) = entries(office, before)
    assert (entry["actor_id"], entry["action"]) == ("dan", "audit:verify")


def counted(text: str) -> int:
    """`1,204` as a number."""
    return int(text.replace(",", ""))
