"""The rules of the audit chain, and a verifier that needs nothing but Python: this very file goes with every export.

Each entry is written as canonical JSON (RFC 8785: UTF-8, keys sorted, no spaces) of all its fields but `hash`. Its
`hash` is the SHA-256 of that text, and `prev_hash` is the hash of the entry before, so no entry can change, go or
come without all later ones changing. Seals, and the head that says where the log ends, are Ed25519 signatures.

    python3 verify_audit.py FOLDER-OR-ZIP
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: what the first entry follows
GENESIS = "0" * 64

#: every field of an entry, in the order of the database's columns
FIELDS = (
    "seq", "event_id", "ts_utc", "action", "operation", "actor_id", "actor_role", "actor_team", "on_behalf_of",
    "session_id", "device_or_ip", "purpose_code", "justification_text", "case_ref", "legal_basis", "object_ids",
    "object_types", "data_subject_ids", "data_subject_categories", "fields_or_query", "result_count",
    "sensitive_processing", "recipients", "decision", "policy_version", "software_version", "prev_hash", "hash",
)  # fmt: skip

#: an entry that a filtered export leaves out keeps its place in the chain with these alone
LINK = ("seq", "hash", "prev_hash")

#: problems after which a check stops: one hole makes all that follows look wrong
ENOUGH = 20

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode

Signed = Callable[[str, str, bytes], bool]


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was written; `seq` is the first entry concerned."""

    seq: int
    what: str

    def __str__(self) -> str:
        return f"Entry {self.seq}: {self.what}."


@dataclass
class Report:
    """What a check found."""

    entries: int = 0
    seals: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, seq: int, what: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(seq, what))


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one way to write `value` down."""
    return _encode(value).encode()


def entry_hash(entry: Mapping[str, Any]) -> str:
    """The hash of an entry's content, whatever its `hash` says."""
    return hashlib.sha256(canonical({name: entry[name] for name in FIELDS if name != "hash"})).hexdigest()


def seal_message(seal: Mapping[str, Any]) -> bytes:
    """What a seal's signature is over."""
    names = ("number", "first_seq", "last_seq", "count", "head_hash", "ts_utc", "key")
    return canonical({"kind": "seal", **{name: seal[name] for name in names}})


def head_message(seq: int, entry: str, key: str) -> bytes:
    """What the head's signature is over: the last entry's number and hash."""
    return canonical({"kind": "head", "seq": seq, "hash": entry, "key": key})


def check(
    entries: Iterable[Mapping[str, Any]], seals: Sequence[Mapping[str, Any]], head: Mapping[str, Any], signed: Signed
) -> Report:
    """Go through the log and its seals, and note all that is wrong.

    `signed(key, signature, message)` says whether a known key made the signature.
    """
    report = Report(seals=len(seals))
    ends = _check_seals(seals, signed, report)
    last, before = 0, GENESIS
    for entry in entries:
        report.entries += 1
        _check_entry(entry, last, before, report)
        last, before = entry["seq"], entry["hash"]
        if last in ends:
            _check_sealed(ends[last], before, report)
        if len(report.problems) >= ENOUGH:
            return _sorted(report)
    _check_end(head, max(ends, default=0), last, before, signed, report)
    return _sorted(report)


def _sorted(report: Report) -> Report:
    report.problems.sort(key=lambda problem: problem.seq)
    return report


def _check_entry(entry: Mapping[str, Any], last: int, before: str, report: Report) -> None:
    seq = entry["seq"]
    if seq > last + 1:
        missing = f"it is missing, and so is everything up to {seq - 1}" if seq > last + 2 else "it is missing"
        report.add(last + 1, missing)
    elif seq <= last:
        report.add(seq, "it stands out of order")
    if len(entry) > len(LINK) and entry_hash(entry) != entry["hash"]:
        if entry_hash({**entry, "seq": seq - 1}) == entry["hash"]:
            report.add(seq - 1, "it was put in afterwards, and those that follow were moved up")
        else:
            report.add(seq, "its content is not what was written")
    elif entry["prev_hash"] != before and seq == last + 1:
        report.add(max(last, 1), "it is not the one that was written here: the next entry follows another")


def _check_sealed(seal: Mapping[str, Any], before: str, report: Report) -> None:
    """Whether the seal was put on the entry it ends with; where one that it covers is known to be bad, that says it."""
    first, last = seal["first_seq"], seal["last_seq"]
    if seal["head_hash"] != before and not any(first <= each.seq <= last for each in report.problems):
        report.add(first, f"seal {seal['number']} was put on other entries from here up to {last}")


