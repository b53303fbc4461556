"""A server looks at every watch once for each build, with what its owner may do on that day, and a kill loses nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import bluelamp
from bluelamp import clock
from bluelamp.index import patterns
from bluelamp.session import watches
from bluelamp.session.force import BlueLamp
from bluelamp.session.lookout import FAULT, Lookout
from bluelamp.session.watching import WatchView
from tests.conftest import SetClock
from tests.office import as_, entries, newest
from tests.session.deliver import NGOZI, ZOE, come


@pytest.fixture
def force(tmp_path: Path, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, built and opened, for one test that runs it again."""
    made = run_once(tmp_path / "force")
    yield made
    made.close()


def watch(force: BlueLamp, words: str, user: str = "ann", kind: str = "search") -> str:
    said = {"text": words} if kind == "search" else {"question": words}
    return as_(force, user).watch(words, kind, said, clock.today() + timedelta(days=30))


def seen(force: BlueLamp, user: str = "ann") -> dict[str, WatchView]:
    """What a page would show, by title: nothing is looked at for it."""
    return {each.title: each for each in as_(force, user).watches(look=False)}


def counted(force: BlueLamp, user: str = "ann") -> int:
    """The number at the top of a user's pages."""
    token = force.accounts.begin(user)
    sign_in = force.accounts.sign_in_of(token)
    assert sign_in is not None
    force.accounts.declare(sign_in, "investigation", "Operation Ash")
    found = force.accounts.sign_in_of(token)
    assert found is not None
    return found.news


def looks(force: BlueLamp, since: int) -> list[dict[str, object]]:
    return [each for each in entries(force, since) if "the declared watch" in str(each["fields_or_query"])]


def declare(force: BlueLamp, name: str, change: Callable[[str], str]) -> BlueLamp:
    """The force opened again after a file of its workspace was changed; the first is still open."""
    path = force.folder / name
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return bluelamp.open(force.folder)


def test_what_is_new_reaches_each_of_two_owners_who_did_nothing(force: BlueLamp) -> None:
    watch(force, "okafor")
    watch(force, "smith", "ben")
    assert Lookout(force).look() == 0
    come(force, NGOZI, ZOE)
    before = newest(force)
    assert Lookout(force).look() == 2
    assert (counted(force), counted(force, "ben")) == (1, 1)
    hers, his = seen(force)["okafor"], seen(force, "ben")["smith"]
    assert ([each.caption for each in hers.news], [each.caption for each in his.news]) == (
        ["Ngozi Okafor"],
        ["Zoe Smith"],
    )
    told = {str(each["actor_id"]): each for each in looks(force, before)}
    assert {each["device_or_ip"] for each in told.values()} == {"a declared watch, looked at by the server"}
    assert (told["ann"]["justification_text"], told["ann"]["purpose_code"]) == ("Operation Ash", "investigation")
    assert told["ben"]["object_ids"] == [str(his.news[0].id)]
    as_(force).watch_seen(hers.id)
    assert (counted(force), counted(force, "ben")) == (0, 1)


def test_a_build_is_looked_at_once_by_however_many_servers(force: BlueLamp) -> None:
    watch(force, "okafor")
    come(force, NGOZI)
    before = newest(force)
    one, other = Lookout(force), Lookout(force)
    assert (one.look(), other.look(), one.look()) == (1, 0, 0)
    assert len(looks(force, before)) == 1
    come(force, ZOE)
    assert other.look() == 1
    assert (counted(force), len(seen(force)["okafor"].fresh)) == (1, 1)


def test_a_session_that_stands_at_an_older_build_looks_at_nothing(force: BlueLamp) -> None:
    id, old = watch(force, "okafor"), as_(force)
    assert old.index is not None
    come(force, NGOZI)
    assert Lookout(force).look() == 1
    assert not old.look_at_watch(id)
    assert [each.build for each in seen(force)["okafor"].fresh] == [2]


def test_rights_that_have_shrunk_take_news_away_and_give_it_back(force: BlueLamp) -> None:
    watch(force, "okafor")
    watch(force, "chen")
    come(force, NGOZI)
    (force.folder / "intelligence-9.jsonl").write_text(MEI)
    force.run("tester", lambda *_: None)
    Lookout(force).look()
    assert counted(force) == len(seen(force)["chen"].news) + 1 > 1
    full, less = "clearance: [OFFICIAL, OFFICIAL-SENSITIVE], team: one", "clearance: [OFFICIAL], team: one"
    lower = declare(force, "users.yaml", lambda each: each.replace(full, less))
    # before anything is looked at anew, nothing of what was found with more rights is counted or shown
    assert counted(lower) == 0
    assert [(each.found, each.fresh) for each in seen(lower).values()] == [(None, ()), (None, ())]
    Lookout(lower).look()
    assert {title: (each.found, len(each.news)) for title, each in seen(lower).items()} == {
        "okafor": (2, 1), "chen": (0, 0),
    }  # fmt: skip
    assert counted(lower) == 1
    lower.close()
    again = declare(force, "users.yaml", lambda each: each.replace(less, full))
    Lookout(again).look()
    assert "Mei Chen" in [each.caption for each in seen(again)["chen"].news]
    again.close()


