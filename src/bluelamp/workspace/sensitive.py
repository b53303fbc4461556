"""Which raw texts of a source are sensitive (DP-3): those that feed a sensitive property, whatever else they feed."""

from collections.abc import Iterable, Iterator

from bluelamp.types.grammar import Search
from bluelamp.workspace.model import RecordSpec, Source, names


def sensitive_columns(source: Source) -> set[str]:
    """The raw columns that feed a sensitive property."""
    return {
        column
        for record in source.records
        for name, value in record.set.items()
        if record.type.properties[name].sensitive
        for column in names(value.columns)
    }


def sensitive_properties(record: RecordSpec, columns: set[str]) -> set[str]:
    """The properties of which the raw text is sensitive: their own, or made of a sensitive one of `columns`."""
    return {
        name
        for name, value in record.set.items()
        if record.type.properties[name].sensitive or columns.intersection(names(value.columns))
    }


def open_texts(sources: Iterable[Source]) -> Iterator[tuple[str, str, str]]:
    """The raw texts that may be searched for, as (source, record, property): of searched properties, not sensitive."""
    for source in sources:
        columns = sensitive_columns(source)
        for record in source.records:
            closed = sensitive_properties(record, columns)
            for name in record.set:
                if name not in closed and record.type.properties[name].type.search is not Search.NOT:
                    yield source.name, record.name, name
