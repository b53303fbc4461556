"""Made-up people of whom several records tell, with the slips of clerks; the truth beside them."""

import numpy as np
import pyarrow as pa

from bluelamp.resolution.compare import Comparison, Role
from bluelamp.resolution.frame import Frame, frame
from bluelamp.types.likeness import ADDRESS, CHOICE, CODE, DATE, NAME, POSTCODE

GIVEN = [
    "james",
    "mary",
    "robert",
    "fatima",
    "michael",
    "aisha",
    "william",
    "grace",
    "david",
    "ngozi",
    "thomas",
    "olivia",
    "daniel",
    "emma",
    "omar",
    "leila",
]
FAMILY = [
    "smith",
    "jones",
    "patel",
    "khan",
    "brown",
    "okafor",
    "taylor",
    "nowak",
    "wilson",
    "hussain",
    "evans",
    "begum",
    "walker",
    "singh",
    "green",
    "murphy",
]
STREETS = [
    "elm road",
    "high street",
    "mill lane",
    "station road",
    "park avenue",
    "church lane",
    "king street",
    "queens road",
]

COMPARISONS = (
    Comparison("given", NAME, Role.GIVEN),
    Comparison("family", NAME, Role.FAMILY),
    Comparison("born", DATE, Role.BIRTH),
    Comparison("postcode", POSTCODE, Role.PLACE),
    Comparison("address", ADDRESS, Role.PLACE),
    Comparison("phone", CODE, Role.CONTACT),
    Comparison("sex", CHOICE, Role.SEX),
)


def population(households: int, seed: int = 7) -> tuple[Frame, np.ndarray]:
    """Records of the people of so many households, two or three of each person, and whose each record is."""
    chosen = np.random.default_rng(seed)
    rows, whose, person = [], [], 0
    for house in range(households):
        family = f"{FAMILY[chosen.integers(16)]}{'' if chosen.random() < 0.5 else chr(97 + chosen.integers(26)) + 'er'}"
        postcode = f"nx{1 + house % 9}{house // 9 % 9}{chr(97 + house % 20)}{chr(97 + house // 20 % 20)}"
        address = f"{1 + chosen.integers(90)} {STREETS[chosen.integers(8)]}"
        phone = f"07700{chosen.integers(10**6):06}"
        for given in chosen.choice(GIVEN, chosen.integers(1, 4), replace=False):
            born = f"{chosen.integers(1950, 2005)}-{chosen.integers(1, 13):02}-{chosen.integers(2, 29):02}"
            for _ in range(chosen.integers(2, 4)):
                said = [given, family, born, postcode, address, phone, "m" if GIVEN.index(given) % 2 == 0 else "f"]
                rows.append([_slipped(each, chosen) for each in said])
                whose.append(person)
            person += 1
    columns = {each.name: [row[at] for row in rows] for at, each in enumerate(COMPARISONS)}
    table = pa.table({"record": np.arange(len(rows)), **columns})
    return frame(table, [each.name for each in COMPARISONS]), np.array(whose)


def once(households: int, again: int = 0, seed: int = 1) -> tuple[Frame, np.ndarray]:
    """Records of the people of so many households, each person told of once, and `again` of them twice; whose each is.

    Nothing is known but names and where they live, so that a household agrees as well as one person would.
    """
    chosen = np.random.default_rng(seed)
    rows: list[list[str | None]] = []
    for house in range(households):
        family = f"{FAMILY[chosen.integers(16)]}{chr(97 + chosen.integers(26))}er"
        home = [f"nx{1 + house % 9} {house // 9 % 9}{chr(97 + house % 20)}{chr(97 + house // 20 % 20)}"]
        home += [f"{1 + chosen.integers(90)} {STREETS[chosen.integers(8)]}", f"07700{chosen.integers(10**6):06}"]
        rows += [
            [str(given), family, None, *home, None]
            for given in chosen.choice(GIVEN, chosen.integers(1, 6), replace=False)
        ]
    whose = np.r_[np.arange(len(rows)), chosen.choice(len(rows), again, replace=False)]
    columns = {each.name: pa.array([rows[of][at] for of in whose], pa.string()) for at, each in enumerate(COMPARISONS)}
    table = pa.table({"record": np.arange(len(whose)), **columns})
    return frame(table, [each.name for each in COMPARISONS]), whose


def singles(people: int, seed: int = 3) -> tuple[Frame, np.ndarray]:
    """Three records of each of so many people, no two related; of names and addresses one in four is another's."""
    chosen = np.random.default_rng(seed)
    rows, whose = [], []
    for person in range(people):
        postcode = f"nx{1 + person % 9}{person // 9 % 9}{chr(97 + person % 20)}{chr(97 + person // 20 % 20)}"
        born = f"{chosen.integers(1950, 2005)}-{chosen.integers(1, 13):02}-{chosen.integers(2, 29):02}"
        own = [_named(chosen), f"{_named(chosen, FAMILY)}{chr(97 + chosen.integers(26))}er", _address(chosen)]
        for _ in range(3):
            others = [_named(chosen), _named(chosen, FAMILY), _address(chosen)]
            given, family, address = (b if chosen.random() < 0.25 else a for a, b in zip(own, others, strict=True))
            said = [_slipped(each, chosen) for each in (given, family, born, postcode, address)]
            rows.append([*said, f"07700{person:06}" if chosen.random() < 0.7 else None, None])
            whose.append(person)
    columns = {each.name: pa.array([row[at] for row in rows], pa.string()) for at, each in enumerate(COMPARISONS)}
    table = pa.table({"record": np.arange(len(rows)), **columns})
    return frame(table, [each.name for each in COMPARISONS]), np.array(whose)


def _named(chosen: np.random.Generator, names: list[str] = GIVEN) -> str:
    return names[chosen.integers(len(names))]


def _address(chosen: np.random.Generator) -> str:
    return f"{1 + chosen.integers(90)} {STREETS[chosen.integers(8)]}"


def _slipped(text: str, chosen: np.random.Generator) -> str | None:
    slip = chosen.random()
    if slip < 0.08:
        return None
    if slip < 0.14 and len(text) > 3:
        at = int(chosen.integers(1, len(text) - 1))
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    return text
