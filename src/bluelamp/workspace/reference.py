"""docs/reference.md: everything that a declaration may name, as tables made from the code itself."""

import inspect
from collections.abc import Iterable

from bluelamp.ontology import LINKS, NOUNS
from bluelamp.ontology.grammar import LinkType, ObjectType, Property
from bluelamp.types import TYPES
from bluelamp.types.grammar import PropertyType, Search
from bluelamp.workspace import health, inputs, links, people, styles, values
from bluelamp.workspace.configuration import built_in_markings, mopi
from bluelamp.workspace.nouns import FLAGS, KINDS
from bluelamp.workspace.vocabulary import Options

_SEARCHED = {
    Search.NOT: "not by text",
    Search.WORDS: "by word",
    Search.NAME: "as a name",
    Search.IDENTIFIER: "whole or by start",
}

_FLAGS = (
    "A property is *strong* where one equal value makes two records one object, *steady* where two different values "
    "speak against that, *sensitive* where it is masked unless the purpose may see it, and *varies* where one object "
    "may have several values. A force declares its own types in `types/*.yaml` or `ontology.py`."
)


def documentation(options: Options) -> str:
    """The text of docs/reference.md; `options` are those of each connector."""
    intro = (
        "Everything that a declaration may name. [Declaring a source](declaring.md) says how the parts go together. "
        "This page is made from the code by `bluelamp.workspace.reference`; change it there."
    )
    parts = [
        "# Reference",
        intro,
        *_words(),
        *_ways(),
        "## Object types",
        _FLAGS,
        *(part for noun in NOUNS for part in _noun(noun)),
        "## Link types",
        "`role: word` with a word of this table is that role; any other text is a column.",
        _table(("link", "from", "to", "reads", "roles"), map(_link, LINKS)),
        "## Property types",
        "What is not understood is an issue and the row stays. `format` (see values.md) is for Date, Moment and Phone.",
        _table(("type", "accepts", "example", "found"), map(_type, TYPES)),
        "## Connectors",
        "Each option stands under `read:`, beside `connector`, `path`, `mode` and `optional`.",
        *(
            part
            for name, known in options.items()
            for part in (f"### {name}", _table(("option", "meaning"), _code(known.items())))
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _words() -> list[str]:
    kinds = {
        "`kind:` of an object type": KINDS,
        "flags of a property": FLAGS,
        "`category:` of a link to an event (DP-9)": links.CATEGORIES,
        "`basis:` of a link": links.BASES,
        "`roles:` of users and purposes": people.ROLES,
        "`marking:`": tuple(built_in_markings()),
        "`retention:`": tuple(mopi()),
        **{f"`{name}:` of a style": words for name, words in styles.CHANNELS.items()},
    }
    rows = ((what, _named(words)) for what, words in kinds.items())
    return ["## Words", _table(("where", "one of"), rows)]


def _ways() -> list[str]:
    return [
        "## Ways to make a value",
        _table(("write", "which gives"), ((f"`{write}`", gives) for write, gives in values.DESCRIBED.items())),
        "## Inputs of a question",
        _table(("kind", "is"), _code(inputs.KINDS.items())),
        "## Health checks",
        _table(
            ("write", "which fails where"), ((f"`{health.KINDS[kind]}`", why) for kind, why in health.FAILS.items())
        ),
    ]


def _noun(noun: type[ObjectType]) -> list[str]:
    instead = f", or else {_named(noun.instead)}" if noun.instead else ""
    head = f"{_first(noun)} Kind: {noun.kind.value}. Caption: {_named(noun.caption)}{instead}."
    return [f"### {noun.name()}", head, _table(("property", "type", "label"), map(_property, noun.properties.values()))]


def _named(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _property(each: Property) -> tuple[str, ...]:
    flags = ", ".join(flag for flag in FLAGS if getattr(each, flag))
    note = "; ".join(part for part in (each.help, flags) if part)
    return f"`{each.name}`", each.type.name, each.label + (f" ({note})" if note else "")


def _link(link: LinkType) -> tuple[str, ...]:
    events = [noun.name() for noun in NOUNS if noun.when]
    ends = ("any event" if list(each) == events else ", ".join(each) for each in (link.from_types, link.to_types))
    return f"`{link.name}`", *ends, f"{link.label} / {link.reverse}", _named(link.roles)


def _type(kind: type[PropertyType]) -> tuple[str, ...]:
    by_end = kind.search is Search.IDENTIFIER and kind.by_end
    found = "whole, by start or end" if by_end else _SEARCHED[kind.search]
    return f"`{kind.name}`", _first(kind), f"`{kind.example}`".replace("\n", " "), found


def _first(declared: type) -> str:
    """The first paragraph of a class's docstring, on one line."""
    return " ".join((inspect.getdoc(declared) or "").split("\n\n")[0].split())


def _code(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((f"`{name}`", meaning) for name, meaning in pairs)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
