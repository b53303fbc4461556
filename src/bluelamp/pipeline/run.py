"""A run: ingest, and where anything changed, a new build (`renew.py`). Killed anywhere, the next run goes on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from bluelamp.errors import DeclarationError, DeliveryError
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline import build as builds
from bluelamp.pipeline import kept, numbering
from bluelamp.pipeline.alone import alone
from bluelamp.pipeline.build import Build, Progress
from bluelamp.pipeline.ingest import ingest, require_columns
from bluelamp.pipeline.leave import way_out, without
from bluelamp.pipeline.needed import as_role
from bluelamp.pipeline.states import differs
from bluelamp.resolution import decided
from bluelamp.resolution.decided import Obeyed
from bluelamp.workspace.fingerprint import checks
from bluelamp.workspace.model import Workspace

#: told, by source, every delivery that no published build holds
Collected: TypeAlias = Callable[[Mapping[str, list[Delivery]]], None]

#: told which records a run joined to another's object, as a table of type, record and object
Combined: TypeAlias = Callable[[pa.Table], None]

#: the decisions in force
Decisions: TypeAlias = Callable[[], Sequence[Obeyed]]


@dataclass(frozen=True)
class Outcome:
    """What a run did: the build that readers now see, and the deliveries that this run took in."""

    build: Build
    published: bool
    taken: dict[str, list[Delivery]]


def run(
    workspace: Workspace,
    who: str,
    progress: Progress,
    base: Path | None = None,
    collected: Collected = lambda _: None,
    combined: Combined = lambda _: None,
    leave_out: Collection[str] = (),
    decisions: Decisions = tuple,
) -> Outcome:
    """Bring the published build up to date with the deliveries and the declarations.

    `base` replaces the workspace folder as the base of relative paths in `read:`. `progress` is told the step,
    what it is doing, and how far it is (0 to 1). `collected` is told what came, and `combined` which records were
    joined, before any of it is published; what they raise ends the run. The sources of `leave_out` are not read, and
    stay as the published build has them. `decisions` gives those that people made and the build obeys, as `obeyed`
    gives them, once all is read; others than the published build's make a run even where nothing was delivered.

    Raises DeliveryError or HealthStop with everything that stands in the way; what is published stays as it was.
    """
    store = Store(workspace.store)
    with alone(store):
        builds.sweep(store)
        published, whole = builds.standing(store)
        secret = numbering.make(store) if published is None and whole else numbering.secret(store, published)
        reading = without(workspace, leave_out)
        ingested, taken, errors = _ingest(reading, store, base or workspace.folder, who, progress)
        collected(_unpublished(ingested, published))
        if errors:
            said = "\n".join(f"{name}: {error}" for name, error in errors.items())
            raise DeliveryError(f"{said} {way_out(reading, errors)}")
        changed = [each for each in reading.sources.values() if differs(each, ingested[each.name], published)]
        gone = set(published.sources) - set(workspace.sources) if published else set()
        checked = {each.name for each in changed} | _checked_anew(reading, published)
        judged = decisions()
        obeys = decided.fingerprint(judged)
        settled = published and published.decided == obeys and kept.fingerprints(workspace) == published.models
        if published and whole and settled and not checked and not gone:
            return Outcome(published, published=False, taken=taken)
        # what maps, joins and publishes takes as long to load as all that an unchanged run does
        from bluelamp.pipeline.renew import Due, renew  # noqa: PLC0415 (see above)

        due = Due(reading, store, published, whole, secret, ingested, changed, gone, checked)
        build = renew(workspace, due, who, judged, leave_out, combined, progress)
        builds.sweep(store)
        return Outcome(build, published=True, taken=taken)


def _ingest(
    workspace: Workspace, store: Store, base: Path, who: str, progress: Progress
) -> tuple[dict[str, Ledger], dict[str, list[Delivery]], dict[str, str]]:
    """The ledgers, what was added to them, and what is wrong with the sources that have none."""
    ingested: dict[str, Ledger] = {}
    taken: dict[str, list[Delivery]] = {}
    errors: dict[str, str] = {}
    for number, source in enumerate(workspace.sources.values()):
        share = number / len(workspace.sources)
        try:
            ingested[source.name], added = ingest(source, base, store, who, _told(progress, share))
            if added:
                taken[source.name] = added
            require_columns(source, store, ingested[source.name])
        except (DeliveryError, DeclarationError) as error:
            errors[source.name] = f"{error}{as_role(source, error)}"
    if not errors:
        progress("ingest", "done", 1)
    return ingested, taken, errors


def _told(progress: Progress, share: float) -> Callable[[str, float], None]:
    return lambda what, _: progress("ingest", what, share)


def _unpublished(ingested: dict[str, Ledger], published: Build | None) -> dict[str, list[Delivery]]:
    states = published.sources if published else {}
    held = {name: states[name].delivery if name in states else 0 for name in ingested}
    return {name: [each for each in ledger.deliveries if each.number > held[name]] for name, ledger in ingested.items()}


def _checked_anew(workspace: Workspace, published: Build | None) -> set[str]:
    """The sources with other health checks than those of the `published` build."""
    states = published.sources if published else {}
    return {name for name, each in workspace.sources.items() if name in states and checks(each) != states[name].checks}
