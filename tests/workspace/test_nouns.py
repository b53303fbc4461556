from pathlib import Path

import pytest

from bluelamp.ontology import Kind
from bluelamp.types import BY_NAME
from bluelamp.workspace.nouns import TAKEN
from tests.workspace.made import SOURCE, Change, loaded, problems, swap

MEMBER = "types/member.yaml"
PLOT = "types/plot.yaml"
MEMBER_OF = "links/member_of.yaml"
TYPES: dict[str, Change] = {
    MEMBER: """type: Member
extends: Person
label: Allotment member
plural: Allotment members
properties:
  roll_number: {type: Reference, label: Roll number, help: On the card, strong: true}
  joined: Date
""",
    PLOT: """type: Plot
label: Plot
plural: Plots
kind: location
caption: [number]
properties: {number: Reference}
""",
    MEMBER_OF: """link: rents
label: rents
reverse: rented by
from: [Person]
to: [Plot]
roles: [holder, waiting]
""",
}


def test_a_type_in_yaml_is_a_noun_like_any_other(tmp_path: Path) -> None:
    nouns = loaded(tmp_path, TYPES).nouns
    plot = nouns["Plot"]
    assert (plot.name(), plot.slug(), plot.label, plot.plural, plot.kind) == (
        "Plot",
        "plot",
        "Plot",
        "Plots",
        Kind.LOCATION,
    )
    assert plot.caption == ("number",)
    assert isinstance(plot.properties["number"].type, BY_NAME["Reference"])


def test_a_type_that_extends_another_has_its_properties_and_its_own(tmp_path: Path) -> None:
    nouns = loaded(tmp_path, TYPES).nouns
    member, person = nouns["Member"], nouns["Person"]
    assert list(member.properties) == [*person.properties, "roll_number", "joined"]
    assert "roll_number" not in person.properties
    roll = member.properties["roll_number"]
    assert (roll.name, roll.label, roll.help, roll.strong, roll.steady) == (
        "roll_number",
        "Roll number",
        "On the card",
        True,
        False,
    )
    assert member.properties["joined"].label == "Joined"
    assert (member.kind, member.caption) == (person.kind, person.caption)


def test_a_type_says_what_its_caption_falls_back_on(tmp_path: Path) -> None:
    plot = str(TYPES[PLOT]).replace("{number: Reference}", "{number: Reference, nickname: Text}")
    assert loaded(tmp_path, {PLOT: f"{plot}instead: [nickname]\n"}).nouns["Plot"].instead == ("nickname",)
    assert [each.code for each in problems(tmp_path, {PLOT: f"{plot}instead: [nick]\n"})] == ["B054"]


def test_a_type_stands_wherever_its_parent_may(tmp_path: Path) -> None:
    changes = {**TYPES, SOURCE: swap("type: Person", "type: Member")}
    workspace = loaded(tmp_path, changes)
    assert workspace.sources["library"].records[0].type is workspace.nouns["Member"]


def test_a_link_in_yaml_joins_the_types_that_it_names(tmp_path: Path) -> None:
    link = loaded(tmp_path, TYPES).links["rents"]
    assert (link.label, link.reverse, link.from_types, link.to_types) == ("rents", "rented by", ("Person",), ("Plot",))
    assert link.roles == ("holder", "waiting")


def test_a_type_may_extend_one_of_another_file_whatever_the_order(tmp_path: Path) -> None:
    nouns = loaded(tmp_path, {**TYPES, "types/a.yaml": "type: Officer\nextends: Member\nlabel: Officer\n"}).nouns
    assert nouns["Officer"].label == "Officer"
    assert nouns["Officer"].plural == "Allotment members"
    assert "roll_number" in nouns["Officer"].properties


def test_an_event_of_the_force_says_when_it_ended_and_whether_it_lasted(tmp_path: Path) -> None:
    text = (
        "type: Watch\nlabel: Watch\nplural: Watches\nkind: event\ncaption: [officer]\nwhen: begun\nuntil: ended\nlasts: true\n"
        "properties: {officer: Reference, begun: Moment, ended: Moment}\n"
    )
    watch = loaded(tmp_path, {MEMBER: text}).nouns["Watch"]
    assert (watch.when, watch.until, watch.lasts) == ("begun", "ended", True)
    assert loaded(tmp_path).nouns["Crime"].lasts is False


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({MEMBER: "type: member\nextends: Person\n"}, "B028"),
        ({MEMBER: "extends: Person\n"}, "B009"),
        ({MEMBER: "type: Member\nextends: Persn\n"}, "B013"),
        ({MEMBER: "type: Member\nextends: Member\n"}, "B013"),
        ({MEMBER: "type: Vehicle\nextends: Person\n"}, "B055"),
        ({MEMBER: "type: Stopsearch\nextends: Person\n"}, "B055"),
        ({MEMBER: "type: Member\nextends: Person\nkind: people\n"}, "B039"),
        ({MEMBER: "type: Member\nextends: Person\nwhen: joined\n"}, "B054"),
        ({MEMBER: "type: Member\nextends: Custody\nuntil: left\n"}, "B054"),
        ({MEMBER: "type: Member\nextends: Custody\nlasts: perhaps\n"}, "B007"),
        ({MEMBER: "type: Member\nextends: Person\ncaption: [joined]\n"}, "B054"),
        ({MEMBER: "type: Member\nextends: Person\nproperties: {Roll: Reference}\n"}, "B028"),
        ({MEMBER: "type: Member\nextends: Person\nproperties: {key: Reference}\n"}, "B055"),
        ({MEMBER: "type: Member\nextends: Person\nproperties: {roll: [Reference]}\n"}, "B007"),
        ({MEMBER: "type: Member\nextends: Person\nproperties: {roll: {label: Roll}}\n"}, "B056"),
        ({MEMBER: "type: Member\nextends: Person\nproperties: {roll: {type: Date, strng: true}}\n"}, "B008"),
        ({MEMBER: "type: Member\n"}, "B053"),
        ({MEMBER_OF: "link: lives_at\nlabel: a\nreverse: b\nfrom: [Person]\nto: [Person]\n"}, "B055"),
        ({MEMBER_OF: "link: Rents\nlabel: a\nreverse: b\nfrom: [Person]\nto: [Person]\n"}, "B028"),
        ({MEMBER_OF: "link: rents\nlabel: a\nreverse: b\nfrom: [Persn]\nto: [Person]\n"}, "B013"),
        ({MEMBER_OF: "link: rents\n"}, "B053"),
    ],
)
def test_a_type_or_link_that_is_not_whole_is_explained(tmp_path: Path, changed: dict[str, Change], code: str) -> None:
    assert code in {each.code for each in problems(tmp_path, changed)}


@pytest.mark.parametrize("name", TAKEN)
def test_no_property_may_hide_what_every_record_has(tmp_path: Path, name: str) -> None:
    declared = f"type: Member\nextends: Person\nproperties:\n  {name}: Text\n"
    assert [each.code for each in problems(tmp_path, {MEMBER: declared})] == ["B055"]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_property_type_can_be_declared_in_yaml(tmp_path: Path, name: str) -> None:
    declared = f"type: Member\nextends: Person\nproperties: {{detail: {name}}}\n"
    assert type(loaded(tmp_path, {MEMBER: declared}).nouns["Member"].properties["detail"].type) is BY_NAME[name]


def test_a_telephone_number_of_a_type_in_yaml_is_british_where_it_does_not_say() -> None:
    assert BY_NAME["Phone"].declared().clean("07700 900123").value == "+447700900123"
