"""What an object's page says of a property: one value, several that are fine, or values that contradict each other."""

from itertools import count

from bluelamp.index.found import Record
from bluelamp.ontology.events import Crime
from bluelamp.ontology.grammar import ObjectType
from bluelamp.ontology.person import Person
from bluelamp.ontology.things import Vehicle
from bluelamp.session.compose import Origins, about, facts
from bluelamp.session.views import Fact

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
