"""A question as typed into the one search box, understood without ever refusing it."""

import re
from dataclasses import dataclass

from bluelamp.index import shapes
from bluelamp.index.spelling import cuts

#: words of one question that are read; the rest is left out, with a note
MOST_WORDS = 64
_DEEPEST = 12
_MOST_STARS, _MOST_MARKS, _LONGEST_PATTERN = 3, 8, 60
_LONGEST_WORD = 200


@dataclass(frozen=True)
class Word:
    """A bare word: a name, a word of a text, or an identifier without spaces."""

    text: str


@dataclass(frozen=True)
class Phrase:
    """Words that must stand one after the other."""

    text: str


@dataclass(frozen=True)
class Pattern:
    """A word with `*` (anything) or `?` (one character) in it."""

    text: str


@dataclass(frozen=True)
class Code:
    """Words that together are probably one identifier; `apart`: or else are words that must all be found."""

    parts: tuple[str, ...]
    apart: bool = True


@dataclass(frozen=True)
class Both:
    """All of these."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    """At least one of these."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Except:
    """Not this."""

    part: "Node"


@dataclass(frozen=True)
class Together:
    """Objects of which several documents say together what is wanted; `part` is what each of these says some of."""

    part: "Node"
    #: the objects' numbers, for each level of nearness, the strictest first
    objects: tuple[frozenset[int], ...]


Node = Word | Phrase | Pattern | Code | Both | Either | Except | Together


@dataclass(frozen=True)
class Ask:
    """A question as understood; without a `root` it asks for everything."""

    root: Node | None
    notes: tuple[str, ...] = ()

    def leaves(self) -> tuple[Word | Phrase | Pattern | Code, ...]:
        """What must or may be found, in the order in which it was typed; what must not be is left out."""
        return tuple(_leaves(self.root)) if self.root else ()


def _leaves(node: Node) -> list[Word | Phrase | Pattern | Code]:
    if isinstance(node, Both | Either):
        return [leaf for part in node.parts for leaf in _leaves(part)]
    return [] if isinstance(node, Except | Together) else [node]


_TOKEN = re.compile(
    r"""(?P<minus>-(?=[^\s\-)]))? (?: "(?P<phrase>[^"]*)(?P<closed>"?) | (?P<open>\() | (?P<close>\))
    | (?P<word>[^\s"()]+ (?:\([^\s"()]*\)[^\s"()]*)*) )""",
    re.VERBOSE,
)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\x00": " "})
_LETTER = re.compile(r"[^\W_]")
_COUNTRY = re.compile(r"\+44 *\(0\) *")


