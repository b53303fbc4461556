from pathlib import Path

import pytest

from tests.workspace.made import LIST, SOURCE, Change, loaded, swap


def fingerprint(folder: Path, changes: dict[str, Change] | None = None) -> str:
    return loaded(folder, changes).sources["library"].fingerprint


@pytest.mark.parametrize(
    "change",
    [
        swap("title: Library members", "title: Members of the library"),
        swap("owner: Community Safety", "owner: Somebody else"),
        swap("source: library", "# a remark\nsource: library"),
        swap("retention: mopi-3", "retention: mopi-2"),
        swap("when: Surname is not null", "when: (surname) IS NOT NULL".replace("surname", "Surname")),
        swap("then: warn", "then: stop"),
    ],
)
def test_what_changes_no_record_changes_no_fingerprint(tmp_path: Path, change: Change) -> None:
    assert fingerprint(tmp_path, {SOURCE: change}) == fingerprint(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        swap("key: [Member No]", "key: [Card No]"),
        swap("surname: Surname", "surname: Last"),
        swap("when: Surname", "when: Forename"),
        swap("role: homeAddress", "role: currentAddress"),
        swap("mode: replace", "mode: append"),
        swap("%d/%m/%Y", "%m/%d/%Y"),
        swap("marking: OFFICIAL", "marking: OFFICIAL-SENSITIVE"),
    ],
)
def test_what_changes_a_record_changes_the_fingerprint(tmp_path: Path, change: Change) -> None:
    assert fingerprint(tmp_path, {SOURCE: change}) != fingerprint(tmp_path)


def test_a_code_list_counts_where_it_is_used(tmp_path: Path) -> None:
    assert fingerprint(tmp_path, {LIST: "value,meaning\nM,Male\n"}) != fingerprint(tmp_path)
    assert fingerprint(tmp_path, {"reference/other.csv": "value,meaning\nM,Male\n"}) == fingerprint(tmp_path)


def test_a_type_counts_where_it_is_used(tmp_path: Path) -> None:
    used = swap("type: Person", "type: Member")
    member = "type: Member\nextends: Person\nproperties: {roll: Reference}\n"
    one = fingerprint(tmp_path, {SOURCE: used, "types/member.yaml": member})
    assert one != fingerprint(tmp_path, {SOURCE: used, "types/member.yaml": member.replace("Reference", "Text")})
    assert one == fingerprint(tmp_path, {SOURCE: used, "types/member.yaml": member + "plural: All members\n"})


def test_loading_twice_gives_the_same(tmp_path: Path) -> None:
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")
