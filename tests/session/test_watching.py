"""A watch tells its owner what is new with a build, once, of what the owner may see, until its last day."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bluelamp import clock
from bluelamp.errors import BlueLampError, NotFound, Refused
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.factory import INTELLIGENCE_FILE
from tests.office import as_, entries, newest
from tests.pipeline.standing import HEADER


@pytest.fixture
def force(tmp_path: Path, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, built and opened, for one test that runs it again."""
    opened = run_once(tmp_path / "force")
    yield opened
    opened.close()


def watched(session: Session, text: str, days: int = 30) -> str:
    return session.watch(f"All {text}", "search", {"text": text}, clock.today() + timedelta(days=days))


def come(force: BlueLamp, *rows: str) -> None:
    """A custody delivery with these rows, and a run."""
    (force.folder / f"custody-{time.monotonic_ns()}.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    assert force.run("tester", lambda *_: None).published


def news(session: Session) -> list[list[str]]:
    return [[each.caption for each in watch.news] for watch in session.watches()]


def test_what_is_there_already_is_no_news_and_what_comes_is_until_it_was_seen(force: BlueLamp) -> None:
    watched(as_(force), "okafor")
    assert news(as_(force)) == [[]]
    come(force, "C7,N7,Ngozi,Okafor,03/06/1991,,,2026-04-01T08:00,Lambeth")
    assert news(as_(force)) == [["Ngozi Okafor"]]
    come(force, "C8,N8,Zoe,Smith,03/06/1992,,,2026-04-02T08:00,Lambeth")
    assert news(as_(force)) == [["Ngozi Okafor"]]
    (watch,) = as_(force).watches()
    as_(force).watch_seen(watch.id)
    assert news(as_(force)) == [[]]
    assert watch.found == 2


def test_a_watch_finds_only_what_its_owner_may_see_and_shows_it_to_nobody_else(force: BlueLamp) -> None:
    ann, ben = as_(force), as_(force, "ben")
    for session in (ann, ben):
        watched(session, "chen")
    more = INTELLIGENCE_FILE.splitlines()[1].replace("IR2", "IR9").replace("S2", "S9").replace('"Wei"', '"Mei"')
    (force.folder / "intelligence-9.jsonl").write_text(more + "\n")
    force.run("tester", lambda *_: None)
    assert any("Mei Chen" in each for each in news(as_(force))[0])
    assert news(as_(force, "ben")) == [[]]
    (hers,) = as_(force).watches()
    with pytest.raises(NotFound):
        as_(force, "ben").watch_seen(hers.id)


def test_a_watch_that_has_ended_finds_nothing_more(force: BlueLamp) -> None:
    id = watched(as_(force), "okafor")
    as_(force).end_watch(id)
    come(force, "C7,N7,Ngozi,Okafor,03/06/1991,,,2026-04-01T08:00,Lambeth")
    (watch,) = as_(force).watches()
    assert (watch.runs, watch.news) == (False, ())


def test_each_look_is_an_entry_that_names_what_was_found(force: BlueLamp) -> None:
    watched(as_(force), "okafor")
    come(force, "C7,N7,Ngozi,Okafor,03/06/1991,,,2026-04-01T08:00,Lambeth")
    before = newest(force)
    as_(force).watches()
    (entry,) = entries(force, before)
    assert entry["action"] == "watch:keep"
    assert len(entry["object_ids"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "kind", "said", "days", "sentence"),
    [
        (" ", "search", {"text": "smith"}, 1, "needs a title"),
        ("x", "search", {"text": "smith"}, 400, "within 365 days"),
        ("x", "search", {"text": "smith"}, -1, "within 365 days"),
        ("x", "search", {"text": " "}, 1, "needs words or a type"),
        ("x", "person", {}, 1, "cannot be watched"),
        ("x", "area", {"corners": [["a", "b"]], "metres": 5}, 1, "latitude and a longitude"),
        ("x", "area", {"corners": [], "metres": 5}, 1, "corners"),
        ("x", "search", {"text": "smith", "first": "yesterday"}, 1, "no day"),
    ],
)
def test_what_cannot_be_watched_is_one_sentence(
    force: BlueLamp, title: str, kind: str, said: dict[str, object], days: int, sentence: str
) -> None:
    with pytest.raises(BlueLampError, match=sentence):
        as_(force).watch(title, kind, said, clock.today() + timedelta(days=days))
    with pytest.raises(Refused):
        as_(force, "eve").watches()
