"""Where a model would have it the wrong way round, none is kept, only keys join, and that is said wherever it matters."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bluelamp
from bluelamp.cli import app
from bluelamp.errors import DeclarationError
from bluelamp.session.force import BlueLamp
from tests.factory import published
from tests.office import as_, seat
from tests.pipeline.test_likely import PEOPLE, Row, groups, written
from tests.resolution.people import once

SAYS = "in Given name (`given_name`) equal values count against two records being one"


def rows(households: int) -> list[Row]:
    """A row for each of these people, each told of once."""
    columns = list(once(households)[0].columns.values())
    return [
        [f"R{at}", *(next((column.texts[code] for code in column.codes[at] if code >= 0), "") for column in columns)]
        for at in range(len(columns[0].codes))
    ]


@pytest.fixture
def force(tmp_path: Path, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """People of whom hardly any two records tell, and a run of them."""
    folder = published(tmp_path / "force", {"people": PEOPLE}, {"people-0.csv": written(rows(300))}, fresh_database())
    force = bluelamp.open(folder)
    force.run("tester", lambda *_: None)
    yield force
    force.close()


def ran(force: BlueLamp) -> tuple[list[str], bool]:
    """What a run tells while it goes on, and whether it published."""
    told: list[str] = []
    found = force.run("tester", lambda _, what, __: told.append(what))
    return told, found.published


def test_a_run_joins_by_keys_alone_and_says_why_each_time(force: BlueLamp) -> None:
    assert not (force.folder / "models").exists()
    assert force.build
    assert (set(force.build.unlearned), force.build.models) == ({"Person"}, {})
    assert all(len(each) == 1 for each in groups(force.folder))
    for _ in range(2):
        done = CliRunner().invoke(app, ["run", str(force.folder)])
        assert (done.exit_code, "unchanged" in done.output) == (0, True)
        assert SAYS in " ".join(done.output.split())


def test_it_learns_again_only_from_many_more_records_or_other_declarations(force: BlueLamp) -> None:
    learning = "learning which people are one"
    assert learning not in ran(force)[0]
    more = rows(600)[1000:]
    for at, some, again in ((1, more[:20], False), (2, more[20:400], True)):
        (force.folder / f"people-{at}.csv").write_text(written(some))
        told, new = ran(force)
        assert (learning in told, new) == (again, True)
    declared = force.folder / "sources" / "people.yaml"
    declared.write_text(declared.read_text().replace(", sex: Sex}", "}"))
    other = bluelamp.open(force.folder)
    assert learning in ran(other)[0]
    other.close()


def test_training_refuses_it_and_leaves_what_is_kept_as_it_is(force: BlueLamp) -> None:
    kept = force.folder / "models" / "person.json"
    for before in (None, "a model that somebody reviewed"):
        if before:
            kept.parent.mkdir()
            kept.write_text(before)
        with pytest.raises(DeclarationError) as refusal:
            force.train("Person", "tester", lambda *_: None)
        for said in ("No model of Person is kept", SAYS, "`bluelamp resolution train WORKSPACE --type Person`"):
            assert said in str(refusal.value)
        assert (kept.read_text() if kept.exists() else None) == before


def test_the_page_on_joining_says_it(force: BlueLamp) -> None:
    found = as_(force).models()
    assert (len(found.models), len(found.unlearned)) == (0, 1)
    page = seat(force).get("/resolution")
    assert page.status_code == 200
    assert SAYS in page.text
