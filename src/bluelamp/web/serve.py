"""`bluelamp serve`: the web application in one process, until it is told to stop."""

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
    # pyarrow loads it when it first makes an array, a third of a second in which a reader would wait for a page
    threading.Thread(target=importlib.import_module, args=("pandas",), daemon=True).start()
    print(f"Blue Lamp is on http://{where}:{at}/ (Ctrl-C stops it)", flush=True)  # noqa: T201 (what `serve` is asked for)
    uvicorn.run(app, host=where, port=at, log_level="warning", access_log=False, server_header=False)
