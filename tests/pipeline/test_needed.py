"""A column that only some deliveries have: alternatives, optional ones, and a clear refusal where neither is declared."""

from pathlib import Path

import pytest

from bluelamp.errors import DeliveryError
from bluelamp.lake.ledger import Delivery
from bluelamp.pipeline.states import states
from bluelamp.session.row import find
from tests.factory import CUSTODY, CUSTODY_FILE, SECRET, built, loaded, published, rows, store, workspace
from tests.pipeline.standing import declare, refusal

MEMBERS = """
    source: members
    owner: A
    lawful_basis: B
    purposes: [investigation]
    marking: OFFICIAL
    retention: mopi-3
    read: {connector: csv, path: members-*.csv, mode: append}
    records:
      member:
        type: Person
        key: [No]
        set: {surname: Full Name, occupation: Job}
    """
OLD, NEW = "No,Full Name,Job\n1,Ann Lee,Baker\n", "No,Fullname,Job\n2,Bo Wren,Cook\n"
RENAMED = MEMBERS.replace("surname: Full Name", "surname: Fullname")
EITHER = MEMBERS.replace("surname: Full Name", "surname: {column: [Full Name, Fullname]}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published workspace whose second delivery names a column in another way."""
    folder = published(tmp_path / "force", {"members": MEMBERS}, {"members-1.csv": OLD})
    (folder / "members-2.csv").write_text(NEW)
    return folder


def names(folder: Path) -> list[tuple[object, ...]]:
    return rows(folder, "record_person", "surname")


def refused(folder: Path) -> str:
    with pytest.raises(DeliveryError) as raised:
        built(folder)
    return str(raised.value)


def test_a_mapping_corrected_to_the_new_name_does_not_lose_what_earlier_deliveries_say(folder: Path) -> None:
    assert "members-2.csv has no column Full Name (did you mean Fullname?)" in refused(folder)
    declare(folder, RENAMED, "members")
    said = refused(folder)
    assert "members-1.csv has no column Fullname (did you mean Full Name?); it has: No, Full Name, Job" in said
    assert "`[Fullname, Full Name]` takes whichever is there" in said
    assert names(folder) == [("Ann Lee",)]


def test_every_delivery_that_lacks_a_column_is_named(folder: Path) -> None:
    for number in range(3, 10):
        (folder / f"members-{number}.csv").write_text(OLD.replace("1,", f"{number},"))
    (folder / "members-2.csv").unlink()
    built(folder)
    declare(folder, RENAMED, "members")
    (folder / "members-9.csv").write_text(NEW)
    said = refused(folder)
    assert "members-1.csv has no column Fullname" in said
    assert (
        "So it is with members-3.csv, members-4.csv, members-5.csv, members-6.csv, members-7.csv and 1 more. "
    ) in said


def test_of_alternatives_the_first_that_is_not_blank_counts(folder: Path) -> None:
    (folder / "members-3.csv").write_text("No,Full Name,Fullname,Job\n3,,Cy Dee,x\n4,Di Eve,No One,x\n")
    declare(folder, EITHER, "members")
    assert built(folder).build.sources["members"].issues == 0
    assert names(folder) == [("Ann Lee",), ("Bo Wren",), ("Cy Dee",), ("Di Eve",)]


def test_a_file_with_none_of_the_alternatives_is_refused(folder: Path) -> None:
    declare(folder, EITHER, "members")
    (folder / "members-3.csv").write_text("No,Name,Job\n3,Cy,x\n")
    assert "members-3.csv has no column Full Name or Fullname" in refused(folder)


def test_keys_joins_and_parts_take_alternatives_too(tmp_path: Path) -> None:
    declared = MEMBERS.replace("key: [No]", "key: [[No, Number], Job]").replace(
        "surname: Full Name", "surname: {split: [Full Name, Fullname], by: ' ', part: 2}, given_name: {join: [[Full Name, Fullname], Job]}"
    ) + "checks: [{unique: [[No, Number]], then: stop}, {allowed: {column: [No, Number], values: ['1', '2']}, then: stop}]\n    "  # fmt: skip
    new = NEW.replace("No,", "Number,")
    built(workspace(tmp_path, {"members": declared}, {"members-1.csv": OLD, "members-2.csv": new}))
    assert rows(tmp_path, "record_person", "key, surname, given_name") == [
        ("1 | Baker", "Lee", "Ann Lee Baker"),
        ("2 | Cook", "Wren", "Bo Wren Cook"),
    ]


def delivery(folder: Path, number: int) -> Delivery:
    return states(loaded(folder), store(folder))["members"].deliveries[number - 1]


def test_an_optional_column_is_one_issue_of_each_delivery_without_it(folder: Path) -> None:
    declare(folder, RENAMED.replace("mode: append", "mode: append, optional: [Fullname]"), "members")
    (folder / "members-1.csv").write_text(OLD + "5,Eve Fox,Nurse\n")
    assert built(folder).build.sources["members"].issues == 1
    assert names(folder) == [("Bo Wren",), (None,), (None,)]
    place = store(folder)
    row = find(loaded(folder), place, SECRET, loaded(folder).sources["members"], delivery(folder, 3), 1)
    assert row is not None
    assert [step.property for step in row.steps] == ["surname", "occupation"]


def test_an_optional_column_that_no_delivery_has_is_blank(tmp_path: Path) -> None:
    folder = published(tmp_path, {"members": MEMBERS}, {"members-1.csv": OLD})
    more = "Job}\n        when: Left is null"
    declare(folder, MEMBERS.replace("mode: append", "mode: append, optional: [Left]").replace("Job}", more), "members")
    outcome = built(folder)
    assert outcome.build.sources["members"].issues == 1
    row = find(loaded(folder), store(folder), SECRET, loaded(folder).sources["members"], delivery(folder, 1), 1)
    assert row is not None
    assert row.made


def test_issues_of_an_optional_column_are_the_same_piece_by_piece(folder: Path) -> None:
    declared = RENAMED.replace("mode: append", "mode: append, optional: [Fullname]")
    declare(folder, declared, "members")
    built(folder)
    (folder / "members-3.csv").write_text(OLD.replace("1,", "7,"))
    assert built(folder).build.sources["members"].issues == 2


def test_a_column_that_only_a_replaced_delivery_lacks_is_not_missed(tmp_path: Path) -> None:
    folder = workspace(tmp_path, {"members": MEMBERS.replace("append", "replace")}, {"members-1.csv": OLD})
    built(folder)
    declare(folder, RENAMED.replace("append", "replace"), "members")
    assert "members has no column Fullname" in refusal(folder)
    (folder / "members-2.csv").write_text(NEW)
    built(folder)
    assert names(folder) == [("Bo Wren",)]


def test_a_capital_is_no_other_column(folder: Path) -> None:
    (folder / "members-2.csv").unlink()
    declare(folder, MEMBERS.replace("Full Name", "Full name"), "members")
    built(folder)
    assert names(folder) == [("Ann Lee",)]


def test_a_role_that_is_none_is_explained_where_no_column_has_its_name(tmp_path: Path) -> None:
    declared = CUSTODY.replace("role: arrested", "role: detained")
    with pytest.raises(DeliveryError) as raised:
        built(workspace(tmp_path, {"custody": declared}, {"custody-1.csv": CUSTODY_FILE}))
    said = str(raised.value)
    assert "custody-1.csv has no column detained" in said
    assert (
        "`role: detained` of the link involved_in is read as a column, as it is none of its roles (knownSuspect,"
        in said
    )
    assert "as in `role: {constant: knownSuspect}`" in said
