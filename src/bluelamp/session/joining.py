"""By which models the records of a build are joined, and what is measured of them."""

from dataclasses import dataclass

from bluelamp.pipeline import evaluate, kept
from bluelamp.pipeline.build import Build
from bluelamp.resolution import measure
from bluelamp.resolution import model as models
from bluelamp.resolution.bands import Bands, Cost
from bluelamp.resolution.declared import told
from bluelamp.resolution.kinship import Corrections
from bluelamp.resolution.measure import Measure
from bluelamp.session.scales import label
from bluelamp.workspace.model import Workspace


@dataclass(frozen=True)
class ModelView:
    """The model of one object type."""

    type: str
    label: str
    plural: str
    fingerprint: str
    #: how many records it was learned from
    records: int
    #: what judgements of people add to it
    corrections: Corrections
    bands: Bands
    costs: tuple[Cost, ...]
    #: labels of what records are compared by
    compared: tuple[str, ...]
    #: what was measured last
    measure: Measure | None
    #: whether the published build was joined by it, and whether it is the one that was measured
    published: bool
    measured: bool


@dataclass(frozen=True)
class Joining:
    """By what the records of a workspace are joined."""

    models: tuple[ModelView, ...]
    #: why types have no model although there are records enough, a sentence each
    unlearned: tuple[str, ...]


def joining(workspace: Workspace, build: Build | None) -> Joining:
    """The models that the workspace keeps, and those that it could not. Raises DeclarationError."""
    found = views(workspace, build)
    kept_ = {each.type for each in found}
    missing = (build.unlearned if build else {}).items()
    return Joining(found, tuple(each.why for name, each in missing if name not in kept_))


def views(workspace: Workspace, build: Build | None) -> tuple[ModelView, ...]:
    """The models that the workspace keeps. Raises DeclarationError for one that cannot be read."""
    found = []
    for name, fingerprint in kept.fingerprints(workspace).items():
        noun = workspace.nouns[name]
        wanted = told(noun, workspace.nouns, workspace.links.values())
        model = models.load(kept.place(workspace, noun), name, [each.comparison for each in wanted])
        known = measure.load(evaluate.place(workspace, noun))
        labels = {each.comparison: label(each, noun, workspace) for each in wanted}
        found.append(
            ModelView(
                name,
                noun.label,
                noun.plural,
                fingerprint,
                model.records,
                model.chances.corrections,
                model.bands,
                model.costs,
                tuple(labels[each] for each in model.comparisons),
                known,
                published=build is not None and build.models.get(name) == fingerprint,
                measured=known is not None and known.model == fingerprint,
            )
        )
    return tuple(found)
