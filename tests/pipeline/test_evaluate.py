"""What is joined is measured against the truth, and a publish can wait for it."""

import json
from pathlib import Path

import duckdb
import pytest

from bluelamp.errors import DeclarationError, HealthStop
from bluelamp.pipeline.evaluate import evaluate, train
from bluelamp.pipeline.likely import LEAST
from bluelamp.resolution.decided import Judged, obeyed
from bluelamp.resolution.judged import LEAST as LABELS
from bluelamp.resolution.model import load
from tests.factory import CONFIG, built, loaded, store
from tests.pipeline.test_likely import force, rows
from tests.resolution.people import population

HOUSEHOLDS = 130


def quiet(*_: object) -> None:
    """No progress."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workspace that was run, and the file of what is true of it."""
    folder = force(tmp_path_factory.mktemp("known") / "force", rows(HOUSEHOLDS))
    built(folder)
    whose = population(HOUSEHOLDS)[1].tolist()
    truth = folder.parent / "truth.csv"
    lines = [f"people,R{at},{person},{'odd' if person % 2 else 'even'}" for at, person in enumerate(whose)]
    truth.write_text("\n".join(["source,key,entity,half", *lines]))
    return folder, truth


def test_records_are_measured_without_publishing_by_columns_and_properties(known: tuple[Path, Path]) -> None:
    folder, truth = known
    found, path = evaluate(loaded(folder), "Person", truth, ["half", "sex"], quiet)
    assert {(each.by, each.name) for each in found.groups} >= {("", ""), ("half", "odd"), ("sex", "Male")}
    assert found.groups[0].records == len(rows(HOUSEHOLDS))
    assert found.groups[0].precision.share > 0.99
    assert found.pairs
    assert found.pairs.precision > 0.99 > found.pairs.recall > 0.8
    assert found.unknown == 0
    assert json.loads(path.read_text())["model"] == built(folder).build.models["Person"]


def test_rows_of_the_truth_that_are_of_no_record_are_counted(known: tuple[Path, Path], tmp_path: Path) -> None:
    folder, truth = known
    more = tmp_path / "truth.csv"
    more.write_text(truth.read_text() + "\npeople,R999999,1,odd\nothers,R1,1,odd")
    assert evaluate(loaded(folder), "Person", more, [], quiet)[0].unknown == 2


def test_a_publish_waits_until_fairness_is_measured_and_found(known: tuple[Path, Path], tmp_path: Path) -> None:
    folder, truth = known
    model = (folder / "models" / "person.json").read_text()
    waiting = force(tmp_path / "force", rows(HOUSEHOLDS), model=model)
    (waiting / "bluelamp.toml").write_text(CONFIG + "[resolution]\nmost_gap = 5\n")
    with pytest.raises(HealthStop, match="not measured yet"):
        built(waiting)
    found, path = evaluate(loaded(waiting), "Person", truth, ["half"], quiet)
    worse = json.loads(path.read_text())
    assert len(found.groups) == 3
    worse["groups"][1]["recall"]["share"] = 0.1
    path.write_text(json.dumps(worse))
    with pytest.raises(HealthStop, match="most_gap allows 5%"):
        built(waiting)
    evaluate(loaded(waiting), "Person", truth, ["half"], quiet)
    assert built(waiting).published


def test_a_model_trained_anew_joins_from_the_next_run_on(known: tuple[Path, Path], tmp_path: Path) -> None:
    folder, _ = known
    strict = json.loads((folder / "models" / "person.json").read_text())
    strict["bands"]["join"] = 0.9999
    stale = json.dumps(strict)
    fresh = force(tmp_path / "force", rows(HOUSEHOLDS), model=stale)
    first = built(fresh).build
    model, path = train(loaded(fresh), "Person", quiet)
    assert model.records == len(rows(HOUSEHOLDS))
    assert path == fresh / "models" / "person.json"
    second = built(fresh).build
    assert second.number == first.number + 1
    assert second.models != first.models
    assert second.objects["Person"] < first.objects["Person"]


def test_what_people_decided_corrects_a_model_that_is_trained_anew(known: tuple[Path, Path], tmp_path: Path) -> None:
    folder, _ = known
    fresh = force(tmp_path / "force", rows(HOUSEHOLDS), model=(folder / "models" / "person.json").read_text())
    built(fresh)
    whose = population(HOUSEHOLDS)[1].tolist()
    held = store(fresh)
    of = dict(duckdb.sql(f"select distinct record, key from {held.records('Person').relation()}").fetchall())
    pairs = duckdb.sql(f"select distinct record, other from {held.pairs.relation()} where weight < 8").fetchall()
    entity = {record: whose[int(key[1:])] for record, key in of.items()}
    said = [Judged("Person", a, b, "same" if entity[a] == entity[b] else "not_same") for a, b in pairs]
    assert len(said) > LABELS
    model, path = train(loaded(fresh), "Person", quiet, obeyed(said))
    assert model.chances.corrections.labels > LABELS
    assert load(path, "Person", model.comparisons).chances.corrections == model.chances.corrections
    assert built(fresh).published


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("key,entity\nR1,1", "needs the column entity"),
        ("source,key,entity\npeople,R1,1", "Neither the file nor Person has planet"),
        ("", "needs the column entity|cannot be read"),
        ("source,key,entity,planet\npeople,R-1,1,Mars", "No row .* is of a record of Person"),
    ],
)
def test_a_file_that_does_not_fit_is_told(known: tuple[Path, Path], tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "truth.csv").write_text(content)
    with pytest.raises(DeclarationError, match=says):
        evaluate(loaded(known[0]), "Person", tmp_path / "truth.csv", ["planet"], quiet)


def test_what_is_not_there_is_told(known: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no file"):
        evaluate(loaded(known[0]), "Person", tmp_path / "none.csv", [], quiet)
    with pytest.raises(DeclarationError, match="no object type Persom"):
        train(loaded(known[0]), "Persom", quiet)
    few = force(tmp_path / "force", rows(HOUSEHOLDS)[: LEAST - 1])
    built(few)
    with pytest.raises(DeclarationError, match="too few to learn from"):
        train(loaded(few), "Person", quiet)
