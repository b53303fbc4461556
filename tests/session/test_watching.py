"""A watch tells its owner what is new with a build, once, of what the owner may see, until its last day."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from bluelamp import clock
from bluelamp.errors import BlueLampError, NotFound, Refused, TooMuch
from bluelamp.index import places
from bluelamp.session import watched, watching
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.conftest import SetClock
from tests.factory import INTELLIGENCE_FILE
from tests.office import TENANCIES_FILE, as_, entries, newest, opened
from tests.session.deliver import NGOZI, ZOE, come

LOCK = 'T1{n},{name},Fox,,,,,,,200000000001,"2 New Road, Lambeth",2025-02-01,\n'


@pytest.fixture
def force(tmp_path: Path, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, built and opened, for one test that runs it again."""
    made = run_once(tmp_path / "force")
    yield made
    made.close()


def watch(session: Session, words: str, days: int = 30) -> str:
    return session.watch(f"All {words}", "search", {"text": words}, clock.today() + timedelta(days=days))


def news(session: Session) -> list[list[str]]:
    return [[each.caption for each in watch.news] for watch in session.watches()]


def test_what_is_there_already_is_no_news_and_what_comes_is_until_it_was_seen(force: BlueLamp) -> None:
    watch(as_(force), "okafor")
    assert news(as_(force)) == [[]]
    come(force, NGOZI)
    assert news(as_(force)) == [["Ngozi Okafor"]]
    come(force, ZOE)
    assert news(as_(force)) == [["Ngozi Okafor"]]
    (view,) = as_(force).watches()
    as_(force).watch_seen(view.id)
    assert news(as_(force)) == [[]]
    assert (view.found, view.unseen) == (2, 1)
    (fresh,) = as_(force).watches()[0].fresh
    assert ([thing.caption for thing in fresh.things], fresh.seen, fresh.build) == (["Ngozi Okafor"], True, 2)
    assert fresh.at[:10] == clock.today().isoformat()


def test_what_came_after_the_page_was_read_is_not_seen_with_it(force: BlueLamp) -> None:
    id = watch(as_(force), "lambeth OR okafor OR smith")
    come(force, NGOZI)
    as_(force).watches()
    come(force, ZOE)
    as_(force).watches()
    as_(force).watch_seen(id, 2)
    view = next(each for each in as_(force).watches() if each.id == id)
    assert {each.build for each in view.fresh if not each.seen} == {3}


def test_a_watch_finds_only_what_its_owner_may_see_and_shows_it_to_nobody_else(force: BlueLamp) -> None:
    for session in (as_(force), as_(force, "ben")):
        watch(session, "chen")
    more = INTELLIGENCE_FILE.splitlines()[1].replace("IR2", "IR9").replace("S2", "S9").replace('"Wei"', '"Mei"')
    (force.folder / "intelligence-9.jsonl").write_text(more + "\n")
    force.run("tester", lambda *_: None)
    assert any("Mei Chen" in each for each in news(as_(force))[0])
    assert news(as_(force, "ben")) == [[]]
    (hers,) = as_(force).watches()
    (his,) = as_(force, "ben").watches()
    assert (his.found, his.unseen, his.problem) == (0, 0, "")
    ben = as_(force, "ben")
    for change in (ben.watch_seen, ben.end_watch, ben.remove_watch, ben.look_at_watch):
        with pytest.raises(NotFound):
            change(hers.id)
    with pytest.raises(NotFound):
        ben.extend_watch(hers.id, clock.today())


def test_all_that_is_found_is_compared_however_much_that_is(force: BlueLamp) -> None:
    row = "B{n},M{n},Bulk{n},Harvest,,,,2026-04-01T08:00,Lambeth"
    come(force, *(row.format(n=number) for number in range(1_100)))
    watch(as_(force), "harvest")
    come(force, row.format(n=2_000))
    assert news(as_(force)) == [["Bulk2000 Harvest"]]
    (view,) = as_(force).watches()
    assert view.found == 1_101
    before = newest(force)
    come(force, *(row.format(n=number) for number in range(3_000, 3_000 + watching.NAMED + 1)))
    (view,) = as_(force).watches()
    assert (view.found, view.unseen, view.fresh[0].things) == (2_102, watching.NAMED + 2, ())
    look, _ = [each for each in entries(force, before) if each["action"] == "watch:keep"]
    assert (look["object_ids"], look["result_count"]) == ([], 2_102)


