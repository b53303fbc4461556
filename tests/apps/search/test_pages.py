import re
from collections.abc import Callable

from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.office import smith

Desk = Callable[..., TestClient]


def titles(page: str) -> list[str]:
    return re.findall(r'<p class="bl-hit__title"><a class="govuk-link" href="[^"]*">([^<]*)</a>', page)


def facets(page: str, name: str) -> dict[str, int]:
    found = re.findall(
        rf'name="{name}" value="([^"]*)"[^>]*>\s*<span class="bl-filters__text">[^<]*</span>'
        r'<span class="bl-filters__count">([\d,]+)</span>',
        page,
    )
    return {value: int(count.replace(",", "")) for value, count in found}


def test_results_say_how_many_there_are_and_why_each_is_one(desk: Desk) -> None:
    page = desk().get("/search?q=okafor").text
    assert "1 result for <q>okafor</q>" in page
    assert titles(page) == ["Amara Okafor"]
    assert "Surname is <b>Okafor</b>" in page


def test_two_people_of_one_name_are_told_apart(desk: Desk) -> None:
    page = desk().get("/search?q=john+smith&type=Person").text
    assert titles(page) == ["John Smith", "John Smith"]
    assert "<dt>Date of birth</dt> <dd>25 Dec 1955</dd>" in page
    assert "<dt>Date of birth</dt> <dd>3 Jun 1990</dd>" in page
    assert "<dt>PNC ID</dt> <dd>2099/0000123P</dd>" in page


def test_filters_have_counts_that_hold(desk: Desk) -> None:
    client = desk()
    page = client.get("/search?q=smith").text
    for kind, count in facets(page, "type").items():
        assert f"{count} result" in client.get(f"/search?q=smith&type={kind}").text
    assert facets(page, "source")["custody"] == 1
    assert "1 result" in client.get("/search?q=smith&source=custody").text


def test_a_filter_in_force_can_be_taken_off_again(desk: Desk) -> None:
    client = desk()
    page = client.get("/search?q=smith&type=Person&source=custody").text
    removals = re.findall(r'<a class="bl-chip" href="([^"]*)"', page)
    assert [each.replace("&amp;", "&") for each in removals] == [
        "/search?q=smith&source=custody",
        "/search?q=smith&type=Person",
    ]
    assert "Clear all" in page


def test_dates_keep_events_that_may_have_happened_then(desk: Desk) -> None:
    client = desk()
    page = client.get("/search?q=lambeth&from=2026-02-01&to=2026-03-31").text
    assert titles(page) == ["C3"]
    assert 'value="2026-02-01"' in page
    assert re.search(r'class="bl-chip" href="/search\?q=lambeth&amp;to=2026-03-31"', page)


def test_a_bad_date_is_told_and_nothing_is_filtered_by_it(desk: Desk) -> None:
    page = desk().get("/search?q=lambeth&from=last+week").text
    assert "“last week” is not a date; write it as 2026-01-31" in page
    assert 'href="#from"' in page
    assert len(titles(page)) > 1


def test_nothing_found_says_what_to_try_and_offers_the_word_as_a_part(desk: Desk) -> None:
    client = desk()
    page = client.get("/search?q=harb").text
    assert "Nothing that this purpose opens matches" in page
    assert 'href="/search?q=harb%2A"' in page
    assert "1 Harbour Road, Lambeth" in titles(client.get("/search?q=harb*").text)


def test_the_end_of_a_reference_that_is_not_found_so_is_offered_as_a_part(desk: Desk) -> None:
    page = desk().get("/search?q=*9999/24").text
    assert 'href="/search?q=%2A9999/24%2A"' in page
    assert 'href="/search?q=%2A9999/24"' not in page


def test_without_a_question_everything_that_is_open_is_listed_by_page(desk: Desk) -> None:
    client = desk()
    page = client.get("/search").text
    assert "142 objects that this purpose opens" in page
    assert len(titles(page)) == 20
    last = client.get("/search?page=8").text
    assert len(titles(last)) == 2
    assert "141 to 142 of 142" in last


def test_a_page_that_is_not_there_shows_nothing_and_does_not_fail(desk: Desk) -> None:
    client = desk()
    assert client.get("/search?page=-3").status_code == 200
    assert titles(client.get("/search?page=500").text) == []
    assert client.get("/search?page=two").status_code == 422


def test_a_pasted_list_answers_line_by_line(desk: Desk, office: BlueLamp) -> None:
    page = desk().post("/search/list", data={"lines": "2099/0000123P\r\n\r\nC2\r\nnobody at all\r\n"}).text
    assert "2 of 3 lines found something" in page
    assert f'href="/object/{smith(office)}"' in page
    assert re.search(r'<th scope="row">nobody at all</th><td>\s*<span class="bl-none">Nothing</span>', page)


def test_an_empty_list_asks_for_one(desk: Desk) -> None:
    client = desk()
    assert client.get("/search/list").text.count('<h2 class="bl-heading">') == 0
    assert client.post("/search/list", data={"lines": ""}).status_code == 200


def test_what_was_typed_is_never_markup(desk: Desk) -> None:
    page = desk().get("/search", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


def test_the_marking_is_that_of_the_rows_on_screen(desk: Desk) -> None:
    client = desk()
    assert "</span>OFFICIAL-SENSITIVE</p>" in client.get("/search?q=wei+chen").text
    assert "</span>OFFICIAL</p>" in client.get("/search?q=okafor").text


def test_the_search_box_keeps_the_question_and_leads_by_get(desk: Desk) -> None:
    page = desk().get("/search?q=okafor").text
    assert 'action="/search" method="get"' in page
    assert re.search(r'id="search-box" name="q" type="search" value="okafor"', page)
