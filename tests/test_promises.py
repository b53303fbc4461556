"""What must not be missing: each test here enumerates something and holds every one of it to its promise."""

import ast
import csv
import html
import inspect
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from functools import cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

import bluelamp
from bluelamp import clock, errors
from bluelamp.ids import ObjectId
from bluelamp.index.places import Area
from bluelamp.ontology import NOUNS
from bluelamp.ontology.links import CATEGORY_OF_ROLE, LINKS
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from bluelamp.types import TYPES
from bluelamp.types.grammar import Search
from bluelamp.web.app import ROUTERS
from bluelamp.web.problems import KINDS, STATUSES
from tests.factory import rows, workspace
from tests.office import as_, entries, home, newest, seat, smith, token

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "bluelamp"
MODULES = sorted(PACKAGE.rglob("*.py"))
Desk = Callable[..., TestClient]

#: verbs of the session that read nothing: what they are given has been logged, or they log themselves elsewhere
#: (whether a chart has changed is asked every few seconds, and nothing of what is on it is told)
SILENT = {"marking", "marking_of", "chart_head"}


def call(session: Session, verb: str, folder: Path) -> object:
    """Use one verb of a session as somebody would."""
    id = smith(session.force)
    ends = people(session.force)
    if verb == "undo" and session.user.name == "ann":
        return session.undo(session.decide(*ends, "unsure", "They look alike"), "They do not")
    given: dict[str, tuple[object, ...]] = {
        "search": ("smith",),
        "search_list": ("smith\nC2",),
        "object": (id,),
        "links": (id,),
        "links_of": (id, "lives_at"),
        "lineage": ("custody", 1, 1),
        "table": ("Person",),
        "export": ("Person", folder / "people.parquet"),
        "source": ("custody",),
        "rejects": ("tenancies",),
        "rejects_file": ("tenancies",),
        "make_token": ("a label",),
        "issue_counts": ("custody",),
        "compare": ends,
        "between": ends,
        "joins": (id,),
        "decide": (*ends, "unsure", "They look alike"),
        "undo": ("decision-1", "They do not"),
        "issues": ("custody", "date_of_birth", "impossible"),
        "around": ([id],),
        "follow": ([id],),
        "common": ([id],),
        "paths": (id, home(session.force)),
        "drawing": ([id],),
        "watch": ("Smith", "search", {"text": "smith"}, clock.today()),
        "watch_seen": (watch(session.force),),
        "extend_watch": (watch(session.force), clock.today()),
        "look_at_watch": (due(session.force),),
        "end_watch": (watch(session.force),),
        "remove_watch": (watch(session.force, REMOVED),),
        "near": (Area(((51.5, -0.1),), 100),),
        "together": (id,),
        "contacts": (id,),
        "shared_contacts": ([id],),
        "rhythm": (id,),
        "histogram": ("Person", "surname"),
        "convoy": (id,),
        "make_chart": ("Operation Ash", [id]),
        "chart": (chart(session.force),),
        "story": (chart(session.force),),
        "chart_measures": (chart(session.force),),
        "chart_history": (chart(session.force),),
        "change_chart": (chart(session.force), "note", {"text": "Seen together"}),
        "walk_chart": (chart(session.force), "forward"),
        "name_change": (chart(session.force), first_change(session.force), "First"),
        "share_chart": (chart(session.force), ["ben"]),
        "ask": ("homes",),
        "leaving": (chart(session.force),),
        "export_chart": (chart(session.force), "geojson", ["CPS"]),
        "import_chart": ("Brought", "graphml", b'<graphml><node id="n1"/></graphml>'),
    }
    with suppress(errors.BlueLampError) if verb == "together" and session.user.name == "ann" else nullcontext():
        # nobody in the office is anywhere: that is told, and logged
        return getattr(session, verb)(*given.get(verb, ()))
    return None


@cache
def chart(force: BlueLamp) -> str:
    """A chart of ann's with somebody on it."""
    return as_(force).make_chart("A chart", [smith(force)])


#: what the watch is called that is there to be removed
REMOVED = "Removed"


@cache
def watch(force: BlueLamp, title: str = "Chen") -> str:
    """A watch of ann's."""
    return as_(force).watch(title, "search", {"text": "chen"}, clock.today())


def due(force: BlueLamp) -> str:
    """A watch of ann's that was not looked at in the newest build."""
    id = watch(force)
    with force.database.begin() as connection:
        connection.execute(text("UPDATE watches SET build = 0 WHERE id = :id"), {"id": id})
    return id


@cache
def first_change(force: BlueLamp) -> str:
    """The change that put somebody on it."""
    return as_(force).chart_head(chart(force))


@cache
def people(force: BlueLamp) -> tuple[ObjectId, ObjectId]:
    """Two records of people."""
    numbers = [int(str(number)) for (number,) in rows(force.folder, "record_person", "record")]
    return ObjectId("person", numbers[0]), ObjectId("person", numbers[-1])


