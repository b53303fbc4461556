"""A chart as GraphML and as GEXF, for programs that draw and measure graphs."""

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from bluelamp.session.formats import taken
from bluelamp.session.formats.layout import places
from bluelamp.session.formats.taken import Cell, Row, Taken

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF, VIZ = "http://gexf.net/1.3", "http://gexf.net/1.3/viz"

#: columns that stand elsewhere in the file than among the attributes
ENDS = ("id", "one", "other", "one_caption", "other_caption")


def as_graphml(out: Taken) -> bytes:
    """One graph whose nodes are the things; an edge leads from the first end of a link to the second."""
    things, bonds = _placed(out), taken.bonds(out)
    about: Row = dict(out.about)
    root = ET.Element("graphml", {"xmlns": GRAPHML})
    keys = {where: _keys(root, where, rows) for where, rows in (("graph", [about]), ("node", things), ("edge", bonds))}
    notes = [f"{row['text']} ({row['user']}, {row['at']})" for row in taken.notes(out)]
    keys["graph"]["notes"] = _key(root, "graph", "notes", "string")
    graph = ET.SubElement(root, "graph", id=out.chart, edgedefault="directed")
    _data(graph, keys["graph"], about | {"notes": tuple(notes)})
    for row in things:
        _data(ET.SubElement(graph, "node", id=str(row["id"])), keys["node"], row)
    for row in bonds:
        ends = {"id": str(row["id"]), "source": str(row["one"]), "target": str(row["other"])}
        _data(ET.SubElement(graph, "edge", ends), keys["edge"], row)
    return _bytes(root)


def as_gexf(out: Taken) -> bytes:
    """The same for Gephi, with the places of things as it draws them."""
    things, bonds = _placed(out), taken.bonds(out)
    root = ET.Element("gexf", {"xmlns": GEXF, "xmlns:viz": VIZ, "version": "1.3"})
    meta = ET.SubElement(root, "meta", lastmodifieddate=out.at.date().isoformat())
    ET.SubElement(meta, "creator").text = f"{out.about['force']}: {out.about['taken_out_by']}"
    ET.SubElement(meta, "description").text = _described(out)
    graph = ET.SubElement(root, "graph", defaultedgetype="directed", mode="static")
    kinds = {where: _attributes(graph, where, rows) for where, rows in (("node", things), ("edge", bonds))}
    nodes, edges = ET.SubElement(graph, "nodes"), ET.SubElement(graph, "edges")
    for row in things:
        node = ET.SubElement(nodes, "node", id=str(row["id"]), label=str(row["caption"]))
        _attvalues(node, kinds["node"], row)
        ET.SubElement(node, "viz:position", x=str(row["x"]), y=str(row["y"]), z="0.0")
    for row in bonds:
        ends = {"id": str(row["id"]), "source": str(row["one"]), "target": str(row["other"])}
        edge = ET.SubElement(edges, "edge", ends, label=str(row["label"]))
        _attvalues(edge, kinds["edge"], row)
        ET.SubElement(edge, "viz:shape", value=_stroke(row))
    return _bytes(root)


def _placed(out: Taken) -> list[Row]:
    """The things with where each of them stands."""
    at = places(out.part)
    return [row | {"x": at[str(row["id"])][0], "y": at[str(row["id"])][1]} for row in taken.things(out)]


def _types(rows: Iterable[Row]) -> dict[str, str]:
    """Attribute -> its type, as both formats name it."""
    found: dict[str, str] = {}
    for row in rows:
        for name, cell in row.items():
            if name not in ENDS and cell is not None:
                kind = "boolean" if isinstance(cell, bool) else "double" if isinstance(cell, float) else "string"
                found.setdefault(name, kind)
    return found


def _keys(root: ET.Element, where: str, rows: Iterable[Row]) -> dict[str, str]:
    """Declare the attributes of nodes or edges; attribute -> its key."""
    return {name: _key(root, where, name, kind) for name, kind in _types(rows).items()}


def _key(root: ET.Element, where: str, name: str, kind: str) -> str:
    key = f"{where}.{name}"
    ET.SubElement(root, "key", {"id": key, "for": where, "attr.name": name, "attr.type": kind})
    return key


def _data(element: ET.Element, keys: Mapping[str, str], row: Row) -> None:
    for name, text in _said(keys, row):
        ET.SubElement(element, "data", key=keys[name]).text = text


def _attributes(graph: ET.Element, where: str, rows: Iterable[Row]) -> dict[str, str]:
    declared = ET.SubElement(graph, "attributes", {"class": where})
    numbers: dict[str, str] = {}
    for number, (name, kind) in enumerate(_types(rows).items()):
        numbers[name] = str(number)
        ET.SubElement(declared, "attribute", id=str(number), title=name, type=kind)
    return numbers


def _attvalues(element: ET.Element, numbers: Mapping[str, str], row: Row) -> None:
    values = ET.SubElement(element, "attvalues")
    for name, text in _said(numbers, row):
        ET.SubElement(values, "attvalue", {"for": numbers[name], "value": text})


def _said(known: Mapping[str, str], row: Row) -> Iterable[tuple[str, str]]:
    for name in known:
        cell: Cell = row.get(name)
        if text := taken.one_text(cell):
            yield name, text


def _stroke(row: Row) -> str:
    return "dotted" if row["proposed"] else "dashed" if row["doubtful"] else "solid"


def _described(out: Taken) -> str:
    told = [f"{name.replace('_', ' ')}: {said}" for name, said in out.about.items() if said]
    return "\n".join([*told, *(f"note: {row['text']} ({row['user']}, {row['at']})" for row in taken.notes(out))])


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
