"""The changes that can be made to a chart, and what a chart is after some of them.

A chart is nothing but its changes: what it shows is worked out by applying them in turn. So each can be undone, and
nothing that was on a chart is ever lost.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bluelamp.errors import BlueLampError
from bluelamp.ids import parse
from bluelamp.session import looks
from bluelamp.session.looks import Look
from bluelamp.session.said import NOTE, TITLE, id_of, kept, text_of

#: letters of a passage
PASSAGE = 8_000

#: how far from the middle a thing can be put
FAR = looks.FURTHEST["graph"]

#: how the key of what somebody wrote or proposed begins, and where a note or proposal says what it is about
PROPOSED, ENDS = "change-", ("on", "one", "other")

#: the change that brings in a whole file
BRING = "bring"

#: what a change of a passage keeps beside its words: what that looks at then
ABOUT = "about"

LAYOUTS = ("force", "hierarchy", "circle", "place", "time", "free")


@dataclass(frozen=True)
class Spot:
    """Where a thing stands on the chart; None for both where nobody has put it anywhere."""

    x: float | None = None
    y: float | None = None
    pinned: bool = False
    hidden: bool = False
    group: str = ""


@dataclass(frozen=True)
class Note:
    """What somebody wrote on a chart, or on one thing of it (`on`)."""

    text: str
    on: str
    user: str
    at: datetime


@dataclass(frozen=True)
class Proposed:
    """A thing, or a link between two ends, that somebody thinks there may be; no source says so.

    An end is the id of a thing or the key of one that is proposed itself.
    """

    label: str
    type: str
    reason: str
    user: str
    at: datetime
    one: str = ""
    other: str = ""

    @property
    def link(self) -> bool:
        """Whether it is a link."""
        return bool(self.one)


@dataclass(frozen=True)
class Passage:
    """One part of the story that somebody tells of a chart; perhaps with what of the chart it is about."""

    heading: str
    text: str
    look: Look | None
    user: str
    at: datetime


@dataclass
class Board:
    """What a chart comes to; the passages of its story stand in reading order."""

    things: dict[str, Spot] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    proposed: dict[str, Proposed] = field(default_factory=dict)
    story: dict[str, Passage] = field(default_factory=dict)
    layout: str = "force"


@dataclass(frozen=True)
class Change:
    """One change: what kind, what it says, and who made it when. `id` names what it adds, such as a note."""

    id: str
    kind: str
    said: Mapping[str, Any]
    user: str
    at: datetime
    before: str | None = None
    name: str = ""


def board(changes: Iterable[Change]) -> Board:
    """What changes come to, in turn."""
    made = Board()
    for change in changes:
        _KINDS[change.kind].apply(made, change)
    return made


def checked(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a change says, checked and without what does not belong there. Raises BlueLampError."""
    known = _KINDS.get(kind)
    if known is None:
        raise BlueLampError(f"A chart cannot be changed by {kind!r}; the changes are {', '.join(_KINDS)}.")
    return known.check(said)


def concerns(change: Change) -> list[str]:
    """The ids of the things, and keys of proposals, that a change is about."""
    return [*moved(change), *(end for part in parts(change).values() for end in ends(part))]


def moved(change: Change) -> list[str]:
    """Those of them that it is about by itself, not by what it says."""
    said = change.said
    looked = said[ABOUT] if ABOUT in said else (said.get("look") or {}).get("ids", ())
    return [*said.get("ids", ()), *said.get("places", {}), *looked]


def about(change: Change, made: Board) -> Change:
    """A change of a passage with what that looks at after it, or last: who knows of nothing of it is not told."""
    key = change.said.get("key")
    if change.kind not in ("rewrite", "reorder", "untell") or key not in made.story:
        return change
    look = made.story[key].look if "look" not in change.said else _look(change.said)
    return replace(change, said={**change.said, ABOUT: list(look.ids) if look else []})


def parts(change: Change) -> dict[str, Mapping[str, Any]]:
    """The notes and proposals that a change says, by the names that they go by on the chart."""
    if change.kind != BRING:
        return {change.id: change.said}
    keys = [f"{change.id}-{number}" for number in range(len(change.said["parts"]))]
    # a part names another by its place among them
    return {
        key: {**part, **{end: keys[part[end]] for end in ENDS if isinstance(part.get(end), int)}}
        for key, part in zip(keys, change.said["parts"], strict=True)
    }


def ends(part: Mapping[str, Any]) -> list[str]:
    """What a note or proposal is about; that may be nothing."""
    return [part[end] for end in ENDS if part.get(end)]


def keys(change: Change) -> list[str]:
    """The keys of what somebody wrote or proposed that a change is about."""
    said = (str(change.said.get(name) or "") for name in (*ENDS, "key"))
    return [each for each in said if each.startswith(PROPOSED)]


