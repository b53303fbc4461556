"""The door: what it lets through, what it hides, and that it writes down both."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bluelamp
from bluelamp.errors import NotFound, Refused
from bluelamp.session.force import BlueLamp
from bluelamp.session.plain import plain
from bluelamp.session.session import Session


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, built and opened."""
    opened = run_once(tmp_path_factory.mktemp("session") / "force")
    yield opened
    opened.close()


def as_(force: BlueLamp, user: str) -> Session:
    """A session of `user` for the investigation."""
    return force.session(user, "investigation", "Operation Ash")


def last(force: BlueLamp, count: int = 1) -> list[dict[str, object]]:
    """The newest entries of the log, the newest first, read below the door."""
    from sqlalchemy import text

    with force.database.begin() as connection:
        rows = connection.execute(text("select * from audit order by seq desc limit :n"), {"n": count}).mappings()
        return [dict(row) for row in rows]


def smith(force: BlueLamp, user: str = "ann") -> str:
    """The id of John Smith, who stands in both sources."""
    return str(next(h.object for h in as_(force, user).search("john smith").hits if h.type == "Person"))


def test_without_a_purpose_there_is_no_data(force: BlueLamp) -> None:
    with pytest.raises(Refused, match="No purpose, no data"):
        force.session("ann", None, "curious")
    assert last(force)[0]["decision"] == "refused"


def test_a_purpose_that_needs_a_case_is_refused_without_one(force: BlueLamp) -> None:
    with pytest.raises(Refused, match="needs a case reference"):
        force.session("ann", "welfare", "a reason")
    assert force.session("ann", "welfare", "a reason", case="W/1").search("smith").total == 0


def test_purpose_past_end_date_refuses(force: BlueLamp) -> None:
    with pytest.raises(Refused, match="ended on 31 Dec 2020"):
        force.session("ann", "ended", "a reason")


def test_the_administrator_sees_no_case_data_by_being_administrator(force: BlueLamp) -> None:
    with pytest.raises(Refused, match="roles may not use"):
        force.session("ida", "investigation", "looking round")


def test_an_object_shows_only_what_the_readers_visible_records_say(force: BlueLamp) -> None:
    cleared, other = as_(force, "ann").object(smith(force)), as_(force, "ben").object(smith(force, "ben"))
    assert cleared.id == other.id
    assert (cleared.records, other.records) == (3, 2)
    assert other.sources == ("custody",)
    assert "intelligence" not in repr(other)


def test_an_object_with_no_visible_record_is_as_absent_as_one_that_never_was(force: BlueLamp) -> None:
    chen = str(as_(force, "ann").search("wei chen").hits[0].object)
    with pytest.raises(NotFound) as hidden:
        as_(force, "ben").object(chen)
    invented = "person-0123456789abcdef"
    with pytest.raises(NotFound) as absent:
        as_(force, "ben").object(invented)
    assert str(hidden.value).replace(chen, "") == str(absent.value).replace(invented, "")
    assert as_(force, "ben").search("wei chen").total == 0


def test_counts_and_facets_hold_only_what_is_visible(force: BlueLamp) -> None:
    assert "IntelligenceReport" not in as_(force, "ben").counts()
    assert set(as_(force, "ben").search("").facets.sources) == {"custody"}


def test_DP_3_sensitive_values_are_masked_unless_the_purpose_may_see_them(force: BlueLamp) -> None:
    view = as_(force, "ann").object(smith(force))
    fact = next(each for each in view.facts if each.name == "ethnicity_self")
    assert fact.values[0].masked
    assert fact.values[0].value == ""
    assert "ethnicity_self" not in as_(force, "ann").table("Person").arrow().column_names


def test_sources_that_disagree_are_shown_side_by_side(force: BlueLamp) -> None:
    fact = next(each for each in as_(force, "ann").object(smith(force)).facts if each.name == "given_name")
    assert fact.disagree
    assert {value.value for value in fact.values} == {"John", "Jon"}


def test_every_value_leads_back_to_its_row_and_the_row_to_its_objects(force: BlueLamp) -> None:
    said = as_(force, "ann").object(smith(force)).facts[0].values[0].said[-1]
    row = as_(force, "ann").lineage(said.source, said.delivery, said.row)
    assert smith(force) in {str(fed.id) for fed in row.feeds}
    assert {cell.column for cell in row.cells} >= {"Forename", "Surname"}


def test_the_lineage_of_a_row_of_a_source_that_is_not_open_is_absent(force: BlueLamp) -> None:
    with pytest.raises(NotFound):
        as_(force, "ben").lineage("intelligence", 1, 1)


