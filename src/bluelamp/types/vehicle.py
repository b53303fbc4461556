"""Numbers of vehicles."""

import re

from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, Issue
from bluelamp.types.identifier import Identifier
from bluelamp.types.wording import filler

_PLATE = re.compile(r"[A-Z0-9]{1,11}", re.ASCII)
_CURRENT = re.compile(r"[A-Z]{2}\d{2}[A-Z]{3}", re.ASCII)
_PARTS = re.compile(r"[A-Z]+|\d+", re.ASCII)

#: first characters of vehicle numbers given in North America, where the check digit is law
NORTH_AMERICA = "12345"

NO_PLATE = frozenset({"NOPLATE", "NOPLATES", "NOVRM", "NOREG", "FOREIGN", "UNREADABLE", "NOTSEEN", "UNREGISTERED"})


class Vrm(Identifier):
    """Registration mark. One of no GB shape may be foreign or misread: it is kept, with a doubt."""

    key = "vrm_gb"
    nothing = f"{Identifier.nothing}|{'|'.join('[ -]*'.join(word) for word in sorted(NO_PLATE))}"

    def refused(self, value: str = "") -> Cleaned:
        if value in NO_PLATE:
            return filler(self.label)
        if not _PLATE.fullmatch(value):
            return super().refused(value)
        return Cleaned(value, Issue("not_gb", "This has no shape of a GB registration mark: foreign, or misread"))

    def show(self, value: str) -> str:
        if _CURRENT.fullmatch(value):
            return f"{value[:4]} {value[4:]}"
        return " ".join(_PARTS.findall(value)) if self.pattern.fullmatch(value) else value

    def shown_sql(self, value: str) -> str:
        return rf"regexp_replace({value}, '^([A-Z]{{2}}[0-9]{{2}})([A-Z]{{3}})$', '\1 \2')"


class Vin(Identifier):
    """Vehicle identification number; its check digit is law in North America only, and doubted only there."""

    key = "vin"

    def fails_check(self, value: str) -> bool:
        return value[0] in NORTH_AMERICA and super().fails_check(value)

    def sql(self, raw: str) -> str | None:
        value = f"upper(replace({raw}, ' ', ''))"
        return fast.choose(raw, (fast.matches(value, "[A-HJ-NPR-Z6-9][A-HJ-NPR-Z0-9]{16}"), value))
