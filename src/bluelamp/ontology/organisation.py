"""A company, charity, public body or any other body that is not one person."""

from bluelamp.ontology.grammar import Kind, ObjectType, Property
from bluelamp.types import Email, Name, Reference, Text


class Organisation(ObjectType):
    """A business is never a person (POLE-1)."""

    label = "Organisation"
    plural = "Organisations"
    kind = Kind.PERSON
    caption = ("title",)
    glance = ("company_number", "sector")

    title = Property(Name("organisation"), "Name")
    trading_name = Property(Name("organisation"), "Trading name", varies=True)
    company_number = Property(Reference(), "Company number", strong=True)
    sector = Property(Text(), "Sector")
    email = Property(Email(), "Email", varies=True)
