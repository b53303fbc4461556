"""Deliveries of custody to a force that stands, for what is new."""

import time

from bluelamp.session.force import BlueLamp
from tests.pipeline.standing import HEADER

NGOZI = "C7,N7,Ngozi,Okafor,03/06/1991,,,2026-04-01T08:00,Lambeth"
ZOE = "C8,N8,Zoe,Smith,03/06/1992,,,2026-04-02T08:00,Lambeth"


def come(force: BlueLamp, *rows: str) -> None:
    """A custody delivery with these rows, and a run."""
    (force.folder / f"custody-{time.monotonic_ns()}.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    assert force.run("tester", lambda *_: None).published
