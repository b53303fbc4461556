"""Apache Spark as the other batch engine: on this machine, or at the address of a Spark Connect server."""

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import bluelamp
from bluelamp.errors import BlueLampError
from bluelamp.lake import duck

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: the oldest Java that Spark runs on
JAVA = 17

#: seconds within which a Spark Connect server must answer
PATIENCE = 20

#: rows that go to a function at a time
_ROWS = "50000"

_INSTEAD = 'or write name = "duckdb" under [engine] in bluelamp.toml.'
_MEND = 'mend `spark`, or write name = "duckdb" under [engine] in bluelamp.toml.'
_PACKAGE = Path(bluelamp.__file__).parent
#: what the package holds for browsers and databases, and no function that Spark runs asks for
_LEFT_HERE = frozenset({"static", "templates", "migrations", "__pycache__"})


@contextmanager
def connect(
    address: str, scratch: Path, threads: int = duck.THREADS, memory: str = duck.MEMORY
) -> Iterator["SparkSession"]:
    """A session at the `address` of a Spark Connect server (`sc://host:15002`), stopped in the end.

    Without an address Spark runs here, with so many threads and so much memory, and spills to `scratch`. Functions of
    this package run wherever Spark sends them. Raises BlueLampError where Spark, or the Java that it needs, is not
    there, nothing answers at the address, or what Spark was asked to do fails.
    """
    try:
        import grpc  # noqa: F401, PLC0415 (an extra, which few need)
        import pyspark  # noqa: F401, PLC0415
    except ImportError as error:
        raise BlueLampError(f"Spark is not installed here; run `pip install 'bluelamp[spark]'`, {_INSTEAD}") from error
    where = _host(address) if address else "on this machine"
    scratch.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(), _explained(where):
        # what it says of pandas does not concern Arrow, which is all that passes here
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        session = _remote(address, scratch) if address else _local(scratch, threads, memory)
        try:
            session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", _ROWS)
            yield session
        finally:
            session.stop()


def _host(address: str) -> str:
    """An address without what is secret of it."""
    return f"at {address.partition(';')[0].rstrip('/')}"


def _remote(address: str, scratch: Path) -> "SparkSession":
    """A session at a server, which gets this package's modules, so that it runs the very functions that run here."""
    import grpc  # noqa: PLC0415 (comes with Spark)
    from pyspark.sql.connect.client import DefaultChannelBuilder  # noqa: PLC0415
    from pyspark.sql.connect.session import SparkSession as Remote  # noqa: PLC0415

    try:
        channel = DefaultChannelBuilder(address).toChannel()
    except ValueError as error:
        raise BlueLampError(f"No Spark Connect server can be {_host(address)}; {_MEND}") from error
    try:
        grpc.channel_ready_future(channel).result(timeout=PATIENCE)
    except grpc.FutureTimeoutError as error:
        raise BlueLampError(f"No Spark Connect server answers {_host(address)}; start it, {_MEND}") from error
    finally:
        channel.close()
    session = cast("SparkSession", Remote(address))
    session.addArtifacts(str(_packed(scratch)), pyfile=True)
    return session


def _packed(scratch: Path) -> Path:
    """The modules and code lists of this package, in one file."""
    path = scratch / "bluelamp.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in sorted(_PACKAGE.rglob("*")):
            inside = each.relative_to(_PACKAGE.parent)
            if each.is_file() and _LEFT_HERE.isdisjoint(inside.parts):
                packed.write(each, inside)
    return path


def _local(scratch: Path, threads: int, memory: str) -> "SparkSession":
    """A session in a Java of this process's own, which ends with it. Only this machine reaches it.

    What the file spark-defaults.conf in SPARK_CONF_DIR says holds, but for what is said here.
    """
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    gateway = _machine(_mebibytes(memory))
    conf = SparkConf(_jvm=gateway.jvm).setMaster(f"local[{threads}]").setAppName("bluelamp")
    said = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.maxResultSize": "0",
        "spark.executorEnv.PYTHONPATH": str(_PACKAGE.parent),
        "spark.local.dir": str(scratch.absolute()),
        "spark.sql.shuffle.partitions": str(8 * threads),
        "spark.ui.enabled": "false",
    }
    context = SparkContext(conf=conf.setAll(list(said.items())), gateway=gateway)
    context.pythonExec = sys.executable
    return SparkSession(context)


@cache
def _machine(memory: int) -> Any:
    """A Java with so many MiB of memory; the first that this process asks for serves all its sessions."""
    from pyspark import SparkConf  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415

    _require_java()
    conf = SparkConf(loadDefaults=False).set("spark.driver.memory", f"{memory}m")
    # what Java says of itself is not for the people who run Blue Lamp
    with tempfile.TemporaryFile() as said:
        try:
            gateway = launch_gateway(conf, {"stdout": said, "stderr": said})  # type: ignore[no-untyped-call]
        except PySparkException as error:
            said.seek(0)
            lines = [line.strip().rstrip(".") for line in said.read().decode(errors="replace").splitlines()]
            reason = "; ".join([line for line in lines if line and not _NOISE.search(line)][:2]) or "it said nothing"
            raise BlueLampError(f"Spark did not start on this machine ({reason}); mend that, {_INSTEAD}") from error
    # Java ends when nobody can write to it any more
    atexit.register(gateway.proc.stdin.close)
    return gateway


#: what says nothing of why Java did not start
_NOISE = re.compile(r"spark-class: line|^Picked up |^WARNING: ")


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    get = f"install it (Debian: default-jre-headless), or let JAVA_HOME name where it is, {_INSTEAD}"
    try:
        asked = subprocess.run([java or "java", "-version"], capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise BlueLampError(f"Spark needs Java {JAVA} or newer, and there is none here; {get}") from error
    version = re.search(r'version "(?:1\.)?(\d+)', asked.stderr)
    if version and int(version[1]) < JAVA:
        raise BlueLampError(f"Spark needs Java {JAVA} or newer, and {java} is Java {version[1]}; {get}")


#: the least memory that Spark starts with, in MiB
_LEAST = 1024


def _mebibytes(memory: str) -> int:
    """DuckDB's way to write an amount of memory, in MiB."""
    found = re.fullmatch(r"([\d.]+)\s*([KMGT])(i?)B?", memory.strip(), re.IGNORECASE)
    if not found:
        return _mebibytes(duck.MEMORY)
    scale = 1024 if found[3] else 1000
    return max(_LEAST, int(float(found[1]) * scale ** ("KMGT".index(found[2].upper()) + 1)) // 2**20)


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """What fails in Spark, as one sentence."""
    import grpc  # noqa: PLC0415
    from py4j.protocol import Py4JError  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except (PySparkException, Py4JError, grpc.RpcError) as error:
        raise BlueLampError(f"Spark {where} failed: {_reason(error)}. Mend that and run again, {_INSTEAD}") from error


def _reason(error: Exception) -> str:
    """What is at the root of what Spark says: the last line of a trace of Python, else the first line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    raised = [line for line in lines if re.match(r"[\w.]+(Error|Exception)\b", line)]
    said = raised[-1] if raised and "Traceback" in str(error) else lines[0]
    return re.sub(r"^([\w.]+(Error|Exception):\s*)?(\[[\w.]+\]\s*)?", "", said).rstrip(".")
