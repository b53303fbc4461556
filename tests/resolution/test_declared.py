"""What a declaration says of the names of people, however its columns hold them."""

import duckdb
import pytest

from bluelamp.ontology import LINKS, NOUNS
from bluelamp.ontology.grammar import Kind, LinkType, ObjectType, Property
from bluelamp.resolution.compare import Role
from bluelamp.resolution.declared import Relation, facts_sql, told, untold
from bluelamp.types import Address, Date, Name, Reference, Sex, Text


class Inhabitant(ObjectType):
    """Somebody in a parish."""

    label, plural, kind = "Inhabitant", "Inhabitants", Kind.PERSON
    caption = ("christian_names", "family_name")
    as_written = Property(Name(), "Name in full")
    christian_names = Property(Name(), "Christian names")
    family_name = Property(Name(), "Family name")
    sex = Property(Sex(), "Sex")


def compared(noun: type[ObjectType], **said: str) -> dict[str, list[str] | None]:
    """By what a record that says `said` is compared."""
    connection = duckdb.connect()
    columns = ", ".join(f"$value{at} AS {name}" for at, name in enumerate(said))
    values = {f"value{at}": value for at, value in enumerate(said.values())}
    connection.execute(f"CREATE TABLE r AS SELECT 'r1' AS record, 'parish' AS source, {columns}", values)
    sql = facts_sql(told(noun, {}, []), Relation("r", frozenset(["record", "source", *said])), {}, {}, 3)
    row = connection.sql(sql)
    return dict(zip(row.columns, row.fetchall()[0], strict=True))


@pytest.mark.parametrize(
    "written", ["Keturah Penfold", "Mrs. Keturah Penfold", "PENFOLD, Keturah", "Penfold,  Miss Keturah Ann"]
)
def test_a_whole_name_is_compared_with_given_and_family_names(written: str) -> None:
    found = compared(Inhabitant, as_written=written)
    assert (found["christian_names"], found["family_name"]) == (["keturah"], ["penfold"])
    # once more as it stands, and brothers would look like one man
    assert "as_written" not in found


def test_the_parts_come_first_where_the_record_has_them() -> None:
    found = compared(Inhabitant, as_written="Hy. Neve", christian_names="Henry", family_name="Neve")
    assert (found["christian_names"], found["family_name"]) == (["henry"], ["neve"])


def test_a_comma_with_nothing_after_it_parts_no_name() -> None:
    found = compared(Inhabitant, as_written="Keturah Penfold,")
    assert found["christian_names"] == ["keturah"]


def test_the_only_date_is_that_of_birth_unless_it_says_that_it_is_a_later_day() -> None:
    class Whelp(Inhabitant):
        whelped = Property(Date(), "Whelped")

    class Buried(Inhabitant):
        buried = Property(Date(), "When buried")

    assert Role.BIRTH in {each.comparison.role for each in told(Whelp, {}, [])}
    assert "buried" not in {each.comparison.name for each in told(Buried, {}, [])}


def test_a_whole_name_without_a_given_name_beside_it_is_compared_itself() -> None:
    class Reader(ObjectType):
        """Somebody with a card."""

        label, plural, kind, caption = "Reader", "Readers", Kind.PERSON, ("surname",)
        surname = Property(Name(), "Surname")
        full_name = Property(Name(), "Name in full")

    assert compared(Reader, full_name="Ann Luck")["full_name"] == ["ann luck"]


class Animal(ObjectType):
    """An animal in a register."""

    label, plural, kind, caption = "Animal", "Animals", Kind.OBJECT, ("called",)
    called = Property(Name(), "Name")
    born = Property(Date(), "Born")
    seen = Property(Date(), "Seen by the vet", varies=True)
    chip = Property(Reference(), "Chip", strong=True)
    breed = Property(Text(), "Breed")


def test_things_that_are_born_and_named_are_compared_as_people_are() -> None:
    roles = {each.comparison.name: each.comparison.role for each in told(Animal, {}, [])}
    assert roles == {"called": Role.WHOLE, "born": Role.BIRTH, "chip": Role.KEY, "breed": Role.TRAIT}


def test_a_reference_says_who_it_is_and_may_be_a_households_unless_it_is_strong() -> None:
    class Insured(ObjectType):
        """Somebody who is insured."""

        label, plural, kind, caption = "Insured", "Insured", Kind.PERSON, ("surname",)
        surname = Property(Name(), "Surname")
        number = Property(Reference(), "Number")
        policy = Property(Reference(), "Policy", strong=True)

    roles = {each.comparison.name: each.comparison.role for each in told(Insured, {}, [])}
    assert (roles["number"], roles["policy"]) == (Role.CONTACT, Role.KEY)
    assert compared(Insured, number="AB-12")["number"] == ["ab-12"]


def test_a_link_of_the_forces_own_leads_to_what_says_who_it_is() -> None:
    class Household(ObjectType):
        """A household of a census."""

        label, plural, kind, caption = "Household", "Households", Kind.LOCATION, ("address",)
        address = Property(Address(), "Address")
        rooms = Property(Text(), "Rooms")

    link = LinkType("resides_at", "resides at", "home of", ("Inhabitant",), ("Household",))
    found = told(Inhabitant, {"Inhabitant": Inhabitant, "Household": Household}, [link])
    assert [(each.property, each.through) for each in found if each.through] == [
        ("address", ("resides_at", "Household"))
    ]


def test_the_reference_of_a_place_says_nothing_of_who_is_there() -> None:
    nouns = {noun.name(): noun for noun in NOUNS}
    through = {each.comparison.name for each in told(nouns["Person"], nouns, LINKS)}
    assert "lives_at.postcode" in through
    assert "lives_at.area_code" not in through


def test_other_things_have_no_model_and_it_is_told_why() -> None:
    class Boat(ObjectType):
        """A boat has a name, and was built."""

        label, plural, kind, caption = "Boat", "Boats", Kind.OBJECT, ("called",)
        called = Property(Name(), "Name")
        built = Property(Date(), "Built", steady=True)

    class Stray(Animal):
        """Of whom other people say other names."""

        called = Property(Name(), "Name", varies=True)

    for each in (Boat, Stray):
        assert told(each, {}, []) == []
        assert "a name and a date of birth" in untold(each)


def test_of_the_types_of_the_package_people_alone_have_a_model() -> None:
    assert [each.name() for each in NOUNS if not untold(each)] == ["Person"]
    assert {each.name() for each in NOUNS if told(each, {}, [])} == {"Person"}
