from pathlib import Path

import pytest

from tests.workspace.made import SOURCE, loaded, problems, swap

WHOLE = '''"""The force's own types."""
from bluelamp.ontology import Kind, LinkType, ObjectType, Property
from bluelamp.ontology.person import Person
from bluelamp.types import Reference


class Member(Person):
    """Somebody of the allotment society."""

    label = "Member"
    plural = "Members"

    roll_number = Property(Reference(), "Roll number", strong=True)


class Plot(ObjectType):
    """A piece of ground."""

    label = "Plot"
    plural = "Plots"
    kind = Kind.LOCATION
    caption = ("number",)

    number = Property(Reference(), "Number")


RENTS = LinkType("rents", "rents", "rented by", ("Person",), ("Plot",))
'''


def test_types_in_python_join_the_others(tmp_path: Path) -> None:
    workspace = loaded(tmp_path, {"ontology.py": WHOLE, SOURCE: swap("type: Person", "type: Member")})
    assert workspace.nouns["Member"].properties["roll_number"].strong
    assert "surname" in workspace.nouns["Member"].properties
    assert workspace.links["rents"].to_types == ("Plot",)


def test_yaml_may_extend_a_type_in_python(tmp_path: Path) -> None:
    files = {"ontology.py": WHOLE, "types/officer.yaml": "type: Steward\nextends: Member\nlabel: Steward\n"}
    assert "roll_number" in loaded(tmp_path, files).nouns["Steward"].properties


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "words"),
    [
        ("class Plot(", "class Plot[", "B052", 16, "not Python"),
        ('Property(Reference(), "Number")', "Propertie()", "B052", 24, "NameError"),
        ("RENTS =", "raise SystemExit(1)\nRENTS =", "B052", 27, "SystemExit"),
        ("from bluelamp.types", "from bluelamp.typse", "B052", 4, "ModuleNotFoundError"),
        ('    label = "Plot"\n', "", "B053", 16, "no `label`"),
        ('    caption = ("number",)\n', "", "B053", 16, "no `caption`"),
        ("    kind = Kind.LOCATION\n", "", "B053", 16, "no `kind`"),
        ('caption = ("number",)', "caption = ()", "B053", 16, "empty `caption`"),
        ('caption = ("number",)', 'caption = ("nmber",)', "B054", 16, 'did you mean "number"?'),
        ("class Plot(", "class Vehicle(", "B055", 16, "Vehicle already"),
        ("class Plot(", "class allotment(", "B028", 16, "begin with a capital"),
        (
            '    number = Property(Reference(), "Number")',
            '    key = Property(Reference(), "Number")',
            "B055",
            16,
            "`key`",
        ),
        ('("Plot",))', '("Plots",))', "B013", 27, 'did you mean "Plot"?'),
        ('LinkType("rents"', 'LinkType("lives_at"', "B055", 27, "lives_at already"),
    ],
)
def test_a_mistake_in_python_is_explained_by_its_line(
    tmp_path: Path, old: str, new: str, code: str, line: int, words: str
) -> None:
    found = problems(tmp_path, {"ontology.py": swap(old, new)(WHOLE)})
    said = [each for each in found if each.code == code and words in str(each)]
    assert said, found
    assert (said[0].place.file.as_posix(), said[0].place.line) == ("ontology.py", line)
