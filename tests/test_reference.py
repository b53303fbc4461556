"""The reference is made from the code, and what the pages beside it show is checked, run and asked."""

import re
from pathlib import Path

import pytest
import yaml

import bluelamp
from bluelamp.connectors import OPTIONS
from bluelamp.session.session import Session
from bluelamp.workspace import reference, values
from bluelamp.workspace.model import Mode
from tests.factory import CONFIG, built, loaded, rows, workspace
from tests.workspace.made import SOURCE, problems, swap

DECLARING = Path("docs/declaring.md").read_text("utf-8")
SEARCHING = Path("docs/search.md").read_text("utf-8")

DELIVERIES = {
    "deliveries/members-1.csv": "Number,Status,Full Name,Nickname,Born,Warning,Phone,Boathouse,X,Y\n"
    "7,,Ann Lee,Annie,03/06/1990,V,07700 900101,Old House,530624.974,178388.464\n8,Test,Nobody,,,,,,,\n",
    "deliveries/members-2.csv": "No,Status,Full Name,Born,Warning,Phone,Boathouse,X,Y\n9,,Bo Wren,1991-02-03,,,,,\n",
    "deliveries/visits.csv": "Kind,When,Account,Member,Place\nTheft,03/06/2026 10:00,Oar gone,7,Old House\nVisit,04/06/2026 10:00,Tea,9,\n",
    "deliveries/boats.jsonl": '{"number": "B1", "named": {"as": "Iris", "on": "2020-01-02"}, "rower": "9", "seat": "cox"}\n',
    "deliveries/crimes.jsonl": '{"urn": "44/1", "on": "2026-06-01", "people": [{"name": "Ann Lee", "role": "victim"}, '
    '{"name": "Cy Moss", "role": "knownSuspect"}]}\n{"urn": "44/2", "on": "2026-06-02"}\n',
    "reference/warnings.csv": "value,meaning\nV,Violent\n",
}  # fmt: skip


def test_the_reference_is_up_to_date() -> None:
    assert Path("docs/reference.md").read_text("utf-8") == reference.documentation(OPTIONS)


@pytest.mark.parametrize("written", values.DESCRIBED)
def test_every_way_to_make_a_value_that_the_reference_shows_is_understood(tmp_path: Path, written: str) -> None:
    declared = written if written.startswith("surname") else f"surname: {written}"
    declared = f"date_of_death: {written}" if "year:" in written else declared
    point = swap("{lat: Lat, lon: Lon}", written)
    found = problems(
        tmp_path, {SOURCE: point if "lat:" in written or "point:" in written else swap("surname: Surname", declared)}
    )
    assert {each.code for each in found} <= {"B035", "B047"}, found


def test_every_way_to_make_a_value_stands_in_the_reference() -> None:
    keys = {key for written in values.DESCRIBED if written.startswith("{") for key in yaml.safe_load(written)}
    assert set(values.WAYS) <= keys


def test_every_mode_is_explained() -> None:
    for mode in Mode.__args__:  # type: ignore[attr-defined]
        assert f"\n| `{mode}`" in DECLARING


def test_what_the_page_on_declaring_shows_can_be_run(tmp_path: Path) -> None:
    files = dict(re.findall(r"```\w+ file=(\S+)\n(.*?)```", DECLARING, re.DOTALL))
    folder = workspace(tmp_path, {}, {**files, **DELIVERIES}, CONFIG)
    assert list(loaded(folder).sources) == ["boats", "crimes", "members", "visits"]
    outcome = built(folder)
    assert outcome.build.warnings == []
    assert outcome.build.objects == {"Person": 2 + 2, "Phone": 1, "Location": 1, "Incident": 1, "Boat": 1, "Crime": 2}
    assert outcome.build.links == {"happened_at": 1, "involved_in": 1 + 2, "rows": 1, "uses_phone": 1}
    assert outcome.build.sources["members"].issues == 1 + 1
    assert rows(folder, "record_location", "point") == [("51.489365,-0.119951",)]
    assert ("Ann Lee", "Annie", "1990-06-03", "Violent") in rows(
        folder, "record_person", "full_name, alias, date_of_birth, warning"
    )


@pytest.mark.parametrize("name", [name for name in vars(Session) if not name.startswith("_")])
def test_every_method_of_a_session_stands_on_the_page_on_searching(name: str) -> None:
    if callable(getattr(Session, name)):
        assert f"`{name}(" in SEARCHING


ASKED = {
    "okafor amara": 1, "amara okafer": 1, "smith OR okafor": 3, "smith AND okafor": 0, "smith NOT jon": 2, "okafor -jon": 1,
    "(smith OR okafor) amara": 1, '"near the market"': 1, "oka*": 1, "2099/0000123P": 1, "2099/00*": 1, "*123P": 1,
    "03/06/1990": 1, "1990-06-03": 1, "N?": 0, "okaf?r": 1,
}  # fmt: skip


def test_what_the_page_on_searching_says_is_so(tmp_path: Path, postgres_url: str) -> None:
    built(workspace(tmp_path, database=postgres_url))
    force = bluelamp.open(tmp_path)
    session = force.session(user="ann", purpose="investigation", reason="Operation Ash")
    found = {text: session.search(text, types=("Person", "IntelligenceReport")).total for text in ASKED}
    force.close()
    assert found == ASKED
