"""The nouns and links that Blue Lamp knows, and the grammar in which a force declares its own."""

from bluelamp.ontology.events import (
    Call,
    Crime,
    Custody,
    Incident,
    IntelligenceReport,
    MissingEpisode,
    StopSearch,
    VehicleSighting,
)
from bluelamp.ontology.grammar import Basis, Category, Kind, LinkType, ObjectType, Property
from bluelamp.ontology.links import CATEGORY_OF_ROLE, LINKS
from bluelamp.ontology.location import Location
from bluelamp.ontology.organisation import Organisation
from bluelamp.ontology.person import Person
from bluelamp.ontology.things import Email, Item, Phone, Vehicle

#: every object type, in the order in which pages list them
NOUNS: tuple[type[ObjectType], ...] = (
    Person,
    Organisation,
    Vehicle,
    Phone,
    Email,
    Location,
    Item,
    Crime,
    Incident,
    StopSearch,
    Custody,
    IntelligenceReport,
    VehicleSighting,
    Call,
    MissingEpisode,
)

__all__ = [
    "CATEGORY_OF_ROLE",
    "LINKS",
    "NOUNS",
    "Basis",
    "Category",
    "Kind",
    "LinkType",
    "ObjectType",
    "Property",
]
