"""What a source's folder offers: the files that its path names, in natural order, and none outside of the folder."""

import fnmatch
import glob
import os
import re
from pathlib import Path

from bluelamp.connectors import unpack
from bluelamp.connectors.offer import Offer
from bluelamp.connectors.options import Options
from bluelamp.connectors.unpack import Limits
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read

#: what the names of a connector's files end in; where some in an archive do, the others (a readme) are no data
ENDINGS = {
    "csv": (".csv", ".csv.gz"),
    "tsv": (".tsv", ".tab"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
}
_PATTERN = re.compile(r"[*?\[]")


def files(path: str, base: Path) -> list[tuple[str, Path]]:
    """The names and paths of the files that `path` (which may have `*`, `**`, `?`, `[...]`) names below `base`.

    An absolute path is below its own folder instead. Raises DeliveryError where none is there, or where one
    would be outside, be it by `..` or by a symbolic link.
    """
    root, pattern = _rooted(path, base)
    found = sorted(_matches(pattern, root), key=_natural)
    if not found:
        where = f"No file matches {pattern}" if _PATTERN.search(pattern) else f"There is no file {pattern}"
        raise DeliveryError(f"{where} in {root}; put the delivery there, or correct `path` under `read:`.")
    return [(name, _inside(root, name)) for name in found]


def offered(path: str, base: Path, chosen: Options) -> list[Offer]:
    """Each file as an offer, and each file of a zip archive that fits the option `member`."""
    limits = Limits(
        chosen.number("max_size", unpack.MAX_SIZE, least=1), chosen.number("max_ratio", unpack.MAX_RATIO, least=1)
    )
    result = []
    for name, file in files(path, base):
        modified, size = _status(name, file)
        if unpack.is_zip(file, name):
            result += _members(name, file, modified, chosen, limits)
        else:
            result.append(Offer(name, file, size, modified, None, limits))
    return result


def whole(declared: Read, base: Path) -> list[Offer]:
    """Each file that the path names as one offer, whatever is packed in it."""
    result = []
    for name, file in files(declared.path, base):
        modified, size = _status(name, file)
        result.append(Offer(name, file, size, modified))
    return result


def _status(name: str, file: Path) -> tuple[float, int]:
    with unpack.plain_file(file, name) as opened:
        status = os.fstat(opened.fileno())
    return status.st_mtime, status.st_size


def _members(name: str, file: Path, modified: float, chosen: Options, limits: Limits) -> list[Offer]:
    pattern, endings = chosen.text("member"), ENDINGS.get(chosen.connector, ())
    packed = [each for each in unpack.members(file, name) if fnmatch.fnmatchcase(each.filename, pattern or "*")]
    fitting = [each for each in packed if each.filename.lower().endswith(endings)]
    packed = packed if pattern or not fitting else fitting
    if not packed:
        raise DeliveryError(f"The archive {name} has no file {pattern}; ask for it again, or correct `member`.")
    packed.sort(key=lambda each: _natural(each.filename))
    return [Offer(f"{name}/{each.filename}", file, each.file_size, modified, each.filename, limits) for each in packed]


def _rooted(path: str, base: Path) -> tuple[Path, str]:
    if not path.strip() or "\0" in path:
        raise DeliveryError("The source names no file; write `path` under `read:`.")
    if not Path(path).is_absolute():
        return base.resolve(), _below(path, base)
    parts = Path(path).parts
    fixed = next((n for n, part in enumerate(parts) if _PATTERN.search(part)), len(parts) - 1)
    return Path(*parts[:fixed]).resolve(), str(Path(*parts[fixed:]))


def _below(path: str, base: Path) -> str:
    normal = os.path.normpath(path)
    if normal == ".." or normal.startswith(f"..{os.sep}"):
        raise DeliveryError(
            f"The path {path} leaves {base}; put the file in that folder, or write the whole path from the root."
        )
    return normal


def _matches(pattern: str, root: Path) -> list[str]:
    if _PATTERN.search(pattern):
        found = glob.glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207  # skips hidden files
        return [name for name in found if not (root / name).is_dir()]
    return [pattern] if os.path.lexists(root / pattern) else []


def _inside(root: Path, name: str) -> Path:
    target = Path(os.path.realpath(root / name))
    if not target.is_relative_to(root):
        raise DeliveryError(f"{name} is a link to outside of {root}; put the file itself there.")
    return target


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part.casefold()) for part in re.split(r"(\d+)", name)]
