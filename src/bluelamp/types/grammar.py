"""What a property type is: how one kind of value is cleaned, checked, compared, searched, shown and masked."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import ClassVar, Self

from bluelamp.errors import DeclarationError


@dataclass(frozen=True, slots=True)
class Issue:
    """Why a value could not be understood, or should be doubted: a short code and one sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A raw value as understood. No value and an issue: not understood. Both: kept, with a doubt."""

    value: str | None
    issue: Issue | None = None


class Search(Enum):
    """How the text index treats a value."""

    NOT = "not"  #: not searchable as text
    WORDS = "words"  #: split into words
    NAME = "name"  #: words, and also sound-alikes, nicknames and spelling variants
    IDENTIFIER = "identifier"  #: one token without spaces and punctuation, found by its start, or as `by_end` says


class PropertyType:
    """One kind of value. `clean` gives its meaning; every other method must agree with it."""

    #: the name that declarations use, which is the class's own: `Postcode`
    name: ClassVar[str]
    label: ClassVar[str]
    #: the DuckDB type that holds the cleaned value; the canonical text must cast to it
    storage: ClassVar[str] = "VARCHAR"
    search: ClassVar[Search] = Search.WORDS
    #: whether an identifier is found by its end too, as people know phones and plates; that doubles what it costs
    by_end: bool = False
    #: `none`, `personal`, `location`, `financial`, `criminal-record`, `case` or `worker`
    sensitivity: ClassVar[str] = "none"
    #: one valid raw value, used by documentation, forms and tests
    example: ClassVar[str] = ""
    #: what every value is masked as; empty: its own shape, for types where all values have much the same
    hidden: ClassVar[str] = ""
    #: a pattern (of SQL, in any case) of what stands for nothing known besides the words of `fillers.txt`; empty: none
    nothing: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        cls.name = cls.__name__

    @classmethod
    def declared(cls) -> Self:
        """The type as a workspace means it by its name alone."""
        return cls()

    def clean(self, raw: str) -> Cleaned:
        """The canonical text of `raw`. Never raises, whatever the text; blank gives no value and no issue."""
        raise NotImplementedError

    def sql(self, raw: str) -> str | None:  # noqa: ARG002 for those who have one
        """A DuckDB expression giving the cleaned text of the SQL expression `raw`, for most values at once.

        It is a fast path: where it gives a value, `clean` must give the same value and no issue; where it
        gives NULL, `clean` is asked about each distinct value. None: there is no fast path.
        """
        return None

    def as_of(self, value: str, day: str) -> str:  # noqa: ARG002 for those who have centuries to choose
        """SQL of a cleaned `value` whose issue is `century`, as it must be read on the ISO `day` of its delivery.

        `clean` takes the latest century that is not after today; a day of delivery is never later than that.
        """
        return value

    def text(self, stored: object) -> str:
        """The canonical text of a value as its storage gives it back."""
        if isinstance(stored, bool):
            return "true" if stored else "false"
        if isinstance(stored, float):
            return f"{Decimal(repr(stored)):f}".removesuffix(".0")
        return str(stored)

    def show(self, value: str) -> str:
        """The value as a page shows it."""
        return value

    def shown_sql(self, value: str) -> str:
        """A DuckDB expression of what `show` gives for the SQL expression `value`, for captions; for values that it
        has no form for, their text.
        """
        return f"{value}::VARCHAR"

    def mask(self, value: str) -> str:
        """The value with only its shape left, for a reader who may know it exists but not what it is."""
        return self.hidden or "".join(each if each.isascii() and not each.isalnum() else "•" for each in value)

    def agree(self, one: str, other: str) -> bool:
        """Whether two sources that say `one` and `other` (cleaned) do not contradict each other."""
        return one == other

    def join_key(self, value: str) -> str:
        """The form in which cleaned values are compared as strong keys: two of one form name one thing."""
        return value

    def join_key_sql(self, value: str) -> str:
        """A DuckDB expression of `join_key` for the SQL expression `value`."""
        return value

    def formatted(self, format: str) -> Self:
        """The same type reading raw values in the declared `format` (only dates, times, points and phones have one)."""
        raise DeclarationError(f"{self.label} values have no format; remove `format: {format}`")
