from pathlib import Path

import pytest

from bluelamp.workspace import check
from bluelamp.workspace.model import End, Key, Read
from tests.workspace.made import FILES, PURPOSE, SETTINGS, SOURCE, drop, force, loaded, problems, swap

OTHER = """source: next
owner: A
lawful_basis: B
purposes: [investigation]
marking: OFFICIAL
retention: mopi-3
read: {connector: csv, path: deliveries/*.csv}
records: {person: {type: Person, key: [No, Town]}, row: {type: Person, key: row}}
"""
NEXT = "sources/next.yaml"


@pytest.mark.parametrize("duty", ["owner", "lawful_basis", "purposes", "marking", "retention"])
def test_DP_11_a_source_without_any_of_its_duties_is_refused(tmp_path: Path, duty: str) -> None:
    assert [str(each).partition(";")[0] for each in problems(tmp_path, {SOURCE: drop(f"{duty}:")})] == [
        f"sources/library.yaml:1: B026 The source library has no `{duty}` (DP-11)"
    ]


def test_DP_11_a_duty_left_blank_counts_as_missing(tmp_path: Path) -> None:
    blank = {SOURCE: lambda text: swap("[investigation]", "[]")(swap("Community Safety", "")(text))}
    assert [(each.code, each.place.line) for each in problems(tmp_path, blank)] == [("B026", 3), ("B026", 5)]


def test_DP_11_a_source_with_nothing_has_one_problem_for_each_duty(tmp_path: Path) -> None:
    found = problems(tmp_path, {SOURCE: "source: library\n"})
    assert [each.code for each in found] == ["B009"] + ["B026"] * 5 + ["B029"]


@pytest.mark.parametrize("marking", ["SECRET", "TOP SECRET"])
def test_GSC_1_a_source_above_the_ceiling_is_refused(tmp_path: Path, marking: str) -> None:
    found = problems(tmp_path, {SOURCE: swap("marking: OFFICIAL", f"marking: {marking}")})
    assert [each.code for each in found] == ["B024"]


def test_a_force_may_mark_with_its_own_word_and_keep_by_its_own_class(tmp_path: Path) -> None:
    own = '[markings.PSD-ONLY]\ntitle = "Standards only"\n[retention.visitors]\ntitle = "Visitors"\nfirst_review = 1\n'
    source = loaded(
        tmp_path,
        {
            SETTINGS: FILES[SETTINGS] + own,
            SOURCE: lambda text: swap("mopi-3", "visitors")(swap("marking: OFFICIAL", "marking: PSD-ONLY")(text)),
        },
    ).sources["library"]
    assert (source.marking, source.retention) == ("PSD-ONLY", "visitors")


def test_options_stand_under_options_or_directly_under_read(tmp_path: Path) -> None:
    read = (
        "read:\n  connector: csv\n  path: a.csv\n  delimiter: tab\n  options:\n    columns: [A, B]\n    null: 'n/a'\nx:"
    )
    workspace, _ = check(force(tmp_path, {SOURCE: lambda text: text.replace("read:", read[:-3] + "# ", 1)}), None, {})
    assert workspace is not None
    assert workspace.sources["library"].read == Read(
        "csv", "a.csv", "append", {"delimiter": "tab", "columns": "A,B", "null": "n/a"}
    )


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x.csv", "deliveries/../../x.csv", "C:\\x.csv", "..\\x.csv", "~/x.csv"]
)
def test_a_path_out_of_the_workspace_is_refused_with_the_way_to_name_it(tmp_path: Path, path: str) -> None:
    (found,) = problems(tmp_path, {SOURCE: swap("deliveries/*.csv", f"'{path}'")})
    assert (found.code, found.place.line) == ("B036", 8)
    assert "--deliveries" in found.fix


def test_the_address_of_a_database_is_no_path(tmp_path: Path) -> None:
    assert problems(tmp_path, {SOURCE: swap("deliveries/*.csv", "'postgresql://records/custody'")}) == []


def test_the_name_counts_and_not_the_name_of_the_file(tmp_path: Path) -> None:
    assert list(loaded(tmp_path, {SOURCE: None, "sources/zzz.yml": FILES[SOURCE]}).sources) == ["library"]


