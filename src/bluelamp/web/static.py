"""Serves the built styles and scripts: named by their content, compressed when built, kept by browsers for a year.

Only these files are compressed. A page that mixes a secret with a visitor's words must not be (BREACH).
"""

import mimetypes
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

FOREVER = "public, max-age=31536000, immutable"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class Built(NamedTuple):
    """One file's content by encoding, and its media type."""

    media: str
    content: dict[str, bytes]


class Static:
    """An ASGI application over the files that `manifest.json` in `folder` names; nothing else is served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file, in the best encoding that the browser takes."""
        name = scope["path"].rpartition("/")[2]
        built = files(self.folder).get(name)
        if built is None or scope["method"] not in ("GET", "HEAD"):
            await Response(status_code=404)(scope, receive, send)
            return
        taken = Headers(scope=scope).get("accept-encoding", "")
        encoding = next((coding for coding, _ in ENCODINGS if coding in taken), "")
        headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
        if encoding:
            headers["content-encoding"] = encoding
        await Response(built.content[encoding], media_type=built.media, headers=headers)(scope, receive, send)


@cache
def files(folder: Path) -> dict[str, Built]:
    """All built files by name, read once."""
    named = [file for file in folder.iterdir() if file.suffix in (".css", ".js", ".svg", ".json") and "-" in file.name]
    return {file.name: _read(file) for file in named}


def _read(file: Path) -> Built:
    media = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    small = {coding: file.with_name(file.name + end).read_bytes() for coding, end in ENCODINGS}
    return Built(media, {"": file.read_bytes()} | small)
