"""Code lists: CSV files with a value and its meaning, of the force (`reference/`) or of this package."""

import csv
import io
from functools import cache
from importlib.resources import files
from pathlib import Path

from bluelamp.workspace import document
from bluelamp.workspace.model import Place
from bluelamp.workspace.problems import Report, relative

#: the two columns that a list may have, the force's own wording first
COLUMNS = (("value", "meaning"), ("code", "label"))
Codes = dict[str, dict[str, str]]


def load(folder: Path, paths: list[Path], report: Report) -> Codes:
    """Every list by its file's name: value (upper case, trimmed) -> meaning. The force's lists come first."""
    found = dict(package_lists())
    for path in paths:
        name = relative(path, folder)
        text = document.decode(path, name, report)
        if text is not None:
            found[path.stem] = parse(text, name, report)
    return found


@cache
def package_lists() -> Codes:
    """The lists that come with Blue Lamp."""
    found = {}
    for path in files("bluelamp").joinpath("reference").iterdir():
        if path.name.endswith(".csv"):
            report = Report()
            codes = parse(path.read_text(encoding="utf-8"), Path(path.name), report)
            if codes:
                found[path.name.removesuffix(".csv")] = codes
    return found


def parse(text: str, name: Path, report: Report) -> dict[str, str]:
    """The list that `text` holds."""
    try:
        return _rows(csv.DictReader(io.StringIO(text, newline=""), strict=True), name, report)
    except csv.Error as error:
        fix = "put a meaning that holds a comma in double quotes, and write a quote inside it twice"
        report.add("B045", Place(name, 1), f"The code list is not CSV: {error}", fix)
        return {}


def _rows(reader: "csv.DictReader[str]", name: Path, report: Report) -> dict[str, str]:
    header = [(each or "").strip().lower() for each in reader.fieldnames or ()]
    reader.fieldnames = header
    pair = next((pair for pair in COLUMNS if set(pair) <= set(header)), None)
    if pair is None:
        fix = "make `value,meaning` the first line"
        report.add("B045", Place(name, 1), "The code list has no columns `value` and `meaning`", fix)
        return {}
    codes: dict[str, str] = {}
    for row in reader:
        value, meaning = ((row[column] or "").strip() for column in pair)
        place = Place(name, reader.line_num)
        if not value or not meaning:
            report.add("B045", place, "The line lacks its value or its meaning", "write both, or remove the line")
        elif codes.setdefault(value.upper(), meaning) != meaning:
            fix = f'it means "{codes[value.upper()]}" above: keep one of them (capitals make no difference)'
            report.add("B046", place, f'The value "{value}" has a second meaning, "{meaning}"', fix)
    return codes
