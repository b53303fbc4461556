from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.settings import TABLES, Settings, documentation, read, variable

#: a text for each setting that does not take every one
TEXTS = {"name": "spark", "spark": "sc://spark.force.uk:15002/;use_ssl=true"}

ALL = [(table, each.name) for table in TABLES for each in fields(getattr(Settings(), table))]


def test_the_page_of_settings_is_up_to_date() -> None:
    assert Path("docs/settings.md").read_text(encoding="utf-8") == documentation()


@pytest.mark.parametrize(("table", "key"), ALL)
def test_every_setting_says_what_it_does_on_the_page(table: str, key: str) -> None:
    assert f"| `{variable(table, key)}` |" in documentation()
    assert all(each.metadata["help"] for each in fields(getattr(Settings(), table)))


@pytest.mark.parametrize(("table", "key"), ALL)
def test_every_setting_can_come_from_the_file_and_from_the_environment(table: str, key: str) -> None:
    wanted = 77 if isinstance(getattr(getattr(Settings(), table), key), int) else TEXTS.get(key, "text")
    settings, complaints = read({table: {key: wanted}}, {})
    assert getattr(getattr(settings, table), key) == wanted
    assert [each.kind for each in complaints] in ([], ["secret"])
    settings, complaints = read({}, {variable(table, key): str(wanted)})
    assert (getattr(getattr(settings, table), key), complaints) == (wanted, [])


@pytest.mark.parametrize(
    ("key", "value", "fix"),
    [
        ("name", "sparks", 'write "duckdb" or "spark"'),
        ("name", 1, 'write "duckdb" or "spark"'),
        ("spark", "host:15002", 'write "sc://HOST:PORT"'),
        ("spark", "sc://host:x", 'write "sc://HOST:PORT"'),
        ("spark", "sc://host;use_ssl=true", 'write "sc://HOST:PORT"'),
    ],
)
def test_what_is_no_engine_and_no_address_of_one_is_told(key: str, value: object, fix: str) -> None:
    settings, complaints = read({"engine": {key: value}}, {})
    assert settings == Settings()
    assert [(each.kind, each.key) for each in complaints] == [("value", key)]
    assert repr(value) in complaints[0].message
    assert complaints[0].fix.startswith(fix)


def test_an_address_with_a_token_is_a_secret_and_is_not_repeated_where_it_is_wrong() -> None:
    address = "sc://spark.force.uk/;token=abc"
    _, complaints = read({"engine": {"spark": address}}, {})
    assert [each.kind for each in complaints] == ["secret"]
    assert read({}, {"BLUELAMP_ENGINE_SPARK": address})[0].engine.spark == address
    _, complaints = read({}, {"BLUELAMP_ENGINE_SPARK": f"{address} def"})
    assert [each.kind for each in complaints] == ["value"]
    assert "abc" not in repr(complaints)


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
