"""Saved searches, areas and questions that are watched: what is new with a build reaches whoever asked, until a day."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection

from bluelamp import clock
from bluelamp.errors import BlueLampError, DatabaseUnavailable, NotFound
from bluelamp.ids import ObjectId, watch_id
from bluelamp.index.search import Numbers
from bluelamp.pipeline import build as builds
from bluelamp.session import watches
from bluelamp.session.audit import Operation
from bluelamp.session.permissions import Action
from bluelamp.session.said import kept
from bluelamp.session.watched import Watched, checked
from bluelamp.session.watches import News, Watch

#: days that a watch runs at most, letters of its title, and things of one build that are named one by one
LONGEST, TITLE, NAMED = 365, 200, 1_000

#: what each entry of a look says
DECLARED = "the declared watch of its owner"


@dataclass(frozen=True)
class Thing:
    """A thing that is new on a watch."""

    id: ObjectId
    caption: str
    label: str


@dataclass(frozen=True)
class Fresh:
    """What came with one build."""

    build: int
    at: str
    seen: bool
    #: empty where these are more than are named one by one
    things: tuple[Thing, ...]
    total: int


@dataclass(frozen=True)
class WatchView:
    """A watch with what is new."""

    id: str
    title: str
    kind: str
    said: Mapping[str, Any]
    reason: str
    made_at: str
    ends: str
    runs: bool
    #: whether it was looked at in the newest build, under the declarations in force
    current: bool
    looked_at: str
    #: why it could not be looked at; empty: it was
    problem: str
    #: how many things it finds; None where that was under other declarations
    found: int | None
    fresh: tuple[Fresh, ...]

    @property
    def news(self) -> tuple[Thing, ...]:
        """All things that its owner has not seen."""
        return tuple(thing for each in self.fresh if not each.seen for thing in each.things)

    @property
    def unseen(self) -> int:
        """How many things its owner has not seen."""
        return sum(each.total for each in self.fresh if not each.seen)


class Watching(Watched):
    """The verbs of a session about watches."""

    def watch(self, title: str, kind: str, said: Mapping[str, Any], ends: date) -> str:
        """Have a `search`, an `area` or a `question` watched until a day, for this purpose and reason.

        Returns the watch's name. `said` is what `search` takes (text, types, sources, first, last), or corners, metres,
        first, last, others, or question and given. What there is now is no news. Raises BlueLampError for what cannot
        be watched.
        """
        self._may(Action.WATCH, title[:TITLE])
        named, began = kept(title), time.monotonic()
        if not named or len(named) > TITLE:
            raise BlueLampError(f"A watch needs a title of at most {TITLE} letters; write one.")
        asked, wanted = {"kind": kind[:TITLE], "ends": _until(ends).isoformat()}, checked(kind, said)
        asked |= wanted
        try:
            found = self._finds(kind, wanted)
        except BlueLampError:
            # that there is more than can be watched is an answer too
            self._log(Action.WATCH, (), asked, 0)
            raise
        made = Watch(
            watch_id(), named, self.user.name, self.purpose.name, self.reason, self.case, kind, wanted, clock.now(),
            ends, None, self._look()[0].number, self._policy, clock.now(), time.monotonic() - began, 0, "", len(found),
        )  # fmt: skip
        entry = self._entry(Action.WATCH, Operation.CONSULTATION, (), {"watch": made.id, **asked}, len(found))
        with self.force.database.begin() as connection:
            watches.add(connection, made, found)
            self.force.audit.append_in(connection, entry)
        return made.id

    def watches(self, *, look: bool = True) -> tuple[WatchView, ...]:
        """Your watches for this purpose with what is new; with `look`, each that is due is looked at first."""
        self._may(Action.WATCH, "watches")
        number, mine = self._look()[0].number, watches.of(self.user.name, self.purpose.name)
        if look:
            with self.force.database.begin() as connection:
                waiting = watches.due(connection, number, self._policy, *mine)
            for each in waiting:
                # one that was removed meanwhile is looked at no more
                with suppress(NotFound):
                    self.look_at_watch(each.id)
        with self.force.database.begin() as connection:
            listed = watches.listed(connection, self.user.name, self.purpose.name)
            news = watches.news(connection, [each.id for each in listed if each.policy == self._policy])
        views = self._watch_views(listed, news)
        things = [thing.id for view in views for each in view.fresh for thing in each.things]
        self._log(Action.WATCH, things, {"watches": [each.id for each in listed]}, len(listed))
        return views

    def look_at_watch(self, id: str) -> bool:
        """Look at one of your watches in the newest build, unless that was done; whether it was done now.

        What is new is kept together with the entry that says so. What stands in the way is one sentence on the watch.
        Raises NotFound.
        """
        self._may(Action.WATCH, id)
        published = self._look()[0]
        with self._own_watch(id) as (_, watch):
            stood = watch.build == published.number and watch.policy == self._policy
        if stood or published.number != self.force.build_number:
            return False
        found, problem, began = None, "", time.monotonic()
        try:
            found = self._finds(watch.kind, watch.said) if watch.runs else None
        except DatabaseUnavailable:
            raise
        except BlueLampError as error:
            problem = str(error)
        look = replace(
            watch, build=published.number, policy=self._policy, looked_at=clock.now(),
            took=time.monotonic() - began, problem=problem,
        )  # fmt: skip
        with self.force.database.begin() as connection:
            held = watches.one(connection, id, alone=True)
            # somebody else looked meanwhile, or it is asked for no more
            if held is None or held.stands != watch.stands:
                return False
            self._keep(connection, watch, look, found)
        return True

    def watch_seen(self, id: str, build: int | None = None) -> None:
        """You have seen what is new on a watch, up to a build where one is named. Raises NotFound."""
        self._change_watch(id, {"change": "seen", "build": build})

    def end_watch(self, id: str) -> None:
        """Watch no more. Raises NotFound."""
        self._change_watch(id, {"change": "end"})

    def remove_watch(self, id: str) -> None:
        """Take a watch off your list, with all that was found; the entry says what it was. Raises NotFound."""
        self._change_watch(id, {"change": "remove"})

    def extend_watch(self, id: str, ends: date) -> None:
        """Watch until another day, also what has ended: what came since it was looked at last is new then.

        Raises NotFound, and BlueLampError for a day that is past or too far off.
        """
        self._change_watch(id, {"change": "extend", "ends": ends.isoformat()}, ends)

    def marking_of(self, objects: Sequence[ObjectId]) -> str:
        """The marking for a screen with these objects."""
        return self._marking(objects)

    # ---- what these are made of ----

    @property
    def _policy(self) -> str:
        """The declarations in force, which say what this session may see."""
        return self.force.audit.policy_version

    @contextmanager
    def _own_watch(self, id: str, *, alone: bool = False) -> Iterator[tuple[Connection, Watch]]:
        """One of your watches within a transaction; `alone`: nobody else changes it until that ends. Raises NotFound.

        What is missing is said when the transaction has ended, as its entry takes a connection of its own.
        """
        with self.force.database.begin() as connection:
            found = watches.one(connection, id, alone=alone)
            if found is not None and (found.owner, found.purpose) == (self.user.name, self.purpose.name):
                yield connection, found
                return
        raise self._absent(f"the watch {id}")

    def _change_watch(self, id: str, what: dict[str, Any], ends: date | None = None) -> None:
        self._may(Action.WATCH, id)
        day = _until(ends) if ends else None
        # no look is kept meanwhile
        with self._own_watch(id, alone=True) as (connection, watch):
            operation = Operation.ALTERATION
            if day:
                watches.extend(connection, watch, day)
            elif what["change"] == "seen":
                watches.seen(connection, id, what["build"])
            elif what["change"] == "end":
                watches.end(connection, id)
            else:
                watches.remove(connection, id)
                operation = Operation.ERASURE
                what |= {"title": watch.title, "kind": watch.kind, **watch.said}
            entry = self._entry(Action.WATCH, operation, (), {"watch": id, **what}, 1)
            self.force.audit.append_in(connection, entry)
        self.force.accounts.forget()

    def _keep(self, connection: Connection, watch: Watch, look: Watch, found: Numbers | None) -> None:
        """Keep what a look found, None where it could not: what is new of it, and of what was new what still stands."""
        known, news = watches.numbers(connection, watch.id), watches.news(connection, [watch.id])
        anew, new = watch.policy != look.policy, np.empty(0, np.int64)
        stands = [self._standing(each, found, anew=anew) for each in news]
        for was, still in zip(news, stands, strict=True):
            # what its owner has not seen and cannot be shown now is new again with the next look that can show it
            lost = np.setdiff1d(was.numbers, still.numbers, assume_unique=True)
            known = known if was.seen_at else np.setdiff1d(known, lost, assume_unique=True)
        if found is not None:
            new = self._new(known, found)
            stands.append(News(watch.id, look.build, self._made_at(), new))
            # what other declarations hide is not new when others show it again
            known = np.union1d(known, found) if anew else found
            look = replace(look, found=len(found))
        elif anew:
            look = replace(look, found=0)
        watches.looked(connection, look, known, [each for each in stands if len(each.numbers)])
        if watch.runs:
            told = {"problem": look.problem} if look.problem else {"new": len(new)}
            asked = {"watch": watch.id, "title": watch.title, "as": DECLARED, "build": look.build, **told}
            named = self.index.graph.ids(new.tolist(), self.visible).values() if len(new) <= NAMED else ()
            count = 0 if found is None else len(found)
            entry = self._entry(Action.WATCH, Operation.CONSULTATION, sorted(named), asked, count)
            self.force.audit.append_in(connection, entry)

    def _standing(self, news: News, found: Numbers | None, *, anew: bool) -> News:
        """Of what was new what may still be shown: what is visible.

        Under other declarations (`anew`) the watch must still find it, or that it once did would tell what its owner
        may see no more; and of very much it is not asked one by one.
        """
        numbers = news.numbers
        if anew:
            still = np.isin(numbers, np.empty(0) if found is None else found)
        elif len(numbers) > NAMED:
            still = np.ones(len(numbers), bool) if found is None else np.isin(numbers, found)
        else:
            still = np.isin(numbers, list(self._called(numbers)))
        return replace(news, numbers=numbers[still])

    def _new(self, before: Numbers, found: Numbers) -> Numbers:
        """What was not found before, also not by another number that this reader may know of."""
        new = np.setdiff1d(found, before, assume_unique=True)
        if not len(new):
            return new
        gone = np.setdiff1d(before, found, assume_unique=True)
        wanted = set(new.tolist())
        met = [was for was, now in self.index.moved(gone).items() if now in wanted]
        again = [each.number for each in self._called(np.array(met, np.int64)).values()]
        return np.setdiff1d(new, np.array(again, np.int64), assume_unique=True)

    def _called(self, numbers: Numbers) -> dict[int, ObjectId]:
        """What some numbers mean now, of those that this reader may know of."""
        moved = self.index.moved(numbers)
        means = {number: moved.get(number, number) for number in numbers.tolist()}
        ids = self.index.graph.ids(means.values(), self.visible)
        return {
            was: ids[now]
            for was, now in means.items()
            if now in ids and (was == now or self.index.holds(ids[now], was, self.visible))
        }

    def _made_at(self) -> datetime:
        """When the build was made that this session looks at."""
        return datetime.fromisoformat(builds.read(self.force.store, self._look()[0].number).at)

    def _watch_views(self, listed: Sequence[Watch], news: Sequence[News]) -> tuple[WatchView, ...]:
        build = self._look()[0].number
        few = [each.numbers for each in news if len(each.numbers) <= NAMED]
        called = self._called(np.unique(np.concatenate(few))) if few else {}
        captions = self.index.captions(called.values(), self.visible)
        fresh: dict[str, list[Fresh]] = {}
        for each in news:
            ids = dict.fromkeys(called[number] for number in each.numbers.tolist() if number in called)
            things = sorted((Thing(id, captions[id], self._noun(id).label) for id in ids), key=_by_caption)
            total = len(things) if len(each.numbers) <= NAMED else len(each.numbers)
            seen = each.seen_at is not None
            if total:
                made = Fresh(each.build, each.at.isoformat(), seen, tuple(things), total)
                fresh.setdefault(each.watch, []).append(made)
        return tuple(
            WatchView(
                each.id, each.title, each.kind, each.said, each.reason, each.made_at.isoformat(), each.ends.isoformat(),
                each.runs, each.build == build and each.policy == self._policy, each.looked_at.isoformat(),
                each.problem, each.found if each.policy == self._policy else None, tuple(fresh.get(each.id, ())),
            )
            for each in listed
        )  # fmt: skip


def _by_caption(thing: Thing) -> tuple[str, str, ObjectId]:
    return thing.caption, thing.label, thing.id


def _until(ends: date) -> date:
    today = clock.today()
    if not today <= ends <= today + timedelta(days=LONGEST):
        raise BlueLampError(f"A watch ends within {LONGEST} days from today; choose a day from today on, and no later.")
    return ends