def widened(change: Change, alike: Mapping[str, Collection[str]]) -> Change:
    """A change that is also about the other ids that things on the chart went by before they were found to be one."""
    said = dict(change.said)
    if "ids" in said:
        said["ids"] = list(dict.fromkeys(id for each in said["ids"] for id in (each, *alike.get(each, ()))))
    if "places" in said:
        said["places"] = {
            id: place for each, place in said["places"].items() for id in (each, *alike.get(each, ()))
        }  # fmt: skip
    return replace(change, said=said)


def sentence(change: Change, now: Mapping[str, object]) -> str:
    """What a change did, for a reader to whom the things in `now` mean what it says."""
    number = len({now[each] for each in concerns(change) if each in now})
    things = "1 thing" if number == 1 else f"{number:,} things"
    return _KINDS[change.kind].words.format(things=things, **{"layout": "", "name": "", "file": "", **change.said})


@dataclass(frozen=True)
class _Kind:
    words: str
    check: Callable[[Mapping[str, Any]], dict[str, Any]]
    apply: Callable[[Board, Change], None]


# ---- what each kind may say ----


def _ids(said: Mapping[str, Any]) -> dict[str, Any]:
    listed = said.get("ids")
    if not isinstance(listed, list) or not listed:
        raise BlueLampError("Choose at least one thing first.")
    return {"ids": list(dict.fromkeys(map(id_of, listed)))}


def _places(said: Mapping[str, Any]) -> dict[str, Any]:
    given = said.get("places")
    if not isinstance(given, dict) or not given:
        raise BlueLampError('Say where each thing stands: `{"places": {id: [x, y]}}`.')
    ids = _ids({"ids": list(given)})["ids"]
    places = {}
    for id, place in zip(ids, given.values(), strict=True):
        if not isinstance(place, list) or len(place) != 2 or not all(looks.within(each, FAR) for each in place):  # noqa: PLR2004
            raise BlueLampError(f"The place of {id} is not two numbers no further out than {FAR:,.0f}.")
        places[id] = [round(float(each), 1) for each in place]
    return {"places": places, "pinned": said.get("pinned") is True}


def _end(said: Mapping[str, Any], name: str) -> str:
    text = kept(str(said.get(name) or ""))[:TITLE]
    return str(parse(text) or text)


def _group(said: Mapping[str, Any]) -> dict[str, Any]:
    return _ids(said) | {"name": text_of(said, "name", TITLE, needed=False)}


