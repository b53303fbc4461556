"""The objects of POLE: vehicles, phones, mailboxes and everything else that can be held or used."""

from bluelamp.ontology.grammar import Kind, ObjectType, Property
from bluelamp.types import Date, Iccid, Imei, Imsi, Integer, Note, Number, Reference, Text, Vin, Vrm
from bluelamp.types import Email as EmailAddress
from bluelamp.types import Phone as PhoneNumber


class Vehicle(ObjectType):
    """Known by its registration mark, which can be cloned, misread or moved to another vehicle."""

    label = "Vehicle"
    plural = "Vehicles"
    kind = Kind.OBJECT
    caption = ("vrm", "colour", "make", "model")
    glance = ("body", "vin")

    vrm = Property(Vrm(), "Registration mark", strong=True)
    vin = Property(Vin(), "Vehicle identification number")
    make = Property(Text(), "Make", steady=True)
    model = Property(Text(), "Model")
    colour = Property(Text(), "Colour")
    body = Property(Text(), "Body")
    first_registered = Property(Date(), "First registered")
    warning = Property(Text(), "Marker", "Why an officer should take care", warning=True, varies=True)


class Phone(ObjectType):
    """A telephone number with what is known of its handset and card."""

    label = "Phone"
    plural = "Phones"
    kind = Kind.OBJECT
    caption = ("number",)
    glance = ("network",)

    number = Property(PhoneNumber(country="GB"), "Number", strong=True)
    imei = Property(Imei(), "IMEI", varies=True)
    imsi = Property(Imsi(), "IMSI", varies=True)
    iccid = Property(Iccid(), "SIM serial", varies=True)
    network = Property(Text(), "Network", varies=True)


class Email(ObjectType):
    """A mailbox."""

    label = "Email address"
    plural = "Email addresses"
    kind = Kind.OBJECT
    caption = ("address",)

    address = Property(EmailAddress(), "Address", strong=True)


class Item(ObjectType):
    """Anything else: stolen property, a weapon, a bank card, a document."""

    label = "Item"
    plural = "Items"
    kind = Kind.OBJECT
    caption = ("item_type", "make", "description")
    glance = ("serial_number",)

    item_type = Property(Text(), "Kind of item")
    make = Property(Text(), "Make")
    serial_number = Property(Reference(by_end=True), "Serial number")
    quantity = Property(Integer(), "Quantity")
    value = Property(Number(), "Value in pounds")
    description = Property(Note(), "Description", varies=True)
