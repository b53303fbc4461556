"""Identifiers: each type reads its pattern, normal form and check from one rule of `identifiers.json`."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from bluelamp.types import fast
from bluelamp.types.checks import CHECKS
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.lists import rule
from bluelamp.types.wording import FILLERS, dashes, filler, is_filler

#: no identifier is nearly as long; longer text is not looked at closely
LONGEST = 200

PUNCTUATION = r"\s\-/()."


def _one_space(text: str) -> str:
    bare = "".join(text.split())
    return f"{bare[:-3]} {bare[-3:]}" if bare[3:] else bare


def _one_space_sql(bare: str) -> str:
    return f"substr({bare}, 1, greatest(length({bare}) - 3, 0)) || ' ' || right({bare}, 3)"


#: the normalise steps of `identifiers.json` in Python and in SQL over plain text
STEPS: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "upper": (lambda text: text.upper() if text.isascii() else text, lambda sql: f"upper({sql})"),
    "lower": (str.lower, lambda sql: f"lower({sql})"),
    "strip_space": (lambda text: "".join(text.split()), lambda sql: f"replace({sql}, ' ', '')"),
    "strip_punct": (
        lambda text: re.sub(f"[{PUNCTUATION}]", "", dashes(text)),
        lambda sql: fast.without(sql, " /().-"),
    ),
    "one_space": (_one_space, lambda sql: _one_space_sql(f"replace({sql}, ' ', '')")),
}


class Identifier(PropertyType):
    """A value that another body issued, known by its pattern and often by a check letter or digit."""

    search = Search.IDENTIFIER
    by_end = True
    nothing = "[ /().-]*0[0 /().-]*"
    #: which rule of `identifiers.json` it follows; the rule gives label, sensitivity, pattern, steps and check
    key: ClassVar[str] = ""
    rule: ClassVar[dict[str, Any]]
    pattern: ClassVar[re.Pattern[str]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "key" in vars(cls):
            cls.rule = rule(cls.key)
            cls.label = cls.rule["label"]
            cls.sensitivity = cls.rule["sensitivity"]
            cls.example = vars(cls).get("example", cls.rule["valid"][0])
            cls.pattern = re.compile(cls.rule["regex"], re.ASCII)

    def clean(self, raw: str) -> Cleaned:
        text = raw.strip()
        if not text:
            return Cleaned(None)
        if len(text) > LONGEST:
            return self.refused()
        value = self.normal(text)
        if is_filler(value) or self.is_zero(value):
            return filler(self.label)
        return self.judge(value) if self.pattern.fullmatch(value) else self.refused(value)

    def normal(self, text: str) -> str:
        """`text` after the rule's normalise steps."""
        for step in self.rule["normalise"]:
            text = STEPS[step][0](text)
        return text

    def judge(self, value: str) -> Cleaned:
        """What a value that matches the pattern is cleaned to: its check decides."""
        if not self.fails_check(value):
            return Cleaned(value)
        kept = value if self.rule.get("check_severity") == "warning" else None
        return Cleaned(
            kept, Issue("check_digit", f"The check letter or digit of this {self.label} does not fit the rest")
        )

    def fails_check(self, value: str) -> bool:
        """Whether the rule has a check and `value` does not pass it."""
        check = self.rule["check"]
        return check is not None and not CHECKS[check](value)

    def refused(self, value: str = "") -> Cleaned:  # noqa: ARG002 for those who look closer
        """What a `value` (normalised) that is none of this kind is cleaned to."""
        return Cleaned(None, Issue("format", f"This is not a {self.label}; one looks like {self.example}"))

    @staticmethod
    def is_zero(value: str) -> bool:
        """Whether every character that means something is 0."""
        return "0" in value and not value.strip("0/ ")

    def sql(self, raw: str) -> str | None:
        """The rule in SQL, where it has no check and its pattern is one that SQL engines know."""
        regex = self.rule["regex"]
        if self.rule["check"] or "(?!" in regex:
            return None
        value = raw
        for step in self.rule["normalise"]:
            value = STEPS[step][1](value)
        conditions = [fast.matches(f"trim({value})", regex.replace(r"\d", "[0-9]").replace(r"\s", " "))]
        conditions.append(f"NOT {fast.matches(f'trim({value})', '[0/ ]*')}")
        if fillers := sorted(word for word in FILLERS if self.pattern.fullmatch(word)):
            conditions.append(f"NOT {fast.within(f'trim({value})', fillers)}")
        return fast.choose(raw, (" AND ".join(conditions), f"trim({value})"))
