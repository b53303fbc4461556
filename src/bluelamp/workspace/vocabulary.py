"""What the declarations of one workspace may name: types, links, code lists, purposes, markings, retention."""

from collections.abc import Mapping
from dataclasses import dataclass

from bluelamp.ontology.grammar import LinkType, ObjectType
from bluelamp.workspace.model import Marking, Purpose, Retention

Options = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Vocabulary:
    """Everything that a source may refer to by name."""

    nouns: dict[str, type[ObjectType]]
    links: dict[str, LinkType]
    codes: dict[str, dict[str, str]]
    purposes: dict[str, Purpose]
    markings: dict[str, Marking]
    retention: dict[str, Retention]
    #: connector -> option -> what it means; None: not to be checked
    options: Options | None = None
