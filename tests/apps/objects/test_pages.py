import html
import re
from collections.abc import Callable

from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.office import as_, home, smith

Desk = Callable[..., TestClient]


def shown(page: str) -> str:
    """The words of a page, without its markup."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def test_the_head_says_who_it_is_and_how_much_is_known(desk: Desk, office: BlueLamp) -> None:
    page = desk().get(f"/object/{smith(office)}").text
    assert '<h1 class="bl-identity__name">John Smith</h1>' in page
    assert "4 records from 3 sources" in shown(page)
    assert smith(office) in shown(page)
    assert "</span>OFFICIAL-SENSITIVE</p>" in page


def test_warnings_stand_first(desk: Desk, office: BlueLamp) -> None:
    page = shown(desk().get(f"/object/{smith(office)}").text)
    assert "Warning Carries a knife Tenancies" in page
    assert "Missing Yes" in page
    assert page.index("Carries a knife") < page.index("Property Value Said by")


def test_a_no_is_not_shown_as_a_yes(desk: Desk, office: BlueLamp) -> None:
    other = next(hit for hit in as_(office).search("maria silva").hits if hit.type == "Person")
    assert "Missing No" in shown(desk().get(f"/object/{other.object}").text)


def test_every_value_names_its_rows_and_leads_to_them(desk: Desk, office: BlueLamp) -> None:
    client = desk()
    page = client.get(f"/object/{smith(office)}").text
    rows = set(re.findall(r'href="(/row/[^"]*)"', page))
    assert {row.split("/")[2] for row in rows} == {"custody", "tenancies", "intelligence"}
    for row in rows:
        assert client.get(html.unescape(row)).status_code == 200


def test_sources_that_disagree_are_marked_in_words(desk: Desk, office: BlueLamp) -> None:
    page = shown(desk().get(f"/object/{smith(office)}").text)
    assert "Given name sources disagree John" in page
    assert "Jon" in page


def test_DP_3_a_sensitive_value_is_masked_but_its_sources_are_told(desk: Desk, office: BlueLamp) -> None:
    page = desk().get(f"/object/{smith(office)}").text
    assert "Self-defined ethnicity Masked this purpose may not see it" in shown(page)
    assert "British" not in page


def test_a_link_says_role_category_basis_and_time(desk: Desk, office: BlueLamp) -> None:
    page = shown(desk().get(f"/object/{smith(office)}").text)
    assert "C1 Custody record arrested suspected 5 Jan 2026 fact Custody" in page
    assert re.search(r"IR1, Seen near the market Intelligence report subject other 20 Jan 2026 assessment", page)
    # a table of one type says it once, above
    assert "Location Role When Basis Said by 1 Harbour Road, Lambeth current address 1 Feb 2025 fact" in page


def test_the_timeline_is_newest_first(desk: Desk, office: BlueLamp) -> None:
    page = desk().get(f"/object/{smith(office)}").text
    moments = re.findall(r'<time datetime="([^"]*)">', page)
    assert moments == sorted(moments, reverse=True)
    assert moments[-1] == "1990-06-03"


def test_a_conflict_is_for_a_person_to_judge(desk: Desk, office: BlueLamp) -> None:
    page = shown(desk().get(f"/object/{smith(office)}").text)
    assert "For a person to judge: PNC ID 2099/0000123P also stands on Maria Silva" in page


def test_the_id_of_a_record_that_belongs_to_an_object_leads_to_it_and_says_so(desk: Desk, office: BlueLamp) -> None:
    id = smith(office)
    with office.scratch() as connection:
        numbers = connection.execute(f"select record from {office.store.records('Person').relation()}").fetchall()
    others = [f"person-{number:016x}" for (number,) in numbers if str(office.index.find(f"person-{number:016x}")) == id]
    moved = next(each for each in others if each != id)
    page = shown(desk().get(f"/object/{moved}").text)
    assert f"You asked for {moved} ; its records now belong to this object." in page


def test_many_links_have_a_page_of_their_own(desk: Desk, office: BlueLamp) -> None:
    client, id = desk(), home(office)
    first = client.get(f"/object/{id}/links/lives_at").text
    assert "1 to 100 of 133" in shown(first)
    second = client.get(f"/object/{id}/links/lives_at?page=2").text
    assert "101 to 133 of 133" in shown(second)
    people = [set(re.findall(r'href="/object/(person-[^"]*)"', page)) for page in (first, second)]
    assert [len(each) for each in people] == [100, 33]
    assert not people[0] & people[1]


def test_a_kind_of_link_that_there_is_none_of_is_not_found(desk: Desk, office: BlueLamp) -> None:
    client = desk()
    for kind in ("uses_phone", "nonsense"):
        assert client.get(f"/object/{smith(office)}/links/{kind}").status_code == 404


def test_what_is_no_id_is_not_found(desk: Desk) -> None:
    client = desk()
    for id in ("person-0000000000000000", "nobody", "person-x", "unicorn-3f9a3f9a3f9a3f9a", "%00", "../etc"):
        assert client.get(f"/object/{id}").status_code == 404


def test_a_row_shows_what_came_what_was_understood_and_what_it_feeds(desk: Desk) -> None:
    page = desk().get("/row/custody/1/2?file=custody-1.csv").text
    words = shown(page)
    assert "Row 2 of custody-1.csv" in words
    assert "31/02/1988 –" in words
    assert "There is no such day" in words or "not a date" in words
    assert "Amara Okafor Person, as detainee" in words
    assert re.search(r"SHA-256 [0-9a-f]{16}…", words)


def test_DP_3_a_row_masks_sensitive_columns_too(desk: Desk) -> None:
    page = desk().get("/row/custody/1/2").text
    assert page.count('<span class="bl-masked">Masked</span>') == 3
    assert "<code>B2</code>" not in page


def test_what_was_not_understood_stands_beside_what_was_as_recorded(desk: Desk, office: BlueLamp) -> None:
    (okafor,) = {str(hit.object) for hit in as_(office).search("okafor").hits}
    page = desk().get(f"/object/{okafor}")
    assert "<code>31/02/1988</code>" in page.text
    assert re.search(r"Date of birth 31/02/1988 not understood: There is no such day.* Custody row 2", shown(page.text))


def test_DP_3_of_a_sensitive_value_that_was_not_understood_a_page_says_only_that_there_is_one(
    desk: Desk, office: BlueLamp
) -> None:
    (third,) = {str(hit.object) for hit in as_(office).search("25/12/1955").hits}
    page = shown(desk().get(f"/object/{third}").text)
    assert "Purple" not in page
    assert "Self-defined ethnicity Masked this purpose may not see it Tenancies row 3" in page


def test_a_row_that_is_not_there_or_not_open_is_not_found(desk: Desk) -> None:
    client = desk("ben")
    for path in ("/row/custody/1/99", "/row/custody/9/1", "/row/nowhere/1/1", "/row/intelligence/1/1"):
        assert client.get(path).status_code == 404
    assert client.get("/row/custody/one/1").status_code == 422
