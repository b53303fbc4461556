"""The log is read only for what the law permits, and whoever reads it is on it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bluelamp.errors import Refused
from bluelamp.session.audit import AuditLog, Context, Entry, Operation
from bluelamp.session.permissions import Action
from bluelamp.session.reading import Filter, PermittedUse, permitted, read

DPO = Context(actor_id="dpo", actor_role="data_protection_officer")
REFERENCE = Path(__file__).parents[2] / "src/bluelamp/reference/dpa_part3_logging.json"


def view(log: AuditLog, actor: str, *subjects: str, **said: object) -> None:
    """An officer looks at people."""
    usual: dict[str, object] = {"object_ids": subjects, "data_subject_ids": subjects}
    log.append(
        Entry(action=Action.VIEW, operation=Operation.CONSULTATION, actor_id=actor, **{**usual, **said})  # type: ignore[arg-type]
    )


def test_DP_42_the_permitted_uses_are_the_four_of_the_act() -> None:
    assert [str(each) for each in PermittedUse] == json.loads(REFERENCE.read_text())["permitted_uses_of_logs"]


@pytest.mark.parametrize("use", [*PermittedUse, "lawfulness", "self-monitoring", " Security ", "criminal-proceedings"])
def test_a_use_may_be_named_in_full_or_in_short(use: str) -> None:
    assert permitted(use) is not None


def test_DP_42_reading_the_log_is_itself_logged_with_every_subject_shown(log: AuditLog) -> None:
    view(log, "pc1", "person-1", "person-2")
    view(log, "pc2", "person-2", "person-3")
    read(log, DPO, PermittedUse.LAWFULNESS)
    newest = read(log, DPO, PermittedUse.LAWFULNESS, Filter(actor="dpo")).entries[0]
    assert (newest.action, newest.operation, newest.result_count) == (Action.AUDIT, Operation.CONSULTATION, 2)
    assert newest.data_subject_ids == ["person-1", "person-2", "person-3"]
    assert json.loads(str(newest.fields_or_query)) == {"permitted_use": PermittedUse.LAWFULNESS, "shown": "1-2"}


@pytest.mark.parametrize("use", ["", "curiosity", "performance review of a colleague"])
def test_DP_42_log_use_outside_four_purposes_refused(log: AuditLog, use: str) -> None:
    view(log, "pc1", "person-1")
    with pytest.raises(Refused, match="may be used only to"):
        read(log, DPO, use)
    refused = read(log, DPO, PermittedUse.SECURITY, Filter(decision="refused")).entries
    assert [(each.action, each.actor_id) for each in refused] == [(Action.AUDIT, "dpo")]
    assert use in str(refused[0].fields_or_query)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), ["pc3", "pc2", "pc1"]),
        (Filter(actor="pc2"), ["pc2"]),
        (Filter(subject="person-2"), ["pc2", "pc1"]),
        (Filter(subject="crime-1"), ["pc3"]),
        (Filter(since=datetime(2026, 11, 21, 11, tzinfo=UTC)), ["pc3", "pc2"]),
        (Filter(until=datetime(2026, 11, 21, 11, tzinfo=UTC)), ["pc1"]),
        (Filter(purpose="oversight"), ["pc3"]),
        (Filter(operation="disclosure"), []),
        (Filter(case="Op Ash", actor="pc3"), ["pc3"]),
    ],
)
def test_entries_can_be_chosen(log: AuditLog, time: object, wanted: Filter, found: list[str]) -> None:
    view(log, "pc1", "person-1", "person-2")
    time.move(hours=1)  # type: ignore[attr-defined]
    view(log, "pc2", "person-2")
    view(log, "pc3", "person-3", object_ids=["crime-1"], purpose_code="oversight", case_ref="Op Ash")
    assert [each.actor_id for each in read(log, DPO, PermittedUse.SECURITY, wanted).entries] == found


def test_a_long_log_is_read_page_by_page(log: AuditLog) -> None:
    for number in range(5):
        view(log, f"pc{number}", "person-1")
    first = read(log, DPO, PermittedUse.SECURITY, Filter(action="object:view"), limit=3)
    second = read(log, DPO, PermittedUse.SECURITY, Filter(action="object:view"), limit=3, before=first.before)
    assert [each.actor_id for each in (*first.entries, *second.entries)] == ["pc4", "pc3", "pc2", "pc1", "pc0"]
    assert (first.before, second.before) == (3, None)
