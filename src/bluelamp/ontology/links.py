"""How things are connected. Roles are the link reasons of the POLE list (`reference/pole_link_reasons.csv`)."""

from bluelamp.ontology.grammar import Category, LinkType

EVENTS = (
    "Crime",
    "Incident",
    "StopSearch",
    "Custody",
    "IntelligenceReport",
    "VehicleSighting",
    "Call",
    "MissingEpisode",
)
PARTIES = ("Person", "Organisation")

#: the link type that says where an event was
PLACED = "happened_at"

#: what a role says of a person in the six categories of DPA 2018 s.38(3), where the role alone can say it
CATEGORY_OF_ROLE = {
    "knownSuspect": Category.SUSPECTED,
    "unknownSuspect": Category.SUSPECTED,
    "arrested": Category.SUSPECTED,
    "offender": Category.CONVICTED,
    "victim": Category.VICTIM,
    "witness": Category.WITNESS_OR_INFORMED,
    "personReporting": Category.WITNESS_OR_INFORMED,
    "officerInCase": Category.OTHER,
    "subject": Category.OTHER,
    "searched": Category.OTHER,
    "missingPerson": Category.OTHER,
}

LINKS = (
    LinkType(
        "involved_in",
        "involved in",
        "involves",
        PARTIES,
        EVENTS,
        roles=tuple(CATEGORY_OF_ROLE),
        categorised=True,
    ),
    LinkType(PLACED, "happened at", "place of", EVENTS, ("Location",), roles=("incidentLocation",)),
    LinkType(
        "lives_at",
        "lives at",
        "home of",
        ("Person",),
        ("Location",),
        roles=("homeAddress", "currentAddress", "permanentAddress"),
    ),
    LinkType(
        "based_at", "based at", "base of", ("Organisation",), ("Location",), roles=("businessAddress", "contactAddress")
    ),
    LinkType(
        "uses_phone",
        "uses phone",
        "used by",
        PARTIES,
        ("Phone",),
        roles=("ownershipOf", "personalTelephone", "businessTelephone"),
    ),
    LinkType("uses_email", "uses email", "used by", PARTIES, ("Email",), roles=("personalEmail", "businessEmail")),
    LinkType(
        "has_vehicle",
        "has vehicle",
        "vehicle of",
        PARTIES,
        ("Vehicle",),
        roles=("ownershipOf", "driverOf", "passengerOf", "inVehicle"),
    ),
    LinkType("has_item", "has item", "item of", PARTIES, ("Item",), roles=("ownershipOf", "stolenFrom")),
    LinkType(
        "works_with",
        "connected with organisation",
        "connected with person",
        ("Person",),
        ("Organisation",),
        roles=("owner", "employee", "customer", "supplier"),
    ),
    LinkType(
        "associated_with",
        "associated with",
        "associated with",
        ("Person",),
        ("Person",),
        roles=(
            "associate",
            "partner",
            "exPartner",
            "spouse",
            "guardian",
            "nextOfKin",
            "appropriateAdult",
            "employer",
            "colleagueWork",
            "neighbour",
            "friend",
            "landlord",
            "tenant",
            "solicitor",
            "stranger",
            "relationshipUnknown",
        ),
    ),
    LinkType(
        "involves_vehicle", "involves vehicle", "vehicle in", EVENTS, ("Vehicle",), roles=("stolen", "damaged", "seen")
    ),
    LinkType(
        "involves_item",
        "involves item",
        "item in",
        EVENTS,
        ("Item", "Phone"),
        roles=("stolen", "damaged", "weaponUsed", "incidentEvidence"),
    ),
    LinkType("from_phone", "called from", "made", ("Call",), ("Phone",)),
    LinkType("to_phone", "called to", "received", ("Call",), ("Phone",)),
    LinkType("about", "is about", "subject of", ("IntelligenceReport",), (*PARTIES, "Vehicle", "Phone", "Location")),
    LinkType(
        "related_event",
        "related to",
        "related to",
        EVENTS,
        EVENTS,
        roles=("sameIncidentReported", "arrestFor", "reportOf"),
    ),
)
