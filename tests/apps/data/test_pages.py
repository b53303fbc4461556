import csv
import io
import re
from collections.abc import Callable

from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.apps.objects.test_pages import shown
from tests.office import entries, newest

Desk = Callable[..., TestClient]


def test_all_sources_stand_there_with_owner_marking_and_numbers(desk: Desk) -> None:
    page = shown(desk("eve").get("/data").text)
    assert "Tenancies Owner" not in page
    assert (
        "Tenancies check failed Housing OFFICIAL 135 133 2 1" in page
        or "Tenancies Housing OFFICIAL 135 133 2 1" in page
    )
    assert "Intelligence reports Intelligence OFFICIAL-SENSITIVE 2 2 0 0" in page


def test_what_came_is_what_is_kept_and_what_was_turned_away(desk: Desk) -> None:
    page = shown(desk("eve").get("/data/tenancies").text)
    assert "135 read = 133 kept + 2 rejected" in page


def test_a_source_says_what_it_is_for_and_who_answers_for_it(desk: Desk) -> None:
    page = shown(desk("eve").get("/data/tenancies").text)
    for said in ("Who lives where, as the landlord says.", "Owner Housing", "Lawful basis DPA 2018 s.35(2)(b)",
                 "Purposes Investigating crime", "Marking OFFICIAL", "Retention mopi-2"):  # fmt: skip
        assert said in page


def test_the_picture_of_the_way_says_nothing_that_the_table_does_not(desk: Desk) -> None:
    page = desk("eve").get("/data/tenancies").text
    drawn = set(re.findall(r'<text x="10" y="19">([^<]*)</text>', page))
    assert {"Tenancies", "1 delivery", "Rejects", "tenant", "home", "car", "People", "Locations", "Vehicles"} == drawn
    assert 'role="img"' in page
    table = shown(page.split("What each row makes")[-1])
    assert (
        "tenant People home Locations car Vehicles has_vehicle link from tenant to car lives_at link from tenant to home"
        in table
    )


def test_deliveries_stand_with_file_time_numbers_and_checksum(desk: Desk, office: BlueLamp) -> None:
    page = desk("eve").get("/data/tenancies").text
    delivery = office.deliveries("tenancies")[1]
    assert delivery.checksum in page
    assert "1 tenancies-1.csv" in shown(page)
    assert "tester 135 133 2" in shown(page)


def test_rejects_are_listed_with_row_line_and_reason(desk: Desk) -> None:
    page = shown(desk("eve", "correction").get("/data/tenancies/rejects").text)
    assert re.search(r"tenancies-1.csv 4 5 .*13.*12.* T4,Ann,Fox", page) or "tenancies-1.csv 4 5" in page
    assert "T4,Ann,Fox,,,,,,,,,,,one too many" in page


def test_rejects_come_as_a_file_in_which_no_cell_is_a_formula(desk: Desk) -> None:
    answer = desk("eve", "correction").get("/data/tenancies/rejects.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="tenancies-rejects.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_DP_3_a_purpose_that_opens_no_sensitive_values_is_told_where_rejects_are_and_not_what_they_say(
    desk: Desk, office: BlueLamp
) -> None:
    page = shown(desk("eve").get("/data/tenancies/rejects").text)
    assert "tenancies-1.csv 4 5" in page
    assert "may hold sensitive values, which your purpose does not open" in page
    assert "one too many" not in page
    assert "rejects.csv" not in desk("eve").get("/data/tenancies/rejects").text
    before = newest(office)
    answer = desk("eve").get("/data/tenancies/rejects.csv")
    assert answer.status_code == 403
    assert "choose one that does" in shown(answer.text)
    assert [entry["decision"] for entry in entries(office, before)] == ["refused"]


def test_a_source_without_rejects_says_so(desk: Desk) -> None:
    assert "Every row of every delivery was read." in desk("eve").get("/data/custody/rejects").text


def test_issues_lead_from_their_number_to_their_values_and_on_to_the_row(desk: Desk) -> None:
    client = desk("eve")
    page = client.get("/data/custody").text
    href = next(each for each in re.findall(r'href="(/data/custody/issues/[^"]*)"', page))
    values = client.get(href).text
    assert "<code>31/02/1988</code>" in values
    row = next(each for each in re.findall(r'href="(/row/[^"]*)"', values))
    assert client.get(row.replace("&amp;", "&")).status_code == 200


def test_DP_3_a_sensitive_value_with_an_issue_is_masked(desk: Desk) -> None:
    page = desk("eve").get("/data/tenancies").text
    href = next(each for each in re.findall(r'href="([^"]*issues/ethnicity_self/[^"]*)"', page))
    values = desk("eve").get(href).text
    assert "Purple" not in values
    assert "Masked" in values


def test_who_may_not_open_rejects_is_not_led_to_them(desk: Desk, office: BlueLamp) -> None:
    page = desk("ann").get("/data/tenancies").text
    assert "2 rejected" in shown(page)
    assert "/rejects" not in page
    assert "/issues/" not in page
    before = newest(office)
    assert desk("ann").get("/data/tenancies/rejects").status_code == 403
    assert [entry["decision"] for entry in entries(office, before)] == ["refused"]


def test_a_source_that_is_not_declared_is_not_found(desk: Desk) -> None:
    for path in ("/data/nowhere", "/data/nowhere/rejects", "/data/nowhere/rejects.csv", "/data/nowhere/issues/a/b"):
        assert desk("eve").get(path).status_code == 404


def test_a_source_above_the_clearance_shows_no_row_of_it(desk: Desk) -> None:
    client = desk("ben")
    assert "above your clearance" in client.get("/data/intelligence").text
    for word in ("Chen", "market", "IR1"):
        assert word not in client.get("/data/intelligence").text
