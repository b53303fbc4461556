"""A place: an address, a point on the map, or an area with a lasting name."""

from bluelamp.ontology.grammar import Kind, ObjectType, Property
from bluelamp.types import Address, Point, Postcode, Reference, Text, Uprn


class Location(ObjectType):
    """A place. Published points are often moved on purpose: `precision` says so (OPEN-1)."""

    label = "Location"
    plural = "Locations"
    kind = Kind.LOCATION
    caption = ("address", "name", "postcode")
    instead = ("point",)
    glance = ("area_name", "precision")

    name = Property(Text(), "Name of the place", varies=True)  # type: ignore[assignment] # a property called name; taken off the class
    address = Property(Address(), "Address")
    postcode = Property(Postcode(), "Postcode")
    uprn = Property(Uprn(), "UPRN", strong=True)
    point = Property(Point(), "Point (latitude, longitude)")
    precision = Property(Text(), "How exact the point is", "`exact`, `postcode`, `snap` (moved on purpose) or `area`")
    area_code = Property(Reference(), "Area code", "Of a statistical area, ward or borough")
    area_name = Property(Text(), "Area")
