import tomllib
from pathlib import Path

import pytest

from bluelamp.connectors import OPTIONS
from bluelamp.errors import DeclarationError
from bluelamp.workspace import check, load, new


def test_a_new_workspace_checks_without_a_problem(tmp_path: Path) -> None:
    new(tmp_path / "my-force")
    workspace, problems = check(tmp_path / "my-force", OPTIONS, {})
    assert workspace is not None
    assert problems == []
    assert (workspace.name, list(workspace.sources)) == ("my-force", ["bicycle-register"])


def test_the_style_of_a_new_workspace_is_right_once_it_is_uncommented(tmp_path: Path) -> None:
    new(tmp_path / "my-force")
    file = tmp_path / "my-force/styles.yaml"
    file.write_text(file.read_text("utf-8").replace("styles: []", "styles:").replace("\n#  ", "\n  "), "utf-8")
    workspace, problems = check(tmp_path / "my-force", OPTIONS, {})
    assert problems == []
    assert workspace is not None
    assert [each.name for each in workspace.styles] == ["Red bicycle"]


def test_a_new_workspace_has_an_analyst_an_officer_and_an_administrator(tmp_path: Path) -> None:
    new(tmp_path / "my-force")
    workspace = load(tmp_path / "my-force")
    users = workspace.users
    assert "analyst" in users["you"].roles
    assert {role for each in users.values() for role in each.roles} >= {"data_protection_officer", "administrator"}


def test_every_column_of_the_example_is_in_its_delivery(tmp_path: Path) -> None:
    new(tmp_path / "my-force")
    source = load(tmp_path / "my-force").sources["bicycle-register"]
    (delivery,) = (tmp_path / "my-force").glob(source.read.path)
    header = delivery.read_text(encoding="utf-8").splitlines()[0].split(",")
    named = {column for record in source.records for value in record.set.values() for column in value.columns}
    assert named | {column for record in source.records for column in record.key.columns} <= set(header)


def test_data_and_what_is_made_stay_out_of_git(tmp_path: Path) -> None:
    new(tmp_path / "my-force")
    assert {".bluelamp/", "deliveries/"} <= set((tmp_path / "my-force/.gitignore").read_text().splitlines())


def test_an_empty_folder_may_be_used_and_any_other_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    new(tmp_path / "empty")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for taken in ("full", "file", "empty"):
        with pytest.raises(DeclarationError, match="is not empty"):
            new(tmp_path / taken)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ['a "quoted" force', "back\\slash", "Heddlu Gwynedd – Ŵ", "tab\there"])
def test_whatever_the_folder_is_called_its_name_is_right(tmp_path: Path, name: str) -> None:
    new(tmp_path / name)
    assert tomllib.loads((tmp_path / name / "bluelamp.toml").read_text(encoding="utf-8"))["name"] == name
