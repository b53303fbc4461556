"""Publishing: accesses keep their numbers, and a change of little is made as a change."""

from pathlib import Path

import duckdb
import pytest

from bluelamp.errors import BlueLampError
from bluelamp.pipeline import publish
from tests.factory import CUSTODY_FILE, built, rows, store
from tests.pipeline.standing import HEADER, MARKED, ROW, declare, shown


def test_an_access_keeps_its_number_from_build_to_build(folder: Path) -> None:
    before = shown(folder)["access"]
    declare(folder, MARKED)
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{ROW.replace('Lambeth', 'OFFICIAL-SENSITIVE')}")
    built(folder)
    after = shown(folder)["access"]
    assert set(before) <= set(after)
    assert {marking for _, source, marking in after if source == "custody"} >= {"LAMBETH", "OFFICIAL-SENSITIVE"}


def test_a_build_notes_the_version_of_every_dataset_it_was_made_from(folder: Path) -> None:
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{ROW}")
    tables = built(folder).build.tables
    place = store(folder)
    assert tables["records/Person"] == place.records("Person").version
    assert tables["links/involved_in"] == place.links("involved_in").version
    assert {"issues", "entities"} <= set(tables)


def test_counts_of_a_build_are_those_of_its_index(folder: Path) -> None:
    (folder / "custody-2.csv").write_text(CUSTODY_FILE.replace("C1", "D1").replace("N2", "N7"))
    build = built(folder).build
    assert rows(folder, "object", "count(distinct (type, object))") == [(sum(build.objects.values()),)]
    assert rows(folder, "link where forward", "count(distinct (object, other, role))") == [
        (build.links["involved_in"],)
    ]


def test_markings_without_end_are_refused_and_as_many_as_a_scheme_may_have_are_not() -> None:
    with duckdb.connect() as connection:
        few, many = (
            f"select 'custody' as source, i::varchar as marking from range({count}) t(i)" for count in (1000, 1001)
        )
        publish._few_markings(connection, few)
        with pytest.raises(BlueLampError, match=r"^The rows of custody carry 1,001 different markings"):
            publish._few_markings(connection, many)
