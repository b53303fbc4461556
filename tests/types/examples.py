"""Every property type with ways of writing its values, for the tests that hold for all types."""

from bluelamp.types import BY_NAME, TYPES, Date, Ethnicity, Moment, Name, Phone, PropertyType
from bluelamp.types.dating import PARTS
from bluelamp.types.identifier import Identifier

#: every type as a workspace may use it
INSTANCES: dict[str, PropertyType] = {each.name: each() for each in TYPES} | {
    "Phone GB": Phone(country="GB"),
    "Ethnicity observed": Ethnicity("observed"),
    "Name organisation": Name("organisation"),
}

#: types that read a declared format; their canonical text need not be in it
FORMATTED: dict[str, PropertyType] = {
    "Date British": Date().formatted("%d/%m/%Y"),
    "Date many": Date().formatted("%d.%m.%Y|iso|%Y%m%d"),
    "Date short": Date().formatted("%d/%m/%y"),
    "Moment British": Moment().formatted("%d/%m/%Y %H:%M"),
    "Moment both": Moment().formatted("iso|%d/%m/%Y %H:%M:%S|%d/%m/%Y"),
    "Moment universal": Moment().formatted("iso-utc"),
    "Date counted": Date().formatted("excel"),
    "Moment counted": Moment().formatted("excel|iso"),
    "Date universal": Date().formatted("iso-utc|%d/%m/%Y"),
    "Date parts": Date().formatted(PARTS),
    "Moment parts": Moment().formatted(PARTS),
    "Moment American": Moment().formatted("%m/%d/%Y %I:%M %p|%m/%d/%Y"),
}

WRITTEN: dict[str, tuple[str, ...]] = {
    "Text": ("Controlled drugs", "a  b", "tab\there", "café"),
    "Note": ("One.\nTwo.", "  padded  ", "a\r\nb", "x\n\n"),
    "Name": ("O'Neill", "MCDONALD", "Mr Smith", "N/K", "na", "Smith-Jones", "Ann  Marie", "J4mes", "Dr", "test", "Do", "Do.", "王伟"),
    "Name organisation": ("Marks & Spencer plc", "7-Eleven", "N/A", "Dr Martens", "A1 Cars (London) Ltd."),
    "Date": (
        "2016-06-03", "2016-06", "2016", "03/06/2016", "3-6-2016", "13/25/2016", "2016-02-30", "1900-01-01", "3 Jun 2016",
        "2016-06-03 00:00:00", "2016-06-03T10:22", "03/06/16", "42524", "0999-01-01", "01/01/1970", "June 2016", "31.04.2016",
        "1985-00-00", "00/03/1985", "c. 1985", "1985?",
    ),
    "Moment": (
        "2016-06-03T10:22", "2016-06-03 10:22:05", "2016-06-03T10:22:05.123", "2016-06-03T10:22Z", "2016-06-03T24:00",
        "03/06/2016 10:22", "2016-06", "1970-01-01T00:00", "2016-06-03T10:22:05+05:30", "9999-12-31T23:59-05:00",
    ),
    "Number": ("1250.5", "1,250.50", "£3", "-0", "-0.0", "007", "1e3", "0.1", "-.5", "1,5", "123456789012345678"),
    "Integer": ("42", "-42", "042", "42.0", "42.5", "1,000", "9223372036854775808", "-9223372036854775808", "+7"),
    "Flag": ("yes", "N", "TRUE", "0", "maybe", "N/A"),
    "Point": ("51.583427,0.140619", "51.5,-0.1", "0,0", "0.0,0.0", "91.0,0.1", "-0.0,5.0", "51.58,-0.000000", "51.5834271,0.1", "90.0,180.0"),
    "Address": ("Flat 2, 10 High Street", "10 High Street\nLondon\nE1 1AA", "Unknown", "NFA", "do.", ",,", "1 A , B", "A,B 1 x"),
    "Country": ("GBR", "gbr", "GB", "France", "polish", "ZZZ", "N/K", "UK"),
    "Phone": ("+447700900123", "+44 20 7946 0123", "07700900123", "+44 (0)20 7946 0123", "0044 7700 900123", "+1 212 555 0123"),
    "Phone GB": ("07700900123", "(020) 7946-0123", "020 7946 0123 ext 12", "00000000000", "07777777777", "999", "+33123456789"),
    "Email": ("Jo.Example@example.com", "mailto:a@b.co", "Jo <jo@example.com>", "jo smith@x.com", "none@none.com", "a@b", "a@b..c"),
    "Sex": ("Female", "m", "1", "9", "Other", "non-binary", "TRANS MALE"),
    "Ethnicity": ("W1", "White - White British (W1)", "Not Stated (NS)", "w9", "IC3", "Purple"),
    "Ethnicity observed": ("IC3", "ic 3", "White", "Black", "IC0", "3", "W1", "Asian (South Asian)"),
    "AgeRange": ("18-24", "over 34", "Under 10", "10 to 17", "35+", "23", "24-18", "200", "023", "48 yrs", "9 mths", "abt. 66"),
    "Outcome": ("18", "1A", "01", "18.0", "Outcome 14", "Suspect charged", "Offender given a caution", "23", "8 - Community resolution"),
    "Grade": ("1AP", "1 b p", "3/E/C", "E41", "4AP", "B 2 3"),
    "Vrm": ("AB12 CDE", "IB12CDE", "UNKNOWN", "1 A", "AB12***", "000"),
    "Reference": ("CAD 1234/21NOV26", "abc", "N/A", "ß", "-", "ŉx"),
    "Uprn": ("100023336956", "1", "0", "0000000000000"),
    "PncId": ("99/123P",),
    "Asn": ("93/52HQ/01/123456N",),
    "Imei": ("49015420323751", "000000000000000"),
}  # fmt: skip


def written(name: str) -> list[str]:
    """Texts for the type called `name`: its own example, those above, and those of its identifier rule."""
    kind = (INSTANCES | FORMATTED)[name]
    found = [kind.example, *WRITTEN.get(name, ())]
    if name in FORMATTED:
        found += [
            *WRITTEN["Date"],
            *WRITTEN["Moment"],
            "06/03/2016 10:22 PM",
            "03/06/2016 10:22:05",
            "20160603",
            "03/06/99",
            *(
                "2016-6-3",
                "2016-06-03 9:5",
                "2016-6-",
                "2016--",
                "2016--3",
                "-6-3",
                "99-6-3",
                "2016-Jun-3",
                "2016-2-30",
            ),
        ]
    if isinstance(kind, Identifier):
        found += [
            each if isinstance(each, str) else each["value"] for each in [*kind.rule["valid"], *kind.rule["invalid"]]
        ]
    return found


__all__ = ["BY_NAME", "FORMATTED", "INSTANCES", "WRITTEN", "written"]
