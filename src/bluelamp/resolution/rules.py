"""Which blocking rules the comparisons of a type give, and how large a block of each may be for what it costs."""

from collections.abc import Iterable, Sequence

from bluelamp.resolution.block import MOST_RULES, Blocks, Rule, Sorted
from bluelamp.resolution.compare import Comparison, Role
from bluelamp.resolution.frame import Frame
from bluelamp.types import likeness

#: the sizes of block that a rule may have at most, and what a rule may cost: pairs for each record, pairs in all
SIZES = (500, 200, 100, 50, 20, 10, 5)
PAIRS_EACH, PAIRS_ALL = 20, 600_000

#: a rule of which most records stand in blocks that are too large says too little
LEAST_SHARE = 0.5

#: what records of one thing share, as parts of a given name (G), family name (F), birth (B), whole name (W),
#: postcode (P), address (A), contact or key (C) and trait (T)
TEMPLATES = (
    "B.whole G.letter", "B.whole F.letter", "B.birthday G.whole", "G.three F.four B.year", "G.whole F.whole",
    "B.year G.whole F.letter", "B.month G.three", "B.month F.three", "G.sound F.sound B.year",
    "P.whole G.letter", "P.whole F.three", "P.whole B.year", "P.sector G.whole", "P.sector F.whole", "P.whole B.whole",
    "C.whole", "A.whole G.letter", "A.whole F.three", "A.whole B.year",
    "T.whole G.whole", "T.whole F.whole", "T.whole B.birthday", "T.whole B.year G.three", "T.whole B.year F.three",
    "W.whole", "W.sound", "W.sound P.sector", "W.four B.year",
    "W.letter B.whole", "W.letter P.whole", "A.whole", "B.whole", "F.whole", "P.whole",
)  # fmt: skip


def rules(frame: Frame, comparisons: Iterable[Comparison]) -> tuple[list[Rule], list[Sorted]]:
    """Every template that the comparisons fill and that its share of the work allows; and the blocks of each."""
    by_letter: dict[str, list[str]] = {}
    for each in comparisons:
        by_letter.setdefault(letter(each), []).append(each.name)
    blocks = Blocks(frame)
    chosen: list[Rule] = []
    cut: list[Sorted] = []
    for parts in (parts for template in TEMPLATES for parts in _filled(template.split(), by_letter)):
        found = Sorted.of(*blocks.keys(Rule(parts, 0)))
        most = _most(found, len(frame))
        if found.share(most) >= LEAST_SHARE and len(chosen) < MOST_RULES:
            chosen.append(Rule(parts, most))
            cut.append(found)
    return chosen, cut


def letter(comparison: Comparison) -> str:
    """What a comparison is called in a template; nothing where it makes no block."""
    role = comparison.role
    if role is Role.PLACE:
        return "P" if comparison.likeness == likeness.POSTCODE else "A"
    if role is Role.TRAIT and comparison.likeness == likeness.CHOICE:
        return ""
    letters = {
        Role.GIVEN: "G",
        Role.FAMILY: "F",
        Role.BIRTH: "B",
        Role.CONTACT: "C",
        Role.KEY: "C",
        Role.TRAIT: "T",
        Role.WHOLE: "W",
    }
    return letters.get(role, "")


def _filled(template: Sequence[str], by_letter: dict[str, list[str]]) -> list[tuple[tuple[str, str], ...]]:
    """The template with every choice of properties."""
    made: list[tuple[tuple[str, str], ...]] = [()]
    for each in template:
        which, part = each.split(".")
        made = [(*parts, (name, part)) for parts in made for name in by_letter.get(which, ())]
    return made


def _most(found: Sorted, records: int) -> int:
    allowed = max(records, min(PAIRS_EACH * records, PAIRS_ALL))
    return next((most for most in SIZES if found.cost(most) <= allowed), 0)
