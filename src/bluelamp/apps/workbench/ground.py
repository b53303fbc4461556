"""What maps are drawn on: the workspace's own lines and tiles, which say nothing about anybody.

Neither is an entry on the audit log. All tiles have one address, and which of them are read stands in a header that no
log keeps: nothing but the audit log may tell what somebody looked at.
"""

import re
from typing import Annotated

from fastapi import APIRouter, Header, Response

from bluelamp.apps.page import Visit, needs
from bluelamp.errors import NotFound
from bluelamp.session.permissions import Action
from bluelamp.workspace import boundaries, tiles

router = APIRouter()

Viewer = Annotated[Visit, needs(Action.CHART)]
Asked = Annotated[str, Header(alias="range")]
Unchanged = Annotated[str, Header(alias="if-range")]

#: one range with both its ends; no file is as long as more digits would say
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})", re.ASCII)


@router.get("/boundaries")
def lines(visit: Viewer) -> Response:
    """The boundaries of areas."""
    found = boundaries.content(visit.force.workspace)
    if found is None:
        raise NotFound("The workspace names no boundaries; set [map] boundaries in bluelamp.toml.")
    return Response(found, media_type="application/geo+json")


@router.get("/tiles")
def base(visit: Viewer, asked: Asked = "", unchanged: Unchanged = "") -> Response:
    """A range of bytes of the file of tiles (RFC 9110, 14); the whole of it only where it is small."""
    workspace = visit.force.workspace
    if not workspace.settings.map.tiles:
        raise NotFound("The workspace names no tiles; set [map] tiles in bluelamp.toml.")
    part = _RANGE.fullmatch(asked)
    piece = tiles.read(workspace, *map(int, part.groups())) if part else tiles.read(workspace)
    if part and unchanged and unchanged != piece.tag:
        part, piece = None, tiles.read(workspace)
    headers = {"accept-ranges": "bytes", "etag": piece.tag}
    if not piece.content:
        sentence = f"Ask for one range, inside the file, of at most {tiles.MOST:,} bytes."
        headers["content-range"] = f"bytes */{piece.size}"
        return Response(sentence, status_code=416, media_type="text/plain", headers=headers)
    if part:
        headers["content-range"] = f"bytes {piece.first}-{piece.first + len(piece.content) - 1}/{piece.size}"
    return Response(
        piece.content, status_code=206 if part else 200, media_type="application/vnd.pmtiles", headers=headers
    )
