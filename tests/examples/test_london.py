"""The example of London's open data: every row accounted for, every join counted twice, once without Blue Lamp."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

from bluelamp.connectors import OPTIONS
from bluelamp.ids import ObjectId
from bluelamp.workspace import check, codes
from bluelamp.workspace.problems import Report
from tests.examples.conftest import LONDON
from tests.examples.published import Built, Published, Stops, Street

FAIR = {"user": "researcher", "purpose": "fairness", "reason": "Comparing who is stopped"}


def test_nothing_is_wrong_with_its_declarations() -> None:
    workspace, problems = check(LONDON, OPTIONS)
    assert workspace is not None
    assert problems == []


def test_every_row_is_read_and_kept(london: Built, published: Published) -> None:
    states = london.outcome.build.sources
    assert {name: state.read for name, state in states.items()} == published.read
    assert {name: state.kept for name, state in states.items()} == published.read
    assert [state.rejected for state in states.values()] == [0] * len(states)
    assert london.outcome.build.warnings == []


def test_a_crime_id_is_one_crime_and_a_row_without_one_another(london: Built, published: Published) -> None:
    crimes = published.burglary.crimes + published.city.crimes
    assert london.outcome.build.objects["Crime"] == crimes
    assert published.burglary.without_id
    assert max(published.burglary.ids.values()) > 1


def test_anti_social_behaviour_is_an_incident_and_no_crime(london: Built, published: Published) -> None:
    assert london.outcome.build.objects["Incident"] == published.city.incidents > 0


def test_every_stop_is_an_event_of_its_own(london: Built, published: Published) -> None:
    assert london.outcome.build.objects["StopSearch"] == published.read["stop-search"]


def test_every_outcome_joins_its_burglary(london: Built, published: Published) -> None:
    outcomes = "from record_crime join access using (access) where source = 'burglary-outcomes'"
    burglary = outcomes.replace("-outcomes", "")
    both = f"(select object {outcomes}) intersect (select object {burglary})"
    counted = f"select count(*), count(distinct object), (select count(*) from ({both})) {outcomes}"
    crimes = len(published.outcomes)
    assert london.rows(counted) == [(published.read["burglary-outcomes"], crimes, crimes)]


def test_the_outcomes_show_on_the_page_of_the_crime(london: Built, published: Published) -> None:
    crime, outcomes = max(published.outcomes.items(), key=lambda each: (len(set(each[1])), each[0]))
    session = london.force.session()
    (hit,) = session.search(crime).hits
    facts = {fact.name: fact for fact in session.object(hit.object).facts}
    assert {value.value for value in facts["outcome"].values} >= set(outcomes)
    assert {said.source for value in facts["outcome"].values for said in value.said} == {
        "burglary",
        "burglary-outcomes",
    }
    assert facts["happened_at"].values


def test_one_map_point_is_one_place_whichever_file_names_it(london: Built, published: Published) -> None:
    files: list[Street | Stops] = [published.burglary, published.city, *published.stops]
    assert london.outcome.build.objects["SnapPoint"] == len(set().union(*(each.points for each in files)))
    assert london.outcome.build.links["happened_at"] == sum(each.located for each in files)


def test_OPEN_1_every_published_point_says_that_it_was_moved(london: Built) -> None:
    assert london.rows("select distinct precision from record_snap_point") == [("snap",)]
    assert london.rows("select distinct precision from record_area where point is not null") == [("area",)]


def test_areas_come_together_by_their_code(london: Built, published: Published) -> None:
    assert london.outcome.build.objects["Area"] == len(published.area_codes)


def test_points_are_in_areas_and_areas_in_larger_ones(london: Built, published: Published) -> None:
    # a point of both files is one place, so what both say of it is one link
    links = [published.burglary.points_in_areas | published.city.points_in_areas]
    for inner, outer in (("LSOA21CD", "MSOA21CD"), ("LSOA21CD", "WD24CD"), ("WD24CD", "LAD22CD")):
        links.append({(row[inner], row[outer]) for row in published.lookup})
    assert london.outcome.build.links["in_area"] == sum(map(len, links))
    became = {(row["LSOA11CD"], row["LSOA21CD"]) for row in published.lookup if row["LSOA11CD"] != row["LSOA21CD"]}
    assert london.outcome.build.links["became"] == len(became) > 0


def test_the_only_issues_are_outcomes_that_may_be_several_types(london: Built, published: Published) -> None:
    path = LONDON / "reference" / "outcome_types.csv"
    known = codes.parse(path.read_text(encoding="utf-8"), path, Report())
    said = {
        "burglary": published.burglary.outcomes,
        "city-crime": published.city.outcomes,
        "burglary-outcomes": Counter(each for outcomes in published.outcomes.values() for each in outcomes),
    }
    session = london.force.session()
    for source, state in london.outcome.build.sources.items():
        unknown = sum(count for value, count in said.get(source, {}).items() if value.upper() not in known)
        assert state.issues == unknown
        kinds = {(each.property, each.code) for each in session.issue_counts(source)}
        assert kinds == ({("outcome_type", "unknown_code")} if unknown else set())


def test_a_value_with_a_comma_stays_whole(london: Built, published: Published) -> None:
    session = london.force.session()
    assert published.burglary.quoted
    for number, row in published.burglary.quoted.items():
        cells = {cell.column: cell.raw for cell in session.lineage("burglary", 1, number).cells}
        assert cells == {column: value or None for column, value in row.items()}
        assert cells["Location"] == "On or near High Road, Ickenham"


def test_a_street_is_found_by_its_name(london: Built, published: Published) -> None:
    found = london.force.session().search('"High Road, Ickenham"', types=("SnapPoint",))
    places = {f"{float(row['Latitude']):.6f}" for row in published.burglary.quoted.values()}
    assert found.total == len(places)
    assert {why.value for hit in found.hits for why in hit.why} == {"On or near High Road, Ickenham"}


def test_an_area_is_found_by_its_code_with_all_that_names_it(london: Built, published: Published) -> None:
    code = "E01002537"
    session = london.force.session()
    found = session.search(code, types=("Area",))
    assert [hit.caption for hit in found.hits] == ["Hillingdon 009E, E01002537"]
    assert session.search(code, types=("Crime",)).total > 0
    view, places = session.links_of(found.hits[0].object, "in_area")
    (population,) = [fact.values[0].value for fact in view.facts if fact.name == "population"]
    assert int(population) > 0
    assert len(places.ties) > 0
    assert published.burglary.rows_of_area[code] > 0


def test_a_crime_is_found_by_the_start_of_its_id(london: Built) -> None:
    session = london.force.session()
    (hit,) = session.search("22f0728481*").hits
    said = {fact.name: fact.values[0].value for fact in session.object(hit.object).facts}
    assert (said["reference"], said["happened_at"]) == ("22F0728481F7A180", "2012-06")


def test_a_row_can_be_followed_to_the_line_that_it_stood_on(london: Built, published: Published) -> None:
    number = published.burglary.without_id[-1]
    line = next(row for at, row in enumerate(published.rows("london_burglary_2*"), 1) if at == number)
    row = london.force.session().lineage("burglary", 1, number)
    assert {cell.column: cell.raw for cell in row.cells} == {column: value or None for column, value in line.items()}
    assert row.file == published.path("london_burglary_2*").name
    assert {fed.record for fed in row.feeds} >= {"crime"}
    assert {step.property: step.cleaned for step in row.steps}["crime_type"] == line["Crime type"]


def test_what_people_say_of_themselves_is_understood_in_the_words_of_every_year(
    london: Built, published: Published
) -> None:
    for column, property in (("Self-defined ethnicity", "ethnicity_self"), ("Age range", "age_range")):
        said = Counter[str]()
        for each in published.stops:
            said += each.values[column]
        kept = dict(london.rows(f"select {property}, count(*) from record_stop_search group by 1"))
        assert kept.get(None, 0) == said[""]
        assert sum(kept.values()) == said.total()
        assert len(kept) <= len(said)
    ways = ("White - White British (W1)", "White - English/Welsh/Scottish/Northern Irish/British")
    british = sum(each.values["Self-defined ethnicity"][way] for each in published.stops for way in ways)
    assert london.rows("select count(*) from record_stop_search where ethnicity_self = 'W1'") == [(british,)]


def test_ETH_1_ethnicity_is_masked_but_for_the_purpose_that_needs_it(london: Built) -> None:
    ((number,),) = london.rows("select min(object) from record_stop_search where ethnicity_self = 'W1'")
    id = ObjectId("stop_search", number)
    for asking, masked in (({}, True), (FAIR, False)):
        facts = {fact.name: fact for fact in london.force.session(**asking).object(id).facts}
        assert facts["ethnicity_self"].values[0].masked is masked


def test_the_times_of_stops_are_those_on_the_clocks_of_london(london: Built, published: Published) -> None:
    assert published.stops[1].first == "2021-05-31T23:00"
    first = "select min(happened_at) from record_stop_search where delivery = 2"
    assert london.rows(first) == [("2021-06-01T00:00",)]


def test_the_licence_is_named_wherever_the_data_is_shown(london: Built) -> None:
    for source in london.force.session().sources():
        assert "Open Government Licence v3.0" in source.attribution


def test_a_second_run_on_the_same_files_publishes_nothing(london: Built, deliveries: Path) -> None:
    again = london.force.run(who="tester", progress=lambda *_: None, base=deliveries)
    assert (again.published, again.taken) == (False, {})
    assert asdict(again.build) == asdict(london.outcome.build)
