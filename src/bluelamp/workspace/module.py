"""ontology.py: the force's own types in Python, run apart from everything else, its mistakes found by line."""

import ast
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from bluelamp.ontology.grammar import Kind, LinkType, ObjectType
from bluelamp.workspace import document
from bluelamp.workspace.model import Place
from bluelamp.workspace.nouns import TYPE_NAME, WORD, Nouns, is_free, may_name_property
from bluelamp.workspace.problems import Report, choose

FILE = Path("ontology.py")


def declare(
    folder: Path, nouns: Nouns, links: dict[str, LinkType], report: Report
) -> tuple[Nouns, dict[str, LinkType]]:
    """The types that the workspace's ontology.py adds to `nouns` and `links`."""
    if not (folder / FILE).exists():
        return nouns, links
    text = document.decode(folder / FILE, FILE, report)
    module = _run(text, folder / FILE, report) if text else None
    if module is None or text is None:
        return nouns, links
    lines = _lines(text)
    found, ties = dict(nouns), dict(links)
    for noun in _nouns(module):
        place = Place(FILE, lines.get(noun.__name__, 1))
        if _is_whole(noun, place, report) and is_free(noun, found, place, report):
            found[noun.name()] = noun
    for variable, link in _links(module):
        place = Place(FILE, lines.get(variable, 1))
        if _joins(link, found, place, report) and _is_new(link, ties, place, report):
            ties[link.name] = link
    return found, ties


def _run(text: str, path: Path, report: Report) -> ModuleType | None:
    module = ModuleType("workspace_ontology")
    module.__file__ = str(path)
    try:
        # running it is what it is for: it stands in the reviewed workspace, like any other code of the force
        exec(compile(text, str(path), "exec"), module.__dict__)  # noqa: S102
    except SyntaxError as error:
        report.add(
            "B052", Place(FILE, error.lineno or 1), f"ontology.py is not Python: {error.msg}", "correct this line"
        )
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever stops it is the author's to correct
        own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        message = f"ontology.py stops here with {type(error).__name__}: {error}"
        report.add("B052", Place(FILE, own[-1] or 1 if own else 1), message, "correct this line")
    else:
        return module
    return None


def _lines(text: str) -> dict[str, int]:
    """Where each class and variable of the file is made."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = node.lineno
        elif isinstance(node, ast.Assign):
            found |= {target.id: node.lineno for target in node.targets if isinstance(target, ast.Name)}
    return found


def _nouns(module: ModuleType) -> Iterator[type[ObjectType]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, ObjectType) and value.__module__ == module.__name__:
            yield value


def _links(module: ModuleType) -> Iterator[tuple[str, LinkType]]:
    for name, value in vars(module).items():
        several = value if isinstance(value, (tuple, list)) else (value,)
        yield from ((name, each) for each in several if isinstance(each, LinkType))


def _is_whole(noun: type[ObjectType], place: Place, report: Report) -> bool:
    name = noun.__name__
    if not TYPE_NAME.fullmatch(name):
        fix = "begin with a capital and use letters only, as in `AllotmentPlot`"
        report.add("B028", place, f'"{name}" is not a name for an object type', fix)
        return False
    wanted = {"label": str, "plural": str, "kind": Kind, "caption": tuple}
    lacking = [key for key, kind in wanted.items() if not isinstance(getattr(noun, key, None), kind)]
    for key in lacking:
        example = {"kind": "Kind.OBJECT", "caption": '("title",)'}.get(key, f'"{name}"')
        report.add(
            "B053", place, f"The object type {name} has no `{key}`", f"write `{key} = {example}` inside the class"
        )
    return not lacking and _names_fit(noun, place, report)


def _names_fit(noun: type[ObjectType], place: Place, report: Report) -> bool:
    known = tuple(noun.properties)
    said = [(each, "caption") for each in noun.caption] + [(each, "instead") for each in noun.instead]
    said += [(each, key) for each, key in ((noun.when, "when"), (noun.until, "until")) if each]
    wrong = [(each, key) for each, key in said if each not in known]
    for each, key in wrong:
        report.add("B054", place, f'{noun.name()} has no property "{each}" for its `{key}`', choose(str(each), known))
    if not noun.caption:
        report.add(
            "B053", place, f"The object type {noun.name()} has an empty `caption`", 'write `caption = ("title",)`'
        )
    fits = [may_name_property(name, noun.name(), place, report) for name in known]
    return not wrong and bool(noun.caption) and all(fits)


def _joins(link: LinkType, nouns: Nouns, place: Place, report: Report) -> bool:
    unknown = [each for each in (*link.from_types, *link.to_types) if each not in nouns]
    for each in unknown:
        report.add(
            "B013",
            place,
            f'The link type {link.name} names "{each}", which is not an object type',
            choose(each, tuple(nouns)),
        )
    if not WORD.fullmatch(link.name):
        report.add("B028", place, f'"{link.name}" is not a name for a link type', "use small letters, digits and _")
        return False
    return not unknown


def _is_new(link: LinkType, links: dict[str, LinkType], place: Place, report: Report) -> bool:
    if link.name in links:
        report.add("B055", place, f"There is a link type {link.name} already", "give it another name")
    return link.name not in links
