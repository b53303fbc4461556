import json
from pathlib import Path

import numpy as np
import pytest

from bluelamp.errors import DeclarationError
from bluelamp.resolution.frame import Frame
from bluelamp.resolution.model import Model, explain, load, save
from bluelamp.resolution.train import train
from tests.resolution.people import COMPARISONS, population

Trained = tuple[Frame, np.ndarray, Model]


@pytest.fixture(scope="module")
def trained() -> Trained:
    frame, whose = population(300)
    return frame, whose, train(frame, COMPARISONS).model


def test_a_saved_model_weighs_as_the_trained_one(trained: Trained, tmp_path: Path) -> None:
    frame, _, model = trained
    save(model, "Person", tmp_path / "models" / "person.json")
    again = load(tmp_path / "models" / "person.json", "Person", COMPARISONS)
    left, right = np.arange(100), np.arange(100) + 1
    assert np.allclose(again.weigh(frame, left, right), model.weigh(frame, left, right), atol=1e-3)
    assert again.rules == model.rules


def test_a_model_of_other_declarations_is_refused_with_what_to_do(trained: Trained, tmp_path: Path) -> None:
    save(trained[2], "Person", tmp_path / "person.json")
    with pytest.raises(DeclarationError, match=r"made for other declarations than those of Person here; train it anew"):
        load(tmp_path / "person.json", "Person", COMPARISONS[:-1])


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"version": 1}'])
def test_a_damaged_model_is_refused_in_one_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "person.json").write_text(text)
    with pytest.raises(DeclarationError, match="cannot be read"):
        load(tmp_path / "person.json", "Person", COMPARISONS)


def test_the_file_names_levels_and_kinds_of_pairs_for_who_reviews_it(trained: Trained, tmp_path: Path) -> None:
    save(trained[2], "Person", tmp_path / "person.json")
    said = json.loads((tmp_path / "person.json").read_text())
    assert set(said["agreement"]["born"]["twin"]) >= {"other", "slip", "day_month_swapped", "same_0"}
    assert sum(said["agreement"]["born"]["same"].values()) == pytest.approx(1, abs=1e-3)


def test_an_explanation_says_what_each_property_adds(trained: Trained) -> None:
    frame, whose, model = trained
    one = int(np.flatnonzero(whose[1:] == whose[:-1])[0])
    probability, weights = explain(model, frame, one, one + 1)
    assert probability > 0.5
    by_name = {each.comparison.name: each for each in weights}
    assert set(by_name) == {each.name for each in COMPARISONS}
    assert max(each.bits for each in weights) > 0
    assert all(each.bits == 0 for each in weights if each.level == "missing")


def test_the_file_of_a_model_tells_nobodys_address_telephone_or_key(tmp_path: Path) -> None:
    """It is read and reviewed like code, by people who may see no records."""
    frame, _ = population(300)
    model = train(frame, COMPARISONS).model
    save(model, "Person", tmp_path / "person.json")
    text = (tmp_path / "person.json").read_text()
    assert any(model.common[name] for name in ("phone", "address", "postcode"))
    for name in ("phone", "address", "postcode"):
        assert not [value for value in frame.columns[name].texts if f'"{value}"' in text]
