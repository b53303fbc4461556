"""A type of a force's own for what is born and named: its records are joined by a model, as those of people are."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from bluelamp.errors import DeclarationError
from bluelamp.pipeline.evaluate import evaluate, train
from tests.factory import built, loaded, workspace

ANIMAL = """type: Animal
label: Animal
plural: Animals
kind: object
caption: [called]
properties:
  called: Name
  born: {type: Date, label: Born}
  sex: Sex
  breed: Text
  postcode: {type: Postcode, label: Postcode of the owner}
  chip: {type: Reference, label: Microchip, strong: true}
"""

REGISTER = """
    source: register
    title: Animals
    owner: Wardens
    lawful_basis: DPA 2018 s.35(2)(b)
    purposes: [investigation]
    marking: OFFICIAL
    retention: mopi-2
    read: {connector: csv, path: animals-*.csv, mode: append}
    records:
      animal:
        type: Animal
        key: [Ref]
        set: {called: Called, born: {column: Born, format: iso}, sex: Sex, breed: Breed, postcode: Home, chip: Chip}
    """

HEADER = ["Ref", "Called", "Born", "Sex", "Breed", "Home", "Chip"]
NAMES = [
    f"{one}{two}"
    for one in ("Bel", "Mo", "Char", "Lu", "Da", "Ros", "Max", "Ted")
    for two in ("la", "lie", "na", "sy", "per", "dy")
]
BREEDS = [
    "Labrador",
    "Cocker spaniel",
    "French bulldog",
    "Border collie",
    "German shepherd",
    "Lurcher",
    "Beagle",
    "Pug",
]


def register(litters: int) -> tuple[str, str]:
    """Up to three records of each animal of so many litters, and the truth of them, both as CSV.

    The animals of a litter have one birth and breed. Some names are misspelt, some births are only a year, some animals
    have moved, some have no chip.
    """
    chosen = np.random.default_rng(3)
    lines: list[list[str]] = []
    truth, animal = ["source,key,entity"], 0
    home = lambda: f"NX{chosen.integers(1, 20)} {chosen.integers(10)}{''.join(chosen.choice(list('ABDEFGH'), 2))}"  # noqa: E731
    for _ in range(litters):
        born = f"{chosen.integers(2008, 2024)}-{chosen.integers(1, 13):02}-{chosen.integers(2, 29):02}"
        breed = str(chosen.choice(BREEDS))
        for name in chosen.choice(NAMES, chosen.integers(1, 6), replace=False):
            sex, lives, chip = "MF"[chosen.integers(2)], home(), f"9{chosen.integers(10**14):014}"
            for _ in range(chosen.integers(1, 4)):
                called = name if chosen.random() < 0.94 else name[0] + name[2:]
                said = born if chosen.random() < 0.85 else born[:4]
                lives = lives if chosen.random() < 0.9 else home()
                known = chip if chosen.random() < 0.5 else ""
                lines.append([f"A{len(lines)}", called, said, sex, breed, lives, known])
                truth.append(f"register,{lines[-1][0]},{animal}")
            animal += 1
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *lines])
    return text.getvalue(), "\n".join(truth)


def test_animals_are_joined_by_likeness_and_litters_are_not_one(tmp_path: Path) -> None:
    register_, truth = register(400)
    files: dict[str, str | bytes] = {"types/animal.yaml": ANIMAL, "animals-1.csv": register_}
    folder = workspace(tmp_path / "force", {"register": REGISTER}, files)
    assert set(built(folder).build.models) == {"Animal"}
    (tmp_path / "truth.csv").write_text(truth)
    found, _ = evaluate(loaded(folder), "Animal", tmp_path / "truth.csv", [], lambda *_: None)
    assert found.groups[0].precision.share > 0.99
    assert found.groups[0].recall.share > 0.8
    for name, why in (
        ("Vehicle", "a thing takes one only where"), ("Location", "places are joined"), ("Organisation", "bodies"),
        ("Custody", "events"),
    ):  # fmt: skip
        with pytest.raises(DeclarationError, match=f"Records of {name} are joined without a model, as {why}"):
            train(loaded(folder), name, lambda *_: None)
