import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bluelamp.demo
from bluelamp.errors import DeclarationError
from bluelamp.workspace import check, load
from tests.workspace.made import FILES, OPTIONS, PURPOSE, SOURCE, drop, force, swap

DEMO = Path(bluelamp.demo.__file__).parent / "workspace"


def test_a_right_workspace_loads(tmp_path: Path) -> None:
    workspace = load(force(tmp_path))
    assert (workspace.name, list(workspace.sources), list(workspace.users)) == ("Exshire", ["library"], ["amara"])


def test_a_wrong_workspace_says_all_that_is_wrong_in_one_error(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as caught:
        load(force(tmp_path, {PURPOSE: drop("dpia:"), SOURCE: swap("mopi-3", "mopi-9")}))
    first, *lines = str(caught.value).splitlines()
    assert first == f"The workspace {tmp_path} has 2 mistakes and cannot be used."
    assert [line.partition(" ")[0] for line in lines] == ["purposes/investigation.yaml:1:", "sources/library.yaml:7:"]


def test_a_warning_does_not_keep_a_workspace_from_loading(tmp_path: Path) -> None:
    folder = force(tmp_path, {SOURCE: swap("role: homeAddress", "role: homeAdress")})
    workspace, problems = check(folder, OPTIONS, {})
    assert workspace is not None
    assert [each.severity for each in problems] == ["warning"]
    assert "B019 warning: " in str(problems[0])


def test_a_folder_that_is_no_workspace_is_one_problem(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing", force(tmp_path / "a") / SOURCE):
        workspace, problems = check(folder, OPTIONS, {})
        assert workspace is None
        assert [each.code for each in problems] == ["B012"]


def test_files_of_the_store_and_unknown_folders_are_not_read(tmp_path: Path) -> None:
    folder = force(
        tmp_path, {".bluelamp/sources/x.yaml": "broken: [", "sources/old/x.yaml": "broken: [", "sources/a.txt": "["}
    )
    assert check(folder, OPTIONS, {})[1] == []


def test_the_made_up_force_loads_without_a_problem(tmp_path: Path) -> None:
    folder = shutil.copytree(DEMO, tmp_path / "northgate")
    # as it is when it is made: the wards are made up with its deliveries
    (folder / "reference").mkdir(exist_ok=True)
    (folder / "reference" / "wards.geojson").write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    workspace, problems = check(folder, None, {})
    assert workspace is not None
    assert problems == []


PIECES = st.sampled_from(
    ["[", "]", "{", "}", ": ", "- ", "[]", "{}", "null", "x", "1", '"', "'", "\n", "\n  ", "row", ",", "-", "\x00"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.integers(0, 900), st.integers(0, 20), PIECES)
def test_no_slip_of_the_hand_is_a_traceback(tmp_path: Path, name: str, start: int, length: int, piece: str) -> None:
    text = FILES[name]
    start %= len(text)
    folder = force(tmp_path, {name: text[:start] + piece + text[start + length :]})
    workspace, problems = check(folder, OPTIONS, {})
    assert (workspace is None) == any(each.severity == "error" for each in problems)
    assert all(str(each) for each in problems)
