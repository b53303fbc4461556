"""Any reference that a system or body gives out."""

from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.identifier import LONGEST
from bluelamp.types.text import HIDDEN
from bluelamp.types.wording import FILLERS, filler, is_filler, line


class Reference(PropertyType):
    """A reference of no known shape: upper case, single blanks."""

    label = "Reference"
    search = Search.IDENTIFIER
    hidden = HIDDEN
    example = "CAD 1234/21NOV26"

    def clean(self, raw: str) -> Cleaned:
        if len(raw) > LONGEST and len(raw.strip()) > LONGEST:
            return Cleaned(None, Issue("too_long", f"A reference has at most {LONGEST} characters"))
        text = line(line(raw).upper())
        if not text:
            return Cleaned(None)
        return filler(self.label) if is_filler(text) else Cleaned(text)

    def sql(self, raw: str) -> str | None:
        text = f"upper(trim({raw}))"
        shaped = fast.matches(text, "[A-Z0-9 /.:_#-]*[A-Z0-9][A-Z0-9 /.:_#-]*")
        said = f"NOT {fast.within(fast.without(text, ' /.:_#-'), sorted(FILLERS))}"
        return fast.choose(raw, (f"length({raw}) <= {LONGEST} AND {shaped} AND {fast.single(text)} AND {said}", text))
