"""Property types: the kinds of value that can be said of a thing."""

from bluelamp.types.age import AgeRange
from bluelamp.types.country import Country
from bluelamp.types.date import Date
from bluelamp.types.devices import Iccid, Imei, Imsi
from bluelamp.types.documents import DrivingLicence, Iban, NhsNumber, Nino, Passport, SortCode
from bluelamp.types.email import Email
from bluelamp.types.ethnicity import Ethnicity
from bluelamp.types.flag import Flag
from bluelamp.types.grade import Grade
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.identifier import Identifier
from bluelamp.types.justice import (
    Asn,
    CollarNumber,
    CourtCase,
    CpsUrn,
    CrimeReference,
    Cro,
    HoClassification,
    NsirCode,
    OffenceCode,
    PncId,
    WarrantNumber,
)
from bluelamp.types.moment import Moment
from bluelamp.types.name import Name
from bluelamp.types.number import Integer, Number
from bluelamp.types.outcome import Outcome
from bluelamp.types.phone import Phone
from bluelamp.types.place import Address, Point, Postcode, Uprn
from bluelamp.types.reference import Reference
from bluelamp.types.sex import Sex
from bluelamp.types.text import Note, Text
from bluelamp.types.vehicle import Vin, Vrm

#: every property type, in the order in which documentation lists them
TYPES: tuple[type[PropertyType], ...] = (
    Text, Note, Name, Date, Moment, Number, Integer, Flag,
    Address, Postcode, Uprn, Point, Country, Phone, Email,
    Sex, Ethnicity, AgeRange, Vrm, Vin, Imei, Imsi, Iccid,
    PncId, Cro, Asn, CourtCase, CpsUrn, CrimeReference, OffenceCode, HoClassification, NsirCode, Outcome, Grade,
    CollarNumber, WarrantNumber, Nino, NhsNumber, Passport, DrivingLicence, Iban, SortCode, Reference,
)  # fmt: skip

#: the same by the name that a workspace uses to declare a property of its own
BY_NAME: dict[str, type[PropertyType]] = {each.name: each for each in TYPES}

__all__ = [
    "BY_NAME", "TYPES", "Address", "AgeRange", "Asn", "Cleaned", "CollarNumber", "Country", "CourtCase", "CpsUrn",
    "CrimeReference", "Cro", "Date", "DrivingLicence", "Email", "Ethnicity", "Flag", "Grade", "HoClassification",
    "Iban", "Iccid", "Identifier", "Imei", "Imsi", "Integer", "Issue", "Moment", "Name", "NhsNumber", "Nino", "Note",
    "NsirCode", "Number", "OffenceCode", "Outcome", "Passport", "Phone", "PncId", "Point", "Postcode", "PropertyType",
    "Reference", "Search", "Sex", "SortCode", "Text", "Uprn", "Vin", "Vrm", "WarrantNumber",
]  # fmt: skip