class _Reader:
    """Reads a question from left to right, with one level of the stack for each open bracket."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.words = 0

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def read(self, text: str) -> Node | None:
        stack = [_Level()]
        negate = [False]
        for found in _TOKEN.finditer(text.translate(_QUOTES)):
            minus = found["minus"] is not None
            if found["open"]:
                if len(stack) <= _DEEPEST:
                    stack.append(_Level())
                    negate.append(minus)
                else:
                    self.note("Brackets inside so many others were left out.")
            elif found["close"]:
                self._close(stack, negate)
            elif found["phrase"] is not None:
                if not found["closed"]:
                    self.note("A quotation mark is not closed, so all that follows it was read as one phrase.")
                stack[-1].add(self._phrase(found["phrase"]), minus)
            else:
                self._word(stack[-1], found["word"], minus)
        if len(stack) > 1:
            self.note("A bracket is not closed; it was read as closed at the end.")
        while len(stack) > 1:
            self._fold(stack, negate)
        return stack[0].node(self)

    def _close(self, stack: list["_Level"], negate: list[bool]) -> None:
        if len(stack) == 1:
            self.note("A closing bracket without an opening one was left out.")
        else:
            self._fold(stack, negate)

    def _fold(self, stack: list["_Level"], negate: list[bool]) -> None:
        inside = stack.pop().node(self)
        stack[-1].add(inside, negate.pop())

    def _phrase(self, text: str) -> Node | None:
        self.words += 1
        if self.words > MOST_WORDS or not _LETTER.search(text):
            return None
        return Phrase(" ".join(text.split()))

    def _word(self, level: "_Level", text: str, minus: bool) -> None:
        if text in ("AND", "OR", "NOT") and not minus:
            level.operator(text)
            return
        self.words += 1
        if self.words > MOST_WORDS:
            self.note(f"Only the first {MOST_WORDS} words were read.")
        elif "*" in text or "?" in text:
            level.add(self._pattern(text), minus)
        elif _LETTER.search(text):
            parted = [Both((Word(one), Word(other))) for one, other in cuts(text)]
            word = Word(text[:_LONGEST_WORD])
            level.add(Either((word, *parted)) if parted else word, minus)

    def _pattern(self, text: str) -> Node | None:
        kept = re.sub(r"[^\w*?]", "", text)
        if not re.search(r"\w", kept):
            return None
        if kept.count("*") > _MOST_STARS or kept.count("?") > _MOST_MARKS or len(kept) > _LONGEST_PATTERN:
            self.note(f"{text[:40]} has too many * or ? in it, so they were left out.")
            return Word(re.sub(r"[*?]", "", text)[:_LONGEST_PATTERN])
        return Pattern(re.sub(r"\*+", "*", text))

    def long_enough(self, node: Node) -> Node:
        """The node itself, or the word left of a pattern that would match nearly everything."""
        if isinstance(node, Except):
            return Except(self.long_enough(node.part))
        if not isinstance(node, Pattern):
            return node
        least = 3 if node.text.startswith("*") and node.text.endswith("*") else 2
        if len(re.findall(r"\w", node.text)) >= least:
            return node
        self.note(f"{node.text} has too few characters for a search with * or ?, so they were left out.")
        return Word(re.sub(r"[*?]", "", node.text))


class _Level:
    """What stands between one pair of brackets: alternatives, each a list of things wanted together."""

    def __init__(self) -> None:
        self.alternatives: list[list[Node]] = [[]]
        self.negated = False
        self.dangling = ""

    def operator(self, word: str) -> None:
        self.dangling = word
        if word == "OR":
            self.alternatives.append([])
        elif word == "NOT":
            self.negated = not self.negated

    def add(self, node: Node | None, minus: bool) -> None:
        self.dangling = ""
        if node is not None:
            self.alternatives[-1].append(Except(node) if minus != self.negated else node)
        self.negated = False

    def node(self, reader: _Reader) -> Node | None:
        if self.dangling:
            reader.note(f"{self.dangling} has nothing after it, so it was left out.")
        if len(self.alternatives) > 1 and not self.alternatives[0]:
            reader.note("OR has nothing before it, so it was left out.")
        parts = [_read(each, reader) for each in self.alternatives if each]
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else Either(tuple(parts))


def _read(nodes: list[Node], reader: _Reader) -> Node:
    """The nodes as wanted together, or, where they are a few words with a digit, as one unknown identifier."""
    joined = [reader.long_enough(node) for node in _joined(nodes)]
    if len(joined) == 1:
        return joined[0]
    words = tuple(node.text for node in nodes if isinstance(node, Word))
    if len(words) == len(nodes) <= shapes.LONGEST and any(character.isdigit() for word in words for character in word):
        return Either((Both(tuple(joined)), Code(words, apart=False)))
    return Both(tuple(joined))


def _joined(nodes: list[Node]) -> list[Node]:
    """The nodes with neighbouring words that form an identifier made into one."""
    made: list[Node] = []
    at = 0
    while at < len(nodes):
        size = _identifier_at(nodes, at)
        if size:
            made.append(Code(tuple(node.text for node in nodes[at : at + size] if isinstance(node, Word | Pattern))))
        else:
            made.append(nodes[at])
        at += size or 1
    return made


def _identifier_at(nodes: list[Node], at: int) -> int:
    run: list[str] = []
    for node in nodes[at : at + shapes.LONGEST]:
        if not isinstance(node, Word | Pattern):
            break
        run.append(node.text)
    return next((size for size in range(len(run), 1, -1) if shapes.is_spaced(run[:size])), 0)


def parse(text: str) -> Ask:
    """What was typed, as understood: words that must all be found, `AND`, `OR`, `NOT`, brackets, quotes for
    a phrase, `-word` to leave out, `*` and `?` inside a word. Never raises; `notes` say what was guessed.
    """
    reader = _Reader()
    root = reader.read(_COUNTRY.sub("+44 ", text.encode("utf-8", "ignore").decode("utf-8")))
    if root is None and text.strip():
        reader.note("There is no word in this to look for, so everything is listed.")
    return Ask(root, tuple(reader.notes))