def test_a_link_reaches_a_record_of_another_source_by_its_key(tmp_path: Path) -> None:
    end = "{source: next, record: person, key: [Sponsor, Town]}"
    link = f"{{type: associated_with, from: member, to: {end}, role: {{constant: friend}}}}"
    source = loaded(tmp_path, {NEXT: OTHER, SOURCE: swap("links:", f"links:\n  - {link}")}).sources["library"]
    assert source.links[0].to == End("person", "next", Key(("Sponsor", "Town")))


@pytest.mark.parametrize(
    ("end", "code", "words"),
    [
        ("{source: nxt, record: person, key: [A, B]}", "B017", 'did you mean "next"?'),
        ("{source: next, record: persn, key: [A, B]}", "B017", 'did you mean "person"?'),
        ("{source: next, record: person}", "B030", "has no `key`"),
        ("{source: next, record: person, key: [A]}", "B018", "No, Town"),
        ("{source: next, record: row, key: [A]}", "B018", "known by their place"),
        ("{source: next, record: person, key: [A, B], keys: 1}", "B008", "no key `keys`"),
        ("[person]", "B007", "not a block of keys"),
    ],
)
def test_an_end_that_leads_nowhere_is_explained(tmp_path: Path, end: str, code: str, words: str) -> None:
    changes = {NEXT: OTHER, SOURCE: swap("from: member", f"from: {end}")}
    found = problems(tmp_path, changes)
    assert [each.code for each in found] == [code]
    assert words in str(found[0])


def test_a_record_that_is_broken_does_not_make_its_links_wrong_too(tmp_path: Path) -> None:
    assert [each.code for each in problems(tmp_path, {SOURCE: swap("type: Person", "type: Persn")})] == ["B013"]


def test_a_source_is_discoverable_with_a_contact(tmp_path: Path) -> None:
    asked = swap("title:", "discoverable: true\ncontact: Records desk\ntitle:")
    source = loaded(tmp_path, {SOURCE: asked}).sources["library"]
    assert (source.discoverable, source.contact) == (True, "Records desk")


def test_a_source_that_names_an_undeclared_purpose_is_told_which_there_are(tmp_path: Path) -> None:
    found = problems(tmp_path, {PURPOSE: None})
    assert [str(each) for each in found] == [
        'sources/library.yaml:5: B022 There is no purpose "investigation"; there is none yet, or declare it in purposes/investigation.yaml'
    ]


@pytest.mark.parametrize(
    "text", ["links: yes", "links: {type: lives_at}", "links: [lives_at]", "checks: [fresh]", "records: [a]"]
)
def test_the_wrong_kind_of_block_is_a_problem_and_no_traceback(tmp_path: Path, text: str) -> None:
    key = text.partition(":")[0]
    found = problems(tmp_path, {SOURCE: lambda whole: whole.replace(f"{key}:", f"{text}\nunused:", 1)})
    assert "B007" in {each.code for each in found}


@pytest.mark.parametrize(
    "path",
    [
        "postgresql://x:secret@host/db",
        "postgresql://x:${A}b@host/db",
        "postgresql://host/db?user=x&password=secret",
        "postgresql://host/db?sslpassword=secret",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BPWD%3Dsecret",
    ],
)
def test_B051_a_password_in_the_address_of_a_database_is_found_by_check(tmp_path: Path, path: str) -> None:
    (found,) = problems(tmp_path, {SOURCE: swap("deliveries/*.csv", f'"{path}"')})
    assert (found.code, found.place.line) == ("B051", 8)
    assert "secret" not in str(found)


@pytest.mark.parametrize("path", ["postgresql://x:${PASSWORD}@host/db", "sqlite:///a.db", "postgresql://host/db"])
def test_an_address_without_a_password_is_fine(tmp_path: Path, path: str) -> None:
    assert problems(tmp_path, {SOURCE: swap("deliveries/*.csv", f'"{path}"')}) == []


@pytest.mark.parametrize(
    "read", ["{connector: sql, url: 'postgresql://host/db', table: t}", "{connector: sql, table: t}"]
)
def test_a_database_without_a_path_is_told_how_to_write_its_address(tmp_path: Path, read: str) -> None:
    force(tmp_path, {SOURCE: swap("{connector: csv, path: deliveries/*.csv, mode: replace}", read)})
    found = check(tmp_path, {"sql": {"table": ""}}, {})[1]
    assert {each.fix for each in found} == {
        'write the database\'s address as `path: "postgresql://reader:${PASSWORD}@host/name"`'
    }
