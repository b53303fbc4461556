"""Every format holds the same chart, whole, marked, and harmless."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest

from bluelamp.errors import BlueLampError
from bluelamp.session.changes import Spot
from bluelamp.session.formats import FORMATS, Format, file_of, known
from bluelamp.session.formats.ftm import inside
from bluelamp.session.formats.taken import bonds, notes, part, things
from tests.session.formats.made import (
    BONDS,
    CAR,
    CHEN,
    HOME,
    KNOWS,
    MAN,
    PHONE,
    REPORT,
    SMITH,
    THINGS,
    out,
    view,
)

Graph = tuple[set[str], set[tuple[str, str]], int]

#: what every format has to hold
NODES = {str(each.id) for each in THINGS} | {MAN}
ENDS = {(str(each.one), str(each.other)) for each in BONDS} | {(MAN, str(SMITH))}


def written(name: str) -> bytes:
    return file_of(out(), known(name)).content


def opened(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(written(name))) as archive:
        assert archive.testzip() is None
        assert archive.comment.startswith(b"OFFICIAL-SENSITIVE.")
        return {each: archive.read(each) for each in archive.namelist()}


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def of_tables(things: list[dict[str, object]], bonds: list[dict[str, object]]) -> Graph:
    return {str(row["id"]) for row in things}, {(str(row["one"]), str(row["other"])) for row in bonds}, len(bonds)


def csv_graph() -> Graph:
    files = opened("csv")
    return of_tables(table(files["things.csv"]), table(files["bonds.csv"]))  # type: ignore[arg-type]


def parquet_graph() -> Graph:
    files = opened("parquet")
    read = [pq.read_table(io.BytesIO(files[f"{name}.parquet"])).to_pylist() for name in ("things", "bonds")]
    return of_tables(*read)


def i2_graph() -> Graph:
    rows = table(written("i2"))
    ends = [(row["Entity 1 Identity"], row["Entity 2 Identity"]) for row in rows if row["Link Identity"]]
    return (
        {id for row in rows for id in (row["Entity 1 Identity"], row["Entity 2 Identity"]) if id},
        set(ends),
        len(ends),
    )


def graphml_graph() -> Graph:
    root = ET.fromstring(written("graphml"))  # noqa: S314 (our own)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    ends = [(each.attrib["source"], each.attrib["target"]) for each in root.iter(f"{space}edge")]
    return {each.attrib["id"] for each in root.iter(f"{space}node")}, set(ends), len(ends)


def gexf_graph() -> Graph:
    root = ET.fromstring(written("gexf"))  # noqa: S314 (our own)
    ends = [(each.attrib["source"], each.attrib["target"]) for each in root.iter("{http://gexf.net/1.3}edge")]
    return {each.attrib["id"] for each in root.iter("{http://gexf.net/1.3}node")}, set(ends), len(ends)


def geojson_graph() -> Graph:
    features = [each["properties"] for each in json.loads(written("geojson"))["features"]]
    return of_tables([each for each in features if "one" not in each], [each for each in features if "one" in each])


def ftm_graph() -> Graph:
    ends = ("owner", "asset", "person", "relative", "associate", "subject", "object", "employee", "employer")
    entities = [json.loads(line) for line in written("ftm").splitlines()]
    linked = [
        tuple(inside(value[0]) for name, value in each["properties"].items() if name in ends)
        for each in entities
        if set(ends) & set(each["properties"])
    ]
    named = {inside(each["id"]) for each in entities if each["schema"] != "Note"}
    return {id for id in named if not id.startswith("link-") and id != KNOWS}, set(linked), len(linked)  # type: ignore[arg-type]


GRAPHS: dict[str, Callable[[], Graph]] = {
    "csv": csv_graph, "parquet": parquet_graph, "i2": i2_graph, "graphml": graphml_graph, "gexf": gexf_graph,
    "geojson": geojson_graph, "ftm": ftm_graph,
}  # fmt: skip


@pytest.mark.parametrize("name", GRAPHS)
def test_a_data_format_reads_back_with_the_same_things_and_links(name: str) -> None:
    assert GRAPHS[name]() == (NODES, ENDS, len(BONDS) + 1)


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_every_format_says_its_marking_in_its_name_and_is_the_same_each_time(format: Format) -> None:
    made = file_of(out(), format)
    assert made.name == f"Market _Ash_ _ Brixton OFFICIAL-SENSITIVE.{format.suffix}"
    assert made.content == format.write(out())


@pytest.mark.parametrize("name", [each.name for each in FORMATS if each.name not in ("png", "pdf")])
def test_every_text_format_holds_marking_conditions_recipients_proposals_and_notes(name: str) -> None:
    content = written(name)
    whole = b"".join(opened(name).values()) if name in ("csv", "parquet") else content
    for said in (
        "OFFICIAL-SENSITIVE",
        "Not to be told to the subject",
        "CPS London",
        "The man in the red hat",
        "Ann, analyst",
    ):
        assert said.encode() in whole, said
    if name != "i2":
        assert b"told at the desk" in whole
        assert b"A new phone" in whole


@pytest.mark.parametrize("name", ["csv", "i2"])
def test_no_cell_of_a_csv_is_run_by_a_spreadsheet(name: str) -> None:
    files = opened("csv").values() if name == "csv" else [written("i2")]
    cells = [
        cell for each in files for row in csv.reader(io.StringIO(each.decode("utf-8-sig"), newline="")) for cell in row
    ]
    begun = [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]
    assert all(re.fullmatch(r"-\d+\.\d+", cell) for cell in begun)
    assert '\'=HYPERLINK("http://evil.example")' in cells
    assert "'+44 7700 900123" in cells


def test_attributes_keep_their_types_and_what_is_proposed_is_flagged() -> None:
    root = ET.fromstring(written("graphml"))  # noqa: S314 (our own)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    keys = {
        (each.attrib["for"], each.attrib["attr.name"]): each.attrib["attr.type"] for each in root.iter(f"{space}key")
    }
    assert keys["node", "x"] == keys["node", "latitude"] == "double"
    assert keys["node", "proposed"] == keys["edge", "doubtful"] == "boolean"
    assert keys["edge", "basis"] == keys["graph", "marking"] == "string"
    flagged = {
        each.attrib["id"]: each.findtext(f"{space}data[@key='node.proposed']") for each in root.iter(f"{space}node")
    }
    assert {id for id, said in flagged.items() if said == "true"} == {MAN}
    table_ = pq.read_table(io.BytesIO(opened("parquet")["things.parquet"]))
    assert table_.schema.metadata[b"marking"] == b"OFFICIAL-SENSITIVE"
    assert table_.schema.metadata[b"purpose"] == b"Investigating crime"
    rows = {row["id"]: row for row in table_.to_pylist()}
    assert rows[MAN]["proposed"] is True
    assert rows[str(REPORT)]["markings"] == ["OFFICIAL-SENSITIVE"]
    assert rows[str(SMITH)]["Person.date_of_birth"] == ["1990-06-03"]


def test_geojson_puts_things_at_their_places_and_links_between_them() -> None:
    features = {each["id"]: each for each in json.loads(written("geojson"))["features"]}
    assert features[str(REPORT)]["geometry"] == {"type": "Point", "coordinates": [-0.1, 51.4]}
    assert features[str(HOME)]["geometry"]["type"] == "MultiPoint"
    assert features[str(PHONE)]["geometry"] is None


def test_follow_the_money_is_told_in_its_own_schemata() -> None:
    entities = {each["id"]: each for each in map(json.loads, written("ftm").splitlines())}
    schemata = {each["id"]: each["schema"] for each in entities.values()}
    assert schemata[str(SMITH)] == "Person"
    assert schemata[str(CAR)] == "Vehicle"
    assert schemata["intelligence.report-0000000000000005"] == "Event"
    links = {each["label"]: each["schema"] for each in entities.values() if "label" in each}
    assert links["lives at"] == links["involved in"] == links["knows"] == "UnknownLink"
    assert links["associated with"] == "Associate"
    smith = entities[str(SMITH)]["properties"]
    assert (smith["birthDate"], smith["gender"], smith["lastName"]) == (["1990-06-03"], ["male"], ["Smith"])
    assert "Nationality: Poland" in smith["notes"]
    # its ids know no underscore, its values no blanks
    assert all(re.fullmatch(r"[0-9a-zA-Z.-]+", id) for id in entities)
    assert all(value for each in entities.values() for values in each["properties"].values() for value in values)


def test_what_is_hidden_stays_with_all_that_hangs_on_it() -> None:
    chart = view(spots={str(each.id): Spot(hidden=each.id in (CHEN, SMITH)) for each in THINGS})
    leaves = part(chart)
    assert {each.id for each in leaves.things} == {each.id for each in THINGS} - {CHEN, SMITH}
    assert (leaves.bonds, set(leaves.proposed), [each.text for each in leaves.notes.values()]) == (
        (), {MAN}, ["=1+1 told at the desk"],
    )  # fmt: skip
    whole = out(chart)
    assert all("陈伟" not in str(rows) for rows in (things(whole), bonds(whole), notes(whole)))
    for format in FORMATS:
        assert str(CHEN).encode() not in format.write(whole)


def test_what_is_chosen_leaves_alone_with_the_links_among_it() -> None:
    leaves = part(view(), {str(SMITH), str(CAR)})
    assert {each.id for each in leaves.things} == {SMITH, CAR}
    assert [each.role for each in leaves.bonds] == ["ownershipOf", "driverOf"]
    assert (leaves.notes, leaves.proposed) == ({}, {})
    assert set(part(view(), {str(SMITH), MAN}).proposed) == {MAN, KNOWS}


def test_an_unknown_format_is_refused_in_one_sentence() -> None:
    with pytest.raises(BlueLampError, match="no format 'docx'; the formats are svg, png"):
        known("docx")