VERBS = [name for name, each in inspect.getmembers(Session, inspect.isfunction) if not name.startswith("_")]


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in SILENT])
def test_every_verb_of_a_session_writes_an_entry(verb: str, office: BlueLamp, tmp_path: Path) -> None:
    user = "eve" if verb in ("rejects", "rejects_file", "issues") else "ann"
    session = office.session(user, "correction" if verb == "rejects_file" else "investigation", "Operation Ash")
    smith(office)
    first_change(office)
    watch(office)
    watch(office, REMOVED)
    home(office)
    before = newest(office)
    call(session, verb, tmp_path)
    written = entries(office, before)
    assert written
    assert {entry["actor_id"] for entry in written} == {user}
    assert {entry["decision"] for entry in written} == {"allowed"}


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in {*SILENT, "make_token"}])
def test_every_verb_that_a_role_may_not_use_is_refused_and_the_refusal_written(
    verb: str, office: BlueLamp, tmp_path: Path
) -> None:
    user = "ann" if verb in ("rejects", "rejects_file", "issues") else "eve"
    sourced = {"sources", "source", "counts", "issue_counts", "lineage", "models"}
    session = as_(office, user)
    if verb in sourced:
        session.user = office.workspace.users["ida"]
    smith(office)
    first_change(office)
    watch(office)
    watch(office, REMOVED)
    home(office)
    before = newest(office)
    with pytest.raises(errors.Refused):
        call(session, verb, tmp_path)
    assert [entry["decision"] for entry in entries(office, before)] == ["refused"]


def shows() -> Iterator[str]:
    """The address of every page and call that shows data: all that are read and need a purpose or a token."""
    for router in ROUTERS:
        for route in router.routes:
            path, methods = getattr(route, "path", ""), getattr(route, "methods", set())
            if (
                "GET" in methods
                and re.match(
                    r"/(search|object|row|data|resolution|audit|api|review|workbench|watches|questions)(/|$)", path
                )
                and not path.endswith("/head")
            ):
                yield path


@pytest.mark.parametrize("path", sorted(shows()))
def test_every_page_that_shows_data_leads_to_an_entry(path: str, office: BlueLamp, desk: Desk) -> None:
    id = home(office) if "links" in path else smith(office)
    if path == "/search/list":
        return_code = desk().get(path).status_code
        assert return_code == 200
        return
    if "/charts/" in path or path.startswith("/workbench"):
        id = chart(office)
    filled = path.replace("{id}", id).replace("{kind}", "lives_at").replace("{source}", "tenancies")
    name = "homes" if "/questions" in path else "tenancies"
    filled = filled.replace("{delivery}/{row}", "1/1").replace("{name}", name)
    filled = filled.replace("{property}/{code}", "ethnicity_self/unknown")
    filled = filled.replace("{one}/{other}", "{}/{}".format(*people(office)))
    user = (
        "dan" if path.startswith("/audit") or path == "/review/judges" else "eve" if path.startswith("/data") else "ann"
    )
    purpose = "correction" if path.endswith("/rejects.csv") else "investigation"
    client = desk(user, "" if user == "dan" else purpose)
    headers = {"authorization": f"Bearer {token(office)}"} if path.startswith("/api") else {}
    filled += f"?ids={smith(office)}" if path.endswith(("/around", "/moves")) and path.startswith("/workbench") else ""
    filled += "?format=geojson&recipient=CPS" if path.endswith("/charts/{id}/export") else ""
    filled += f"?one={smith(office)}&other={home(office)}" if path.endswith("/v1/paths") else ""
    filled += "?type=Person&property=surname" if path.endswith("/v1/values") else ""
    before = newest(office)
    status = 303 if "/between/" in path else 200
    assert client.get(filled + ("?use=lawfulness" if path == "/audit" else ""), headers=headers).status_code == status
    assert {entry["actor_id"] for entry in entries(office, before)} == {user}


def test_the_addresses_that_show_data_were_found() -> None:
    assert len(list(shows())) >= 16


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name())
def test_every_noun_has_a_line_in_the_glossary(noun: type) -> None:
    assert f"**{noun.name()}**" in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")  # type: ignore[attr-defined]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name())
def test_what_tells_a_noun_apart_at_a_glance_is_a_property_that_anybody_may_see(noun: type) -> None:
    for name in (*noun.glance, *noun.caption):  # type: ignore[attr-defined]
        assert not noun.properties[name].sensitive  # type: ignore[attr-defined]


def example(kind: object) -> str:
    """A raw value for a property, as one cell of a CSV file."""
    return str(kind.example)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """A force with one object of every noun, on which every property is said."""
    sources, files = {}, {}
    for noun in NOUNS:
        said = noun.properties
        sources[noun.slug()] = source_of(noun.slug(), noun.name(), list(said))
        cells = [",".join(f'"{cell}"' for cell in line) for line in ([*said], [example(e.type) for e in said.values()])]
        files[f"{noun.slug()}.csv"] = "\n".join(cells) + "\n"
    folder = tmp_path_factory.mktemp("everything") / "force"
    force = bluelamp.open(workspace(folder, sources, files, database=fresh_database()))
    force.run("tester", lambda *_: None)
    force.accounts.set_password("ann", "lantern-harbour-biscuit")
    yield force
    force.close()


