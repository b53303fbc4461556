"""A chart to take out, with everything on it that a format could trip over."""

from datetime import UTC, datetime

from bluelamp.ids import ObjectId
from bluelamp.ontology import NOUNS
from bluelamp.session.changes import Note, Proposed, Spot
from bluelamp.session.charting import ChartLine, ChartView
from bluelamp.session.exploring import Bond, Drawing, Thing
from bluelamp.session.formats.taken import Taken, part

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

SMITH, CHEN, HOME, CAR, REPORT, PHONE, FIRM = (
    ObjectId(type, number)
    for number, type in enumerate(
        ("person", "person", "location", "vehicle", "intelligence_report", "phone", "organisation"), start=1
    )
)
#: proposed: a man, and that he knows Smith
MAN, KNOWS = "change-0000000000aa", "change-0000000000ab"


def thing(id: ObjectId, caption: str, **said: object) -> Thing:
    noun = next(each for each in NOUNS if each.slug() == id.type)
    usual: dict[str, object] = {
        "about": "", "values": {}, "when": "", "points": (), "precision": "", "sources": ("custody",),
        "markings": ("OFFICIAL",),
    }  # fmt: skip
    return Thing(id, noun.name(), noun.label, noun.kind.value, caption, **{**usual, **said})  # type: ignore[arg-type]


THINGS = (
    thing(
        SMITH, '=HYPERLINK("http://evil.example")', about="-1+1",
        values={"given_name": ("@SUM(A1)", "John"), "surname": ("Smith",), "date_of_birth": ("3 Jun 1990",),
                "sex": ("Male",), "nationality": ("Poland",)},
    ),
    thing(CHEN, "陈伟 <script>&\x00\x0b", values={"full_name": ("陈伟",)}, sources=("custody", "intelligence")),
    thing(HOME, "1 Harbour Road\n\t", values={"address": ("1 Harbour Road",), "postcode": ("SE1 7PB",), "precision": ("exact",)},
          points=((51.4952, -0.1146), (51.5, -0.12)), precision="exact"),
    thing(CAR, "AB12 CDE", values={"vrm": ("AB12 CDE",), "make": ("Ford",)}),
    thing(
        REPORT, "IR1 Seen near the market", when="2026-01-20",
        values={"reference": ("IR1",), "happened_at": ("20 Jan 2026, 10:22",), "conditions": ("Not to be told to the subject", "+44")},
        sources=("intelligence",), markings=("OFFICIAL-SENSITIVE",), points=((51.4, -0.1),), precision="snap",
    ),
    thing(PHONE, "+44 7700 900123", values={"number": ("+44 7700 900123",)}),
    thing(FIRM, "عيادة الأسنان", values={"company_number": ("01234567",)}),
)  # fmt: skip


def bond(one: ObjectId, other: ObjectId, type: str, label: str, role: str = "", **said: object) -> Bond:
    usual: dict[str, object] = {
        "category": "", "from_date": "", "to_date": "", "basis": "fact", "doubtful": False, "sources": ("custody",),
        "markings": ("OFFICIAL",),
    }  # fmt: skip
    return Bond(one, other, type, label, role, **{**usual, **said})  # type: ignore[arg-type]


BONDS = (
    bond(SMITH, HOME, "lives_at", "lives at", "currentAddress", from_date="2025-02-01"),
    bond(SMITH, CAR, "has_vehicle", "has vehicle", "ownershipOf"),
    bond(SMITH, CAR, "has_vehicle", "has vehicle", "driverOf"),
    bond(SMITH, CHEN, "associated_with", "associated with", "associate"),
    bond(SMITH, REPORT, "involved_in", "involved in", "subject", category="other", basis="assessment", doubtful=True,
         sources=("intelligence",), markings=("OFFICIAL-SENSITIVE",)),
    bond(SMITH, FIRM, "works_with", "connected with organisation", "owner"),
)  # fmt: skip

NOTES = {
    "change-0000000000ac": Note("=1+1 told at the desk", "", "ann", AT),
    "change-0000000000ad": Note("A new phone", str(CHEN), "ben", AT),
}
PROPOSED = {
    MAN: Proposed("The man in the red hat", "Person", "Seen by two", "ann", AT),
    KNOWS: Proposed("knows", "", "-They were seen together", "ann", AT, MAN, str(SMITH)),
}


def view(**changed: object) -> ChartView:
    """The chart as somebody who sees all of it does."""
    things, bonds = changed.pop("things", THINGS), changed.pop("bonds", BONDS)
    drawing = Drawing(things, bonds, "OFFICIAL-SENSITIVE")  # type: ignore[arg-type]
    usual: dict[str, object] = {
        "chart": ChartLine("chart-0000000000aa", "Market “Ash” / Brixton", "ann", (), "", AT.isoformat(), AT.isoformat()),
        "head": "", "layout": "force", "drawing": drawing, "spots": {str(each.id): Spot() for each in drawing.things},
        "notes": NOTES, "proposed": PROPOSED, "story": (), "history": (), "back": False, "forward": False,
    }  # fmt: skip
    return ChartView(**{**usual, **changed})  # type: ignore[arg-type]


def out(chart: ChartView | None = None) -> Taken:
    """The chart on its way out."""
    chart = chart or view()
    titles = {"custody": "Custody", "intelligence": "Intelligence reports"}
    return Taken(
        part(chart), chart.chart.id, chart.chart.title, "OFFICIAL-SENSITIVE", "Ann, analyst", "Investigating crime",
        "Operation Ash", ("CPS London", "DC Fox"), AT, "Test Force", titles, {each.name(): each for each in NOUNS},
    )  # fmt: skip
