from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.settings import TABLES, Settings, documentation, read, variable

ALL = [(table, each.name) for table in TABLES for each in fields(getattr(Settings(), table))]


def test_the_page_of_settings_is_up_to_date() -> None:
    assert Path("docs/settings.md").read_text(encoding="utf-8") == documentation()


@pytest.mark.parametrize(("table", "key"), ALL)
def test_every_setting_says_what_it_does_on_the_page(table: str, key: str) -> None:
    assert f"| `{variable(table, key)}` |" in documentation()
    assert all(each.metadata["help"] for each in fields(getattr(Settings(), table)))


@pytest.mark.parametrize(("table", "key"), ALL)
def test_every_setting_can_come_from_the_file_and_from_the_environment(table: str, key: str) -> None:
    wanted = 77 if isinstance(getattr(getattr(Settings(), table), key), int) else "text"
    settings, complaints = read({table: {key: wanted}}, {})
    assert getattr(getattr(settings, table), key) == wanted
    assert [each.kind for each in complaints] in ([], ["secret"])
    settings, complaints = read({}, {variable(table, key): str(wanted)})
    assert (getattr(getattr(settings, table), key), complaints) == (wanted, [])


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@given(
    st.dictionaries(
        st.sampled_from([*TABLES, "other"]), VALUES | st.dictionaries(st.sampled_from(["port", "host", "x"]), VALUES)
    )
)
def test_whatever_the_file_says_there_is_a_setting_for_everything(tables: dict[str, object]) -> None:
    settings, _ = read(tables, {})
    for table, key in ALL:
        default = getattr(getattr(Settings(), table), key)
        assert type(getattr(getattr(settings, table), key)) is type(default)
