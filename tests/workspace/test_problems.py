from pathlib import Path

import pytest

from bluelamp.workspace import PROBLEMS, check
from bluelamp.workspace.problems import choose, documentation, nearest
from tests.workspace.asked import QUESTION, SAFE, SAFETY, TEXT
from tests.workspace.looks import LOOKS, STYLES
from tests.workspace.made import LIST, OPTIONS, PURPOSE, SETTINGS, SOURCE, USERS, Change, drop, force, problems, swap

MEMBER = "types/member.yaml"
TYPE = "type: Member\nlabel: Member\nplural: Members\nkind: person\ncaption: [roll]\nproperties: {roll: Reference}\n"
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
LINK = "{type: lives_at, from: member, to: home, role: homeAddress}"
NEXT = SOURCE.replace("library", "next")
WARDS = 'name = "Exshire"\n[map]\nboundaries = "wards.geojson"\n'
TILES = 'name = "Exshire"\n[map]\ntiles = "streets.pmtiles"\n'
OTHER = """source: next
owner: A
lawful_basis: B
purposes: [investigation]
marking: OFFICIAL
retention: mopi-3
read: {connector: csv, path: deliveries/*.csv}
records: {person: {type: Person, key: [No, Town]}}
"""

#: code, what is changed, where it must be found, and words of the message
PROVOKED: list[tuple[str, dict[str, Change], str, str]] = [
    ("B001", {SOURCE: b"source: a\ntitle: Caf\xe9\n"}, "sources/library.yaml:2", "save it with the encoding UTF-8"),
    ("B002", {SOURCE: swap("title: L", "title: 'L")}, "sources/library.yaml:", "not YAML"),
    ("B003", {SOURCE: swap("  member:", "\tmember:")}, "sources/library.yaml:10", "indent with two spaces"),
    ("B004", {SOURCE: BOMB}, "sources/library.yaml:1", "anchor"),
    ("B005", {PURPOSE: "# later\n"}, "purposes/investigation.yaml:1", "empty"),
    ("B006", {SOURCE: swap("title:", "owner: Somebody\ntitle:")}, "sources/library.yaml:4", '"owner" stands twice'),
    ("B007", {SOURCE: swap("title: Library members", "title: [a]")}, "sources/library.yaml:2", "not a text"),
    ("B008", {SOURCE: swap("title:", "titel:")}, "sources/library.yaml:2", 'did you mean "title"?'),
    ("B009", {SOURCE: drop("read:")}, "sources/library.yaml:1", "has no `read`"),
    ("B011", {SOURCE: "a: " + "[" * 50 + "]" * 50}, "sources/library.yaml:1", "nested"),
    ("B012", {SETTINGS: None}, "bluelamp.toml:1", "bluelamp new"),
    ("B013", {SOURCE: swap("type: Person", "type: Persn")}, "sources/library.yaml:11", 'did you mean "Person"?'),
    ("B014", {SOURCE: swap("given_name:", "forename:")}, "sources/library.yaml:15", 'did you mean "given_name"?'),
    ("B015", {SOURCE: swap("lives_at", "live_at")}, "sources/library.yaml:24", 'did you mean "lives_at"?'),
    ("B016", {SOURCE: swap("from: member, to: home", "from: home, to: member")}, "sources/library.yaml:24", "turn"),
    ("B017", {SOURCE: swap("to: home", "to: house")}, "sources/library.yaml:24", 'no record "house"'),
    ("B018", {SOURCE: swap("from: member", "from: {source: next, record: person, key: [A]}"), NEXT: OTHER},
     "sources/library.yaml:24", "name 2 columns, in the order of No, Town"),
    ("B019", {SOURCE: swap("homeAddress", "{constant: office}")}, "sources/library.yaml:24", "homeAddress"),
    ("B020", {SOURCE: swap("role: homeAddress", "basis: {constant: rumour}")}, "sources/library.yaml:24", "assessment"),
    ("B021", {SOURCE: swap("codes: sexes", "codes: sexs")}, "sources/library.yaml:17", 'did you mean "sexes"?'),
    ("B022", {SOURCE: swap("[investigation]", "[curiosity]")}, "sources/library.yaml:5", "purposes/curiosity.yaml"),
    ("B023", {USERS: swap("[OFFICIAL]", "[OFFICAL]")}, "users.yaml:4", 'did you mean "OFFICIAL"?'),
    ("B024", {SOURCE: swap("OFFICIAL", "SECRET")}, "sources/library.yaml:6", "nothing above OFFICIAL-SENSITIVE"),
    ("B025", {SOURCE: swap("mopi-3", "mopi-9")}, "sources/library.yaml:7", "[retention.mopi-9]"),
    ("B026", {SOURCE: drop("owner:")}, "sources/library.yaml:1", "no `owner` (DP-11)"),
    ("B027", {SOURCE: swap("source: library", "source: next"), NEXT: OTHER}, "sources/next.yaml:1", "library.yaml:1"),
    ("B028", {SOURCE: swap("  home:", "  Home:")}, "sources/library.yaml:19", '"Home" is not a name'),
    ("B029", {SOURCE: swap("records:", "records: {}\nlinks_of:")}, "sources/library.yaml:9", "makes no records"),
    ("B030", {SOURCE: swap("    key: [Address]\n", "")}, "sources/library.yaml:20", "`key: row`"),
    ("B031", {SOURCE: swap("type: Location", "type: Crime")}, "sources/library.yaml:19", "happened_at"),
    ("B032", {SOURCE: swap("when: Surname is not null", "when: Member No = 1 and")}, "sources/library.yaml:13", "double quotes"),
    ("B033", {SOURCE: swap("Surname is not null", "1 in (select 1)")}, "sources/library.yaml:13", "refused"),
    ("B034", {SOURCE: swap("{column: Sex,", "{colum: Sex,")}, "sources/library.yaml:17", "{column: A}"),
    ("B035", {SOURCE: swap("{column: Sex, codes: sexes}", '{column: Sex, format: "%Y"}')}, "sources/library.yaml:17", "format"),
    ("B036", {SOURCE: swap("deliveries/", "../")}, "sources/library.yaml:8", "--deliveries"),
    ("B037", {SOURCE: swap("csv", "cvs")}, "sources/library.yaml:8", 'did you mean "csv"?'),
    ("B038", {SOURCE: swap("mode:", "delimeter: tab, mode:")}, "sources/library.yaml:8", 'did you mean "delimiter"?'),
    ("B039", {SOURCE: swap("mode: replace", "mode: overwrite")}, "sources/library.yaml:8", "append, replace, upsert"),
    ("B040", {SOURCE: swap("unique: [Member No], ", "")}, "sources/library.yaml:26", "{fresh: {days: 60}, then: warn}"),
    ("B041", {SOURCE: swap("owner:", "discoverable: true\nowner:")}, "sources/library.yaml:3", "`contact:`"),
    ("B042", {PURPOSE: swap("roles: [analyst]", "roles: []")}, "purposes/investigation.yaml:3", "no role"),
    ("B043", {PURPOSE: drop("dpia:")}, "purposes/investigation.yaml:1", "DP-43"),
    ("B044", {PURPOSE: swap("dpia:", "sensitive: true\ndpia:")}, "purposes/investigation.yaml:4", "policy_document"),
    ("B045", {LIST: "code,text\nM,Male\n"}, "reference/sexes.csv:1", "value,meaning"),
    ("B046", {LIST: "value,meaning\nM,Male\nm ,Female\n"}, "reference/sexes.csv:3", '"Male" above'),
    ("B047", {SOURCE: swap('{column: DOB, format: "%d/%m/%Y"}', "{constant: soon}")}, "sources/library.yaml:18", '"soon"'),
    ("B048", {SETTINGS: 'name = "Exshire"\n[server\n'}, "bluelamp.toml:2", "not TOML"),
    ("B049", {SETTINGS: 'name = "Exshire"\n[server]\nprot = 80\n'}, "bluelamp.toml:3", 'did you mean "port"?'),
    ("B050", {SETTINGS: 'name = "Exshire"\n[server]\nport = "80"\n'}, "bluelamp.toml:3", "whole number"),
    ("B051", {SETTINGS: 'name = "Exshire"\n[oidc]\nclient_secret = "x"\n'}, "bluelamp.toml:3", "BLUELAMP_OIDC_CLIENT_SECRET"),
    ("B052", {"ontology.py": "import os\n\nclass (:\n"}, "ontology.py:3", "not Python"),
    ("B053", {MEMBER: TYPE.replace("label: Member\n", "")}, "types/member.yaml:1", "has no `label`"),
    ("B054", {MEMBER: TYPE.replace("[roll]", "[rol]")}, "types/member.yaml:5", 'did you mean "roll"?'),
    ("B055", {MEMBER: TYPE.replace("type: Member", "type: Person")}, "types/member.yaml:1", "object type Person already"),
    ("B056", {MEMBER: TYPE.replace("roll: Reference", "roll: Refrence")}, "types/member.yaml:6", 'did you mean "Reference"?'),
    ("B057", {SOURCE: lambda text: swap("[Member No]", "row")(swap("mode: replace", "mode: upsert")(text))},
     "sources/library.yaml:10", "`mode: replace`"),
    ("B058", {SOURCE: swap("connector: csv", "connector: jsonl, each: [people, cars]")}, "sources/library.yaml:8", "`each: people`"),
    *((code, {SAFE: SAFETY, QUESTION: swap(old, new)(TEXT)}, f"{QUESTION}:{line}", words) for code, old, new, line, words in [
        ("B061", "to: friend}", "to: freind}", 17, 'did you mean "friend"?'),
        ("B062", "at_least: {friend", "at_least: {any", 24, "`without` alone"),
        ("B063", "since: $since", "since: $from", 13, "does not ask for"),
        ("B064", "since: $since", "since: $least", 13, "a day, written"),
        ("B065", "who: Person", "who: {type: Person, since: $since}", 11, "use an event"),
        ("B066", "[safety]", "[safety, investigation]", 3, "safeguarding: true"),
        ("B067", "who: Person", "who: {type: Person, where: {ethnicity_self: W1}}", 3, "may not see"),
        ("B068", "most: 100", "most: 5000", 25, "at most 1,000"),
    ]),
    *((code, {STYLES: swap(old, new)(LOOKS)}, f"{STYLES}:{line}", words) for code, old, new, line, words in [
        ("B069", "surname: Hill", "surname: {from: A}", 4, "has no from and to"),
        ("B070", "badge: star", "dash: long", 5, "which what it is for has not"),
        ("B071", "badge: star", "colour: red", 5, "add `outline:`, `badge:` or `size:`"),
        ("B072", "surname: Hill", "sex: M", 4, "leave this condition out"),
    ]),
    ("B073", {SOURCE: swap("given_name: Forename", "occupation: {constant: Rower}"),
              STYLES: swap("surname: Hill", "occupation: Baker")(LOOKS)}, f"{STYLES}:4", "write one of: Rower"),
    ("B074", {SETTINGS: TILES}, "bluelamp.toml:3", "inside the workspace"),
    ("B075", {SETTINGS: TILES, "streets.pmtiles": "no"}, "bluelamp.toml:3", "pmtiles convert"),
    ("B076", {SETTINGS: WARDS}, "bluelamp.toml:3", "which cannot be read (No such file or directory); write the path of"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes", "where", "words"), PROVOKED, ids=[each[0] for each in PROVOKED])
def test_a_mistake_is_explained_with_its_line_and_remedy(
    tmp_path: Path, code: str, changes: dict[str, Change], where: str, words: str
) -> None:
    said = [str(each) for each in problems(tmp_path, changes) if each.code == code]
    assert len(said) == 1, problems(tmp_path, changes)
    assert said[0].startswith(where)
    assert words in said[0]


def test_B010_a_symbolic_link_out_of_the_workspace_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("source: elsewhere\n")
    folder = force(tmp_path / "force")
    (folder / "sources/linked.yaml").symlink_to(outside)
    assert [str(each).partition(";")[0] for each in check(folder, OPTIONS, {})[1]] == [
        "sources/linked.yaml:1: B010 A symbolic link leads out of the workspace"
    ]


def test_B010_deliveries_behind_a_symbolic_link_are_refused_with_the_way_to_name_them(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder = force(tmp_path / "force")
    (folder / "deliveries").symlink_to(tmp_path / "elsewhere")
    (found,) = check(folder, OPTIONS, {})[1]
    assert (found.code, found.place.line) == ("B010", 8)
    assert "--deliveries" in found.fix


def test_every_number_has_a_case_that_provokes_it() -> None:
    assert {each[0] for each in PROVOKED} | {"B010"} == set(PROBLEMS)


def test_the_right_workspace_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


def test_all_problems_of_all_files_are_found_at_once_in_order(tmp_path: Path) -> None:
    every = {
        SOURCE: lambda text: swap("mopi-3", "mopi-9")(swap("lives_at", "live_at")(text)),
        PURPOSE: drop("dpia:"),
        SETTINGS: 'nam = "x"\n',
        USERS: swap("analyst", "analist"),
    }
    found = [(each.place.file.as_posix(), each.place.line, each.code) for each in problems(tmp_path, every)]
    assert found == [
        ("bluelamp.toml", 1, "B009"),
        ("bluelamp.toml", 1, "B049"),
        ("purposes/investigation.yaml", 1, "B043"),
        ("sources/library.yaml", 7, "B025"),
        ("sources/library.yaml", 24, "B015"),
        ("users.yaml", 3, "B039"),
    ]


def test_the_page_of_problems_is_up_to_date() -> None:
    assert Path("docs/problems.md").read_text(encoding="utf-8") == documentation()


def test_the_nearest_word_is_named_whatever_its_capitals() -> None:
    assert nearest("OFFICAL", ["OFFICIAL", "SECRET"]) == "OFFICIAL"
    assert nearest("banana", ["OFFICIAL", "SECRET"]) is None
    assert choose("csvv", ["csv", "json"]) == 'write one of: csv, json (did you mean "csv"?)'
    assert choose("x", []) == "there is none yet"