def _check_seals(seals: Sequence[Mapping[str, Any]], signed: Signed, report: Report) -> dict[int, Mapping[str, Any]]:
    """The genuine seals by the entry that they end with."""
    ends: dict[int, Mapping[str, Any]] = {}
    number, last = 0, 0
    for seal in seals:
        name = f"seal {seal['number']}"
        if not signed(seal["key"], seal["signature"], seal_message(seal)):
            report.add(seal["first_seq"], f"{name} is not signed by a key of this log")
        elif seal["number"] != number + 1 or seal["first_seq"] != last + 1:
            report.add(last + 1, f"{name} does not follow seal {number}: a seal is missing")
        elif seal["count"] != seal["last_seq"] - last:
            report.add(seal["first_seq"], f"{name} counts {seal['count']} entries")
        number, last = seal["number"], seal["last_seq"]
        ends[last] = seal
    return ends


def _check_end(head: Mapping[str, Any], sealed: int, last: int, before: str, signed: Signed, report: Report) -> None:
    seq = head["seq"]
    if (seq or last) and not signed(head["key"], head["signature"], head_message(seq, head["hash"], head["key"])):
        report.add(last or 1, "the signed end of the log is not genuine")
    if max(seq, sealed) > last:
        report.add(last + 1, f"it is missing: the log was signed up to {max(seq, sealed)}")
    elif seq < last:
        report.add(seq + 1, f"it was put in after the signed end of the log, which is {seq}")
    elif head["hash"] != before:
        report.add(last or 1, "it is not the entry that the signed end of the log names")


# --- Ed25519 (RFC 8032, section 5.1.7), for where no library is at hand ---

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)

#: X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
_Point = tuple[int, int, int, int]


def verify_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is an Ed25519 signature of `message` by `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:  # noqa: PLR2004 (RFC 8032)
        return False
    key, nonce = _decode(public), _decode(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    left, right = _times(scalar, _BASE), _add(nonce, _times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 == (left[1] * right[2] - right[1] * left[2]) % _P


def _add(a: _Point, b: _Point) -> _Point:
    minus, plus = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    cross, double = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = plus - minus, double - cross, double + cross, plus + minus
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _decode(data: bytes) -> _Point | None:
    """The point that 32 bytes stand for, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return (x, y, 1, x * y % _P)


_BASE: _Point = _decode((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")) or (0, 1, 1, 0)


# --- an export ---


def known(keys: Mapping[str, str]) -> Signed:
    """Whether one of `keys` (id -> public key in hexadecimal) made a signature."""

    def signed(key: str, signature: str, message: bytes) -> bool:
        return key in keys and verify_signature(bytes.fromhex(keys[key]), bytes.fromhex(signature), message)

    return signed


def _open(export: Path, name: str) -> Any:
    if export.is_dir():
        return (export / name).open("rb")
    return zipfile.ZipFile(export).open(name)


def _lines(export: Path, name: str) -> Iterator[dict[str, Any]]:
    with _open(export, name) as file:
        for line in file:
            yield json.loads(line)


def _check_sealing(own: int, seals: Sequence[Mapping[str, Any]], report: Report) -> None:
    """Whether seals are missing at the end: an export is sealed up to the entry about itself, its `own`, or further."""
    sealed = max((seal["last_seq"] for seal in seals), default=0)
    if sealed < max(own, 1):
        report.add(sealed + 1, f"the seals over it are missing: the log was sealed up to {max(own, 1)} for this export")


def check_export(export: Path) -> Report:
    """Check an export: a folder, or a zip of it."""
    with _open(export, "about.json") as file:
        about = json.load(file)
    seals = list(_lines(export, "seals.jsonl"))
    report = check(_lines(export, "entries.jsonl"), seals, about["head"], known(about["keys"]))
    _check_sealing(about["own_entry"], seals, report)
    counted = sum(len(entry) > len(LINK) for entry in _lines(export, "entries.jsonl"))
    if counted != about["entries_in_full"]:
        report.add(1, f"the export holds {counted} entries in full, and says {about['entries_in_full']}")
    return report


def main(arguments: Sequence[str]) -> int:
    """Check the export that is named, tell, and return 0 where all is as it was written."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python3 verify_audit.py FOLDER-OR-ZIP\n")
        return 2
    report = check_export(Path(arguments[0]))
    for problem in report.problems:
        sys.stdout.write(f"{problem}\n")
    state = "NOT as written" if report.problems else "all as written"
    sys.stdout.write(f"{report.entries} entries, {report.seals} seals: {state}.\n")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
