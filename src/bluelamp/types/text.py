"""Words of any kind: a line (`Text`) or paragraphs (`Note`)."""

from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, PropertyType
from bluelamp.types.wording import line, visible

#: what stands for a masked value whose length would itself tell something
HIDDEN = "•••••"


class Text(PropertyType):
    """One line of words, as said; blanks are made single."""

    label = "Text"
    example = "Controlled drugs"
    hidden = HIDDEN

    def clean(self, raw: str) -> Cleaned:
        return Cleaned(line(raw) or None)

    def sql(self, raw: str) -> str | None:
        text = f"trim({raw})"
        return fast.choose(raw, (fast.single(text), text))


class Note(Text):
    """Paragraphs of words, as said; every kind of line end is made one, and blanks before it go."""

    label = "Note"
    example = "Seen near the corner shop.\nLeft on foot."

    def clean(self, raw: str) -> Cleaned:
        text = visible(raw.replace("\r\n", "\n").replace("\r", "\n"))
        text = "\n".join(row.rstrip() for row in text.splitlines()).strip()
        return Cleaned(text or None)

    def sql(self, raw: str) -> str | None:
        text = f"trim({raw})"
        return fast.choose(raw, (f"{text} <> ''", text))
