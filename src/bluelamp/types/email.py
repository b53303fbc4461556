"""Email addresses."""

import re

from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, Issue
from bluelamp.types.identifier import Identifier
from bluelamp.types.text import HIDDEN
from bluelamp.types.wording import filler, is_filler, visible

SHORTEST, LONGEST = 5, 254

_ANGLES = re.compile(r"[^<>]*<([^<>]+)>")
_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"._-][^\s@<>()\[\],;:\\\".]*(?:\.[^\s@<>()\[\],;:\\\".]+)+"
)
_PLAIN = r"[a-z0-9!#$%&*+/=?^_{|}~.-]{1,64}@[a-z0-9][a-z0-9-]*(?:[.][a-z0-9-]+)+"

#: what stands before the @ where nobody's address is known
NOBODY = ("none", "noemail", "no.email", "no-email", "unknown", "na", "n/a", "notknown", "nomail", "test", "notgiven")


class Email(Identifier):
    """An email address, in lower case."""

    key = "email"
    hidden = f"{HIDDEN}@{HIDDEN}"
    nothing = f"(?:.*<)?(?:mailto:)? *(?:{'|'.join(map(re.escape, NOBODY))}) *@.*"

    def clean(self, raw: str) -> Cleaned:
        if len(raw) > LONGEST and len(raw.strip()) > LONGEST:
            return self.refused()
        text = visible(raw).strip()
        if not text:
            return Cleaned(None)
        if found := _ANGLES.fullmatch(text):
            text = found[1].strip()
        text = text.lower().removeprefix("mailto:").strip()
        value = visible("".join(text.split()))
        if is_filler(value) or value.partition("@")[0] in NOBODY:
            return filler(self.label)
        if not (SHORTEST <= len(value) <= LONGEST and _ADDRESS.fullmatch(value) and self.pattern.fullmatch(value)):
            return self.refused()
        if len(text.split()) > 1:
            return Cleaned(value, Issue("blanks", "The address was written with blanks inside, which are taken out"))
        return Cleaned(value)

    def sql(self, raw: str) -> str | None:
        text = f"lower(trim({raw}))"
        someone = "NOT " + fast.within(f"split_part({text}, '@', 1)", NOBODY)
        sound = f"length({text}) BETWEEN {SHORTEST} AND 120 AND {someone}"
        return fast.choose(raw, (f"{fast.matches(text, _PLAIN)} AND {sound}", text))