MEI = """{"urn": "IR9", "title": "Seen", "body": "Mei CHEN", "grade": "1AP", "date": "2026-02", "marking": "OFFICIAL-SENSITIVE", "subject": {"ref": "S9", "given": "Mei", "family": "Chen", "pnc": null}}
"""


def test_declarations_that_change_and_come_back_within_a_build_lose_and_double_nothing(force: BlueLamp) -> None:
    watch(force, "okafor OR chen")
    come(force, NGOZI)
    (force.folder / "intelligence-9.jsonl").write_text(MEI)
    force.run("tester", lambda *_: None)
    Lookout(force).look()
    (whole,) = seen(force).values()
    full, less = "clearance: [OFFICIAL, OFFICIAL-SENSITIVE], team: one", "clearance: [OFFICIAL], team: one"
    for was, now in ((full, less), (less, full), (full, less), (less, full)):
        other = declare(force, "users.yaml", lambda each, was=was, now=now: each.replace(was, now))  # type: ignore[misc]
        assert Lookout(other).look() == 1
        (part,) = seen(other).values()
        assert counted(other) == part.unseen == (1 if now == less else whole.unseen)
        other.close()
    assert sorted(part.news, key=str) == sorted(whole.news, key=str)


def test_for_who_is_no_user_any_more_nothing_is_looked_at_and_news_waits(force: BlueLamp) -> None:
    id = watch(force, "okafor")
    come(force, NGOZI)
    users = (force.folder / "users.yaml").read_text("utf-8")
    gone = declare(force, "users.yaml", lambda each: each.replace("ann:", "anna:"))
    before = newest(force)
    Lookout(gone).look()
    assert looks(force, before) == []
    with gone.database.begin() as connection:
        kept, numbers = watches.one(connection, id), watches.numbers(connection, id)
    assert kept is not None
    assert (kept.found, kept.unseen, kept.problem[:21], len(numbers)) == (0, 0, "There is no such user", 1)
    gone.close()
    back = declare(force, "users.yaml", lambda _: users)
    assert Lookout(back).look() == 1
    assert ([each.caption for each in seen(back)["okafor"].news], counted(back)) == (["Ngozi Okafor"], 1)
    # what was not seen and was taken away is new again, and not lost
    gone = declare(back, "users.yaml", lambda each: each.replace("ann:", "anna:"))
    Lookout(gone).look()
    gone.close()
    assert Lookout(back).look() == 1
    assert counted(back) == 1
    back.close()


def test_a_purpose_that_is_over_or_gone_is_the_sentence_on_the_watch(force: BlueLamp, time: SetClock) -> None:
    id = watch(force, "okafor")
    come(force, NGOZI)
    tomorrow = str(clock.today() + timedelta(days=1))
    ended = declare(force, "purposes/investigation.yaml", lambda each: each.replace("2030-12-31", tomorrow))
    time.move(days=2)
    before = newest(force)
    Lookout(ended).look()
    with ended.database.begin() as connection:
        kept = watches.one(connection, id)
    assert kept is not None
    assert "ended on" in kept.problem
    assert entries(force, before) == []
    ended.close()


