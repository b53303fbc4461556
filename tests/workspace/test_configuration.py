from pathlib import Path

import pytest

from bluelamp.workspace import check
from tests.workspace.made import OPTIONS, SETTINGS, force, loaded, problems

NAME = 'name = "Exshire"\n'


def codes(folder: Path, text: str) -> list[str]:
    return [f"{each.code}:{each.place.line}" for each in problems(folder, {SETTINGS: text})]


def test_the_markings_of_government_up_to_the_ceiling_are_built_in(tmp_path: Path) -> None:
    markings = loaded(tmp_path).markings
    assert {name: each.rank for name, each in markings.items()} == {"OFFICIAL": 0, "OFFICIAL-SENSITIVE": 1}


def test_a_marking_of_the_force_is_outside_the_order_unless_it_has_a_rank(tmp_path: Path) -> None:
    text = (
        NAME + '[markings]\n"MEDICAL IN CONFIDENCE" = {title = "Medical"}\nPSD-ONLY = {title = "Standards", rank = 1}\n'
    )
    markings = loaded(tmp_path, {SETTINGS: text}).markings
    assert markings["MEDICAL IN CONFIDENCE"].rank is None
    assert markings["PSD-ONLY"].rank == 1


def test_the_groups_of_mopi_are_retention_classes(tmp_path: Path) -> None:
    retention = loaded(tmp_path).retention
    assert list(retention) == ["mopi-1", "mopi-2", "mopi-3", "mopi-4"]
    assert (retention["mopi-3"].first_review, retention["mopi-3"].repeat) == (6, 5)
    assert retention["mopi-4"].repeat is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["B009:1"]),
        ("name = 7\n", ["B009:1"]),
        (NAME + "colour = 1\n", ["B049:2"]),
        (NAME + "server = 8000\n", ["B050:2"]),
        (NAME + "[server]\nhost = 1\nport = 0\n", ["B050:3", "B050:4"]),
        (NAME + "[server]\nport = true\n", ["B050:3"]),
        (NAME + "[engine]\nname = 'sparks'\nspark = 'host'\n", ["B050:3", "B050:4"]),
        (NAME + "[engine]\nspark = 'sc://host/;token=x'\n", ["B051:3"]),
        (NAME + "[markings.SECRET]\ntitle = 'x'\n", ["B024:2"]),
        (NAME + "[markings.OFFICIAL]\ntitle = 'x'\n", ["B055:2"]),
        (NAME + "[markings.psd]\ntitle = 'x'\n", ["B028:2"]),
        (NAME + "[markings.PSD]\ntitle = 1\n", ["B050:2"]),
        (NAME + "[markings.PSD]\ntitel = 'x'\n", ["B049:3"]),
        (NAME + "[markings]\nPSD = 1\n", ["B050:3"]),
        (NAME + "markings = 1\n", ["B050:2"]),
        (NAME + "[retention.visitors]\ntitle = 'x'\n", ["B050:2"]),
        (NAME + "[retention.visitors]\nfirst_review = 1\nyears = 2\n", ["B049:4"]),
        (NAME + "[retention.mopi-1]\nfirst_review = 1\n", ["B055:2"]),
        (NAME + "[database]\nurl = 'postgresql://me:pass@db/x'\n", ["B051:3"]),
        (NAME + "[database]\nurl = 'postgresql://me@db:5432/x'\n", []),
        ("name = \n", ["B048:1"]),
        (NAME + "[server]\n[server]\n", ["B048:3"]),
    ],
)
def test_a_wrong_setting_is_explained_by_its_line(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = codes(tmp_path, text)
    assert [each for each in found if not each.startswith("B048")] == [
        each for each in expected if not each.startswith("B048")
    ]
    assert sum(each.startswith("B048") for each in found) == sum(each.startswith("B048") for each in expected)


def test_an_environment_variable_comes_before_the_file(tmp_path: Path) -> None:
    folder = force(tmp_path, {SETTINGS: NAME + "[server]\nport = 8001\n"})
    workspace, found = check(
        folder, OPTIONS, {"BLUELAMP_SERVER_PORT": "9000", "BLUELAMP_DATABASE_URL": "postgresql://a:b@c/d"}
    )
    assert found == []
    assert workspace is not None
    assert (workspace.settings.server.port, workspace.settings.database.url) == (9000, "postgresql://a:b@c/d")


def test_a_wrong_environment_variable_is_named(tmp_path: Path) -> None:
    _, (found,) = check(force(tmp_path), OPTIONS, {"BLUELAMP_SIGN_IN_IDLE_MINUTES": "half an hour"})
    assert found.code == "B050"
    assert "BLUELAMP_SIGN_IN_IDLE_MINUTES is 'half an hour'" in found.message


def test_what_is_made_lives_where_the_storage_folder_says(tmp_path: Path) -> None:
    assert loaded(tmp_path).store == tmp_path / ".bluelamp"
    assert loaded(tmp_path, {SETTINGS: NAME + "[storage]\nfolder = '/srv/lamp'\n"}).store == Path("/srv/lamp")
