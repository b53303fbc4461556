from datetime import date

from bluelamp.connectors.options import OPTIONS
from bluelamp.workspace import check
from bluelamp.workspace.model import Value
from bluelamp.workspace.people import ROLES
from tests.demo.reading import Town


def test_every_declaration_is_understood_without_a_remark(town: Town) -> None:
    workspace, problems = check(town.folder, OPTIONS)
    assert [str(each) for each in problems] == []
    assert workspace is not None


def test_every_declared_column_is_in_the_files(town: Town) -> None:
    for source in town.workspace.sources.values():
        values: list[Value] = [value for record in source.records for value in record.set.values()]
        keys = {column for record in source.records for column in record.key.columns}
        keys |= {
            column for link in source.links for end in (link.from_, link.to) if end.key for column in end.key.columns
        }
        declared = keys | {column for value in values for column in value.columns}
        assert declared <= set(town.rows(source.name).columns), source.name


def test_every_declared_check_names_columns_of_the_files(town: Town) -> None:
    for source in town.workspace.sources.values():
        for each in source.checks:
            assert set(each.columns) <= set(town.rows(source.name).columns), (source.name, each)


def test_every_role_has_a_user_and_one_analyst_is_cleared_for_official_only(town: Town) -> None:
    users = town.workspace.users.values()
    assert {role for user in users for role in user.roles} == set(ROLES)
    assert ("OFFICIAL",) in {user.clearance for user in users if "analyst" in user.roles}


def test_one_purpose_has_ended_and_staff_are_open_to_standards_only(town: Town) -> None:
    ended = [each.name for each in town.workspace.purposes.values() if each.ends and each.ends < date(2026, 11, 1)]
    assert ended == ["operation-lantern"]
    assert town.workspace.sources["staff"].purposes == ("standards",)


def test_intelligence_and_custody_say_the_marking_of_each_row(town: Town) -> None:
    assert set(town.rows("intelligence")["marking"]) == {"OFFICIAL", "OFFICIAL-SENSITIVE"}
    assert set(town.rows("custody")["Marking"]) == {"OFFICIAL", "OFFICIAL-SENSITIVE"}


def test_the_modes_append_replace_and_upsert_are_all_there(town: Town) -> None:
    assert {each.read.mode for each in town.workspace.sources.values()} == {"append", "replace", "upsert"}
