"""The formats in which a chart is taken out: each a function of what is taken, which touches no file and no network."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bluelamp.errors import BlueLampError
from bluelamp.session.formats.ftm import as_ftm
from bluelamp.session.formats.geojson import as_geojson
from bluelamp.session.formats.graphs import as_gexf, as_graphml
from bluelamp.session.formats.picture import as_pdf, as_png, as_svg
from bluelamp.session.formats.tables import as_csv, as_i2, as_parquet
from bluelamp.session.formats.taken import Taken


@dataclass(frozen=True)
class Format:
    """One way to take a chart out."""

    name: str
    label: str
    suffix: str
    media: str
    write: Callable[[Taken], bytes]
    #: whether the chart's story is in it
    story: bool = False


@dataclass(frozen=True)
class ChartFile:
    """A chart on its way out: the name of the file says the marking."""

    name: str
    media: str
    content: bytes


FORMATS = (
    Format("svg", "SVG, a picture that can be enlarged", "svg", "image/svg+xml", as_svg),
    Format("png", "PNG, a picture of dots", "png", "image/png", as_png),
    Format("pdf", "PDF, a page", "pdf", "application/pdf", as_pdf, story=True),
    Format("csv", "CSV, tables in a zip", "csv.zip", "application/zip", as_csv),
    Format("parquet", "Parquet, tables in a zip", "parquet.zip", "application/zip", as_parquet),
    Format("i2", "CSV for Analyst’s Notebook", "i2.csv", "text/csv", as_i2),
    Format("graphml", "GraphML", "graphml", "application/graphml+xml", as_graphml),
    Format("gexf", "GEXF, for Gephi", "gexf", "application/gexf+xml", as_gexf),
    Format("geojson", "GeoJSON", "geojson", "application/geo+json", as_geojson),
    Format("ftm", "FollowTheMoney JSON lines", "ftm.json", "application/json+ftm", as_ftm),
)


def known(name: str) -> Format:
    """The format of a name. Raises BlueLampError."""
    found = next((each for each in FORMATS if each.name == name), None)
    if found is None:
        listed = ", ".join(each.name for each in FORMATS)
        raise BlueLampError(f"There is no format {name[:50]!r}; the formats are {listed}.")
    return found


def file_of(out: Taken, format: Format) -> ChartFile:
    """What is taken, in a format."""
    plain = unicodedata.normalize("NFC", f"{out.title[:80]} {out.marking}")
    name = re.sub(r"[^\w .()-]+", "_", plain).strip(" .") or "chart"
    return ChartFile(f"{name}.{format.suffix}", format.media, format.write(out))
