"""Ethnicity and nationality: they go with the culture of a name, but do not follow from it."""

import numpy as np

from bluelamp.demo import names
from bluelamp.demo.plan import Ints, luck

ETHNICITY = ("W1", "W2", "W9", "M1", "M2", "M3", "M9", "A1", "A2", "A3", "A4", "A9", "B1", "B2", "B9", "O2", "O9", "NS")
OBSERVED = ("IC1", "IC2", "IC3", "IC4", "IC5", "IC6", "IC9")
_SELF: dict[str, dict[str, float]] = {
    "british": {"W1": 0.86, "M1": 0.025, "B1": 0.02, "M3": 0.01, "W9": 0.02, "A1": 0.01},
    "irish": {"W2": 0.72, "W1": 0.2, "W9": 0.02},
    "muslim": {"A2": 0.42, "A3": 0.38, "A1": 0.06, "A9": 0.08, "M3": 0.02},
    "hindu": {"A1": 0.7, "A9": 0.22, "M3": 0.02},
    "sikh": {"A1": 0.85, "A9": 0.08, "M3": 0.01},
    "nigerian": {"B2": 0.87, "B9": 0.06, "M2": 0.03},
    "ghanaian": {"B2": 0.88, "B9": 0.05, "M2": 0.03},
    "somali": {"B2": 0.83, "B9": 0.07, "O9": 0.04, "O2": 0.02},
    "caribbean": {"B1": 0.74, "M1": 0.14, "B9": 0.06},
    "polish": {"W9": 0.88, "W1": 0.06},
    "romanian": {"W9": 0.87, "W1": 0.04, "O9": 0.02},
    "turkish": {"W9": 0.55, "O9": 0.28, "A9": 0.06},
    "arab": {"O2": 0.68, "O9": 0.13, "B2": 0.05, "W9": 0.06},
    "chinese": {"A4": 0.92, "A9": 0.03},
    "vietnamese": {"A9": 0.82, "A4": 0.1},
    "latin": {"O9": 0.5, "W9": 0.28, "M9": 0.14},
    "portuguese": {"W9": 0.62, "B2": 0.09, "M9": 0.12, "O9": 0.06},
    "greek": {"W9": 0.8, "W1": 0.12},
}
_SEEN = {"W": "IC1", "M": "IC3", "A": "IC4", "B": "IC3", "O": "IC6", "N": "IC9"}
NATION = dict(
    zip(
        names.NAMES,
        [
            "GBR",
            "IRL",
            "PAK",
            "IND",
            "IND",
            "NGA",
            "GHA",
            "SOM",
            "JAM",
            "POL",
            "ROU",
            "TUR",
            "IRQ",
            "CHN",
            "VNM",
            "COL",
            "PRT",
            "CYP",
        ],
        strict=True,
    )
)


def ethnicities(chance: np.random.Generator, culture: Ints) -> tuple[Ints, Ints]:
    """Self-defined and observed codes: they go with the culture of the name, but do not follow from it."""
    own = np.zeros(len(culture), np.int64)
    for name, number in names.NUMBER.items():
        where = np.flatnonzero(culture == number)
        shares = np.array([_SELF[name].get(code, 0.0) for code in ETHNICITY])
        shares[ETHNICITY.index("NS")] += 0.04
        shares += (1 - shares.sum()) / len(shares)
        own[where] = np.searchsorted(np.cumsum(shares / shares.sum())[:-1], chance.random(len(where)))
    seen = np.array(
        [OBSERVED.index("IC5" if code == "A4" else "IC2" if code == "W9" else _SEEN[code[0]]) for code in ETHNICITY]
    )
    observed = np.where(luck(chance, len(own), 0.9), seen[own], chance.integers(0, len(OBSERVED), len(own)))
    return own, np.where((own == ETHNICITY.index("W9")) & luck(chance, len(own), 0.6), 0, observed)
