"""Every mistake that `bluelamp check` can explain: its number, what it means, and how one is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NamedTuple

from bluelamp.workspace.model import Place

Severity = Literal["error", "warning"]

#: what each number means; a number is never used again for something else
PROBLEMS = {
    "B001": "A file cannot be read: it is not UTF-8 text, too large, or not open to this user",
    "B002": "A file is not YAML",
    "B003": "A line is indented with a tab",
    "B004": "A file uses a part of YAML that declarations do not: anchors, aliases, tags or several documents",
    "B005": "A file is empty",
    "B006": "A key stands twice in the same block",
    "B007": "A value is of the wrong kind: a list where text belongs, say",
    "B008": "A key is not known",
    "B009": "A key that must be there is missing",
    "B010": "A symbolic link leads out of the workspace",
    "B011": "Blocks are nested too deeply",
    "B012": "The folder is not a workspace",
    "B013": "An object type is not known",
    "B014": "An object type has no such property",
    "B015": "A link type is not known",
    "B016": "A link type may not join these object types",
    "B017": "The end of a link names a source or record that is not declared",
    "B018": "The key of a link's end does not fit the key of the record that it names",
    "B019": "A link type has no such role",
    "B020": "A category or basis is not one of the law's words, or has no place here (DP-9)",
    "B021": "A code list is not known",
    "B022": "A purpose is not declared",
    "B023": "A marking is not known",
    "B024": "A marking is above what this platform may hold (GSC-1)",
    "B025": "A retention class is not known",
    "B026": "A source does not say who owns it, its lawful basis, purposes, marking or retention (DP-11)",
    "B027": "Two files declare the same name",
    "B028": "A name is not written as names must be",
    "B029": "A source makes no records",
    "B030": "A record has no key",
    "B031": "An event does not say when it happened",
    "B032": "A condition cannot be understood",
    "B033": "A condition uses something other than columns, fixed values and the listed comparisons",
    "B034": "It is not clear how a value is made",
    "B035": "A property cannot be read in the declared format",
    "B036": "A source reads from outside the workspace",
    "B037": "A connector is not known",
    "B038": "A connector has no such option",
    "B039": "A word is not one of those allowed here",
    "B040": "A health check lacks what it checks",
    "B041": "A discoverable source does not say whom to ask",
    "B042": "No role may use a purpose",
    "B043": "A purpose has no data protection impact assessment (DP-43)",
    "B044": "A purpose opens sensitive values without a policy document (DP-3)",
    "B045": "A code list lacks its columns or a value",
    "B046": "A code list gives one value two meanings",
    "B047": "A value is not understood by the type of its property",
    "B048": "bluelamp.toml is not TOML",
    "B049": "A setting is not known",
    "B050": "A setting has a value that it cannot have",
    "B051": "A secret stands in a file that many people read",
    "B052": "ontology.py does not run",
    "B053": "An object or link type is not declared in full",
    "B054": "A caption, `when` or `until` names a property that the type does not have",
    "B055": "A type or property has a name that is taken",
    "B056": "A property type is not known",
    "B057": "A source of mode upsert has no key by which a row replaces an earlier one",
    "B058": "The option `each` does not name one list",
    "B061": "A question names a thing that it does not declare",
    "B062": "A thing of a question is tied to none of the others, or stands nowhere",
    "B063": "A question uses an input that it does not ask for, or asks for one that it does not use",
    "B064": "An input of a question cannot stand where it is used",
    "B065": "A thing of a question has no day or no place that could be compared",
    "B066": "A question says something of a person by way of others, under a purpose that is not safeguarding",
    "B067": "A question looks at sensitive values under a purpose that may not see them (DP-3)",
    "B068": "A number of a question is outside of what is allowed",
    "B069": "A style looks at a property in a way that the property does not allow",
    "B070": "A style changes nothing, or something that what it is for does not have",
    "B071": "A style is told from things and links without it, or from another style, by colour alone",
    "B072": "A style looks at a sensitive property or a protected characteristic (DP-3, Equality Act 2010 s.4)",
    "B073": "A style asks for a value that no source can say",
    "B074": "The file of tiles for maps is not there, or lies outside the workspace",
    "B075": "The file of tiles for maps is not PMTiles version 3, is cut short, or holds what maps cannot draw",
    "B076": "The file of boundaries for maps is not there, lies outside the workspace, is too large, or is no GeoJSON",
}


class Fault(NamedTuple):
    """Why maps cannot be drawn on a file: the number of the problem, what is wrong, and what to do."""

    code: str
    message: str
    fix: str


@dataclass(frozen=True)
class Problem:
    """One mistake: its number in PROBLEMS, where it is, what is wrong, and what to write instead."""

    code: str
    place: Place
    message: str
    fix: str
    #: an error keeps the workspace from loading; a warning does not
    severity: Severity = "error"

    def __str__(self) -> str:
        warning = "warning: " if self.severity == "warning" else ""
        return f"{self.place.file.as_posix()}:{self.place.line}: {self.code} {warning}{self.message}; {self.fix}"


class Report:
    """The problems found so far."""

    def __init__(self) -> None:
        self._problems: set[Problem] = set()

    def add(self, code: str, place: Place, message: str, fix: str, severity: Severity = "error") -> None:
        """Note one problem."""
        self._problems.add(Problem(code, place, message, fix, severity))

    def sorted(self) -> list[Problem]:
        """All problems, by file and line."""
        return sorted(
            self._problems, key=lambda each: (each.place.file.as_posix(), each.place.line, each.code, each.message)
        )

    @property
    def failed(self) -> bool:
        """Whether any problem is an error."""
        return any(each.severity == "error" for each in self._problems)


def nearest(word: str, options: Iterable[str], alike: float = 0.6) -> str | None:
    """The option that was most likely meant, at least `alike` (0 to 1) to the word."""
    by_folded = {option.casefold(): option for option in options}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=alike)
    return by_folded[found[0]] if found else None


def choose(word: str, options: Sequence[str], hint: str = "") -> str:
    """What to write instead of `word`: the options, with the likeliest one named."""
    if not options:
        return "there is none yet"
    likely = nearest(word, options)
    meant = hint or (f'did you mean "{likely}"?' if likely else "")
    return f"write one of: {', '.join(options)}" + (f" ({meant})" if meant else "")


def documentation() -> str:
    """The text of docs/problems.md."""
    lines = [
        "# Problems that `bluelamp check` explains",
        "",
        "Each line of `bluelamp check` says the file, the line, a number and what to write instead. The numbers mean:",
        "",
        "| number | meaning |",
        "| --- | --- |",
        *(f"| {code} | {meaning} |" for code, meaning in PROBLEMS.items()),
        "",
        "This page is made from `src/bluelamp/workspace/problems.py`; change it there.",
    ]
    return "\n".join(lines) + "\n"


def relative(path: Path, folder: Path) -> Path:
    """`path` as messages show it."""
    return path.relative_to(folder) if path.is_relative_to(folder) else path
