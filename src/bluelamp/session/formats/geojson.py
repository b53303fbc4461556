"""A chart as GeoJSON (RFC 7946): things at their places, links as lines between these."""

import json
from typing import Any

from bluelamp.session.formats import taken
from bluelamp.session.formats.taken import Row, Taken


def as_geojson(out: Taken) -> bytes:
    """One collection of every thing and link; what has no place is there without a geometry."""
    things = taken.things(out)
    at = {str(each.id): [[longitude, latitude] for latitude, longitude in each.points] for each in out.part.things}
    features = [_feature(row, _points(at.get(str(row["id"]), []))) for row in things]
    for row in taken.bonds(out):
        ends = [at.get(str(row[end]), [])[:1] for end in ("one", "other")]
        line = {"type": "LineString", "coordinates": [place for end in ends for place in end]}
        features.append(_feature(row, line if all(ends) else None))
    about: dict[str, Any] = {"type": "FeatureCollection", **out.about, "notes": taken.notes(out)}
    return json.dumps({**about, "features": features}, ensure_ascii=False).encode()


def _points(places: list[list[float]]) -> dict[str, Any] | None:
    if not places:
        return None
    if len(places) == 1:
        return {"type": "Point", "coordinates": places[0]}
    return {"type": "MultiPoint", "coordinates": places}


def _feature(row: Row, geometry: dict[str, Any] | None) -> dict[str, Any]:
    said = {name: list(cell) if isinstance(cell, tuple) else cell for name, cell in row.items()}
    return {"type": "Feature", "id": row["id"], "geometry": geometry, "properties": said}
