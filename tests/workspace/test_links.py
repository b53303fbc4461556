from pathlib import Path

import pytest

from bluelamp.workspace.model import LinkSpec, Value
from tests.workspace.made import SOURCE, Change, loaded, problems, swap

STOP = "  stop:\n    type: StopSearch\n    key: [Stop No]\n    set: {happened_at: When}\n  member:"


def changed(link: str) -> dict[str, Change]:
    return {SOURCE: lambda text: swap("links:", f"links:\n  - {link}")(swap("  member:", STOP)(text))}


def first(folder: Path, link: str) -> LinkSpec:
    return loaded(folder, changed(link)).sources["library"].links[0]


def test_a_bare_word_is_a_constant_where_it_is_allowed_and_else_a_column(tmp_path: Path) -> None:
    link = first(tmp_path, "{type: involved_in, from: member, to: stop, role: searched, category: Kind, basis: fact}")
    assert link.role == Value("constant", constant="searched")
    assert link.category == Value("column", ("Kind",))
    assert link.basis == Value("constant", constant="fact")


def test_a_role_can_come_from_a_column_through_a_code_list(tmp_path: Path) -> None:
    changes = changed("{type: involved_in, from: member, to: stop, role: {column: Part, codes: parts}}")
    changes["reference/parts.csv"] = "value,meaning\nV,victim\nS,searched\n"
    assert loaded(tmp_path, changes).sources["library"].links[0].role == Value("column", ("Part",), codes="parts")


def test_a_code_list_must_mean_roles(tmp_path: Path) -> None:
    changes = changed("{type: involved_in, from: member, to: stop, role: {column: Part, codes: parts}}")
    changes["reference/parts.csv"] = "value,meaning\nV,victm\n"
    (found,) = problems(tmp_path, changes)
    assert found.code == "B019"
    assert 'did you mean "victim"?' in found.fix


def test_a_word_that_is_nearly_a_role_is_doubted(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, changed("{type: involved_in, from: member, to: stop, role: serched}"))
    assert (found.code, found.severity) == ("B019", "warning")
    assert 'did you mean "searched"?' in found.fix


def test_dates_and_a_condition_belong_to_a_link(tmp_path: Path) -> None:
    link = first(
        tmp_path,
        "{type: lives_at, from: member, to: home, from_date: {column: Since, format: '%d/%m/%Y'}, to_date: Until, when: Since <> ''}",
    )
    assert link.from_date == Value("column", ("Since",), formats=("%d/%m/%Y",))
    assert link.to_date == Value("column", ("Until",))
    assert link.when == "(\"Since\" <> '')"


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("{type: happened_at, from: stop, to: home, category: victim}", "B020"),
        ("{type: about, from: stop, to: home, role: victim}", "B019"),
        ("{type: about, from: stop, to: home}", "B016"),
        ("{from: stop, to: home}", "B009"),
        ("{type: happened_at, to: home}", "B009"),
        ("{type: happened_at, from: stop, to: home, rol: x}", "B008"),
        ("{type: involved_in, from: member, to: stop, category: {constant: guilty}}", "B020"),
    ],
)
def test_DP_9_and_other_rules_of_a_link_are_kept(tmp_path: Path, link: str, code: str) -> None:
    assert code in {each.code for each in problems(tmp_path, changed(link))}


def test_ends_the_wrong_way_round_are_one_problem(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, changed("{type: happened_at, from: home, to: stop}"))
    assert (found.code, found.fix) == ("B016", "turn `from` and `to` round")


@pytest.mark.parametrize("word", ["keeper", "ownerof", "homeAdress"])
def test_a_role_that_is_none_and_looks_like_no_column_is_a_warning_with_the_roles(tmp_path: Path, word: str) -> None:
    (found,) = problems(tmp_path, {SOURCE: swap("homeAddress", word)})
    assert (found.code, found.severity) == ("B019", "warning")
    assert "homeAddress, currentAddress, permanentAddress" in found.fix
    assert f"{{column: {word}}} if it is a column" in found.fix


@pytest.mark.parametrize("word", ["Role", "role_of_member", "town"])
def test_a_role_that_looks_like_a_column_or_is_one_elsewhere_is_taken_for_one(tmp_path: Path, word: str) -> None:
    def change(text: str) -> str:
        return swap("homeAddress", word)(swap("given_name: Forename", "given_name: town")(text))

    assert problems(tmp_path, {SOURCE: change}) == []
