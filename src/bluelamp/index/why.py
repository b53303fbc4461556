"""Why an object is among the hits: which of its visible values matched, and how."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bluelamp.index import query, shapes
from bluelamp.index.ask import Code, Pattern, Phrase, Word
from bluelamp.index.found import Why
from bluelamp.index.nouns import Noun
from bluelamp.index.spelling import remembered
from bluelamp.types.grammar import Search

Leaf = Word | Phrase | Pattern | Code

#: what one record says: property name -> value
Said = dict[str, object]

#: the parts of a name taken together
_NAME = "Name"

#: characters of a long text that are shown around what matched
_SHOWN = 160


@dataclass(frozen=True)
class _Value:
    """One value of one property, with how it is searched."""

    property: str
    label: str
    search: str
    text: str


@dataclass(frozen=True)
class _Match:
    worth: int
    how: str
    token: str = ""


def explain(
    leaves: Iterable[Leaf], noun: Noun, records: list[Said], unread: Iterable[tuple[str, str]] = ()
) -> tuple[Why, ...]:
    """For each part of the question the value that matches it best, in the order of the question.

    `unread` are texts that were not understood, each with its property.
    """
    values = [*_values(noun, records), *_unread(noun, unread)]
    reasons: list[Why] = []
    for leaf in leaves:
        best: tuple[int, Why] | None = None
        for value in values:
            match = _match(leaf, value)
            if match and (best is None or match.worth > best[0]):
                best = match.worth, Why(value.property, _shown(value.text, match.token), match.how)
        if best and best[1] not in reasons:
            reasons.append(best[1])
    return tuple(reasons)


def _values(noun: Noun, records: list[Said]) -> Iterable[_Value]:
    """Each searched value once; the parts of a name also together, because a phrase may run through them."""
    seen: set[tuple[str, str]] = set()
    for record in records:
        names = [str(value) for name, value in record.items() if noun.properties[name][1] == Search.NAME.value]
        texts = [(name, str(value)) for name, value in record.items()]
        for name, text in [*texts, ("", " ".join(names))] if len(names) > 1 else texts:
            if (name, text) not in seen:
                seen.add((name, text))
                label, search, _ = noun.properties.get(name, (_NAME, Search.WORDS.value, False))
                yield _Value(name or next(iter(record)), label, search, text)


def _unread(noun: Noun, texts: Iterable[tuple[str, str]]) -> Iterable[_Value]:
    for name, text in texts:
        label, search, _ = noun.properties[name]
        # a name is split by its sounds and nicknames only where it was understood
        how = search if search == Search.IDENTIFIER.value else Search.WORDS.value
        yield _Value(name, f"{label}, not understood,", how, text)


def _match(leaf: Leaf, value: _Value) -> _Match | None:
    if isinstance(leaf, Phrase):
        return _phrase(leaf.text, value)
    if isinstance(leaf, Pattern):
        return _pattern(leaf.text, value)
    if isinstance(leaf, Code):
        text = " ".join(leaf.parts)
        if "*" in text or "?" in text:
            return _pattern(text, value)
        whole = _identifier(text, value, query.CODE)
        if not leaf.apart:
            return whole
        return whole or _phrase(text, value) or _first(_mention(part, value) for part in leaf.parts)
    return _word(leaf.text, value)


def _first(matches: Iterable[_Match | None]) -> _Match | None:
    return next((match for match in matches if match), None)


def _word(text: str, value: _Value) -> _Match | None:
    if value.search == Search.NAME.value:
        return _name(text, value)
    if value.search == Search.IDENTIFIER.value and (found := _identifier(text, value, query.NAME)):
        return found
    return _mention(text, value)


def _mention(text: str, value: _Value) -> _Match | None:
    said = query.tokens(text)
    if (
        value.label == _NAME
        or value.search == Search.IDENTIFIER.value
        or not said
        or not _within(said, query.tokens(value.text))
    ):
        return None
    return _Match(query.TEXT, f"word in {value.label}", said[0])


def _identifier(text: str, value: _Value, worth: int) -> _Match | None:
    if value.search == Search.IDENTIFIER.value and shapes.squeezed(value.text) in shapes.spellings(text):
        return _Match(worth, f"{value.label} is")
    return None


def _name(text: str, value: _Value) -> _Match | None:
    said = remembered(text)
    spelt = [remembered(word) for word in value.text.split()]
    if said.raw and any(said.raw == each.raw for each in spelt):
        return _Match(query.AS_WRITTEN, f"{value.label} is")
    tokens = {token for each in spelt for token in (*each.tokens, *each.parts)}
    if said.tokens and set(said.tokens) <= tokens:
        return _Match(query.NAME, f"{value.label} is")
    matches = [match for token in said.tokens for held in sorted(tokens) if (match := _near(token, held, value.label))]
    return max(matches, key=lambda match: match.worth, default=None)


def _near(token: str, held: str, label: str) -> _Match | None:
    if any(character.isdigit() for character in token):
        return None
    one, other = remembered(token), remembered(held)
    if held in one.nicknames:
        return _Match(query.NICKNAME, f"nickname or long form of {label}")
    if set(one.sounds) & set(other.sounds):
        return _Match(query.SOUND, f"{label} sounds like")
    distance = OSA.distance(token, held)
    if 0 < distance <= query.slip(token):
        return _Match(query.ONE_OFF if distance == 1 else query.TWO_OFF, f"{label} is spelt nearly like")
    return None


def _phrase(text: str, value: _Value) -> _Match | None:
    if value.search == Search.IDENTIFIER.value:
        return _identifier(text, value, query.CODE)
    said = query.tokens(text)
    if not said or not _within(said, query.tokens(value.text)):
        return None
    return _Match(
        query.TEXT + 2, f"exact phrase in {value.label}" if len(said) > 1 else f"word in {value.label}", said[0]
    )


def _within(few: list[str], many: list[str]) -> bool:
    return any(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1))


def _pattern(text: str, value: _Value) -> _Match | None:
    how = f"{value.label} {_shape(text)}"
    if value.search == Search.IDENTIFIER.value:
        held = shapes.squeezed(value.text)
        if any(re.fullmatch(query.regex(form), held) for form in shapes.spellings(text)):
            return _Match(query.PATTERN, how)
    pieces = re.split(r"([*?]+)", text)
    kept = "".join(piece if piece[:1] in ("*", "?") else "".join(query.tokens(piece)) for piece in pieces)
    if value.search == Search.IDENTIFIER.value:
        return None
    words = query.tokens(value.text)
    if value.search == Search.NAME.value:
        words += [token for word in value.text.split() for token in remembered(word).tokens]
    token = next((word for word in words if re.fullmatch(query.regex(kept), word)), None)
    if token is None or not kept.strip("*?"):
        return None
    return _Match(query.PATTERN - 1, f"word in {value.label} {_shape(text)}" if " " in value.text else how, token)


def _shape(text: str) -> str:
    inside = text.strip("*")
    if "?" in inside or "*" in inside:
        return "has the pattern"
    if text.startswith("*"):
        return "contains" if text.endswith("*") else "ends with"
    return "starts with"


def _shown(text: str, token: str) -> str:
    """The whole value, or of a long one the part around what matched."""
    if len(text) <= _SHOWN:
        return text
    at = max(0, text.lower().find(token) - _SHOWN // 3)
    return ("…" if at else "") + text[at : at + _SHOWN].strip() + ("…" if at + _SHOWN < len(text) else "")