def _note(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": text_of(said, "text", NOTE), "on": _end(said, "on")}


def _propose(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": text_of(said, "label", TITLE),
        "type": text_of(said, "type", TITLE, needed=False),
        "reason": text_of(said, "reason", NOTE),
    }


def _propose_link(said: Mapping[str, Any]) -> dict[str, Any]:
    ends = {"one": _end(said, "one"), "other": _end(said, "other")}
    if not all(ends.values()) or ends["one"] == ends["other"]:
        raise BlueLampError("A proposed link needs two different ends; choose two things.")
    return _propose(said) | ends


def _bring(said: Mapping[str, Any]) -> dict[str, Any]:
    """A file: things that are known, where they stand, and parts, each a note, a proposed thing or a proposed link.

    A part names another, of those before it, by its number.
    """
    made: dict[str, Any] = _ids(said) if said.get("ids") else {}
    made |= _places(said) if said.get("places") else {}
    made |= {"file": text_of(said, "file", TITLE), "parts": []}
    for part in said.get("parts") or ():
        if not isinstance(part, dict):
            raise BlueLampError("Each part of a file is a note, a proposed thing or a proposed link.")
        check = _note if "text" in part else _propose_link if part.get("one") not in (None, "") else _propose
        texts = {**part, **{end: f"#{part[end]}" for end in ENDS if isinstance(part.get(end), int)}}
        numbers = {end: part[end] for end in ENDS if texts.get(end) != part.get(end)}
        if not all(0 <= number < len(made["parts"]) for number in numbers.values()):
            raise BlueLampError("A part of a file names one that is not before it; put it after what it is about.")
        made["parts"].append({**check(texts), **numbers})
    return made


def _key(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": text_of(said, "key", TITLE)}


def _tell(said: Mapping[str, Any]) -> dict[str, Any]:
    look = looks.checked(said["look"]) if said.get("look") else None
    heading, text = text_of(said, "heading", TITLE), text_of(said, "text", PASSAGE, needed=False)
    return {"heading": heading, "text": text, "look": look}


def _rewrite(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is not said stays as it was."""
    made = _key(said)
    if "heading" in said:
        made["heading"] = text_of(said, "heading", TITLE)
    if "text" in said:
        made["text"] = text_of(said, "text", PASSAGE, needed=False)
    if "look" in said:
        made["look"] = looks.checked(said["look"]) if said["look"] else None
    return made


def _reorder(said: Mapping[str, Any]) -> dict[str, Any]:
    return _key(said) | {"before": text_of(said, "before", TITLE, needed=False)}


def _layout(said: Mapping[str, Any]) -> dict[str, Any]:
    layout = said.get("layout")
    if layout not in LAYOUTS:
        raise BlueLampError(f"There is no layout {str(layout)[:TITLE]!r}; the layouts are {', '.join(LAYOUTS)}.")
    return {"layout": layout}


# ---- what each does ----


def _add(made: Board, change: Change) -> None:
    for id in change.said["ids"]:
        made.things.setdefault(id, Spot())


def _remove(made: Board, change: Change) -> None:
    gone = set(change.said["ids"])
    made.things = {id: spot for id, spot in made.things.items() if id not in gone}
    made.notes = {key: note for key, note in made.notes.items() if note.on not in gone}
    made.proposed = {key: each for key, each in made.proposed.items() if not {each.one, each.other} & gone}


def _set(**values: Any) -> Callable[[Board, Change], None]:
    def apply(made: Board, change: Change) -> None:
        for id in change.said["ids"]:
            if id in made.things:
                made.things[id] = replace(made.things[id], **values)

    return apply


def _to_group(made: Board, change: Change) -> None:
    _set(group=change.said["name"])(made, change)


def _put(made: Board, change: Change) -> None:
    for id, (x, y) in change.said["places"].items():
        if id in made.things:
            spot = made.things[id]
            made.things[id] = replace(spot, x=x, y=y, pinned=spot.pinned or change.said["pinned"])


def _think(made: Board, change: Change) -> None:
    for key, said in parts(change).items():
        who = change.user, change.at
        if "text" in said:
            made.notes[key] = Note(said["text"], said["on"], *who)
        else:
            ends = said.get("one", ""), said.get("other", "")
            made.proposed[key] = Proposed(said["label"], said["type"], said["reason"], *who, *ends)


def _brought(made: Board, change: Change) -> None:
    if "ids" in change.said:
        _add(made, change)
    if "places" in change.said:
        _put(made, change)
    _think(made, change)


def _withdraw(made: Board, change: Change) -> None:
    key = change.said["key"]
    made.notes.pop(key, None)
    made.proposed.pop(key, None)
    made.proposed = {name: each for name, each in made.proposed.items() if key not in (each.one, each.other)}


def _told(made: Board, change: Change) -> None:
    said = change.said
    made.story[change.id] = Passage(said["heading"], said["text"], _look(said), change.user, change.at)


def _retold(made: Board, change: Change) -> None:
    said, passage = change.said, made.story.get(change.said["key"])
    if passage is not None:
        words = {name: said[name] for name in ("heading", "text") if name in said}
        look = _look(said) if "look" in said else passage.look
        made.story[said["key"]] = replace(passage, **words, look=look, user=change.user, at=change.at)


def _look(said: Mapping[str, Any]) -> Look | None:
    return looks.look(said["look"]) if said["look"] else None


def _reordered(made: Board, change: Change) -> None:
    """Before another passage, or where there is no such, at the end."""
    key, before = change.said["key"], change.said["before"]
    if key in made.story and key != before:
        order = [each for each in made.story if each != key]
        order.insert(order.index(before) if before in order else len(order), key)
        made.story = {each: made.story[each] for each in order}


def _untold(made: Board, change: Change) -> None:
    made.story.pop(change.said["key"], None)


def _arrange(made: Board, change: Change) -> None:
    made.layout = change.said["layout"]
    made.things = {id: spot if spot.pinned else replace(spot, x=None, y=None) for id, spot in made.things.items()}


_KINDS: dict[str, _Kind] = {
    "add": _Kind("Added {things}", _ids, _add),
    "remove": _Kind("Took {things} off the chart", _ids, _remove),
    "hide": _Kind("Hid {things}", _ids, _set(hidden=True)),
    "show": _Kind("Showed {things} again", _ids, _set(hidden=False)),
    "put": _Kind("Moved {things}", _places, _put),
    "pin": _Kind("Pinned {things}", _ids, _set(pinned=True)),
    "unpin": _Kind("Let {things} move again", _ids, _set(pinned=False)),
    "group": _Kind("Grouped {things} as “{name}”", _group, _to_group),
    "ungroup": _Kind("Took {things} out of their group", _ids, _set(group="")),
    "note": _Kind("Wrote a note", _note, _think),
    "propose": _Kind("Proposed “{label}”", _propose, _think),
    "propose_link": _Kind("Proposed a link: “{label}”", _propose_link, _think),
    BRING: _Kind("Brought in the {file}, with {things}", _bring, _brought),
    "withdraw": _Kind("Took back a note or proposal", _key, _withdraw),
    "tell": _Kind("Told the passage “{heading}”", _tell, _told),
    "rewrite": _Kind("Rewrote a passage", _rewrite, _retold),
    "reorder": _Kind("Moved a passage", _reorder, _reordered),
    "untell": _Kind("Removed a passage", _key, _untold),
    "layout": _Kind("Arranged the chart: {layout}", _layout, _arrange),
}

#: the kinds of change that there are
KINDS = tuple(_KINDS)
