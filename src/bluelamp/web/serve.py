"""`bluelamp serve`: the web application in one process, until it is told to stop."""

import gc
import importlib
import threading
from typing import Any

import uvicorn

from bluelamp.web.app import create_app


def serve(force: Any, host: str | None = None, port: int | None = None) -> None:
    """Listen until interrupted; whoever opened the workspace closes it."""
    settings = force.workspace.settings.server
    where, at = host or settings.host, port or settings.port
    app = create_app(force)
    force.audit.key()
    threading.Thread(target=_settle, daemon=True).start()
    print(f"Blue Lamp is on http://{where}:{at}/ (Ctrl-C stops it)", flush=True)  # noqa: T201 (what `serve` is asked for)
    try:
        uvicorn.run(app, host=where, port=at, log_level="warning", access_log=False, server_header=False)
    finally:
        # what is frozen is never let go of, which DuckDB complains of in fifty lines at the end
        gc.unfreeze()


def _settle() -> None:
    """What would hold up a page later, done before one is asked for."""
    # pyarrow loads it when it first makes an array, which takes a third of a second
    importlib.import_module("pandas")
    # what is loaded stays; to look through it for garbage takes a fifth of a second now and then
    gc.freeze()
