from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.office import entries, home, newest, seat, smith, token

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def caller(office: BlueLamp) -> Iterator[TestClient]:
    """A program with a token of ann's."""
    with seat(office, "") as client:
        client.headers["authorization"] = f"Bearer {token(office)}"
        yield client


@pytest.fixture(scope="module")
def stranger(office: BlueLamp) -> Iterator[TestClient]:
    """A program without a token."""
    with seat(office, "") as client:
        yield client


PATHS = ("/search?q=smith", "/objects/person-0", "/objects/person-0/links", "/lineage/custody/1/1", "/sources")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("sent", [None, "", "Bearer", "Bearer wrong", "Basic YW5uOmFubg==", "Bearer " + "x" * 5000])
def test_without_a_valid_token_every_call_is_401_and_says_what_to_send(
    stranger: TestClient, path: str, sent: str | None
) -> None:
    answer = stranger.get(f"/api/v1{path}", headers={"authorization": sent} if sent is not None else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == PROBLEM
    assert "Authorization: Bearer" in answer.json()["detail"]


def test_a_cookie_is_no_token(office: BlueLamp) -> None:
    with seat(office, "ann") as client:
        assert client.get("/api/v1/search?q=smith").status_code == 401


def test_a_call_is_its_users_for_the_tokens_purpose_on_the_log(caller: TestClient, office: BlueLamp) -> None:
    before = newest(office)
    answer = caller.get("/api/v1/search?q=okafor").json()
    assert answer["purpose"] == "investigation"
    (entry,) = entries(office, before)
    assert (entry["actor_id"], entry["purpose_code"], entry["justification_text"]) == (
        "ann",
        "investigation",
        "Operation Ash",
    )
    assert "token test" in str(entry["device_or_ip"])


def test_search_answers_with_hits_why_and_counts(caller: TestClient) -> None:
    answer = caller.get("/api/v1/search?q=okafor").json()
    assert (answer["total"], answer["exact"], answer["marking"]) == (1, True, "OFFICIAL")
    (hit,) = answer["hits"]
    assert (hit["caption"], hit["type"], hit["sources"]) == ("Amara Okafor", "Person", ["custody"])
    assert hit["why"] == [{"property": "surname", "value": "Okafor", "how": "Surname is"}]
    assert answer["facets"]["types"] == {"Person": 1}


def test_search_filters_and_pages(caller: TestClient) -> None:
    answer = caller.get("/api/v1/search?type=Person&source=tenancies&size=50&page=3").json()
    assert (answer["total"], len(answer["hits"])) == (133, 33)
    assert caller.get("/api/v1/search?from=2026-02-01&to=2026-02-28&type=Custody").json()["total"] == 1


def test_an_object_comes_with_facts_links_and_timeline(caller: TestClient, office: BlueLamp) -> None:
    answer = caller.get(f"/api/v1/objects/{smith(office)}").json()
    assert (answer["id"], answer["caption"], answer["records"]) == (smith(office), "John Smith", 4)
    facts = {fact["name"]: fact for fact in answer["facts"]}
    assert facts["given_name"]["disagree"]
    assert facts["ethnicity_self"]["values"][0]["masked"]
    assert answer["marking"] == "OFFICIAL-SENSITIVE"
    assert answer["timeline"][0]["when"] == "2026-03-01"


def test_links_come_in_groups_with_their_numbers(caller: TestClient, office: BlueLamp) -> None:
    answer = caller.get(f"/api/v1/objects/{smith(office)}/links").json()
    assert {group["label"]: group["count"] for group in answer["groups"]} == {
        "involved in": 3,
        "lives at": 1,
        "has vehicle": 1,
    }
    assert answer["marking"] == "OFFICIAL-SENSITIVE"
    (many,) = caller.get(f"/api/v1/objects/{home(office)}/links").json()["groups"]
    assert many["count"] == 133


def test_lineage_leads_from_a_row_to_what_it_feeds(caller: TestClient) -> None:
    answer = caller.get("/api/v1/lineage/custody/1/2").json()
    assert {cell["column"]: cell["raw"] for cell in answer["cells"]}["DOB"] == "31/02/1988"
    assert "Amara Okafor" in {fed["caption"] for fed in answer["feeds"]}


def test_sources_come_with_numbers_and_no_content(caller: TestClient) -> None:
    answer = caller.get("/api/v1/sources").json()
    numbers = {each["name"]: (each["read"], each["kept"], each["rejected"]) for each in answer["sources"]}
    assert numbers == {"custody": (3, 3, 0), "tenancies": (135, 133, 2), "intelligence": (2, 2, 0)}


def test_the_description_lists_every_call_with_its_bearer_token(stranger: TestClient) -> None:
    told = stranger.get("/api/v1/openapi.json").json()
    assert set(told["paths"]) == {
        "/api/v1/search",
        "/api/v1/objects/{id}",
        "/api/v1/objects/{id}/links",
        "/api/v1/objects/{id}/around",
        "/api/v1/paths",
        "/api/v1/questions",
        "/api/v1/questions/{name}",
        "/api/v1/values",
        "/api/v1/charts",
        "/api/v1/charts/{id}",
        "/api/v1/charts/{id}/export",
        "/api/v1/charts/{id}/story",
        "/api/v1/charts/{id}/measures",
        "/api/v1/watches",
        "/api/v1/watches/{id}/seen",
        "/api/v1/watches/{id}/extend",
        "/api/v1/watches/{id}/end",
        "/api/v1/watches/{id}/remove",
        "/api/v1/lineage/{source}/{delivery}/{row}",
        "/api/v1/sources",
    }
    (scheme,) = told["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path in told["paths"].values():
        for call in path.values():
            assert call["security"]
            assert call["summary"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/objects/person-0123456789abcdef", 404),
        ("/api/v1/lineage/custody/1/99", 404),
        ("/api/v1/lineage/custody/one/1", 422),
        ("/api/v1/search?from=yesterday", 422),
        ("/api/v1/search?size=0", 422),
        ("/api/v1/search?q=" + "x" * 1001, 422),
        ("/api/v1/nothing", 404),
    ],
)
def test_what_goes_wrong_is_told_as_a_problem_document(caller: TestClient, path: str, status: int) -> None:
    answer = caller.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    assert set(answer.json()) == {"status", "title", "detail", "request"}


def test_a_call_that_the_role_may_not_make_is_refused(office: BlueLamp) -> None:
    with seat(office, "") as client:
        client.headers["authorization"] = f"Bearer {token(office, 'eve')}"
        before = newest(office)
        assert client.get("/api/v1/search?q=smith").status_code == 403
        assert client.get("/api/v1/sources").status_code == 200
        assert [entry["decision"] for entry in entries(office, before)] == ["refused", "allowed"]


def test_a_hidden_object_is_as_absent_as_one_that_never_was(caller: TestClient, office: BlueLamp) -> None:
    hidden = caller.get("/api/v1/search?q=wei+chen&type=Person").json()["hits"][0]["object"]
    invented = "person-0123456789abcdef"
    with seat(office, "") as client:
        client.headers["authorization"] = f"Bearer {token(office, 'ben')}"
        for path in ("", "/links"):
            one, other = (client.get(f"/api/v1/objects/{id}{path}") for id in (hidden, invented))
            assert one.status_code == other.status_code == 404
            assert one.headers["content-length"] == other.headers["content-length"]
            kept = {key: value for key, value in one.json().items() if key != "request"}
            assert kept == {
                key: value.replace(invented, hidden) if isinstance(value, str) else value
                for key, value in other.json().items()
                if key != "request"
            }
