"""Names of columns: made unique, and checked against what a mapping needs."""

import difflib
from collections.abc import Iterable, Sequence

import pyarrow as pa

from bluelamp.errors import DeliveryError

#: the row's number within its file, beside the columns of the file
ROW = "_row"
#: names that a raw dataset uses itself
RESERVED = ("_delivery", "_file", ROW)
_SHOWN = 40


class ColumnMissing(DeliveryError):
    """A file lacks columns that the mapping of its source names."""

    def __init__(self, said: str, missing: Sequence[str]) -> None:
        super().__init__(said)
        self.missing = tuple(missing)


def unique(names: Iterable[str | None]) -> list[str]:
    """The names of a header, usable as columns: trimmed, a blank one called `column_3` after its place.

    The second `Name` becomes `Name_2`, whatever its capitals, as datasets do not tell capitals apart.
    """
    trimmed = [(name or "").strip() or f"column_{place}" for place, name in enumerate(names, 1)]
    given = {name.casefold() for name in trimmed}
    taken = set(RESERVED)
    result = []
    for name in trimmed:
        choice, number = name, 2
        while choice.casefold() in taken or (choice != name and choice.casefold() in given):
            choice, number = f"{name}_{number}", number + 1
        taken.add(choice.casefold())
        result.append(choice)
    return result


def schema(names: Sequence[str]) -> pa.Schema:
    """Every column as text, then the row's number."""
    return pa.schema([*((name, pa.string()) for name in names), (ROW, pa.int64())])


def require(needed: frozenset[str], found: Sequence[str], file: str) -> None:
    """Raises ColumnMissing naming the first column that `needed` has and the file has not, and the closest one."""
    missing = sorted(needed - set(found) - set(RESERVED))
    if missing:
        raise ColumnMissing(sentence(missing, found, file), missing)


def sentence(missing: Sequence[str], found: Sequence[str], file: str) -> str:
    """What to say of `file`, which has the columns `found` and lacks those that are `missing`."""
    lower = {name.casefold(): name for name in reversed(found)}
    close = difflib.get_close_matches(missing[0].casefold(), lower, n=1, cutoff=0.5)
    hint = f" (did you mean {lower[close[0]]}?)" if close else ""
    more = f", nor {', '.join(missing[1:])}" if missing[1:] else ""
    listed = ", ".join(found[:_SHOWN]) + (", ..." if len(found) > _SHOWN else "")
    # a line of which some names are blank may be a title above the names
    nameless = any(name == f"column_{place}" for place, name in enumerate(found, 1))
    line = ", write `header: 3` under `read:` where line 3 has the names" if nameless else ""
    either = f" (`[{missing[0]}, {lower[close[0]]}]` takes whichever is there)" if close else ""
    return (
        f"{file} has no column {missing[0]}{hint}{more}; it has: {listed}. Correct the mapping{either}{line}, "
        f"declare `optional: [{missing[0]}]` under `read:`, or ask for the column."
    )


def column(values: Sequence[str | None], nulls: Sequence[str] = ("",)) -> pa.Array:
    """The values as a column, null where they are one of `nulls`."""
    return nulled(pa.array(values, pa.string()), nulls)


def nulled(array: pa.Array, nulls: Sequence[str]) -> pa.Array:
    """The column with nulls in place of the texts that mean nothing."""
    import pyarrow.compute as pc  # noqa: PLC0415 (a run with nothing new need not wait for it)

    return pc.if_else(pc.is_in(array, pa.array(nulls, pa.string())), pa.scalar(None, pa.string()), array)
