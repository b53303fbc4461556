import threading
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc

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
    monkeypatch.setattr(rows, "_LONG", batch)
    monkeypatch.setattr(rows, "_RECORDS", batch)
    said = [*PEOPLE, *(record("Person", f"p{n}", "crime", key="other", surname="Smyth") for n in (0, 3))]
    said += [link("associated_with", f"Person:p{n}", f"Person:p{n + 1}", role="friend") for n in range(4)]
    said += [link("works_with", "Person:p1", "Person:p3", "crime")]
    make(tmp_path / "0", said)
    for n in range(3):
        said[n] = record("Person", f"p{n}", surname="Jones")
        make(tmp_path / str(n + 1), said, tmp_path / str(n), changed=changed(f"p{n}"))
    make(tmp_path / "4", said[1:], tmp_path / "3", changed=changed("p0"))
    for n in range(5):
        index = Index(tmp_path / str(n))
        of = index._objects.laid.of
        numbers = [each.number for each in (*(oid("Person", f"p{n}") for n in range(5)), oid("Person", "nobody"))]
        for visible in (access(), access("custody"), access("crime")):
            for table, name in (("object", "caption"), ("record_person", "caption"), ("link", "role")):
                alone = [row for each in sorted(numbers) for row in of(table, [each], ("object", name), visible, 100)]
                assert of(table, numbers, ("object", name), visible, 100) == alone
                where = f"access IN ({', '.join(map(str, visible))})"
                listed = f"SELECT object, {name} FROM {table} WHERE {where} ORDER BY ALL"
                assert sorted(alone, key=str) == sorted(index._objects.rows(listed), key=str)
        assert of("object", numbers, ("object",), access(), 3) is None
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


def test_more_rows_than_asked_for_are_asked_for_in_SQL_and_hidden_ones_do_not_count(tmp_path):
    several = [record("Person", "p", key=str(n), surname="Smith") for n in range(6)]
    hidden = [record("Person", "p", "crime", key=str(n), surname="Smith") for n in range(6)]
    make(tmp_path / "a", [*PEOPLE, *several, *hidden])
    index = Index(tmp_path / "a")
    of, mine = index._objects.laid.of, [oid("Person", "p").number]
    assert of("record_person", mine, ("key",), access(), 11) is None
    assert len(of("record_person", mine, ("key",), access(), 12)) == 12
    assert len(of("record_person", mine, ("key",), access("custody"), 6)) == 6
    assert index.records(oid("Person", "p"), access(), 5) == index.records(oid("Person", "p"), access())[:5]
    index.close()


@pytest.mark.parametrize("most", [65_536, 0])
def test_what_links_say_in_few_words_is_numbered_and_read_the_same(tmp_path, monkeypatch, most):
    said = [
        link("associated_with", "Person:p0", f"Person:p{n}", role=role) for n, role in ((1, "it's"), (2, None), (3, ""))
    ]
    monkeypatch.setattr(rows, "_MOST_WORDS", most)
    make(tmp_path / "a", [*PEOPLE, *said])
    index = Index(tmp_path / "a")
    found = index._objects.laid.of("link", [oid("Person", "p0").number], ("other", "role"), access(), 9)
    assert dict(found) == {oid("Person", f"p{n}").number: role for n, role in ((1, "it's"), (2, None), (3, ""))}
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


def test_a_link_that_says_no_access_is_nobodys(tmp_path):
    said = [*PEOPLE, *(link("associated_with", "Person:p0", f"Person:p{n}") for n in (1, 2))]
    make(tmp_path / "a", said)
    path = tmp_path / "a" / "rows" / "0" / "link.arrow"
    table = ipc.open_file(path).read_all()
    place, own = table.schema.get_field_index("other_access"), table["other_access"].to_pylist()
    other = table["other"].to_pylist()
    gone = [None if each == oid("Person", "p2").number else access for each, access in zip(other, own, strict=True)]
    table = table.set_column(place, table.schema.field(place), pa.array(gone, pa.int16()))
    with ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    index = Index(tmp_path / "a")
    found = index._objects.laid.of("link", [oid("Person", "p0").number], ("other",), access(), 9)
    assert found == [(oid("Person", "p1").number,)]
    index.close()


def test_rows_that_an_earlier_version_packed_are_read_the_same(tmp_path):
    said = [*PEOPLE, link("associated_with", "Person:p0", "Person:p1")]
    for name in ("open", "packed"):
        make(tmp_path / name, said)
    for path in (tmp_path / "packed" / "rows" / "0").glob("*.arrow"):
        table = ipc.open_file(path).read_all().replace_schema_metadata(None)
        options = ipc.IpcWriteOptions(compression="lz4")
        with ipc.new_file(path, table.schema, options=options) as writer:
            writer.write_table(table)
    assert told(tmp_path / "packed") == told(tmp_path / "open")
