"""The events of POLE: what happened, when, as one source recorded it."""

from bluelamp.ontology.grammar import Kind, ObjectType, Property
from bluelamp.types import (
    AgeRange,
    Asn,
    Ethnicity,
    Flag,
    Grade,
    HoClassification,
    Integer,
    Moment,
    Note,
    NsirCode,
    OffenceCode,
    Outcome,
    Reference,
    Text,
)


class Crime(ObjectType):
    """A recorded crime (HOCR/NCRS), whoever did it."""

    label = "Crime"
    plural = "Crimes"
    kind = Kind.EVENT
    caption = ("crime_type", "reference")
    glance = ("area_name", "outcome")
    when = "happened_at"
    until = "happened_until"

    reference = Property(Reference(), "Crime reference", strong=True)
    crime_type = Property(Text(), "Crime type")
    classification = Property(HoClassification(), "Home Office classification")
    offence_code = Property(OffenceCode(), "Offence code")
    happened_at = Property(Moment(), "Happened")
    happened_until = Property(Moment(), "Happened until", "The end of the time in which it must have happened")
    reported_at = Property(Moment(), "Reported")
    method = Property(Note(), "Method (MO)", varies=True)
    outcome = Property(Text(), "Outcome", varies=True)
    outcome_type = Property(Outcome(), "Home Office outcome type", varies=True)
    outcome_at = Property(Moment(), "Outcome given", varies=True)
    status = Property(Text(), "Status", varies=True)
    force = Property(Text(), "Force")
    hate_crime = Property(Flag(), "Hate crime")
    domestic = Property(Flag(), "Domestic abuse")
    area_code = Property(Reference(), "Area code")
    area_name = Property(Text(), "Area")


class Incident(ObjectType):
    """A call for service as command and control logged it."""

    label = "Incident"
    plural = "Incidents"
    kind = Kind.EVENT
    caption = ("incident_type", "reference")
    glance = ("grade", "result")
    when = "happened_at"

    reference = Property(Reference(), "Incident reference")
    incident_type = Property(Text(), "Incident type")
    happened_at = Property(Moment(), "Happened")
    opening_code = Property(NsirCode(), "Opening code")
    closing_code = Property(NsirCode(), "Closing code")
    grade = Property(Text(), "Response grade")
    channel = Property(Text(), "How it was reported")
    log = Property(Note(), "Log", varies=True)
    result = Property(Text(), "Result", varies=True)


class StopSearch(ObjectType):
    """A stop and search under PACE s.1 or another power (STOP-1)."""

    label = "Stop and search"
    plural = "Stops and searches"
    kind = Kind.EVENT
    caption = ("search_type", "object_of_search")
    glance = ("reference", "outcome", "age_range", "sex")
    when = "happened_at"

    reference = Property(Reference(), "Reference")
    search_type = Property(Text(), "Type of search")
    happened_at = Property(Moment(), "Happened")
    legislation = Property(Text(), "Power used")
    object_of_search = Property(Text(), "Object of search")
    grounds = Property(Note(), "Grounds", varies=True)
    outcome = Property(Text(), "Outcome")
    outcome_linked = Property(Flag(), "Outcome linked to the object of search")
    clothing_removed = Property(Flag(), "More than outer clothing removed")
    operation = Property(Text(), "Policing operation")
    sex = Property(Text(), "Recorded gender")
    age_range = Property(AgeRange(), "Age range")
    ethnicity_self = Property(Ethnicity("self"), "Self-defined ethnicity", sensitive=True)
    ethnicity_observed = Property(Ethnicity("observed"), "Officer-defined ethnicity", sensitive=True)
    force = Property(Text(), "Force")


class Custody(ObjectType):
    """One detention in a custody suite."""

    label = "Custody record"
    plural = "Custody records"
    kind = Kind.EVENT
    caption = ("reference", "offence")
    glance = ("station", "disposal")
    when = "happened_at"
    until = "released_at"
    lasts = True

    reference = Property(Reference(), "Custody number")
    asn = Property(Asn(), "Arrest/summons number")
    happened_at = Property(Moment(), "Detained")
    released_at = Property(Moment(), "Released")
    station = Property(Text(), "Station")
    offence = Property(Text(), "Offence")
    offence_code = Property(OffenceCode(), "Offence code")
    arrest_reason = Property(Text(), "Reason for arrest")
    disposal = Property(Text(), "Disposal", varies=True)


class IntelligenceReport(ObjectType):
    """One item of information, graded 3x5x2 (INT-1, INT-2). Its source is not in this system."""

    label = "Intelligence report"
    plural = "Intelligence reports"
    kind = Kind.EVENT
    caption = ("reference", "title")
    glance = ("grade",)
    when = "happened_at"

    reference = Property(Reference(), "Report reference")
    title = Property(Text(), "Title")
    grade = Property(Grade(), "Grade (3x5x2)")
    happened_at = Property(Moment(), "Event date")
    reported_at = Property(Moment(), "Reported")
    text = Property(Note(), "Text", varies=True)
    conditions = Property(
        Note(), "Handling conditions", "They travel with every copy (INT-4)", warning=True, varies=True
    )
    rationale = Property(Note(), "Why it is graded so", varies=True)


class VehicleSighting(ObjectType):
    """A number-plate read, by camera or by officer."""

    label = "Vehicle sighting"
    plural = "Vehicle sightings"
    kind = Kind.EVENT
    caption = ("plate", "camera")
    glance = ("happened_at", "direction")
    when = "happened_at"

    reference = Property(Reference(), "Read reference")
    plate = Property(Reference(by_end=True), "Plate as read")
    happened_at = Property(Moment(), "Seen")
    camera = Property(Text(), "Camera")
    direction = Property(Text(), "Direction")
    confidence = Property(Integer(), "Camera's confidence, 0 to 100")


class Call(ObjectType):
    """A call or message between two phones, from billing."""

    label = "Call"
    plural = "Calls"
    kind = Kind.EVENT
    caption = ("call_type", "happened_at")
    glance = ("reference", "cell")
    when = "happened_at"

    reference = Property(Reference(), "Record reference")
    call_type = Property(Text(), "Kind")
    happened_at = Property(Moment(), "Started")
    seconds = Property(Integer(), "Length in seconds")
    cell = Property(Reference(), "First cell")


class MissingEpisode(ObjectType):
    """One period in which a person was missing."""

    label = "Missing episode"
    plural = "Missing episodes"
    kind = Kind.EVENT
    caption = ("reference", "risk")
    glance = ("found_at",)
    when = "happened_at"
    until = "found_at"
    lasts = True

    reference = Property(Reference(), "Reference")
    happened_at = Property(Moment(), "Last seen")
    found_at = Property(Moment(), "Found")
    risk = Property(Text(), "Risk level", warning=True, varies=True)
    circumstances = Property(Note(), "Circumstances", varies=True)
