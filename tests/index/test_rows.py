import threading
from pathlib import Path

import pytest

from bluelamp.index import rows
from bluelamp.index.index import Index
from tests.index.made import access, link, make, number, oid, record

PEOPLE = [record("Person", f"p{n}", surname="Smith") for n in range(5)]


def told(folder: Path) -> dict[str, object]:
    """What pages say of each person, and what the tables say, which is where a hub's links are read."""
    index = Index(folder)
    said = {f"p{n}": index.page(oid("Person", f"p{n}"), access()) for n in range(5)}
    index.close()
    return said


def layers(folder: Path) -> list[str]:
    return sorted(each.name for each in (folder / "rows").iterdir())


def changed(*names: str) -> list[tuple[str, int]]:
    return [("Person", number("Person", name)) for name in names]


def test_a_change_adds_a_layer_and_links_those_below(tmp_path):
    make(tmp_path / "a", PEOPLE)
    make(tmp_path / "b", PEOPLE[1:], tmp_path / "a", changed=changed("p0"))
    assert (layers(tmp_path / "a"), layers(tmp_path / "b")) == (["0"], ["0", "1"])
    assert (tmp_path / "b" / "rows" / "0" / "object.arrow").stat().st_nlink == 2


def test_after_many_layers_all_is_laid_anew_and_says_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "MOST", 3)
    said = list(PEOPLE)
    make(tmp_path / "0", said)
    for n in range(5):
        said[n] = record("Person", f"p{n}", surname="Jones")
        make(tmp_path / str(n + 1), said, tmp_path / str(n), changed=changed(f"p{n}"))
        make(tmp_path / f"whole{n}", said)
        assert told(tmp_path / str(n + 1)) == told(tmp_path / f"whole{n}")
    assert [len(layers(tmp_path / str(n))) for n in range(6)] == [1, 2, 3, 1, 2, 3]


@pytest.mark.parametrize("batch", [1, 2, 65_536])
def test_many_objects_at_once_are_what_each_of_them_is_alone(tmp_path, monkeypatch, batch):
    monkeypatch.setattr(rows, "_OBJECTS", batch)
    monkeypatch.setattr(rows, "_RECORDS", batch)
    said = [*PEOPLE, *(record("Person", f"p{n}", "crime", key="other", surname="Smyth") for n in (0, 3))]
    make(tmp_path / "0", said)
    for n in range(3):
        said[n] = record("Person", f"p{n}", surname="Jones")
        make(tmp_path / str(n + 1), said, tmp_path / str(n), changed=changed(f"p{n}"))
    make(tmp_path / "4", said[1:5], tmp_path / "3", changed=changed("p0"))
    for n in range(5):
        index = Index(tmp_path / str(n))
        numbers = [each.number for each in (*(oid("Person", f"p{n}") for n in range(5)), oid("Person", "nobody"))]
        for visible in (access(), access("custody"), access("crime")):
            for table in ("object", "record_person"):
                found = []
                for several in (0, 100):
                    monkeypatch.setattr(rows, "_SEVERAL", several)
                    found.append(index._objects.laid.of(table, numbers, ("object", "caption"), visible, 100))
                assert found[0] == found[1]
        assert index._objects.laid.of("object", numbers, ("object",), access(), 3) is None
        index.close()


def test_a_link_goes_from_the_end_that_did_not_change_too(tmp_path):
    joined = [link("associated_with", "Person:p0", f"Person:p{n}") for n in (1, 2)]
    make(tmp_path / "a", [*PEOPLE, *joined])
    make(tmp_path / "b", [*PEOPLE[1:], joined[1]], tmp_path / "a", changed=changed("p0"))
    make(tmp_path / "c", [*PEOPLE, *joined], tmp_path / "b", changed=changed("p0"))
    index, again = Index(tmp_path / "b"), Index(tmp_path / "c")
    assert index.links(oid("Person", "p1"), access()).total == 0
    assert [again.links(oid("Person", f"p{n}"), access()).total for n in range(3)] == [2, 1, 1]
    index.close()
    again.close()


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_an_object_whose_rows_lie_in_several_batches_is_found_whole(tmp_path, monkeypatch, batch):
    monkeypatch.setattr(rows, "_RECORDS", batch)
    several = [record("Person", "p", key=str(n), surname="Smith") for n in range(3)]
    make(tmp_path / "a", [*PEOPLE, *several])
    index = Index(tmp_path / "a")
    assert len(index.records(oid("Person", "p"), access())) == 3
    assert [len(index.records(oid("Person", f"p{n}"), access())) for n in range(5)] == [1] * 5
    index.close()


def test_what_is_spread_too_far_is_read_from_the_tables_and_is_the_same(tmp_path, monkeypatch):
    several = [record("Person", "p", key=str(n), surname="Smith") for n in range(6)]
    joined = [link("associated_with", "Person:p", f"Person:p{n}") for n in range(5)]
    make(tmp_path / "a", [*PEOPLE, *several, *joined])
    monkeypatch.setattr(rows, "_BATCH", 1)
    monkeypatch.setattr(rows, "_RECORDS", 1)
    monkeypatch.setattr(rows, "_SPREAD", 4)
    make(tmp_path / "b", [*PEOPLE, *several, *joined])
    usual, spread = Index(tmp_path / "a"), Index(tmp_path / "b")
    assert usual.page(oid("Person", "p"), access()) == spread.page(oid("Person", "p"), access())
    usual.close()
    spread.close()


def test_the_rows_of_a_hub_are_not_read_one_by_one_and_are_the_same(tmp_path, monkeypatch):
    several = [record("Person", "p", key=str(n), surname="Smith") for n in range(6)]
    make(tmp_path / "a", [*PEOPLE, *several])
    index = Index(tmp_path / "a")
    usual = index.page(oid("Person", "p"), access())
    monkeypatch.setattr(rows, "_HUB", 5)
    for count in (0, 100):
        monkeypatch.setattr(rows, "_SEVERAL", count)
        of = index._objects.laid.of
        assert of("record_person", [oid("Person", "p").number], ("key",), access(), 100) is None
        assert len(of("record_person", [oid("Person", "p0").number], ("key",), access(), 100)) == 1
        assert index.page(oid("Person", "p"), access()) == usual
    index.close()


def test_many_threads_read_the_same_rows(tmp_path):
    make(tmp_path / "a", PEOPLE)
    index = Index(tmp_path / "a")
    found: list[bool] = []

    def ask() -> None:
        found.extend(len(index.records(oid("Person", f"p{n % 5}"), access())) == 1 for n in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    index.close()
    assert found == [True] * 400


def test_records_that_an_earlier_version_packed_are_read_the_same(tmp_path, monkeypatch):
    make(tmp_path / "open", PEOPLE)
    monkeypatch.setattr(rows, "_PACKED", ("link", "issue", "record_person"))
    monkeypatch.setattr(rows, "_BATCH", 2)
    make(tmp_path / "packed", PEOPLE)
    monkeypatch.setattr(rows, "_SEVERAL", 0)
    assert told(tmp_path / "packed") == told(tmp_path / "open")
