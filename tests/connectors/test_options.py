import inspect
import re

import pytest

import bluelamp.connectors
from bluelamp.connectors import (
    CONNECTORS,
    OPTIONS,
    delimited,
    dialect,
    elements,
    encoding,
    excel,
    found,
    objects,
    options,
    parquet,
    police,
    registry,
    sql,
    text,
)
from bluelamp.connectors.options import Options
from bluelamp.errors import DeclarationError
from bluelamp.workspace.model import Read

MODULES = (delimited, dialect, elements, encoding, excel, found, objects, options, parquet, police, registry, sql, text)
ASKED = re.compile(r"""\.(?:text|number|listed|character)\(\s*"(\w+)\"""")


def test_every_connector_has_options_and_every_table_a_connector() -> None:
    assert set(CONNECTORS) == set(OPTIONS)
    assert bluelamp.connectors.OPTIONS is options.OPTIONS


def test_every_option_is_documented_and_used() -> None:
    asked = {name for module in MODULES for name in ASKED.findall(inspect.getsource(module))}
    documented = {name for known in OPTIONS.values() for name in known}
    assert documented == asked
    assert all(len(meaning) > 15 for known in OPTIONS.values() for meaning in known.values())


@pytest.mark.parametrize("connector", OPTIONS)
def test_an_unknown_option_is_refused_with_those_there_are(connector: str) -> None:
    with pytest.raises(DeclarationError, match="has no option `colour`; it has"):
        options.options(Read(connector, "x", "append", {"colour": "red"}))


def test_an_unknown_connector_is_refused_with_those_there_are() -> None:
    with pytest.raises(DeclarationError, match="no connector mainframe; use one of csv, tsv"):
        options.options(Read("mainframe", "x", "append"))


def test_values_that_yaml_made_are_understood() -> None:
    assert Options("csv", {"header": "True"}).header() == 0
    assert Options("csv", {"header": "False"}).header() is None
    assert Options("csv", {"skip": 2}).number("skip", 0) == 2  # type: ignore[dict-item]


def test_header_and_skip_together_are_refused() -> None:
    with pytest.raises(DeclarationError, match="ambiguous"):
        Options("csv", {"header": "3", "skip": "1"}).header()


@pytest.mark.parametrize(("written", "meant"), [("tab", "\t"), ("\\t", "\t"), (";", ";"), ("none", ""), ("space", " ")])
def test_characters_may_be_named(written: str, meant: str) -> None:
    assert Options("csv", {"delimiter": written}).character("delimiter", ",") == meant