def test_an_error_in_one_is_its_own_sentence_and_holds_up_no_other(
    force: BlueLamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(force, "homes", kind="question")
    watch(force, "okafor")
    come(force, NGOZI)
    monkeypatch.setattr(patterns, "MOST_FOUND", -1)
    before = newest(force)
    assert Lookout(force).look() == 2
    found = seen(force)
    assert "answer that; ask for fewer" in found["homes"].problem
    assert found["homes"].current
    assert (found["okafor"].problem, found["okafor"].unseen) == ("", 1)
    told = [json.loads(str(each["fields_or_query"])) for each in looks(force, before)]
    assert [("problem" in each, each["title"]) for each in told if each["title"] == "homes"] == [(True, "homes")]


def test_the_slow_come_last(force: BlueLamp) -> None:
    for words in ("okafor", "smith", "chen"):
        watch(force, words)
    with force.database.begin() as connection:
        for words, took in (("okafor", 9), ("smith", 1), ("chen", 4)):
            connection.execute(
                text("UPDATE watches SET took = :took WHERE title = :title"), {"took": took, "title": words}
            )
    come(force, NGOZI)
    before = newest(force)
    Lookout(force).look()
    titles = [json.loads(str(each["fields_or_query"]))["title"] for each in looks(force, before)]
    assert titles == ["smith", "chen", "okafor"]


def test_without_its_entry_a_look_keeps_nothing(force: BlueLamp) -> None:
    id = watch(force, "okafor")
    come(force, NGOZI)
    with force.database.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO hidden"))
    Lookout(force).look()
    with force.database.begin() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO audit"))
        kept = watches.one(connection, id)
    assert kept is not None
    assert (kept.found, kept.unseen, kept.problem) == (1, 0, FAULT)
    come(force, ZOE)
    assert Lookout(force).look() == 1
    assert [each.caption for each in seen(force)["okafor"].news] == ["Ngozi Okafor"]


LOOK = """
import sys
from pathlib import Path
import bluelamp
from bluelamp.session.lookout import Lookout
force = bluelamp.open(Path(sys.argv[1]))
print("looking", flush=True)
Lookout(force).look()
print("looked", flush=True)
"""


def test_a_look_that_is_killed_is_made_anew_by_the_next_server(force: BlueLamp) -> None:
    watch(force, "okafor")
    come(force, NGOZI)
    before = newest(force)
    with force.database.begin() as connection:
        # whoever holds the end of the log keeps the look from its entry, and so from being done
        connection.execute(text("SELECT 1 FROM audit_head FOR UPDATE"))
        began = [sys.executable, "-c", LOOK, str(force.folder)]
        with subprocess.Popen(began, stdout=subprocess.PIPE, env={"PYTHONPATH": ":".join(sys.path)}) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == b"looking\n"
            wait_for(force, "SELECT count(*) FROM pg_locks WHERE NOT granted")
            os.kill(server.pid, signal.SIGKILL)
            assert server.stdout.read() == b""
        assert server.returncode < 0
    assert (counted(force), looks(force, before)) == (0, [])
    assert Lookout(force).look() == 1
    assert (counted(force), len(looks(force, before))) == (1, 1)


def wait_for(force: BlueLamp, query: str) -> None:
    """Until a query counts something."""
    for _ in range(3_000):
        with force.database.begin() as connection:
            if connection.execute(text(query)).scalar_one():
                return
        time.sleep(0.01)
    pytest.fail("It never came.")


def test_a_server_looks_by_itself_and_stops_with_it(force: BlueLamp) -> None:
    watch(force, "okafor")
    come(force, NGOZI)
    with Lookout(force, every=0.01):
        wait_for(force, "SELECT sum(unseen) FROM watches")
    assert counted(force) == 1


def test_what_is_seen_no_more_is_left_out_of_what_is_new_even_after_the_last_day(force: BlueLamp) -> None:
    id = watch(force, "okafor")
    come(force, NGOZI)
    Lookout(force).look()
    as_(force).end_watch(id)
    with force.database.begin() as connection:
        # a thing that is there no more: its number is nobody's
        connection.execute(text("UPDATE watch_news SET numbers = numbers || decode('0100000000000000', 'hex')"))
        connection.execute(text("UPDATE watches SET unseen = 2"))
    assert counted(force) == 2
    come(force, ZOE)
    before = newest(force)
    assert Lookout(force).look() == 1
    assert (counted(force), looks(force, before), seen(force)["okafor"].unseen) == (1, [], 1)
    # going on tells at once what came in builds that were published meanwhile
    come(force, "C9,N9,Ada,Okafor,03/06/1993,,,2026-04-02T08:00,Lambeth")
    Lookout(force).look()
    as_(force).extend_watch(id, clock.today())
    assert Lookout(force).look() == 1
    assert [each.caption for each in seen(force)["okafor"].news] == ["Ada Okafor", "Ngozi Okafor"]


def test_the_declarations_in_force_are_called_the_same_by_every_process(force: BlueLamp) -> None:
    script = "import sys; from pathlib import Path; import bluelamp; print(bluelamp.open(Path(sys.argv[1])).audit.policy_version)"
    called = {
        subprocess.run(
            [sys.executable, "-c", script, str(force.folder)], check=True, capture_output=True,
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert called == {force.audit.policy_version.encode() + b"\n"}
