"""What each role may do, and above all what it may not."""

import re

import pytest

from bluelamp.session.permissions import LOOK, OWN, ROLE_ACTIONS, Action, allowed
from bluelamp.workspace.model import User

#: what shows case data: people, things, links, raw rows
CASE_DATA = LOOK


def user(*roles: str) -> User:
    return User("sam", "Sam Reed", roles, ())


def test_there_are_the_seven_roles() -> None:
    assert set(ROLE_ACTIONS) == {
        "analyst",
        "investigator",
        "data_engineer",
        "standards",
        "data_protection_officer",
        "auditor",
        "administrator",
    }


@pytest.mark.parametrize("action", Action)
def test_every_action_is_a_noun_and_a_verb(action: Action) -> None:
    assert re.fullmatch(r"[a-z]+:[a-z]+", action)


@pytest.mark.parametrize("role", ["administrator", "auditor", "data_protection_officer"])
def test_those_who_run_or_watch_the_platform_see_no_case_data(role: str) -> None:
    assert not [action for action in CASE_DATA if allowed(user(role), action)]


@pytest.mark.parametrize("role", ["analyst", "investigator", "standards"])
def test_those_who_investigate_search_view_trace_and_export(role: str) -> None:
    assert all(allowed(user(role), action) for action in CASE_DATA)


def test_a_data_engineer_sees_sources_and_what_was_turned_away_but_does_not_search() -> None:
    engineer = user("data_engineer")
    assert all(allowed(engineer, each) for each in (Action.DATA, Action.REJECTS, Action.ISSUES, Action.LINEAGE))
    assert not any(allowed(engineer, each) for each in (Action.SEARCH, Action.VIEW, Action.EXPORT, Action.AUDIT))


def test_DP_47_the_data_protection_officer_sees_all_processing_and_is_given_no_operational_task() -> None:
    officer = user("data_protection_officer")
    assert all(allowed(officer, each) for each in (Action.AUDIT, Action.AUDIT_EXPORT, Action.PROCESSING, Action.DATA))
    assert not any(allowed(officer, each) for each in (Action.BUILD_RUN, Action.SOURCE_ERASE, Action.ACCOUNTS))


@pytest.mark.parametrize("role", [role for role in ROLE_ACTIONS if role not in ("auditor", "data_protection_officer")])
def test_only_auditor_and_data_protection_officer_read_the_log(role: str) -> None:
    assert not allowed(user(role), Action.AUDIT)


@pytest.mark.parametrize("role", [role for role in ROLE_ACTIONS if role != "administrator"])
def test_only_an_administrator_manages_accounts(role: str) -> None:
    assert not allowed(user(role), Action.ACCOUNTS)


@pytest.mark.parametrize("action", sorted(OWN))
def test_everybody_looks_after_their_own_account(action: Action) -> None:
    assert allowed(user(), action)


def test_a_decision_gives_its_reason() -> None:
    assert allowed(user("auditor"), Action.AUDIT).reason == "The role auditor allows audit:read."
    refused = allowed(user("administrator"), Action.SEARCH)
    assert not refused.ok
    assert refused.reason == (
        "Sam Reed may not do this (search:run); it needs one of these roles: analyst, investigator, standards. "
        "Ask an administrator."
    )


def test_a_role_that_nobody_knows_allows_nothing() -> None:
    assert not [action for action in Action if action not in OWN and allowed(user("chief"), action)]


def test_somebody_with_two_roles_may_do_what_either_allows() -> None:
    both = user("administrator", "analyst")
    assert allowed(both, Action.ACCOUNTS)
    assert allowed(both, Action.SEARCH)
