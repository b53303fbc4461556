"""The secret that records are numbered by: made at a workspace's first run, kept for good, never shown."""

import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from bluelamp.errors import BlueLampError
from bluelamp.ids import SECRET
from bluelamp.lake import disk
from bluelamp.lake.store import Store
from bluelamp.pipeline.build import Build


def fingerprint(secret: str) -> str:
    """What a build notes of the secret: enough to tell it from another, nothing to find it by."""
    return hashlib.sha256(f"numbering {secret}".encode()).hexdigest()[:16]


def secret(store: Store, build: Build | None) -> str:
    """The secret that the records of `build` are numbered by. Raises BlueLampError where it is not there."""
    try:
        found = store.secret.read_text("ascii")
    except (OSError, ValueError):
        found = ""
    if len(found) != SECRET or (build and build.numbering != fingerprint(found)):
        raise BlueLampError(
            f"The secret {store.secret} that objects are numbered by is missing, or not the one of the published "
            f"build; put it back from a backup or, where it is lost for good, remove {store.builds} and run again, "
            "and every object gets a new id."
        )
    return found


def make(store: Store) -> str:
    """The secret of a workspace that has no build yet; on disk, whole, before it is used."""
    if not store.secret.exists():
        _write(store.secret, secrets.token_hex(SECRET // 2))
    return secret(store, None)


def _write(path: Path, text: str) -> None:
    """Write aside, for this user alone (mode 0600), and put the whole in place, unless there is one."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as aside:
        aside.write(text)
        aside.flush()
        disk.keep(aside.name)
        with suppress(FileExistsError):
            os.link(aside.name, path)
    disk.keep(path.parent)
