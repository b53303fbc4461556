"""What runs cost: the whole London burglary file against a bare script, a run with nothing new, and a 1% delivery."""

import gzip
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bluelamp.demo import generate

ROOT = Path(__file__).parents[1]
BURGLARY = "london_burglary_2010-12_2023-12.csv.gz"
RUN = "import sys; from bluelamp.cli import main; sys.argv = ['bluelamp', *sys.argv[1:]]; main()"


def timed(*command: str) -> tuple[float, float]:
    """Wall seconds and processor seconds of a command. Raises where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, processor


def bluelamp(*arguments: str) -> tuple[float, float]:
    """Times a `bluelamp` command."""
    return timed(sys.executable, "-c", RUN, *arguments)


def london(data: Path, work: Path, times: int = 3) -> list[tuple[float, float, float, float]]:
    """Pairs of (bare wall, bare processor, ours wall, ours processor) for the burglary file, taken in turn."""
    workspace = work / "london"
    found = []
    for _ in range(times):
        bare = timed(sys.executable, str(ROOT / "benchmarks" / "bare.py"), str(data / BURGLARY))
        shutil.rmtree(workspace, ignore_errors=True)
        shutil.copytree(ROOT / "examples" / "london", workspace, ignore=shutil.ignore_patterns(".bluelamp"))
        for source in (workspace / "sources").glob("*.yaml"):
            if source.stem != "burglary":
                source.unlink()
        ours = bluelamp("run", str(workspace), "--deliveries", str(data))
        found.append((*bare, *ours))
    return found


def unchanged(workspace: Path, times: int = 5) -> list[float]:
    """Wall seconds of `bluelamp run` where nothing changed."""
    return [bluelamp("run", str(workspace))[0] for _ in range(times)]


def city(work: Path) -> tuple[float, float, Path]:
    """Wall seconds of a full run of the `city` force, and of a run after a delivery of 1% more rows."""
    folder = work / "city"
    if not folder.exists():
        generate("city", folder)
    for kept in (".bluelamp", "models"):
        shutil.rmtree(folder / kept, ignore_errors=True)
    (folder / "deliveries" / "calls" / "9999-01-more.csv.gz").unlink(missing_ok=True)
    full, _ = bluelamp("run", str(folder))
    _more_calls(folder)
    part, _ = bluelamp("run", str(folder))
    return full, part, folder


def _more_calls(folder: Path) -> None:
    """A further month of phone billing, 10,000 rows: 1% of the force's rows."""
    taken = sorted((folder / "deliveries" / "calls").glob("*.csv.gz"))[0]
    lines = gzip.decompress(taken.read_bytes()).decode().splitlines()
    head, rows = lines[0], lines[1:10_001]
    turned = [row.replace(row.split(",")[0], f"Z{number:09}", 1) for number, row in enumerate(rows)]
    target = folder / "deliveries" / "calls" / "9999-01-more.csv.gz"
    target.write_bytes(gzip.compress("\n".join([head, *turned]).encode()))
