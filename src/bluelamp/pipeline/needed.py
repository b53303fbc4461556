"""Which columns the mapping of a source reads, and which of its deliveries lack one of them."""

from collections.abc import Collection, Iterable

from bluelamp.connectors import columns as names_of
from bluelamp.connectors.columns import ColumnMissing
from bluelamp.lake.ledger import Delivery
from bluelamp.lake.sql import ident, literal
from bluelamp.workspace import condition
from bluelamp.workspace.model import Column, Source, names, shown

_LISTED = 5


def needs(source: Source) -> list[Column]:
    """Every column that the mapping of `source` reads, alternatives together, in the order of the declaration."""
    found: list[Iterable[Column]] = []
    for record in source.records:
        values = [*record.set.values(), record.marking]
        found += [record.key.columns, *(value.columns for value in values if value), _asked(record.when)]
    for link in source.links:
        values = [link.role, link.category, link.from_date, link.to_date, link.basis]
        found += [value.columns for value in values if value]
        found += [end.key.columns for end in (link.from_, link.to) if end.key]
        found.append(_asked(link.when))
    found += [check.columns for check in source.checks]
    return list(dict.fromkeys(column for each in found for column in each))


def _asked(when: str | None) -> Iterable[str]:
    return condition.columns(when) if when else ()


def alone(source: Source) -> frozenset[str]:
    """The columns for which nothing else may stand: they have no alternative and are not optional."""
    return frozenset(each for each in needs(source) if isinstance(each, str) and each not in source.read.optional)


def lacking(source: Source, found: Collection[str], *, optional: bool) -> list[Column]:
    """What `source` needs and a file with the columns `found` has in no spelling: what may be, or must not be."""
    known = {name.casefold() for name in found}
    absent = [each for each in needs(source) if not any(name.casefold() in known for name in _either(each))]
    if not any(map(source.read.of_element, found)):
        absent = [each for each in absent if not any(map(source.read.of_element, _either(each)))]
    return [each for each in absent if any(name in source.read.optional for name in _either(each)) is optional]


def _either(column: Column) -> tuple[str, ...]:
    return (column,) if isinstance(column, str) else column


def require(source: Source, found: list[str], file: str) -> None:
    """Raise ColumnMissing where `file`, which has the columns `found`, lacks one that must be there."""
    missing = [shown(each) for each in lacking(source, found, optional=False)]
    if missing:
        raise ColumnMissing(names_of.sentence(missing, found, file), missing)


def require_standing(source: Source, deliveries: list[Delivery]) -> None:
    """Raise ColumnMissing that names each of `deliveries`, those in force, that lacks a column.

    The declaration may have changed since they were read: what they say must not be lost in silence.
    """
    without = [each for each in _known(deliveries) if lacking(source, each.columns or (), optional=False)]
    if not without:
        return
    first, others = without[0], [each.name for each in without[1:]]
    try:
        require(source, first.columns or [], first.name)
    except ColumnMissing as error:
        listed = ", ".join(others[:_LISTED]) + (f" and {len(others) - _LISTED} more" if len(others) > _LISTED else "")
        said = f"{error}" + (f" So it is with {listed}." if others else "")
        raise ColumnMissing(said, error.missing) from None


def as_role(source: Source, error: Exception) -> str:
    """What to add to `error` where a column is missing because a role was meant, which is not one of its link's."""
    missing = error.missing if isinstance(error, ColumnMissing) else ()
    for link in source.links:
        for word in names(link.role.columns) if link.role else ():
            if word in missing and link.type.roles:
                listed = ", ".join(link.type.roles)
                return (
                    f" `role: {word}` of the link {link.type.name} is read as a column, as it is none of its roles "
                    f"({listed}); for a role write one of these, as in `role: {{constant: {link.type.roles[0]}}}`."
                )
    return ""


def _known(deliveries: Iterable[Delivery]) -> list[Delivery]:
    return [each for each in deliveries if each.kept and each.columns]


def issues(source: Source, deliveries: Iterable[Delivery]) -> list[str]:
    """SQL of one issue for each optional column that one of `deliveries` lacks, as `map` gives issues of values."""
    return [
        f"select {each.number} as delivery, {literal(each.name)} as file, NULL::bigint as row, '' as record_name, "
        f"'' as property, {literal(shown(column))} as raw, 'no_column' as code, "
        "'The delivery has no such column, which is declared optional' as message, "
        f"[{literal(source.marking)}] as markings"
        for each in _known(deliveries)
        for column in lacking(source, each.columns or (), optional=True)
    ]


def completed(relation: str, found: Iterable[str], source: Source) -> str:
    """SQL of raw rows with every column that the mapping names; one that no delivery ever had is blank."""
    known = {name.casefold() for name in found}
    absent = {name.casefold(): name for each in needs(source) for name in _either(each) if name.casefold() not in known}
    blank = "".join(f", NULL::varchar as {ident(name)}" for name in absent.values())
    return f"(select *{blank} from {relation})" if blank else relation
