"""The page on how records are joined."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from bluelamp import clock
from bluelamp.pipeline import evaluate, kept
from bluelamp.resolution import measure
from bluelamp.resolution import model as models
from bluelamp.resolution.declared import told
from bluelamp.resolution.measure import Group, Measure, Paired, Share
from bluelamp.resolution.train import train
from bluelamp.session.force import BlueLamp
from tests.resolution.people import population

Desk = Callable[..., TestClient]


@pytest.fixture
def modelled(office: BlueLamp) -> Iterator[BlueLamp]:
    """A force whose workspace keeps a model of people, and what was measured of it."""
    workspace, noun = office.workspace, office.workspace.nouns["Person"]
    known = {each.comparison.name: each.comparison for each in told(noun, workspace.nouns, workspace.links.values())}
    people = population(150)[0]
    columns = {
        "given_name": people.columns["given"], "surname": people.columns["family"], "date_of_birth": people.columns["born"],
    }  # fmt: skip
    model = train(type(people)(people.records, columns), [known[name] for name in columns]).model
    path = kept.place(workspace, noun)
    models.save(model, "Person", path)
    groups = (
        Group("", "", 900, Share(0.99, 0.01), Share(0.9, 0.01)),
        Group("sex", "Female", 400, Share(0.99, 0.01), Share(0.93, 0.02)),
        Group("sex", "Male", 500, Share(0.99, 0.01), Share(0.88, 0.02)),
    )
    stamp = clock.now().isoformat()
    measured = evaluate.place(workspace, noun)
    pairs = Paired(0.9812, 0.8765, 0.9259)
    measure.save(Measure("Person", "another", 1, stamp, "truth.csv", groups, pairs=pairs), measured)
    yield office
    path.unlink()
    measured.unlink()


def test_a_workspace_without_a_model_says_how_to_get_one(desk: Desk) -> None:
    page = desk().get("/resolution")
    assert page.status_code == 200
    assert "bluelamp resolution train" in page.text


def test_the_page_tells_bands_costs_groups_and_what_is_out_of_date(modelled: BlueLamp, desk: Desk) -> None:
    text = desk().get("/resolution").text
    model = modelled.workspace.folder / "models" / "person.json"
    assert model.exists()
    for said in (
        "Date of birth",
        "Not in use yet",
        "Out of date",
        "recall differs by 5.0 points",
        "Female",
        "93.00%",
        "F1 92.59%",
    ):
        assert said in text


def test_what_a_judged_sample_found_stands_beside_what_the_model_expects(modelled: BlueLamp, desk: Desk) -> None:
    workspace = modelled.workspace
    path = evaluate.place(workspace, workspace.nouns["Person"])
    found = measure.load(path)
    assert found
    model = kept.fingerprints(workspace)["Person"]
    sample = measure.Sample(measure.Tally(150, 149, 1), measure.Tally(90, 20, 6), 2)
    judged = replace(found, model=model, truth="a judged sample of 240 pairs by 2 people", sample=sample, pairs=None)
    measure.save(judged, path)
    assert measure.load(path) == judged
    text = desk().get("/resolution").text
    for said in (
        "by a judged sample of 240 pairs by 2 people", "Wrong by the judged sample", "1.00% ± 1.00", "10.00% ± 1.00",
        "Of 90 doubts 20 are the same; of 6 nobody could tell", "Pairs judged",
    ):  # fmt: skip
        assert said in text
    assert "F1" not in text


def test_engineers_may_see_it_and_administrators_may_not(modelled: BlueLamp, desk: Desk) -> None:
    assert modelled.build
    assert desk("eve").get("/resolution").status_code == 200
    assert desk("ida", "").get("/resolution").status_code in (303, 403)
