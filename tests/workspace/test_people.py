from datetime import date
from pathlib import Path

import pytest

from bluelamp.workspace.people import ROLES
from tests.workspace.made import FILES, PURPOSE, USERS, loaded, problems, swap


def test_a_purpose_needs_a_reason_unless_it_says_otherwise(tmp_path: Path) -> None:
    purpose = loaded(tmp_path).purposes["investigation"]
    assert (purpose.needs_reason, purpose.needs_case, purpose.sensitive) == (True, False, False)
    assert purpose.title == "Investigation"


def test_DP_43_a_purpose_without_an_assessment_is_refused(tmp_path: Path) -> None:
    for dpia in ("", "dpia:\n", "dpia: ''\n"):
        found = problems(tmp_path, {PURPOSE: swap("dpia: DPIA-7\n", dpia)})
        assert [each.code for each in found] == ["B043"]


def test_DP_3_sensitive_values_need_a_policy_document(tmp_path: Path) -> None:
    assert [each.code for each in problems(tmp_path, {PURPOSE: FILES[PURPOSE] + "sensitive: true\n"})] == ["B044"]
    both = FILES[PURPOSE] + "sensitive: true\npolicy_document: APD-1\n"
    assert loaded(tmp_path, {PURPOSE: both}).purposes["investigation"].sensitive


def test_a_purpose_that_has_ended_still_loads_since_the_session_refuses_it(tmp_path: Path) -> None:
    ended = loaded(tmp_path, {PURPOSE: FILES[PURPOSE] + "ends: 2001-01-01\n"}).purposes["investigation"]
    assert ended.ends == date(2001, 1, 1)


@pytest.mark.parametrize("ends", ["soon", "01/02/2027", "2027-13-01", "[2027-01-01]"])
def test_an_end_that_is_no_date_is_a_problem(tmp_path: Path, ends: str) -> None:
    assert [each.code for each in problems(tmp_path, {PURPOSE: FILES[PURPOSE] + f"ends: {ends}\n"})] == ["B007"]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("roles: [analyst]", "roles: [analist]", ["B039"]),
        ("roles: [analyst]", "", ["B042"]),
        ("lawful_basis:", "lawful_bases:", ["B008", "B009"]),
        ("purpose: investigation", "purpose: Investigation!", ["B022", "B028"]),
        ("dpia:", "needs_case: perhaps\ndpia:", ["B007"]),
    ],
)
def test_a_wrong_purpose_is_explained(tmp_path: Path, old: str, new: str, codes: list[str]) -> None:
    assert sorted(each.code for each in problems(tmp_path, {PURPOSE: swap(old, new)})) == codes


def test_the_same_purpose_twice_is_refused_with_the_first_place(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {"purposes/zz.yaml": FILES[PURPOSE]})
    assert (found.code, found.fix) == ("B027", "see purposes/investigation.yaml:1: rename one")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_be_held(tmp_path: Path, role: str) -> None:
    assert loaded(tmp_path, {USERS: swap("[analyst]", f"[{role}]")}).users["amara"].roles == (role,)


def test_a_workspace_may_have_no_users_yet(tmp_path: Path) -> None:
    assert loaded(tmp_path, {USERS: None}).users == {}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("users: [amara]\n", ["B007"]),
        ("people: {}\n", ["B008", "B009"]),
        ("users: {Amara: {roles: [analyst], clearance: [OFFICIAL]}}\n", ["B028"]),
        ("users: {amara: analyst}\n", ["B007"]),
        ("users: {amara: {}}\n", ["B009", "B009"]),
        ("users: {amara: {roles: [boss], clearance: [SECRET], password: x}}\n", ["B008", "B023", "B039"]),
    ],
)
def test_wrong_users_are_explained(tmp_path: Path, text: str, codes: list[str]) -> None:
    assert sorted(each.code for each in problems(tmp_path, {USERS: text})) == codes