def test_raw_value_never_lost(force: BlueLamp) -> None:
    row = as_(force, "ann").lineage("custody", 1, 2)
    step = next(each for each in row.steps if each.property == "date_of_birth")
    assert (step.raw, step.cleaned) == ("31/02/1988", "")
    assert step.issue


def test_what_was_not_understood_of_an_object_is_told_with_its_place(force: BlueLamp) -> None:
    okafor = as_(force, "ben").search("okafor").hits[0].object
    fact = next(each for each in as_(force, "ben").object(okafor).facts if each.name == "date_of_birth")
    (wrong,) = fact.not_understood
    assert (fact.values, fact.disagree, wrong.raw) == ((), False, "31/02/1988")
    assert [(place.source, place.delivery, place.row) for place in wrong.said] == [("custody", 1, 2)]
    said = next(each for each in plain(as_(force, "ben").object(okafor))["facts"] if each["name"] == "date_of_birth")
    assert (said["values"], said["not_understood"][0]["message"]) == ([], wrong.message)


def test_zero_hit_search_is_logged(force: BlueLamp) -> None:
    as_(force, "ann").search("nobody of that name")
    entry = last(force)[0]
    assert (entry["operation"], entry["result_count"], entry["actor_id"]) == ("consultation", 0, "ann")
    assert "nobody of that name" in str(entry["fields_or_query"])


def test_view_logs_every_subject_on_screen(force: BlueLamp) -> None:
    hits = as_(force, "ann").search("smith").hits
    people = {str(hit.object) for hit in hits if hit.type == "Person"}
    assert set(last(force)[0]["data_subject_ids"]) == people  # type: ignore[call-overload]


def test_each_verb_leaves_exactly_one_entry(force: BlueLamp) -> None:
    session, id = as_(force, "ann"), smith(force)
    for act in (
        lambda: session.search("smith"),
        lambda: session.object(id),
        lambda: session.links(id),
        lambda: session.lineage("custody", 1, 1),
        lambda: session.table("Person"),
        lambda: session.source("custody"),
    ):
        before = last(force)[0]["seq"]
        act()
        assert last(force)[0]["seq"] == before + 1  # type: ignore[operator]


def test_a_delivery_is_a_collection_on_the_log(force: BlueLamp) -> None:
    collected = [entry for entry in last(force, 10_000) if entry["operation"] == "collection"]
    assert len(collected) == 2
    assert {entry["actor_id"] for entry in collected} == {"tester"}


def test_DP_42_a_join_of_records_is_a_combination_that_names_both_sides(force: BlueLamp) -> None:
    combined = [entry for entry in last(force, 10_000) if entry["operation"] == "combination"]
    assert len(combined) == 1
    ids = combined[0]["object_ids"]
    assert len(ids) == 2  # type: ignore[arg-type]
    assert smith(force) in ids  # type: ignore[operator]
    assert combined[0]["data_subject_ids"] == ids


def test_an_export_is_a_disclosure_and_carries_its_marking(force: BlueLamp, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    assert as_(force, "ann").export("Person", tmp_path / "people.parquet") == 5
    entry = last(force)[0]
    assert (entry["operation"], entry["recipients"]) == ("disclosure", ["ann"])
    table = pq.read_table(tmp_path / "people.parquet")
    assert table.schema.metadata[b"marking"] == b"OFFICIAL-SENSITIVE"
    assert {"source", "key", "object", "surname"} <= set(table.column_names)
    assert smith(force) in table.column("object").to_pylist()


def test_tables_come_as_arrow_polars_and_pandas(force: BlueLamp) -> None:
    table = as_(force, "ann").table("Person")
    assert table.arrow().num_rows == len(table.polars()) == len(table.pandas()) == 5


def test_no_audit_entry_no_answer(tmp_path: Path, run_once: Callable[[Path], BlueLamp]) -> None:
    from bluelamp.errors import DatabaseUnavailable

    opened = run_once(tmp_path / "force")
    session = opened.session("ann", "investigation", "Operation Ash")
    opened.audit.close()
    with pytest.raises(DatabaseUnavailable):
        session.search("smith")
    opened.close()


def test_a_build_is_opened_once_however_many_ask_for_it_first(force: BlueLamp) -> None:
    again = bluelamp.open(force.folder)
    begin, found = threading.Barrier(8), list[int]()

    def ask() -> None:
        begin.wait()
        found.append(id(again.published))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [id(again.published)] * 8
    again.close()
