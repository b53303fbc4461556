"""A chart as FollowTheMoney entities, one JSON object a line (followthemoney.tech).

Ids are ours. What a schema has no property for stands in `notes` or `summary`, in words; what has no schema is a Thing
or an UnknownLink. Marking, sources and whether it is proposed stand beside the properties too, where programs that do
not know them keep them.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from bluelamp.ids import parse
from bluelamp.session.formats import taken
from bluelamp.session.formats.taken import Cell, Row, Taken


class Schema(NamedTuple):
    """The schema that a noun is told as, and its properties by ours."""

    name: str
    properties: Mapping[str, str]


class Edge(NamedTuple):
    """The schema that a link is told as, and its properties for the first end, the second end and the role."""

    name: str
    one: str
    other: str
    role: str


_HAPPENED = {"happened_at": "startDate", "happened_until": "endDate", "reference": "recordId", "text": "summary"}

#: our nouns; all that are not here are told as THING
SCHEMATA: dict[str, Schema] = {
    "Person": Schema(
        "Person",
        {
            "given_name": "firstName", "middle_name": "middleName", "surname": "lastName", "full_name": "alias",
            "alias": "weakAlias", "maiden_name": "previousName", "date_of_birth": "birthDate",
            "date_of_death": "deathDate", "birth_place": "birthPlace", "occupation": "position", "pnc_id": "idNumber",
            "cro": "idNumber", "nino": "socialSecurityNumber", "nhs_number": "idNumber",
            "passport": "passportNumber", "driving_licence": "idNumber", "email": "email",
            "ethnicity_self": "ethnicity", "description": "description",
        },
    ),
    "Organisation": Schema(
        "Organization",
        {"trading_name": "alias", "company_number": "registrationNumber", "sector": "sector", "email": "email"},
    ),
    "Vehicle": Schema(
        "Vehicle",
        {"vrm": "registrationNumber", "model": "model", "body": "type", "first_registered": "registrationDate"},
    ),
    "Phone": Schema("Asset", {}),
    "Item": Schema("Asset", {"description": "description"}),
    "Email": Schema("UserAccount", {"address": "username"}),
    "Location": Schema("Address", {"address": "full", "postcode": "postalCode", "area_name": "region"}),
    "Crime": Schema("Event", _HAPPENED),
    "Incident": Schema("Event", _HAPPENED),
    "StopSearch": Schema("Event", _HAPPENED),
    "Custody": Schema("Event", _HAPPENED | {"released_at": "endDate"}),
    "IntelligenceReport": Schema("Event", _HAPPENED),
    "VehicleSighting": Schema("Event", _HAPPENED),
    "Call": Schema("Event", _HAPPENED),
    "MissingEpisode": Schema("Event", _HAPPENED | {"found_at": "endDate"}),
}  # fmt: skip
THING = Schema("Thing", {})

_FAMILY = Edge("Family", "person", "relative", "relationship")
_ASSOCIATE = Edge("Associate", "person", "associate", "relationship")

#: our links by type and role; "" is any other role; all that are not here are told as UNKNOWN
EDGES: dict[tuple[str, str], Edge] = {
    ("has_vehicle", "ownershipOf"): Edge("Ownership", "owner", "asset", "role"),
    ("has_item", "ownershipOf"): Edge("Ownership", "owner", "asset", "role"),
    ("uses_phone", "ownershipOf"): Edge("Ownership", "owner", "asset", "role"),
    ("works_with", "owner"): Edge("Ownership", "owner", "asset", "role"),
    ("works_with", "employee"): Edge("Employment", "employee", "employer", "role"),
    ("associated_with", "partner"): _FAMILY,
    ("associated_with", "exPartner"): _FAMILY,
    ("associated_with", "spouse"): _FAMILY,
    ("associated_with", "guardian"): _FAMILY,
    ("associated_with", "nextOfKin"): _FAMILY,
    ("associated_with", ""): _ASSOCIATE,
}
UNKNOWN = Edge("UnknownLink", "subject", "object", "role")

#: schemata that FollowTheMoney has for links, with the properties of both ends: how a file of others is read
READ: dict[str, tuple[str, str]] = {
    **{each.name: (each.one, each.other) for each in (*EDGES.values(), UNKNOWN)},
    "Directorship": ("director", "organization"),
    "Membership": ("member", "organization"),
    "Representation": ("agent", "client"),
    "Occupancy": ("holder", "post"),
    "Documentation": ("document", "entity"),
    "Succession": ("predecessor", "successor"),
    "Payment": ("payer", "beneficiary"),
    "Debt": ("debtor", "creditor"),
    "ContractAward": ("supplier", "contract"),
    "CourtCaseParty": ("party", "case"),
    "ProjectParticipant": ("participant", "project"),
}

#: an organisation can be owned where it is a company
COMPANY = "Company"

GENDERS = {"Male": "male", "Female": "female"}


def as_ftm(out: Taken) -> bytes:
    """A line for the chart itself, for each thing, each link and each note."""
    owned = {
        str(bond.other) for bond in out.part.bonds if EDGES.get((bond.type, bond.role), UNKNOWN).name == "Ownership"
    }
    said = [f"{name.replace('_', ' ')}: {text}" for name, text in out.about.items() if text]
    entities = [_entity(out.chart, "Note", {"name": [out.title], "description": ["\n".join(said)]}, out.about)]
    entities += [_thing(out, row, owned) for row in taken.things(out)]
    entities += [_link(row) for row in taken.bonds(out)]
    for row in taken.notes(out):
        about = {"entity": [_outside(row["on"])]} if str(row["on"]) in taken.captions(out.part) else {}
        entities.append(_entity(row["id"], "Note", {"description": [row["text"]], **about}, row))
    return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in entities).encode()


def _thing(out: Taken, row: Row, owned: set[str]) -> dict[str, Any]:
    schema = SCHEMATA.get(str(row["type"]), THING)
    noun = out.nouns.get(str(row["type"]))
    properties: dict[str, list[Any]] = {"name": [row["caption"]]}
    told = [f"Type: {row['type_label']}"] if row["type_label"] and schema is THING else []
    for column, cell in row.items():
        _, dot, name = column.partition(".")
        said = [str(each) for each in cell] if isinstance(cell, tuple) else []
        if dot and name in schema.properties:
            properties.setdefault(schema.properties[name], []).extend(said)
        elif dot and noun and name != taken.CONDITIONS:
            told += [f"{noun.properties[name].label}: {each}" for each in said]
            if name == "sex":
                properties["gender"] = [GENDERS[each] for each in said if each in GENDERS]
    if schema.name == "Address" and row["latitude"] is not None:
        properties |= {"latitude": [str(row["latitude"])], "longitude": [str(row["longitude"])]}
    properties["notes"] = [*told, *_kept(row)]
    name = COMPANY if schema.name == "Organization" and row["id"] in owned else schema.name
    return _entity(row["id"], name, properties, row)


def _link(row: Row) -> dict[str, Any]:
    edge = EDGES.get((str(row["type"]), str(row["role"])), EDGES.get((str(row["type"]), ""), UNKNOWN))
    role = ", ".join(filter(None, (str(row["label"]), str(row["role"]))))
    properties: dict[str, list[Any]] = {
        edge.one: [_outside(row["one"])], edge.other: [_outside(row["other"])], edge.role: [role],
        "startDate": [row["from_date"]], "endDate": [row["to_date"]], "summary": _kept(row),
    }  # fmt: skip
    return _entity(row["id"], edge.name, properties, row)


def _kept(row: Row) -> list[str]:
    """What FollowTheMoney has no property for, in words."""
    titles = {
        "markings": "Marking", "handling_conditions": "Handling conditions", "sources": "Sources", "basis": "Basis",
        "category": "Category", "precision": "How exact the point is", "reason": "Proposed, by no source, because",
    }  # fmt: skip
    return [f"{title}: {text}" for name, title in titles.items() if (text := taken.one_text(row.get(name)))]


def _outside(id: Cell) -> str:
    """An id as FollowTheMoney takes it, which knows no underscore; `inside` undoes it."""
    return str(id).replace("_", ".")


def inside(id: str) -> str:
    """An id of a file as it is written here."""
    return id.replace(".", "_") if parse(id.replace(".", "_")) else id


def _entity(id: Any, schema: str, properties: Mapping[str, list[Any]], row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: [each for each in dict.fromkeys(values) if each] for name, values in properties.items()}
    own = ("type", "label", "marking", "markings", "sources", "basis", "doubtful", "proposed", "reason", "user", "at")
    beside = {name: row[name] for name in own if name in row and row[name] not in ("", ())}
    return {"id": _outside(id), "schema": schema, "properties": {n: v for n, v in kept.items() if v}, **beside}
