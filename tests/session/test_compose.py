"""What an object's page says of a property: one value, several that are fine, or values that contradict each other."""

from itertools import count

from bluelamp.index.found import Record, Unread
from bluelamp.ontology.events import Crime
from bluelamp.ontology.grammar import ObjectType
from bluelamp.ontology.person import Person
from bluelamp.ontology.things import Vehicle
from bluelamp.session.compose import Origins, about, facts
from bluelamp.session.views import Fact, NotUnderstood
from bluelamp.workspace.model import Key, Read, RecordSpec, Source, Value

ROWS = count(1)


def said(source: str, **values: object) -> Record:
    return Record("", 1, source, "OFFICIAL", 1, "file.csv", next(ROWS), "", "", values)


def fact(noun: type[ObjectType], *records: Record) -> Fact:
    (found,) = facts(noun, records, Origins({}, {}), sensitive=False)
    return found


def test_two_sources_that_give_different_values_disagree() -> None:
    found = fact(Person, said("custody", surname="Smith"), said("crimes", surname="Smyth"))
    assert (found.disagree, found.sources) == (True, 2)


def test_values_of_one_source_that_differ_are_told_from_sources_that_disagree() -> None:
    found = fact(Person, said("custody", surname="Smith"), said("custody", surname="Smyth"))
    assert (found.disagree, found.sources) == (True, 1)


def test_a_source_that_writes_in_capitals_disagrees_with_nobody() -> None:
    found = fact(
        Vehicle, said("keepers", make="RENAULT"), said("keepers", make="RENAULT"), said("crimes", make="Renault")
    )
    assert not found.disagree
    assert [(value.value, len(value.said)) for value in found.values] == [("Renault", 3)]


def test_a_crime_whose_outcome_changes_is_no_disagreement() -> None:
    found = fact(Crime, said("crimes", outcome="Under investigation"), said("archive", outcome="Charged"))
    assert not found.disagree
    assert len(found.values) == 2


def test_a_list_shows_one_form_of_words_that_differ_in_case() -> None:
    (told,) = about(Vehicle, [{"body": "HATCHBACK"}, {"body": "HATCHBACK"}, {"body": "Hatchback"}])
    assert told.value == "Hatchback"


def wrong(property: str, raw: str, source: str = "custody") -> Unread:
    return Unread(property, raw, "This is none", source, "OFFICIAL", 1, "file.csv", next(ROWS))


def read_from(columns: dict[str, str]) -> Origins:
    """The origins of people whom the source custody reads, each property from a column."""
    values = {name: Value("column", (column,)) for name, column in columns.items()}
    record = RecordSpec("detainee", Person, Key(()), values)
    read = Read("csv", "x", "append")
    return Origins({"custody": Source("custody", "Custody", "", "", (), "OFFICIAL", "", read, (record,), ())}, {})


def test_what_was_not_understood_stands_beside_what_was_and_says_nothing_against_it() -> None:
    records = [said("custody", surname="Smith", sex="Male")]
    unread = [wrong("sex", "Purple"), wrong("sex", "Purple"), wrong("age_range", "old")]
    found = facts(Person, records, read_from({"sex": "Sex", "age_range": "Age"}), unread, sensitive=False)
    told = {each.name: [(one.raw, len(one.said)) for one in each.not_understood] for each in found}
    assert told == {"surname": [], "sex": [("Purple", 2)], "age_range": [("old", 1)]}
    assert not any(each.disagree for each in found)


def test_DP_3_whether_a_sensitive_value_was_understood_is_masked_too() -> None:
    records = [said("custody", ethnicity_self="W1")]
    origins = read_from({"ethnicity_self": "Ethnicity"})
    (found,) = facts(Person, records, origins, [wrong("ethnicity_self", "Purple")], sensitive=False)
    assert (len(found.values), found.values[0].masked, found.not_understood) == (1, True, ())
    assert len(found.values[0].said) == 2
    (found,) = facts(Person, records, origins, [wrong("ethnicity_self", "Purple")], sensitive=True)
    assert [each.raw for each in found.not_understood] == ["Purple"]


def test_DP_3_the_text_of_a_sensitive_column_is_masked_whatever_else_is_made_of_it() -> None:
    origins = read_from({"ethnicity_self": "Looks", "sex": "Looks", "surname": "Name"})
    unread = [wrong("sex", "White man"), wrong("surname", "1" * 9), wrong("sex", "White man", "nowhere")]
    sex, surname = sorted(facts(Person, [], origins, unread, sensitive=False), key=lambda fact: fact.name)
    assert [(each.raw, each.message, each.masked) for each in sex.not_understood] == [("", "", True)]
    assert surname.not_understood[0] == NotUnderstood("1" * 9, "This is none", surname.not_understood[0].said)
