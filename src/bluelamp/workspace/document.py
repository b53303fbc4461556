"""One YAML file as a tree of texts, lists and tables that know their lines; never a traceback, whatever the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    MarkedYAMLError,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    YAMLError,
)

from bluelamp.workspace.model import Place
from bluelamp.workspace.problems import Report

#: a declaration is written by a person; anything longer or deeper is a mistake or an attack
MOST_BYTES = 1_000_000
DEEPEST = 12
NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class Text:
    """A single value, as written; what it means depends on who asks."""

    place: Place
    text: str
    quoted: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing was said."""
        return not self.text.strip() if self.quoted else self.text in NULLS


@dataclass(frozen=True)
class Items:
    """A list."""

    place: Place
    items: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """Keys and their values, each key with its place."""

    place: Place
    entries: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)


Node = Text | Items | Table


class UnusableError(Exception):
    """The file cannot be taken further; the problem is already reported."""


def read(path: Path, name: Path, report: Report) -> Table | None:
    """The table that the file at `path` holds, called `name` in messages; None where a problem stops it."""
    start = Place(name, 1)
    text = decode(path, name, report)
    if text is None:
        return None
    try:
        node = _Tree(name, report).build(text)
    except UnusableError:
        return None
    except (YAMLError, ValueError) as error:
        _report_syntax(error, text, name, report)
        return None
    if node is None or (isinstance(node, Text) and node.blank):
        report.add("B005", start, "The file is empty", "write the declaration or remove the file")
        return None
    if not isinstance(node, Table):
        report.add("B007", node.place, "The file is not a block of keys", "begin with a line like `title: ...`")
        return None
    return node


def decode(path: Path, name: Path, report: Report) -> str | None:
    """The text of a small UTF-8 file, or None with a problem."""
    start = Place(name, 1)
    try:
        if path.stat().st_size > MOST_BYTES:
            report.add(
                "B001", start, "The file is larger than 1 MB", "keep data in deliveries/ and only declarations here"
            )
            return None
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        report.add("B001", Place(name, line), "The file is not UTF-8 text", "save it with the encoding UTF-8")
    except OSError as error:
        report.add("B001", start, f"The file cannot be read ({error.strerror})", "make it readable for this user")
    return None


def _report_syntax(error: Exception, text: str, name: Path, report: Report) -> None:
    line, what = 1, str(error).splitlines()[0] if str(error) else "it cannot be read"
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = error.problem or what
    lines = text.splitlines()
    tabbed = next((n for n, each in enumerate(lines, 1) if "\t" in each[: len(each) - len(each.lstrip())]), None)
    if tabbed and abs(tabbed - line) <= 1:
        report.add("B003", Place(name, tabbed), "The line is indented with a tab", "indent with two spaces")
        return
    fix = "look at this line and the one above it for a missing colon, quote or bracket, or uneven indentation"
    report.add("B002", Place(name, line), f"The file is not YAML: {what}", fix)


class _Tree:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, name: Path, report: Report) -> None:
        self._name = name
        self._report = report
        self._open: list[Items | Table] = []
        self._key: list[Text | None] = []
        self._root: Node | None = None

    def build(self, text: str) -> Node | None:
        documents = 0
        for event in _events(text):
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(
                        event, "A second document begins", "write one declaration a file, without `---` between"
                    )
            elif isinstance(event, NodeEvent):
                self._node(event)
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                self._open.pop()
                self._key.pop()
        return self._root

    def _node(self, event: NodeEvent) -> None:
        if event.anchor is not None or isinstance(event, AliasEvent):
            self._refuse(event, f"`{event.anchor}` is an anchor or alias", "write the value out in each place")
        if getattr(event, "tag", None) is not None:
            self._refuse(event, f"`{event.tag}` is a tag", "write the value without it")  # type: ignore[attr-defined]
        if len(self._open) >= DEEPEST:
            place = self._place(event)
            self._report.add("B011", place, f"Blocks are nested more than {DEEPEST} deep", "no declaration needs that")
            raise UnusableError
        if isinstance(event, ScalarEvent):
            self._put(Text(self._place(event), event.value, event.style not in (None, "")))
            return
        opened = Table(self._place(event)) if isinstance(event, MappingStartEvent) else Items(self._place(event))
        self._put(opened)
        self._open.append(opened)
        self._key.append(None)

    def _put(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        holder = self._open[-1]
        if isinstance(holder, Items):
            holder.items.append(node)
        elif self._key[-1] is None:
            self._take_key(holder, node)
        else:
            key = self._key[-1]
            self._key[-1] = None
            holder.entries.setdefault(key.text, node)
            holder.keys.setdefault(key.text, key.place)

    def _take_key(self, holder: Table, node: Node) -> None:
        if not isinstance(node, Text):
            self._report.add(
                "B007", node.place, "A list or block stands where a key belongs", "write a word and a colon"
            )
            raise UnusableError
        if node.text in holder.keys:
            first = holder.keys[node.text].line
            fix = f"it stands on line {first} already: keep one of them"
            self._report.add("B006", node.place, f'The key "{node.text}" stands twice in this block', fix)
        self._key[-1] = node

    def _refuse(self, event: Event, what: str, fix: str) -> None:
        self._report.add("B004", self._place(event), f"{what}, which declarations do not use", fix)
        raise UnusableError

    def _place(self, event: Event) -> Place:
        return Place(self._name, event.start_mark.line + 1 if event.start_mark else 1)


def _events(text: str) -> Iterator[Event]:
    yield from yaml.parse(text, Loader=yaml.CSafeLoader)
