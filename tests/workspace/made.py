"""A small right workspace, and a way to change one line of it: `force(folder, {SOURCE: swap("csv", "cvs")})`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from bluelamp.workspace import Problem, check
from bluelamp.workspace.model import Workspace

SOURCE = "sources/library.yaml"
PURPOSE = "purposes/investigation.yaml"
SETTINGS = "bluelamp.toml"
USERS = "users.yaml"
LIST = "reference/sexes.csv"

FILES = {
    SETTINGS: 'name = "Exshire"\n',
    USERS: "users:\n  amara:\n    roles: [analyst]\n    clearance: [OFFICIAL]\n",
    PURPOSE: "purpose: investigation\nlawful_basis: DPA 2018 s.35(2)(b)\nroles: [analyst]\ndpia: DPIA-7\n",
    LIST: "value,meaning\nM,Male\nF,Female\n",
    SOURCE: """source: library
title: Library members
owner: Community Safety
lawful_basis: DPA 2018 s.35(2)(a)
purposes: [investigation]
marking: OFFICIAL
retention: mopi-3
read: {connector: csv, path: deliveries/*.csv, mode: replace}
records:
  member:
    type: Person
    key: [Member No]
    when: Surname is not null
    set:
      given_name: Forename
      surname: Surname
      sex: {column: Sex, codes: sexes}
      date_of_birth: {column: DOB, format: "%d/%m/%Y"}
  home:
    type: Location
    key: [Address]
    set: {address: Address, point: {lat: Lat, lon: Lon}}
links:
  - {type: lives_at, from: member, to: home, role: homeAddress}
checks:
  - {unique: [Member No], then: warn}
""",
}
OPTIONS = {"csv": {"delimiter": "one character"}, "jsonl": {"each": "a list"}}

Change = str | bytes | Callable[[str], str] | None


def swap(old: str, new: str) -> Callable[[str], str]:
    """A change that puts `new` in place of `old`, which must be there."""

    def change(text: str) -> str:
        assert old in text, f"{old!r} is not in the file"
        return text.replace(old, new, 1)

    return change


def drop(start: str) -> Callable[[str], str]:
    """A change that removes the line that begins with `start`."""
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if not line.startswith(start))


def force(folder: Path, changes: Mapping[str, Change] | None = None) -> Path:
    """The workspace FILES in `folder`, each file of `changes` replaced, changed or (None) left out."""
    for name, change in {**FILES, **(changes or {})}.items():
        text = change(FILES[name]) if callable(change) else change
        if text is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def problems(folder: Path, changes: Mapping[str, Change] | None = None) -> list[Problem]:
    """What `check` says of the changed workspace."""
    return check(force(folder, changes), OPTIONS, {})[1]


def loaded(folder: Path, changes: Mapping[str, Change] | None = None) -> Workspace:
    """The changed workspace, which must have no error."""
    workspace, found = check(force(folder, changes), OPTIONS, {})
    assert workspace is not None, "\n".join(map(str, found))
    return workspace
