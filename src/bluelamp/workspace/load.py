"""Loading a workspace: every file read, every mistake found in one go."""

import os
from collections.abc import Mapping
from pathlib import Path

from bluelamp.errors import DeclarationError
from bluelamp.ontology import LINKS, NOUNS
from bluelamp.workspace import codes, configuration, document, module, nouns, people, questions, sources, styles
from bluelamp.workspace.document import Table
from bluelamp.workspace.model import Place, Workspace
from bluelamp.workspace.problems import Problem, Report, relative
from bluelamp.workspace.vocabulary import Options, Vocabulary

USERS = Path("users.yaml")


def load(folder: Path, options: Options | None = None) -> Workspace:
    """The workspace at `folder`. Raises DeclarationError, which lists every problem, where there is one."""
    workspace, problems = check(folder, options)
    if workspace is None:
        wrong = [str(each) for each in problems if each.severity == "error"]
        what = "1 mistake" if len(wrong) == 1 else f"{len(wrong)} mistakes"
        raise DeclarationError("\n".join([f"The workspace {folder} has {what} and cannot be used.", *wrong]))
    return workspace


def check(
    folder: Path, options: Options | None = None, environ: Mapping[str, str] = os.environ
) -> tuple[Workspace | None, list[Problem]]:
    """The workspace at `folder`, or None where it has errors, and all its problems by file and line.

    `options` are those of each connector; without them, connectors are not checked.
    """
    report = Report()
    if not (folder / configuration.FILE).is_file():
        fix = f"give the folder that holds it, or make one with `bluelamp new {folder}`"
        report.add(
            "B012", Place(configuration.FILE, 1), f"{folder} has no bluelamp.toml, so it is not a workspace", fix
        )
        return None, report.sorted()
    reader = _Reader(folder, report)
    if not reader.inside(folder / configuration.FILE):
        return None, report.sorted()
    workspace = reader.read(options, environ)
    return None if report.failed else workspace, report.sorted()


class _Reader:
    def __init__(self, folder: Path, report: Report) -> None:
        self._folder = folder
        self._report = report

    def read(self, options: Options | None, environ: Mapping[str, str]) -> Workspace:
        report = self._report
        config = configuration.load(self._folder, environ, report)
        types = {noun.name(): noun for noun in NOUNS}
        links = {link.name: link for link in LINKS}
        if self.inside(self._folder / module.FILE):
            types, links = module.declare(self._folder, types, links, report)
        types = nouns.declare(self._tables("types"), types, report)
        links = nouns.declare_links(self._tables("links"), links, types, report)
        lists = codes.load(self._folder, self._paths("reference", "*.csv"), report)
        purposes = people.purposes(self._tables("purposes"), report)
        known = Vocabulary(types, links, lists, purposes, config.markings, config.retention, options)
        declared = sources.read(self._tables("sources"), self._folder, known, report)
        return Workspace(
            folder=self._folder,
            name=config.name,
            sources=declared,
            purposes=purposes,
            markings=config.markings,
            users=people.users(self._table(USERS), config.markings, report),
            nouns=types,
            links=links,
            codes=lists,
            retention=config.retention,
            questions=questions.read(self._tables("questions"), known, report),
            styles=styles.read(self._table(styles.FILE), known, declared.values(), report),
            settings=config.settings,
        )

    def _table(self, name: Path) -> Table | None:
        path = self._folder / name
        return document.read(path, name, self._report) if path.exists() and self.inside(path) else None

    def _tables(self, folder: str) -> list[Table]:
        read = [
            document.read(path, relative(path, self._folder), self._report) for path in self._paths(folder, "*.y*ml")
        ]
        return [table for table in read if table]

    def _paths(self, folder: str, pattern: str) -> list[Path]:
        if not self.inside(self._folder / folder):
            return []
        return [path for path in sorted((self._folder / folder).glob(pattern)) if path.is_file() and self.inside(path)]

    def inside(self, path: Path) -> bool:
        """Whether `path` is in the workspace once links are followed; a problem where it is not."""
        if path.resolve().is_relative_to(self._folder.resolve()):
            return True
        place = Place(relative(path, self._folder), 1)
        fix = "put the file itself here, so that what is reviewed is what runs"
        self._report.add("B010", place, "A symbolic link leads out of the workspace", fix)
        return False
