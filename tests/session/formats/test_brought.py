"""Files that were made elsewhere are read without believing anything of them."""

import json

import pytest

from bluelamp.errors import BlueLampError
from bluelamp.session.formats import file_of, known
from bluelamp.session.formats.brought import MOST, BroughtLink, read
from tests.session.formats.made import BONDS, CHEN, MAN, SMITH, THINGS, out

OTHERS = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
  <key id="d0" for="node" attr.name="Label" attr.type="string"/>
  <key id="d1" for="edge" attr.name="relationship" attr.type="string"/>
  <key id="d2" for="node" yfiles.type="nodegraphics"/>
  <key id="d3" for="node" attr.name="x" attr.type="double"/><key id="d4" for="node" attr.name="y" attr.type="double"/>
  <graph edgedefault="undirected">
    <node id="n0"><data key="d0">Bob</data><data key="d3">1.5</data><data key="d4">nan</data></node>
    <node id="n1"><data key="d2"><y:ShapeNode><y:NodeLabel>Red car</y:NodeLabel></y:ShapeNode></data>
      <graph><node id="n2"/></graph></node>
    <edge source="n0" target="n1"><data key="d1">drives</data></edge>
    <edge source="n0" target="n0"/><edge source="n0" target="nowhere"/>
  </graph>
</graphml>"""


@pytest.mark.parametrize("format", ["graphml", "ftm"])
def test_what_was_taken_out_is_read_back(format: str) -> None:
    found = read(format, file_of(out(), known(format)).content)
    assert set(found.things) == {str(each.id) for each in THINGS} | {MAN}
    assert (found.things[MAN].label, found.things[MAN].type) == ("The man in the red hat", "Person")
    assert "Seen by two" in found.things[MAN].reason
    ends = sorted((str(each.one), str(each.other)) for each in BONDS)
    assert sorted((each.one, each.other) for each in found.links) == sorted([*ends, (MAN, str(SMITH))])
    assert {"lives_at", "involved_in"} <= {each.type for each in found.links}
    assert found.whole() == found


def test_notes_come_along_and_a_place_does() -> None:
    said = read("ftm", file_of(out(), known("ftm")).content).notes
    assert said == [("=1+1 told at the desk", ""), ("A new phone", str(CHEN))]
    assert read("graphml", file_of(out(), known("graphml")).content).things[str(SMITH)].place


def test_graphml_of_other_programs_is_understood() -> None:
    found = read("graphml", OTHERS.encode())
    assert {id: each.label for id, each in found.things.items()} == {"n0": "Bob", "n1": "Red car", "n2": "n2"}
    assert found.things["n0"].place is None
    assert len(found.links) == 3
    assert found.whole().links == [BroughtLink("n0", "n1", "drives", "drives")]


def test_entities_of_others_are_put_together_from_their_lines_and_refer_to_each_other() -> None:
    lines = [
        {"id": "a", "schema": "Person", "properties": {"firstName": ["Ada"], "addressEntity": ["b"]}},
        {"id": "a", "schema": "Person", "properties": {"name": "Ada Fox"}},
        {"id": "b", "schema": "Address", "properties": {"full": ["1 Harbour Road"]}},
        {
            "id": "c",
            "schema": "Directorship",
            "properties": {"director": ["a"], "organization": ["b"], "role": ["head"]},
        },
    ]
    found = read("ftm", "\n".join(map(json.dumps, lines)).encode() + b"\n\n")
    assert {id: each.label for id, each in found.things.items()} == {"a": "Ada Fox", "b": "1 Harbour Road"}
    assert found.links == [
        BroughtLink("a", "b", "addressEntity", "addressEntity"), BroughtLink("a", "b", "head", "Directorship"),
    ]  # fmt: skip


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><graphml>&b;</graphml>'
STRANGER = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><graphml/>'
ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><graphml><node id="&a;"/></graphml>'


@pytest.mark.parametrize(
    ("format", "data", "sentence"),
    [
        ("graphml", LAUGHS, "document type"),
        ("graphml", STRANGER, "document type"),
        ("graphml", ENTITY, "document type"),
        ("graphml", LAUGHS.encode("utf-16"), "document type"),
        ("graphml", "<graphml>" + "<node>" * 100_000, "deep in each other"),
        ("graphml", "<graphml><node>", "cannot be read as XML"),
        ("graphml", "", "cannot be read as XML"),
        ("graphml", '<?xml version="1.0" encoding="klingon"?><graphml/>', "cannot be read as XML"),
        ("graphml", b"\xff\xfe\x00", "cannot be read as XML"),
        ("graphml", "<html/>", "no GraphML"),
        ("graphml", "<graphml/>", "nothing that a chart could show"),
        ("graphml", "<graphml>" + "<node/>" * 9 + "</graphml>", ""),
        ("ftm", "{", "Line 1 is no FollowTheMoney"),
        ("ftm", '{"id": "a", "schema": "Person"}\n[1]', "Line 2 is no FollowTheMoney"),
        ("ftm", "[" * 100_000, "Line 1 is no FollowTheMoney"),
        ("ftm", '{"id": 1, "schema": "Person"}', "Line 1 is no FollowTheMoney"),
        ("ftm", '{"id": "a", "schema": "Person", "properties": ["x"]}', "Line 1 is no FollowTheMoney"),
        ("ftm", '{"id": "a", "schema": "Person", "properties": {"name": ' + "9" * 10_000 + "}}", "Line 1 is no FollowTheMoney"),
        ("ftm", b"\xff\xfe", "not in UTF-8"),
        ("ftm", "", "nothing that a chart could show"),
        ("xlsx", "", "no format 'xlsx' to read"),
        ("ftm", "\n".join(f'{{"id": "a{n}", "schema": "Person"}}' for n in range(MOST + 1)), "50,001 things and links"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_one_sentence(format: str, data: str | bytes, sentence: str) -> None:
    content = data if isinstance(data, bytes) else data.encode()
    if not sentence:
        assert len(read(format, content).things) == 1
        return
    with pytest.raises(BlueLampError, match=sentence) as told:
        read(format, content)
    assert len(str(told.value)) < 250


def test_text_that_no_database_holds_is_made_to_fit() -> None:
    said = {
        "id": "a",
        "schema": "Person\x00",
        "properties": {"name": ["x\x00\ud800" + "y" * 300], "notes": ["z" * 5000]},
    }
    (found,) = read("ftm", json.dumps(said).encode()).things.values()
    assert found.label.startswith("x\ufffd\ufffdyy")
    assert (len(found.label), found.label[-1], len(found.reason), found.type) == (200, "…", 4000, "Person\ufffd")