def test_what_finds_more_than_can_be_compared_is_said_and_never_compared_in_part(
    force: BlueLamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = watch(as_(force), "smith OR okafor")
    monkeypatch.setattr(watched, "MOST", 1)
    with pytest.raises(TooMuch, match="more than about 1 things"):
        watch(as_(force), "smith OR okafor")
    come(force, NGOZI)
    (view,) = as_(force).watches()
    assert "more than about 1 things, which are not compared" in view.problem
    assert (view.id, view.fresh) == (id, ())
    monkeypatch.undo()
    come(force, ZOE)
    assert [set(each) for each in news(as_(force))] == [{"Ngozi Okafor", "Zoe Smith"}]
    assert as_(force).watches()[0].problem == ""


def test_a_thing_that_is_called_by_another_number_is_not_new(force: BlueLamp) -> None:
    ann = as_(force)
    people = {each.caption: each for each in ann.search("okafor OR chen").hits if each.type == "Person"}
    watch(ann, "okafor")
    watch(ann, "chen")
    one, other = (people[name].object for name in ("Amara Okafor", "Wei Chen"))
    ann.decide(one, other, "same", "They are one")
    assert force.run("tester", lambda *_: None).published
    # one of the two is called by the other's number now
    assert news(as_(force)) == [[], []]
    assert len({as_(force).object(id).id for id in (one, other)}) == 1


def test_a_question_is_watched_with_what_it_was_asked_with(tmp_path: Path, fresh_database: Callable[[], str]) -> None:
    with opened(tmp_path / "force", fresh_database()) as force:
        ann = as_(force)
        for least in (2, 3):
            ann.watch(f"Homes of {least}", "question", {"question": "homes", "given": {"least": least}}, clock.today())
        rows = [LOCK.format(n=number, name=name) for number, name in enumerate(("Dora", "Abel"))]
        (force.folder / "tenancies-2.csv").write_text(TENANCIES_FILE.splitlines()[0] + "\n" + "".join(rows))
        force.run("tester", lambda *_: None)
        found = {each.title: each for each in as_(force).watches()}
        assert [each.label for each in found["Homes of 2"].news] == ["Location"]
        assert (found["Homes of 3"].news, found["Homes of 3"].found) == ((), 1)
        with pytest.raises(BlueLampError, match="does not ask for most"):
            ann.watch("x", "question", {"question": "homes", "given": {"most": 1}}, clock.today())
        with pytest.raises(Refused, match="choose another purpose"):
            ann.watch("x", "question", {"question": "neighbours"}, clock.today())


def test_after_its_last_day_nothing_is_looked_at_and_going_on_tells_what_came_since(
    force: BlueLamp, time: SetClock
) -> None:
    id = watch(as_(force), "okafor", days=3)
    time.move(days=4)
    before = newest(force)
    come(force, NGOZI)
    (view,) = as_(force).watches()
    assert (view.runs, view.fresh, view.found) == (False, (), 1)
    assert not any(each["result_count"] == 2 for each in entries(force, before) if each["action"] == "watch:keep")
    as_(force).extend_watch(id, clock.today() + timedelta(days=1))
    assert news(as_(force)) == [["Ngozi Okafor"]]
    as_(force).end_watch(id)
    come(force, "C9,N9,Ada,Okafor,03/06/1993,,,2026-04-02T08:00,Lambeth")
    (view,) = as_(force).watches()
    assert (view.runs, [each.caption for each in view.news]) == (False, ["Ngozi Okafor"])


def test_of_a_watch_that_was_removed_nothing_is_kept_but_what_the_log_says(force: BlueLamp) -> None:
    id = watch(as_(force), "okafor")
    kept = watch(as_(force), "smith")
    come(force, NGOZI)
    as_(force).watches()
    before = newest(force)
    as_(force).remove_watch(id)
    (entry,) = entries(force, before)
    assert (entry["action"], entry["operation"]) == ("watch:keep", "erasure")
    said = json.loads(entry["fields_or_query"])
    assert {name: said[name] for name in ("watch", "change", "kind", "text")} == {
        "watch": id, "change": "remove", "kind": "search", "text": "okafor",
    }  # fmt: skip
    assert [each.id for each in as_(force).watches()] == [kept]
    with force.database.begin() as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM watch_news WHERE watch = :id"), {"id": id}).scalar_one() == 0
        )
    with pytest.raises(NotFound):
        as_(force).remove_watch(id)


