"""How well places are told apart by how their addresses are written, where the truth is known.

`python -m benchmarks.places [FOLDER]`: FOLDER holds `uk_fhrs_addresses_sample.parquet`, real addresses of businesses. Of one
in each postcode, other ways to write it are made, and of each its nearest neighbours: another flat, a letter, the
next number, another street.
"""

import os
import random
import re
import resource
import sys
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from bluelamp.ontology import LINKS, NOUNS
from bluelamp.ontology.location import Location
from bluelamp.resolution import keys
from bluelamp.resolution.declared import wording
from bluelamp.resolution.written import Written

_SHORT = (("road", "rd"), ("street", "st"), ("avenue", "ave"), ("close", "cl"), ("lane", "ln"), ("drive", "dr"))
_NUMBERED = re.compile(r"(\d+)([a-z]?)((?: [a-z]+)+? (?:road|street|avenue|close|lane|drive|way|hill|place))\b")
#: how often a way of writing is met
_USUAL, _SELDOM, _RARE = 0.3, 0.1, 0.04

Written_ = tuple[str, str | None, int]


def written(chance: random.Random, address: str, postcode: str) -> tuple[str, str | None]:
    """An address as somebody might write it."""
    text = address
    for word, short in _SHORT:
        if chance.random() < _USUAL:
            text = re.sub(rf"\b{word}\b", short, text, count=1)
    words = text.split(" ")
    if chance.random() < _SELDOM:
        words = words[:-1]
    if chance.random() < _USUAL:
        words = ["Flat" if word == "flat" else word.title() for word in words]
    text = " ".join(words)
    if chance.random() < _RARE:
        at = chance.choice([each.start() for each in re.finditer(r"[A-Za-z](?=[A-Za-z])", text)])
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    code = None if chance.random() < _SELDOM else postcode.lower()
    return text.lower(), code


def neighbours(address: str, number: str, letter: str, street: str) -> list[str]:
    """Addresses nearby that are others."""
    house = f"{number}{letter}{street}"
    other = [f"{int(number) + 2}{letter}{street}", f"{number}{'a' if letter == 'b' else 'b'}{street}"]
    other += [f"flat {flat} {house}" for flat in (1, 2)] + [f"{number}{letter} nelson{street}"]
    return [address.replace(house, each, 1) for each in other]


def rows(folder: Path) -> list[Written_]:
    """Texts with the number of their place."""
    chance = random.Random(7)  # noqa: S311 an order, not a secret
    table = folder / "uk_fhrs_addresses_sample.parquet"
    found = duckdb.execute(
        "select lower(trim(address_concat)), postcode from read_parquet(?) where postcode is not null order by all",
        [str(table)],
    ).fetchall()
    made: list[Written_] = []
    for address, postcode in {code: (address, code) for address, code in found}.values():
        if match := _NUMBERED.search(" ".join(address.split())):
            plain = " ".join(address.split())
            for each in (plain, *neighbours(plain, *match.groups())):
                place = len(made)
                made += [(*written(chance, each, postcode), place) for _ in range(3)]
    return made


def measure(made: list[Written_], *, exactly: bool = False) -> str:
    """Precision and recall of pairs and B-cubed, and processor seconds; `exactly`: of equal texts only."""
    began = _processor()
    told = pa.table(
        {
            "record": np.arange(len(made)),
            "address": [[text] for text, _, _ in made],
            "postcode": pa.array([[code] if code else None for _, code, _ in made], pa.list_(pa.string())),
        }
    )
    how = wording(Location, {each.name(): each for each in NOUNS}, LINKS)
    if how is None:
        raise LookupError("A location has no address")
    places = Written(how)
    places.arrive(told, np.empty(0, np.int64))
    said, _ = places.keys(None)
    joined = [place or at for at, place in enumerate(said.column(keys.PLACE).to_pylist())]
    if exactly:
        joined = [(text, code) for text, code, _ in made]
    both = Counter(zip((place for _, _, place in made), joined, strict=True))
    true, found = Counter(place for _, _, place in made), Counter(joined)
    right, all_true, all_found = (sum(n * (n - 1) for n in each.values()) for each in (both, true, found))
    precision, recall = (
        sum(n * n / of[key[end]] for key, n in both.items()) / len(made) for end, of in ((1, found), (0, true))
    )
    return f"{precision:.4f} / {recall:.4f} | {right / all_found:.4f} / {right / all_true:.4f} | {_processor() - began:.1f} |"


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the table."""
    here = Path(os.environ.get("BLUELAMP_DATA", "../shared/data")) / "er" / "open"
    made = rows(Path(sys.argv[1]) if len(sys.argv) > 1 else here)
    print(f"{len(made)} texts of {len({place for _, _, place in made})} places\n")
    print("| joined by | B-cubed P / R | pairs P / R | CPU s |\n| --- | --- | --- | --- |")
    print(f"| equal text | {measure(made, exactly=True)}")
    print(f"| how it is written | {measure(made)}")


if __name__ == "__main__":
    main()
