"""What a user may see for a purpose: whether the purpose admits them, and which accesses are open."""

from collections.abc import Iterable
from typing import NamedTuple

from bluelamp import clock
from bluelamp.workspace.model import Marking, Purpose, Source, User, Workspace


class Access(NamedTuple):
    """One pair of source and marking, under the number that the index filters by."""

    access: int
    source: str
    marking: str


def refusal(  # noqa: PLR0911 (a list of reasons, in order)
    workspace: Workspace, user: User | None, purpose: str | None, reason: str, case: str | None
) -> str | None:
    """Why this session may not begin, as one sentence; None where it may."""
    if user is None:
        return "There is no such user in this workspace; ask an administrator."
    declared = workspace.purposes.get(purpose or "")
    if declared is None:
        return "No purpose, no data: choose one of the declared purposes."
    if not set(declared.roles) & set(user.roles):
        return f"Your roles may not use the purpose “{declared.title}”; choose another or ask an administrator."
    if declared.ends and clock.today() > declared.ends:
        return f"The purpose “{declared.title}” ended on {declared.ends:%d %b %Y}; choose another."
    if declared.needs_reason and not reason.strip():
        return f"The purpose “{declared.title}” needs a written reason; say why you are looking."
    if declared.needs_case and not (case or "").strip():
        return f"The purpose “{declared.title}” needs a case reference; give the case that this is for."
    return None


def clears(user: User, marking: Marking | None, markings: dict[str, Marking]) -> bool:
    """Whether the user's clearance covers `marking`; one that nobody declared is covered by none."""
    if marking is None:
        return False
    if marking.name in user.clearance:
        return True
    ranks = [markings[name].rank for name in user.clearance if name in markings]
    return marking.rank is not None and any(rank is not None and rank >= marking.rank for rank in ranks)


def cleared(workspace: Workspace, user: User) -> frozenset[str]:
    """The declared markings that the user's clearance covers."""
    return frozenset(name for name, each in workspace.markings.items() if clears(user, each, workspace.markings))


def carried(workspace: Workspace, source: Source) -> frozenset[str]:
    """Every marking that a row of `source` can carry: its own, those written down, and where a column says it, any."""
    said = [record.marking for record in source.records if record.marking]
    if any(value.kind != "constant" for value in said):
        return frozenset({source.marking, *workspace.markings})
    return frozenset({source.marking, *(value.constant or "" for value in said)})


def open_sources(workspace: Workspace, user: User, purpose: Purpose) -> dict[str, Source]:
    """The sources open to the purpose whose own marking the user is cleared for."""
    markings = cleared(workspace, user)
    return {
        name: source
        for name, source in workspace.sources.items()
        if purpose.name in source.purposes and source.marking in markings
    }


def visible(workspace: Workspace, user: User, purpose: Purpose, accesses: Iterable[Access]) -> frozenset[int]:
    """The accesses that are open: source open to the purpose, and every marking within the clearance."""
    sources, markings = open_sources(workspace, user, purpose), cleared(workspace, user)
    return frozenset(each.access for each in accesses if each.source in sources and each.marking in markings)


def highest(markings: Iterable[str], declared: dict[str, Marking]) -> str:
    """The marking for a screen that shows things with these markings: the highest in rank, then the plain words."""
    names = set(markings)
    ranked = sorted((declared[n].rank or 0, n) for n in names if n in declared and declared[n].rank is not None)
    plain = sorted(n for n in names if n in declared and declared[n].rank is None)
    return " ".join([ranked[-1][1] if ranked else "OFFICIAL", *plain])
