"""Publishing: accesses keep their numbers, and a change of little is made as a change."""

from pathlib import Path

import duckdb
import pytest

from bluelamp.errors import BlueLampError
from bluelamp.pipeline import publish
from tests.factory import CUSTODY_FILE, INTELLIGENCE, INTELLIGENCE_FILE, built, rows, store, workspace
from tests.pipeline.standing import HEADER, MARKED, ROW, declare, shown
from tests.pipeline.test_astray import EXHIBITS


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


#: exhibits of people whom intelligence knows, each report under the marking that it says
TAKEN = EXHIBITS.replace("source: custody, record: detainee", "source: intelligence, record: subject")
PLATES = "Plate,Ref\nAB12CDE,S1\nCD34EFG,S2\nEF56HJK,S9\n"


def seen_with(folder: Path) -> list[tuple[object, ...]]:
    """The links of exhibits: each plate, and the markings of the person who must be seen with it."""
    return rows(
        folder,
        "link l join record_vehicle v on v.object = l.object join access a on a.access = l.other_access "
        "join access e on e.access = l.end_access where type = 'has_vehicle'",
        "distinct v.vrm, e.source, a.source, a.marking",
    )


def test_a_link_is_seen_with_the_records_that_it_hangs_on_whichever_comes_first(tmp_path: Path) -> None:
    sources = {"exhibits": TAKEN, "intelligence": INTELLIGENCE}
    told = INTELLIGENCE_FILE.splitlines(keepends=True)
    again = [line.replace("IR", "IR9").replace("OFFICIAL-SENSITIVE", "OFFICIAL") for line in told]
    pieces = [
        {"exhibits-1.csv": PLATES, "intelligence-1.jsonl": told[0]},
        {"intelligence-2.jsonl": again[0]},
        {"intelligence-3.jsonl": again[1]},
        {"intelligence-4.jsonl": told[1]},
    ]
    whole, stepwise = tmp_path / "whole", tmp_path / "stepwise"
    built(workspace(whole, sources, {name: text for piece in pieces for name, text in piece.items()}))
    for piece in pieces:
        built(workspace(stepwise, sources, piece))
    assert seen_with(stepwise) == seen_with(whole)
    assert seen_with(whole) == [
        *[
            (plate, "exhibits", "intelligence", marking)
            for plate in ("AB12CDE", "CD34EFG")
            for marking in ("OFFICIAL", "OFFICIAL-SENSITIVE")
        ],
        # nobody has this reference: there is no other end to see
        ("EF56HJK", "exhibits", "exhibits", "OFFICIAL"),
    ]