def test_a_watch_that_is_removed_while_it_is_looked_at_stays_away(
    force: BlueLamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = watch(as_(force), "okafor")
    come(force, NGOZI)
    session, finds = as_(force), Session._finds

    def finds_late(self: Session, *asked: object) -> object:
        found = finds(self, *asked)  # type: ignore[arg-type] # as it was asked
        as_(force).remove_watch(id)
        return found

    monkeypatch.setattr(Session, "_finds", finds_late)
    assert not session.look_at_watch(id)
    assert as_(force).watches() == ()


def test_a_last_day_that_is_past_or_too_far_off_is_refused(force: BlueLamp) -> None:
    id = watch(as_(force), "okafor")
    for days in (-1, 366):
        with pytest.raises(BlueLampError, match="within 365 days"):
            as_(force).extend_watch(id, clock.today() + timedelta(days=days))


def test_each_look_is_an_entry_that_names_what_is_new_and_says_whose_watch_it_was(force: BlueLamp) -> None:
    id = watch(as_(force), "okafor")
    come(force, NGOZI)
    before = newest(force)
    as_(force).watches()
    look, page = entries(force, before)
    assert (look["action"], look["result_count"], len(look["object_ids"])) == ("watch:keep", 2, 1)  # type: ignore[arg-type]
    assert json.loads(str(look["fields_or_query"])) == {
        "watch": id, "title": "All okafor", "as": "the declared watch of its owner", "build": 2, "new": 1,
    }  # fmt: skip
    assert page["object_ids"] == look["object_ids"]
    assert not as_(force).look_at_watch(id)


@pytest.mark.parametrize(
    ("title", "kind", "said", "days", "sentence"),
    [
        (" ", "search", {"text": "smith"}, 1, "needs a title"),
        ("x", "search", {"text": "smith"}, 400, "within 365 days"),
        ("x", "search", {"text": "smith"}, -1, "within 365 days"),
        ("x", "search", {"text": " "}, 1, "needs words or a type"),
        ("x", "search", {"text": "x" * 1_001}, 1, "more than 1,000 letters"),
        ("x", "search", {"types": ["x"] * 201}, 1, "at most 200"),
        ("x", "person", {}, 1, "cannot be watched"),
        ("x", "area", {"corners": [["a", "b"]], "metres": 5}, 1, "latitude and a longitude"),
        ("x", "area", {"corners": [[1, 2]], "metres": "far"}, 1, "number of metres"),
        ("x", "area", {"corners": [], "metres": 5}, 1, "corners"),
        ("x", "area", {"corners": 5, "metres": 5}, 1, "corners"),
        ("x", "search", {"text": "smith", "first": "yesterday"}, 1, "no day"),
        ("x", "question", {"question": "nothing"}, 1, "no question nothing"),
        ("x", "question", {"question": "homes", "given": [1]}, 1, "is written"),
        ("x", "question", {"question": "homes", "given": {"least": "many"}}, 1, "whole number"),
    ],
)
def test_what_cannot_be_watched_is_one_sentence(
    force: BlueLamp, title: str, kind: str, said: dict[str, object], days: int, sentence: str
) -> None:
    with pytest.raises(BlueLampError, match=sentence):
        as_(force).watch(title, kind, said, clock.today() + timedelta(days=days))
    with pytest.raises(Refused):
        as_(force, "eve").watches()


def test_that_an_area_is_too_large_to_watch_is_an_entry_too(force: BlueLamp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "MOST_CELLS", 1)
    before = newest(force)
    with pytest.raises(TooMuch):
        as_(force).watch("London", "area", {"corners": [[51.5, -0.1]], "metres": 5_000}, clock.today())
    (entry,) = entries(force, before)
    assert (entry["action"], entry["result_count"]) == ("watch:keep", 0)
    assert json.loads(str(entry["fields_or_query"]))["corners"] == [[51.5, -0.1]]


def test_the_numbers_of_all_matches_are_those_that_pages_of_a_search_list(force: BlueLamp) -> None:
    come(force, *(f"B{n},M{n},Bulk{n},Smith,,,,2026-04-{1 + n % 28:02}T08:00,Lambeth" for n in range(60)))
    for words, types in (("smith", ()), ("smyth", ("Person",)), ("", ("Custody",)), ("nobodyatall", ())):
        for session in (as_(force), as_(force, "ben")):
            pages = [session.search(words, types, page=page, size=50).hits for page in (1, 2, 3, 4)]
            listed = {hit.object.number for hits in pages for hit in hits}
            found = session.index.matching(words, session.visible, types)
            assert np.array_equal(found, np.array(sorted(listed), np.int64))
