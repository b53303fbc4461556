"""The page of gaps and overlaps, without a script: what it says, sorts and narrows, and what it logs."""

import html
import re

import pytest
from fastapi.testclient import TestClient

from bluelamp.apps.workbench.gaps import LONGER
from bluelamp.session.force import BlueLamp
from tests.office import entries, newest, seat
from tests.whereabouts import chart_of_grey, whereabouts  # noqa: F401 (a fixture)


@pytest.fixture(scope="module")
def ann(whereabouts: BlueLamp) -> TestClient:  # noqa: F811 (the fixture)
    return seat(whereabouts)


@pytest.fixture(scope="module")
def chart(whereabouts: BlueLamp) -> str:  # noqa: F811 (the fixture)
    return chart_of_grey(whereabouts)


def rows(client: TestClient, chart: str, query: str = "") -> list[tuple[str, str, str]]:
    """Kind, from and to of each row."""
    page = client.get(f"{chart}/gaps?{query}").text
    return re.findall(r'data-stretch="(\w+)" data-lanes="[^"]*" data-from="([^"]*)" data-to="([^"]*)"', page)


def words(client: TestClient, chart: str, query: str = "") -> str:
    page = client.get(f"{chart}/gaps?{query}").text
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def test_gaps_of_each_type_and_of_each_thing(ann: TestClient, chart: str) -> None:
    assert rows(ann, chart, "longer=day")[0] == ("gap", "2026-01-07", "2026-01-20T10:00")
    by_thing = [each for each in rows(ann, chart, "lanes=thing&longer=day") if each[0] == "gap"]
    assert by_thing == [("gap", "2026-01-13", "2026-01-20T10:00")]
    assert "Gaps longer than a week 0" in words(ann, chart, "lanes=thing&longer=week&last=2026-01-12")


def test_what_overlaps_for_certain_comes_before_what_may(ann: TestClient, chart: str) -> None:
    found = [each for each in rows(ann, chart) if each[0] != "gap"]
    assert found == [
        ("sure", "2026-01-06T02:15", "2026-01-06T02:16"),
        ("sure", "2026-01-09", "2026-01-10"),
        ("may", "2026-01-06", "2026-01-06T09:31"),
    ]
    assert "may overlap" in words(ann, chart)


def test_both_tables_sort_by_any_column_in_both_ways(ann: TestClient, chart: str) -> None:
    for table, kinds in (("gaps", {"gap"}), ("overlaps", {"sure", "may"})):
        for by in ("title", "first", "last", "length", "sure"):
            found = [rows(ann, chart, f"longer=hour&{table}={sign}{by}") for sign in ("", "-")]
            up, down = ([each for each in listed if each[0] in kinds] for listed in found)
            assert sorted(up) == sorted(down)
            if by in ("first", "last"):
                column = {"first": 1, "last": 2}[by]
                assert [each[column] for each in up] == sorted(each[column] for each in up)
                assert [each[column] for each in down] == [each[column] for each in up][::-1]
    page = ann.get(f"{chart}/gaps?gaps=first").text
    assert 'aria-sort="ascending"' in page
    assert "gaps=-first" in page


def test_how_long_a_gap_must_be_depends_on_the_time_that_is_looked_at(ann: TestClient, chart: str) -> None:
    for query, name in (
        ("", "day"), ("first=2026-01-05&last=2026-01-06", "hour"), ("first=2026-01-01&last=2026-01-10", "hours"),
        ("first=2025-01-01&last=2026-12-31", "week"), ("longer=hour", "hour"), ("longer=nonsense", "day"),
    ):  # fmt: skip
        assert f"Gaps longer than {LONGER[name][0]} " in words(ann, chart, query)


def test_a_row_leads_to_the_things_and_says_when_each_was(ann: TestClient, chart: str) -> None:
    page = ann.get(f"{chart}/gaps?lanes=thing&longer=day").text
    assert 'href="/object/incident-' in page
    assert "lives at South House 8 Jan 2026 to 12 Jan 2026" in words(ann, chart, "lanes=thing&longer=day")


@pytest.mark.parametrize(
    "query", ["first=soon&last=2026-13", "gaps=nothing", "lanes=nothing", "first=2026-02-01&last=2026-01-01"]
)
def test_an_address_that_says_nonsense_is_no_failure(ann: TestClient, chart: str, query: str) -> None:
    assert ann.get(f"{chart}/gaps?{query}").status_code == 200


def test_a_look_at_gaps_is_on_the_audit_log(ann: TestClient, chart: str, whereabouts: BlueLamp) -> None:  # noqa: F811 (the fixture)
    before = newest(whereabouts)
    ann.get(f"{chart}/gaps?part=1")
    assert [entry["action"] for entry in entries(whereabouts, before)] == ["chart:view"]


def test_a_day_of_custody_is_in_the_table_of_each_of_its_days(ann: TestClient, chart: str) -> None:
    for day, there in (("2026-01-05", True), ("2026-01-06", True), ("2026-01-07", False)):
        page = ann.get(f"{chart}?types=Custody&first={day}&last={day}").text
        assert ('data-thing="custody-' in page) == there


def test_the_chart_leads_there(ann: TestClient, chart: str) -> None:
    assert f'href="{chart}/gaps"' in ann.get(chart).text
