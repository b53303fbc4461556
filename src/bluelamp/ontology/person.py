"""A human being. Never a victim or a suspect by itself: that stands on the link to an event (DP-9)."""

from bluelamp.ontology.grammar import Kind, ObjectType, Property
from bluelamp.types import (
    AgeRange,
    CollarNumber,
    Country,
    Cro,
    Date,
    DrivingLicence,
    Email,
    Ethnicity,
    Flag,
    Name,
    NhsNumber,
    Nino,
    Note,
    Passport,
    PncId,
    Sex,
    Text,
)


class Person(ObjectType):
    """A nominal: someone who lives or lived."""

    label = "Person"
    plural = "People"
    kind = Kind.PERSON
    caption = ("given_name", "middle_name", "surname")
    instead = ("full_name",)
    glance = ("date_of_birth", "sex", "alias", "pnc_id", "collar_number")

    given_name = Property(Name(), "Given name", steady=True)
    middle_name = Property(Name(), "Middle name")
    surname = Property(Name(), "Surname", steady=True)
    full_name = Property(Name(), "Whole name", "For a source that does not give the parts of a name apart")
    alias = Property(Name(), "Alias or nickname", "Kept apart from the name as given (POLE-5)", varies=True)
    maiden_name = Property(Name(), "Maiden name")
    date_of_birth = Property(Date(), "Date of birth", steady=True)
    date_of_death = Property(Date(), "Date of death")
    sex = Property(Sex(), "Sex")
    age_range = Property(AgeRange(), "Age range")
    ethnicity_self = Property(Ethnicity("self"), "Self-defined ethnicity", sensitive=True)
    ethnicity_observed = Property(Ethnicity("observed"), "Observed ethnicity", sensitive=True)
    nationality = Property(Country(), "Nationality", varies=True)
    birth_place = Property(Text(), "Place of birth")
    occupation = Property(Text(), "Occupation", varies=True)
    pnc_id = Property(PncId(), "PNC ID", strong=True)
    cro = Property(Cro(), "CRO number", strong=True)
    nino = Property(Nino(), "National Insurance number")
    nhs_number = Property(NhsNumber(), "NHS number", sensitive=True)
    passport = Property(Passport(), "Passport number", varies=True)
    driving_licence = Property(DrivingLicence(), "Driver number")
    collar_number = Property(CollarNumber(), "Collar number")
    email = Property(Email(), "Email", varies=True)
    missing = Property(Flag(), "Missing", warning=True, varies=True)
    warning = Property(Text(), "Warning", "What an officer must know before a meeting", warning=True, varies=True)
    description = Property(Note(), "Description", varies=True)
