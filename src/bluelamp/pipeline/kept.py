"""The models that a workspace keeps for review: where they are, and which they are."""

import hashlib
from pathlib import Path

from bluelamp.ontology.grammar import ObjectType
from bluelamp.workspace.model import Workspace

#: where a workspace keeps them
MODELS = "models"


def place(workspace: Workspace, noun: type[ObjectType]) -> Path:
    """Where the workspace keeps the model of a type."""
    return workspace.folder / MODELS / f"{noun.slug()}.json"


def fingerprint(workspace: Workspace, noun: type[ObjectType]) -> str:
    """What tells a model from every other."""
    return hashlib.sha256(place(workspace, noun).read_bytes()).hexdigest()[:16]


def fingerprints(workspace: Workspace) -> dict[str, str]:
    """The fingerprint of each model that the workspace keeps, by type."""
    nouns = workspace.nouns.items()
    return {name: fingerprint(workspace, noun) for name, noun in nouns if place(workspace, noun).exists()}