def source_of(name: str, noun: str, properties: list[str]) -> str:
    columns = ", ".join(f"{each}: {each}" for each in properties)
    return f"""
        source: {name}
        title: "All that is said of one {name}"
        owner: Records
        lawful_basis: DPA 2018 s.35(2)(b)
        purposes: [investigation]
        marking: OFFICIAL
        retention: mopi-2
        read: {{connector: csv, path: {name}.csv, mode: replace}}
        records:
          it: {{type: {noun}, key: [{properties[0]}], set: {{{columns}}}}}
        """


def test_every_noun_has_a_page_that_shows_every_property_and_a_place_in_search(everything: BlueLamp) -> None:
    listed = as_(everything).search("", size=200)
    assert set(listed.facets.types) == {noun.name() for noun in NOUNS}
    with seat(everything, "ann") as client:
        for hit in listed.hits:
            page = client.get(f"/object/{hit.object}")
            assert page.status_code == 200
            noun = next(each for each in NOUNS if each.name() == hit.type)
            for each in noun.properties.values():
                assert f'<th scope="rowgroup" rowspan="1">{each.label}' in html.unescape(page.text), (
                    hit.type,
                    each.name,
                )
            assert client.get(f"/search?type={hit.type}").text.count('class="bl-hit"') == 1


def test_every_property_of_every_noun_was_understood(everything: BlueLamp) -> None:
    assert {state.issues for state in everything.build.sources.values()} == {0}  # type: ignore[union-attr]
    assert len(rows(everything.folder, "record_person")) == 1


def test_every_searchable_property_finds_its_object_by_its_value(everything: BlueLamp) -> None:
    session = as_(everything)
    for noun in NOUNS:
        for each in noun.properties.values():
            if each.type.search is Search.IDENTIFIER and not each.sensitive:
                found = session.search(each.type.example, types=(noun.name(),))
                assert found.total == 1, (noun.name(), each.name)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.name)
def test_every_role_of_a_link_is_a_reason_of_the_pole_list_or_of_the_ontologys_own(link: object) -> None:
    with (PACKAGE / "reference" / "pole_link_reasons.csv").open(encoding="utf-8") as file:
        reasons = {row["link_reason"] for row in csv.DictReader(file)}
    strange = set(link.roles) - reasons - set(CATEGORY_OF_ROLE) - OWN_ROLES  # type: ignore[attr-defined]
    assert not strange


#: roles that the POLE list does not have, and that data has to be able to say
OWN_ROLES = {"seen", "reportOf", "sameIncidentReported", "arrestFor"}


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
def test_every_property_type_has_an_example_without_an_issue_and_a_test_file(kind: type) -> None:
    cleaned = kind().clean(kind.example)  # type: ignore[attr-defined]
    assert cleaned.value
    assert cleaned.issue is None
    tests = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "types").glob("test_*.py")}
    module = kind.__module__.rpartition(".")[2]
    assert f"test_{module}" in tests or any(re.search(rf"\b{kind.__name__}\b", text) for text in tests.values())


ERRORS = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.BlueLampError)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_is_told_as_a_page_with_a_way_on(error: type[errors.BlueLampError]) -> None:
    status = next(status for kind, status in STATUSES if issubclass(error, kind))
    assert KINDS[status].title
    assert KINDS[status].way[1].startswith("/")
    assert error.__doc__


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_and_stays_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module begins with what it is"
    lines = code(text, tree)
    assert len(lines) <= 500
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and len([n for n in lines if node.lineno <= n <= (node.end_lineno or 0)]) > 60
    ]
    assert not long


def code(text: str, tree: ast.AST) -> list[int]:
    """The numbers of the lines that are neither blank, comment nor docstring."""
    told = {
        number
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(text.splitlines(), 1)
    return [n for n, line in lines if line.strip() and not line.strip().startswith("#") and n not in told]


def tracked() -> list[Path]:
    """Every text file that belongs to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [
        path for path in found if path.is_file() and path.suffix not in (".png", ".xlsx", ".parquet", ".gz", ".zip")
    ]


def test_no_file_holds_a_registrys_address_or_a_path_of_somebodys_machine() -> None:
    forbidden = re.compile(
        r"(?:pypi|registry|files|npmjs|index)\.(?:org|com|io|pythonhosted)[^\s]*/(?:simple|packages|-/)"
        r"|registry\.npmjs|files\.pythonhosted|(?<![\w.])/(?:home|Users|root|work)/[a-z]"
    )
    wrong = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.resolve() != Path(__file__).resolve():
            wrong += [f"{path.relative_to(ROOT)}: {found[0]}" for found in forbidden.finditer(text)]
    assert not wrong


def test_the_readme_is_short() -> None:
    for path in ROOT.glob("README.md"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 100


def test_everything_that_a_page_of_the_documentation_links_to_is_there() -> None:
    wrong = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]:
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not re.match(r"[a-z]+:", target) and not target.startswith("#"):
                where = path.parent / target.partition("#")[0]
                wrong += [] if where.exists() else [f"{path.relative_to(ROOT)} -> {target}"]
    assert not wrong
