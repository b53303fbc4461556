"""What a change can reach among written places is all that comes out otherwise, and nothing depends on the rest."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.ontology import LINKS, NOUNS
from bluelamp.ontology.location import Location
from bluelamp.ontology.organisation import Organisation
from bluelamp.ontology.person import Person
from bluelamp.resolution import keys
from bluelamp.resolution.declared import wording
from bluelamp.resolution.frame import Rows
from bluelamp.resolution.written import Written, body_name

BY_NAME = {each.name(): each for each in NOUNS}
Said = Mapping[int, tuple[str, str]]


def told(said: Said) -> pa.Table:
    """The texts of records, by number, as they are read."""
    lists = [[[text] if text else None for text in column] for column in zip(*said.values(), strict=True)] or [[], []]
    texts = pa.list_(pa.string())
    columns = {"address": pa.array(lists[0], texts), "postcode": pa.array(lists[1], texts)}
    return pa.table({"record": pa.array(said, pa.int64()), **columns})


def places() -> Written:
    how = wording(Location, BY_NAME, LINKS)
    assert how
    return Written(how)


def found(written: Written, scope: Rows | None) -> tuple[dict[int, tuple[object, ...]], set[tuple[int, int]]]:
    table, pairs = written.keys(scope)
    rows = zip(
        *(table.column(each).to_pylist() for each in ("record", keys.PLACE, keys.DOOR, keys.STREET)), strict=True
    )
    return {record: rest for record, *rest in rows}, set(pairs)


def reached(written: Written, start: Rows) -> Rows:
    scope = fresh = np.unique(start)
    while len(fresh):
        fresh = np.setdiff1d(written.ties(fresh), scope)
        scope = np.union1d(scope, fresh)
    return scope


_texts = st.tuples(
    st.builds(
        "{}{} {}{}".format,
        st.sampled_from(["", "flat 1, "]),
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from(["high street", "hihg st", "elm road"]),
        st.sampled_from([", northgate", ", northgate, essex", ", southgate", ""]),
    ),
    st.sampled_from(["nx1 3ab", "nx1 3ab", "nx1 3ad", "nx7 3ab", "nx2 9zz", ""]),
)
_changes = st.lists(st.dictionaries(st.integers(1, 25), st.none() | _texts, max_size=8), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(_changes)
def test_a_change_reaches_all_that_comes_out_otherwise(changes: list[dict[int, tuple[str, str] | None]]) -> None:
    written, said = places(), dict[int, tuple[str, str]]()
    before: tuple[dict[int, tuple[object, ...]], set[tuple[int, int]]] = ({}, set())
    for change in changes:
        gone = np.array(sorted(each for each, texts in change.items() if texts is None and each in said), np.int64)
        new = {each: texts for each, texts in sorted(change.items()) if texts}
        said = {each: texts for each, texts in said.items() if each not in gone} | new
        stirred = written.arrive(told(new), gone)
        scope = reached(written, np.concatenate([np.array(list(change), np.int64), stirred]))
        anew = places()
        anew.arrive(told(dict(sorted(said.items()))), np.empty(0, np.int64))
        now, whole = found(written, scope), found(anew, None)
        assert now[0] == {each: rest for each, rest in whole[0].items() if each in scope}
        assert {each: rest for each, rest in before[0].items() if each not in scope} == {
            each: rest for each, rest in whole[0].items() if each not in scope
        }
        kept = {pair for pair in before[1] if not set(pair) & set(scope.tolist())}
        assert kept | now[1] == whole[1]
        before = whole


def test_types_with_addresses_are_read_and_people_are_not() -> None:
    location, body = (wording(each, BY_NAME, LINKS) for each in (Location, Organisation))
    assert location
    assert [each.property for each in location.told] == ["address", "postcode"]
    assert body
    assert [(each.property, each.through) for each in body.told] == [
        ("address", ("based_at", "Location")),
        ("postcode", ("based_at", "Location")),
        ("title", None),
    ]
    assert wording(Person, BY_NAME, LINKS) is None


def test_forms_of_a_body_are_no_part_of_its_name() -> None:
    assert body_name("The Kestrel & Sons Co. Ltd") == body_name("kestrel and sons") == "kestrel sons"
    assert body_name("The Company") == "the company"
