"""The sample: drawn the same again, of what a reader may see, judged in Review, and what it tells of joining."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import bluelamp
from bluelamp.cli import app
from bluelamp.errors import DeclarationError, NotFound, Refused
from bluelamp.ids import ObjectId
from bluelamp.resolution.measure import Group, measured
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from tests.factory import CONFIG, published, rows
from tests.office import as_, entries, newest
from tests.resolution.people import population
from tests.session.test_reviewing import source_of, sources

Two = tuple[ObjectId, ObjectId]


def begun(folder: Path, database: str, size: int = 60) -> BlueLamp:
    config = f"{CONFIG}[resolution]\nsample = {size}\n"
    force = bluelamp.open(published(folder, *sources(), database, config))
    force.run("tester", lambda *_: None)
    return force


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """People of three sources of which a model was learned; nobody decides anything."""
    force = begun(tmp_path_factory.mktemp("force") / "force", fresh_database())
    yield force
    force.close()


@pytest.fixture
def mine(tmp_path: Path, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """The same, for one test alone."""
    force = begun(tmp_path / "force", fresh_database())
    yield force
    force.close()


def waiting(session: Session) -> list[Two]:
    return [(each.left, each.right) for each in session.sample("Person", size=10_000).waiting]


def true(force: BlueLamp) -> dict[int, int]:
    """The person of each record."""
    whose = population(190)[1].tolist()
    keys = rows(force.folder, "record_person", "record, key")
    return {int(str(record)): whose[int(str(key)[1:])] for record, key in keys}


def judge(session: Session, pairs: list[Two], entity: dict[int, int]) -> None:
    """Say of pairs what is true of them."""
    for one, other in pairs:
        session.decide(one, other, "same" if entity[one.number] == entity[other.number] else "not_same", "Known")


def drawn(force: BlueLamp, *accesses: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    noun, published = force.workspace.nouns["Person"], force.published
    found = force.sample(published, noun, frozenset(accesses or published.index.accesses))
    return [each.pair for each in found.joined], [each.pair for each in found.doubted]


def test_it_has_joined_pairs_and_doubts_each_as_many_as_asked_for(force: BlueLamp) -> None:
    since = newest(force)
    found = as_(force).sample("Person", size=10_000)
    joined, doubted = drawn(force)
    assert (len(joined), found.judged) == (60, 0)
    assert 10 < len(doubted) <= 60
    assert {(a.number, b.number) for a, b in waiting(as_(force))} == {*joined, *doubted}
    assert found.total == len(found.waiting)
    at = {(a.number, b.number): place for place, (a, b) in enumerate(waiting(as_(force)))}
    assert [at[pair] for pair in dict.fromkeys(joined)] == sorted(at[pair] for pair in dict.fromkeys(joined))
    entry = entries(force, since)[0]
    assert (entry["action"], entry["result_count"]) == ("review:view", found.total)


def test_it_is_drawn_from_all_records_and_not_from_the_queue(force: BlueLamp) -> None:
    joined, _ = drawn(force)
    object_ = {int(str(r)): o for r, o in rows(force.folder, "record_person", "record, object")}
    assert all(object_[one] == object_[other] for one, other in joined)
    of = source_of(force)
    sources = {of[end] for pair in joined for end in pair}
    assert sources == {"people", "tips", "calls"}


def test_the_next_build_draws_the_same(mine: BlueLamp) -> None:
    before = drawn(mine)
    mine.run("tester", lambda *_: None)
    one, other = next((a, b) for a, b in waiting(as_(mine)))
    as_(mine).decide(one, other, "unsure", "No photograph")
    path = mine.folder / "people-2.csv"
    path.write_text((mine.folder / "people-1.csv").read_text().splitlines()[0] + "\nX1,Zeno,Unheard,1931-01-02,,,,\n")
    number = mine.run("tester", lambda *_: None).build.number
    assert number == 2
    assert drawn(mine) == before


def test_a_reader_is_asked_only_of_sources_that_are_wholly_open(force: BlueLamp) -> None:
    of = source_of(force)
    assert {of[end.number] for pair in waiting(as_(force, "ben")) for end in pair} == {"people"}
    with pytest.raises(NotFound):
        as_(force).sample("Vehicle")
    with pytest.raises(Refused):
        as_(force, "eve").sample()


def test_nothing_that_is_said_of_hidden_records_shows_or_shifts_what_a_reader_is_asked(mine: BlueLamp) -> None:
    of, ben = source_of(mine), as_(mine, "ben")
    before = ben.sample("Person", size=10_000)
    hidden = [pair for pair in waiting(as_(mine)) if {of[end.number] for end in pair} != {"people"}]
    judge(as_(mine), hidden, true(mine))
    assert as_(mine, "ben").sample("Person", size=10_000) == before
    assert mine.run("tester", lambda *_: None).published
    after = waiting(as_(mine, "ben"))
    gone = {(each.left, each.right) for each in before.waiting} - {*after}
    assert {*after} <= {(each.left, each.right) for each in before.waiting}
    assert all(as_(mine, "ben").compare(*pair).one for pair in gone), "as every page says since that build"
    shared = {pair for pair in drawn(mine)[0] if {of[end] for end in pair} == {"people"}}
    assert shared <= {(each.left.number, each.right.number) for each in before.waiting}


def test_a_pair_of_one_object_is_shown_record_by_record(force: BlueLamp) -> None:
    one, other = (ObjectId("person", number) for number in drawn(force)[0][0])
    found = as_(force).compare(one, other)
    assert found.one
    assert (found.left.records, found.right.records) == (1, 1)
    names = [[v.value for fact in side.facts for v in fact.values] for side in (found.left, found.right)]
    assert names[0] != names[1]


def b_cubed(force: BlueLamp) -> Group:
    entity = true(force)
    stand = {int(str(record)): int(str(o)) for record, o in rows(force.folder, "record_person", "record, object")}
    numbers = {number: at for at, number in enumerate(sorted(set(stand.values())))}
    listed = sorted(stand)
    return measured(
        np.array([entity[each] for each in listed]), np.array([numbers[stand[each]] for each in listed]), {}
    )[0]


def test_what_is_judged_in_order_tells_precision_and_recall_and_what_is_obeyed_does_not_change_it(
    tmp_path: Path, fresh_database: Callable[[], str]
) -> None:
    force = begun(tmp_path / "force", fresh_database(), size=3_000)
    truly = b_cubed(force)
    with pytest.raises(DeclarationError, match="Nobody has judged"):
        force.estimate("Person", [], "tester")
    before = drawn(force)
    judge(as_(force), waiting(as_(force)), true(force))
    assert waiting(as_(force)) == []
    found, _ = force.estimate("Person", ["sex"], "tester")
    everybody = found.groups[0]
    assert everybody.precision.share == pytest.approx(truly.precision.share, abs=0.02)
    assert everybody.recall.share == pytest.approx(truly.recall.share, abs=0.02)
    assert everybody.records == len(true(force))
    assert {(each.by, each.name) for each in found.groups} >= {("", ""), ("sex", "Male"), ("sex", "Female")}
    assert found.truth.endswith("pairs by 1 person")

    build = force.run("tester", lambda *_: None).build
    assert build.number == 2
    assert b_cubed(force).recall.share > truly.recall.share
    after = drawn(force)
    kept = [len(set(one) & set(other)) / len(set(one)) for one, other in zip(before, after, strict=True)]
    assert min(kept) > 0.95
    judge(as_(force), waiting(as_(force)), true(force))
    again, _ = force.estimate("Person", [], "tester")
    assert again.groups[0].precision.share == pytest.approx(everybody.precision.share, abs=0.005)
    assert again.groups[0].recall.share == pytest.approx(everybody.recall.share, abs=0.005)
    force.close()


def test_a_gap_in_the_order_ends_what_counts_and_the_queue_is_no_sample(mine: BlueLamp) -> None:
    entity, listed = true(mine), waiting(as_(mine))
    queue = [(each.left, each.right) for each in as_(mine).review("Person", size=10_000).waiting]
    judge(as_(mine), [pair for pair in queue if pair not in listed][:5], entity)
    with pytest.raises(DeclarationError, match="Nobody has judged"):
        mine.estimate("Person", [], "tester")
    judge(as_(mine), listed[:20], entity)
    judge(as_(mine), [pair for pair in listed[30:] if pair in waiting(as_(mine))], entity)
    found, _ = mine.estimate("Person", [], "tester")
    assert found.sample
    assert 18 <= found.sample.joined.pairs + found.sample.doubted.pairs < 40
    assert found.sample.beyond > 10


def test_the_command_line_measures_by_the_sample_and_a_publish_can_wait_for_it(mine: BlueLamp) -> None:
    judge(as_(mine), waiting(as_(mine)), true(mine))
    asked = ["resolution", "evaluate", str(mine.folder), "--judged", "--by", "sex"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "a judged sample of" in done.output.replace("\n", " ")
    said = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert said["model"] == mine.build.models["Person"]  # type: ignore[union-attr]
    assert said["sample"]["people"] == 1
    assert said["pairs"] is None
    assert CliRunner().invoke(app, asked[:3]).exit_code == 2
    assert CliRunner().invoke(app, [*asked[:3], "--judged", "--by", "planet"]).exit_code != 0
    config = mine.folder / "bluelamp.toml"
    config.write_text(config.read_text().replace("sample = 60\n", "sample = 60\nmost_gap = 90\n"))
    waits = bluelamp.open(mine.folder)
    assert waits.run("tester", lambda *_: None).published
    waits.close()


def test_the_command_line_measures_by_a_file_and_tells_pairs(force: BlueLamp, tmp_path: Path) -> None:
    whose, truth = true(force), tmp_path / "truth.csv"
    of, keys = source_of(force), dict(rows(force.folder, "record_person", "record, key"))
    lines = [f"{of[each]},{keys[each]},{person}" for each, person in whose.items()]
    truth.write_text("\n".join(["source,key,entity", *lines]))
    asked = ["resolution", "evaluate", str(force.folder), "--truth", str(truth)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    said = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)["pairs"]
    assert 0.99 < said["precision"] <= 1 > said["recall"] > 0.5
    assert f"F1 {said['f1']:.4f}" in done.output.replace("\n", " ")
