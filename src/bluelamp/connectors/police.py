"""The archive of data.police.uk: a zip file or a folder of monthly files, one a force, as the police publish them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from bluelamp.connectors import delimited, found
from bluelamp.connectors.columns import ROW, require, schema
from bluelamp.connectors.offer import Offer, Reject
from bluelamp.connectors.options import options
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read

KINDS = ("street", "outcomes", "stop-and-search")
#: added to each row, as stop and search files name their force nowhere else
FORCE = "Force"

_NAME = re.compile(r"(?P<month>\d{4}-\d{2})-(?P<force>[a-z-]+?)-(?P<kind>street|outcomes|stop-and-search)\.csv")


def offers(declared: Read, base: Path) -> list[Offer]:
    """Each file of the declared kind in the archive, oldest month first."""
    kind = _kind(declared)
    path = declared.path.rstrip("/") or declared.path
    pattern = f"{path}/**/*.csv" if (base / path).is_dir() else path
    named = [(each, _NAME.fullmatch(Path(each.name).name)) for each in found.offered(pattern, base, options(declared))]
    chosen = [(match["month"], match["force"], each) for each, match in named if match and match["kind"] == kind]
    if not chosen:
        raise DeliveryError(
            f"{declared.path} has no {kind} file, such as 2024-01-metropolitan-{kind}.csv; download the archive again, "
            "or correct `kind`."
        )
    return [each for _, _, each in sorted(chosen, key=lambda one: one[:2])]


def read(
    offer: Offer, declared: Read, reject: Callable[[Reject], None], columns: frozenset[str]
) -> pa.RecordBatchReader:
    """The rows of one month of one force, and the force after the file's name as `Force`. Raises DeliveryError."""
    _kind(declared)
    rows = delimited.read(offer, declared, reject, frozenset())
    force = _NAME.fullmatch(Path(offer.name).name)
    names = [*(name for name in rows.schema.names if name not in (ROW, FORCE)), FORCE]
    require(columns, names, offer.name)

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in rows:
            known = {FORCE: pa.repeat(pa.scalar(force["force"] if force else None, pa.string()), batch.num_rows)}
            arrays = [known[name] if name in known else batch.column(name) for name in (*names, ROW)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema(names))

    return pa.RecordBatchReader.from_batches(schema(names), batches())


def _kind(declared: Read) -> str:
    chosen = options(declared)
    kind = chosen.text("kind", "street")
    if kind not in KINDS:
        raise chosen.wrong("kind", ", ".join(KINDS))
    return kind
