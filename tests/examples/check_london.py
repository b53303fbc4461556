"""What is known of the large files themselves; `make check-data` runs this after `test_london.py` on the same build."""

import pytest

from tests.examples.published import Built, Published

ROWS = {
    "burglary": 961_555,
    "burglary-outcomes": 194_827,
    "stop-search": 273_781 + 423_064,
    "city-crime": 9_019,
    "boroughs": 33,
    "wards": 684,
    "lsoas": 4_994,
    "area-lookup": 5_016,
    "population": 4_994,
}
OBJECTS = {"Crime": 958_362, "Incident": 810, "StopSearch": 696_845, "SnapPoint": 123_077, "Area": 7_133}
LINKS = {"happened_at": 1_518_567, "in_area": 127_814, "became": 357}
ISSUES = {"burglary": 158_149, "burglary-outcomes": 1_473, "city-crime": 1_883}


@pytest.mark.parametrize(("source", "count"), ROWS.items())
def test_a_source_has_as_many_rows_as_were_published(london: Built, source: str, count: int) -> None:
    assert london.outcome.build.sources[source].kept == count


def test_each_file_of_stops_is_a_delivery_of_its_own(london: Built) -> None:
    deliveries = london.force.deliveries("stop-search")
    assert [(each.number, each.kept) for each in deliveries.values()] == [(1, 273_781), (2, 423_064)]


def test_crime_ids_are_as_many_as_were_counted(published: Published) -> None:
    burglary = published.burglary
    assert (len(burglary.ids), len(burglary.without_id), burglary.ids.total()) == (855_166, 95_102, 866_453)
    assert (len(published.city.ids), published.city.ids.total()) == (8_094, 8_209)


def test_objects_links_and_issues_are_those_of_the_documentation(london: Built) -> None:
    build = london.outcome.build
    assert build.objects == OBJECTS
    assert build.links == LINKS
    assert {name: state.issues for name, state in build.sources.items() if state.issues} == ISSUES


def test_the_eight_quoted_rows_are_where_they_were(published: Published) -> None:
    assert len(published.burglary.quoted) == 8
    assert published.burglary.quoted[147_594]["Crime ID"] == "22f0728481f7a180"


def test_ickenham_has_three_map_points_on_the_high_road(london: Built) -> None:
    assert london.force.session().search('"High Road, Ickenham"').total == 3
