"""Signs the audit log: the key, the head that says where the log ends, and the seals over runs of entries."""

import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from sqlalchemy import Connection, insert, select

from bluelamp import clock
from bluelamp.database.tables import audit_head, audit_seals
from bluelamp.errors import BlueLampError
from bluelamp.session.chain import canonical, head_message, seal_message

SEALS = "seals.jsonl"
#: bytes of the file that surely hold its last two lines
LINE = 4096


@dataclass(frozen=True)
class Seal:
    """A signed statement: entries `first_seq` to `last_seq` were `count`, and the last had `head_hash`."""

    number: int
    first_seq: int
    last_seq: int
    count: int
    head_hash: str
    ts_utc: str
    key: str
    signature: str = ""


class Key:
    """The private key that signs; `id` is the first 16 hexadecimal digits of the public key's SHA-256."""

    def __init__(self, path: Path) -> None:
        """Read the key, or make it on first use (mode 0600, the public key beside it)."""
        if not path.exists():
            _make(path)
        try:
            private = load_pem_private_key(path.read_bytes(), None)
        except (ValueError, TypeError):
            private = None
        if not isinstance(private, Ed25519PrivateKey):
            raise BlueLampError(f"{path} is not an Ed25519 key; put back the one that this log was signed with.")
        self._private = private
        self.id = key_id(private.public_key())

    def sign(self, message: bytes) -> str:
        """The signature in hexadecimal."""
        return self._private.sign(message).hex()

    def sign_head(self, seq: int, entry: str) -> dict[str, str]:
        """The columns of the head that make it genuine."""
        return {"key": self.id, "signature": self.sign(head_message(seq, entry, self.id))}


def key_id(public: Ed25519PublicKey) -> str:
    """The name under which seals refer to a key."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def public_keys(folder: Path) -> dict[str, Ed25519PublicKey]:
    """The keys that this log was ever signed with, by id: every `*.pub` of the folder."""
    found = (load_pem_public_key(path.read_bytes()) for path in sorted(folder.glob("*.pub")))
    return {key_id(each): each for each in found if isinstance(each, Ed25519PublicKey)}


class Signatures:
    """Says whether a signature was made by one of the known keys."""

    def __init__(self, keys: dict[str, Ed25519PublicKey]) -> None:
        self.keys = keys

    def __call__(self, key: str, signature: str, message: bytes) -> bool:
        """Whether `key` is known and made `signature` (hexadecimal) over `message`."""
        with contextlib.suppress(KeyError, ValueError, InvalidSignature):
            self.keys[key].verify(bytes.fromhex(signature), message)
            return True
        return False


def seal(connection: Connection, key: Key, at_least: int = 1) -> Seal | None:
    """Seal all entries since the last seal, if they are `at_least` so many; in the connection's transaction."""
    head = connection.execute(select(audit_head.c.seq, audit_head.c.hash).with_for_update()).one()
    number, last = connection.execute(
        select(audit_seals.c.number, audit_seals.c.last_seq).order_by(audit_seals.c.number.desc()).limit(1)
    ).one_or_none() or (0, 0)
    if head.seq - last < at_least:
        return None
    made = Seal(number + 1, last + 1, head.seq, head.seq - last, head.hash, moment(), key.id)
    made = replace(made, signature=key.sign(seal_message(asdict(made))))
    connection.execute(insert(audit_seals), [asdict(made)])
    return made


def moment() -> str:
    """Now, as entries and seals write it: UTC to the microsecond."""
    return clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def stored(connection: Connection, after: int = 0) -> list[Seal]:
    """The seals in the database that come after number `after`, in order."""
    wanted = select(audit_seals).where(audit_seals.c.number > after).order_by(audit_seals.c.number)
    return [Seal(*row) for row in connection.execute(wanted)]


def filed(folder: Path) -> list[Seal]:
    """Every seal in the file; a last line that a crash cut off is left out."""
    path = folder / SEALS
    text = path.read_bytes() if path.exists() else b""
    return [Seal(**json.loads(line)) for line in text[: text.rfind(b"\n") + 1].splitlines()]


def last_filed(folder: Path) -> Seal | None:
    """The last seal in the file, None for none."""
    path = folder / SEALS
    if not path.exists():
        return None
    with path.open("rb") as seals:
        seals.seek(max(0, path.stat().st_size - LINE))
        lines = seals.read().split(b"\n")[:-1]
    return Seal(**json.loads(lines[-1])) if lines else None


def last_number(folder: Path) -> int:
    """The number of the last seal in the file, 0 for none."""
    last = last_filed(folder)
    return last.number if last else 0


def file(folder: Path, seals: list[Seal]) -> None:
    """Add seals that the database already holds; the file is only ever added to."""
    if not seals:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / SEALS) as descriptor:
        text = (folder / SEALS).read_bytes()
        # a line that a crash cut off
        os.ftruncate(descriptor, text.rfind(b"\n") + 1)
        last = last_number(folder)
        os.write(descriptor, b"".join(canonical(asdict(each)) + b"\n" for each in seals if each.number > last))
        os.fsync(descriptor)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _make(path: Path) -> None:
    """Make a key aside and put it in place; of two processes that do so at once, one wins and both use it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    with tempfile.NamedTemporaryFile(dir=path.parent) as aside:
        aside.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        aside.flush()
        os.fsync(aside.fileno())
        try:
            os.link(aside.name, path)
        except FileExistsError:
            return
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path.with_suffix(".pub").write_bytes(public)
