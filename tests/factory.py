"""One factory for tests: a small workspace on disk, declared like any other, and what a run makes of it."""

import fcntl
import shutil
import textwrap
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import duckdb
from argon2 import PasswordHasher
from sqlalchemy import text

from bluelamp.connectors import OPTIONS
from bluelamp.lake.sql import literal
from bluelamp.lake.store import Store
from bluelamp.pipeline.run import Outcome, run
from bluelamp.session.force import BlueLamp
from bluelamp.workspace import load
from bluelamp.workspace.model import Workspace

CONFIG = 'name = "Test Force"\n'

#: where the processes that run tests share what each needs, as tests/conftest.py says
SHELF = Path()

#: what records are numbered by in every workspace made here, so that they compare
SECRET = "5ec2e7" * 10 + "0123"

PASSWORD = "lantern-harbour-biscuit"
#: as passwords are kept, but at the least cost: only tests/session/test_accounts.py is about how long it takes
KEPT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

USERS = """
users:
  ann: {title: "Ann, analyst", roles: [analyst], clearance: [OFFICIAL, OFFICIAL-SENSITIVE], team: one}
  ben: {title: "Ben, analyst with less clearance", roles: [analyst], clearance: [OFFICIAL], team: two}
  eve: {title: "Eve, data engineer", roles: [data_engineer], clearance: [OFFICIAL, OFFICIAL-SENSITIVE]}
  dan: {title: "Dan, data protection officer", roles: [data_protection_officer], clearance: [OFFICIAL]}
  ida: {title: "Ida, administrator", roles: [administrator], clearance: [OFFICIAL, OFFICIAL-SENSITIVE]}
"""

PURPOSES = {
    "investigation": """
        purpose: investigation
        title: Investigating crime
        lawful_basis: DPA 2018 s.35(2)(b)
        roles: [analyst, data_engineer]
        dpia: DPIA-1 approved 2026-01-05
        ends: 2030-12-31
        """,
    "correction": """
        purpose: correction
        title: Correcting rows
        lawful_basis: DPA 2018 s.38(1), s.35(5)
        roles: [data_engineer]
        sensitive: true
        policy_document: APD-5
        dpia: DPIA-5 approved 2026-01-05
        """,
    "welfare": """
        purpose: welfare
        title: Staff welfare
        lawful_basis: UK GDPR Art 6(1)(e)
        roles: [analyst]
        needs_case: true
        dpia: DPIA-2 approved 2026-01-05
        """,
    "safety": """
        purpose: safety
        title: Safeguarding
        lawful_basis: Care Act 2014
        roles: [analyst]
        dpia: DPIA-4 approved 2026-01-05
        safeguarding: true
        """,
    "ended": """
        purpose: ended
        title: An operation that is over
        lawful_basis: DPA 2018 s.35(2)(b)
        roles: [analyst]
        dpia: DPIA-3 approved 2020-01-05
        ends: 2020-12-31
        """,
}

#: asked of any workspace made here
QUESTIONS = {
    "homes": """
        question: homes
        title: Addresses of several people
        purposes: [investigation, safety]
        ask: {least: {label: People, default: 2}}
        things: {home: Location, who: Person}
        links: [{from: who, type: lives_at, to: home}]
        answer: home
        at_least: {who: $least}
        """,
    "neighbours": """
        question: neighbours
        title: People at one address with somebody who was arrested
        purposes: [safety]
        ask: {since: {label: Arrested since, default: 2026-01-01}}
        things: {who: Person, other: Person, home: Location, arrest: {type: Custody, since: $since}, own: Custody}
        links:
          - {from: who, type: lives_at, to: home}
          - {from: other, type: lives_at, to: home}
          - {from: other, type: involved_in, to: arrest, roles: [arrested]}
        without: [{from: who, type: involved_in, to: own}]
        answer: who
        most: 3
        """,
}

CUSTODY = """
    source: custody
    title: Custody
    owner: Criminal Justice
    lawful_basis: PACE 1984 s.39
    purposes: [investigation, correction]
    marking: OFFICIAL
    retention: mopi-2
    read: {connector: csv, path: custody-*.csv, mode: append}
    records:
      detainee:
        type: Person
        key: [Ref]
        set:
          given_name: Forename
          surname: Surname
          date_of_birth: {column: DOB, format: "%d/%m/%Y"}
          pnc_id: PNC
          ethnicity_self: Ethnicity
      detention:
        type: Custody
        key: [Custody No]
        set: {reference: Custody No, happened_at: {column: Detained, format: iso}, station: Station}
    links:
      - {type: involved_in, from: detainee, to: detention, role: arrested}
    """

CUSTODY_FILE = """\
Custody No,Ref,Forename,Surname,DOB,PNC,Ethnicity,Detained,Station
C1,N1,John,Smith,03/06/1990,2099/0000123P,W1,2026-01-05T10:22,Lambeth
C2,N2,Amara,Okafor,31/02/1988,,B2,2026-02-07T23:59,Brixton
C3,N1,Jon,Smith,03/06/1990,2099/0000123P,W1,2026-03-01T08:00,Lambeth
"""

INTELLIGENCE = """
    source: intelligence
    title: Intelligence reports
    owner: Intelligence
    lawful_basis: common law
    purposes: [investigation, correction]
    marking: OFFICIAL-SENSITIVE
    retention: mopi-2
    read: {connector: jsonl, path: intelligence-*.jsonl, mode: append}
    records:
      report:
        type: IntelligenceReport
        key: [urn]
        marking: marking
        set: {reference: urn, title: title, text: body, grade: grade, happened_at: date}
      subject:
        type: Person
        key: [subject.ref]
        marking: marking
        set: {given_name: subject.given, surname: subject.family, pnc_id: subject.pnc}
    links:
      - {type: involved_in, from: subject, to: report, role: subject, basis: assessment}
    """

INTELLIGENCE_FILE = """\
{"urn": "IR1", "title": "Seen near the market", "body": "John SMITH was seen near the market", "grade": "2DP", "date": "2026-01-20", "marking": "OFFICIAL-SENSITIVE", "subject": {"ref": "S1", "given": "John", "family": "Smith", "pnc": "2099/0000123P"}}
{"urn": "IR2", "title": "New phone", "body": "Wei CHEN has a new phone", "grade": "1AP", "date": "2026-02", "marking": "OFFICIAL-SENSITIVE", "subject": {"ref": "S2", "given": "Wei", "family": "Chen", "pnc": null}}
"""


def workspace(
    folder: Path,
    sources: Mapping[str, str] | None = None,
    files: Mapping[str, str | bytes] | None = None,
    config: str = CONFIG,
    database: str = "",
) -> Path:
    """Write a workspace into `folder`: by default custody and intelligence with their files. Returns the folder.

    Its database is one of its own, or that at the address `database`.
    """
    sources = {"custody": CUSTODY, "intelligence": INTELLIGENCE} if sources is None else sources
    if files is None:
        files = {"custody-1.csv": CUSTODY_FILE, "intelligence-1.jsonl": INTELLIGENCE_FILE}
    config += f'[database]\nurl = "{database}"\n' if database else ""
    written: dict[str, str | bytes] = {"bluelamp.toml": config, "users.yaml": USERS}
    written |= {f"purposes/{name}.yaml": textwrap.dedent(text) for name, text in PURPOSES.items()}
    written |= {f"questions/{name}.yaml": textwrap.dedent(text) for name, text in QUESTIONS.items()}
    written |= {f"sources/{name}.yaml": textwrap.dedent(text) for name, text in sources.items()}
    written |= files
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / ".bluelamp").mkdir(exist_ok=True)
    (folder / ".bluelamp" / "numbering.secret").write_text(SECRET)
    return folder


def shelved(name: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` fills, once for all processes that run tests: to be copied, not changed."""
    made = SHELF / name
    with (SHELF / f"{name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            half = SHELF / f"{name}.half"
            make(half)
            half.rename(made)
    return made


def published(
    folder: Path,
    sources: Mapping[str, str] | None = None,
    files: Mapping[str, str | bytes] | None = None,
    database: str = "",
    config: str = CONFIG,
) -> Path:
    """A workspace in `folder` as `workspace` makes it, run once: for what comes after a first build. Returns the folder.

    The first build of the same declarations and files is made once, for all processes that run tests, and copied. Its
    deliveries are on no audit log yet: the first run of a force on `database` writes their entries.
    """
    asked = sha256(repr((sources, files, config)).encode()).hexdigest()[:16]
    made = shelved(asked, lambda half: built(workspace(half, sources, files, config)))
    return copied(made, folder, database)


def copied(made: Path, folder: Path, database: str = "") -> Path:
    """A workspace from the shelf in `folder`, with a database of its own if one is given."""
    shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True)
    if database:
        with (folder / "bluelamp.toml").open("a") as file:
            file.write(f'\n[database]\nurl = "{database}"\n')
    return folder


def let_in(force: BlueLamp, *users: str) -> None:
    """Give `users` the password `PASSWORD`, where they have none."""
    with force.database.begin() as connection:
        given = [{"user": user, "kept": KEPT} for user in users]
        said = 'INSERT INTO accounts ("user", password) VALUES (:user, :kept) ON CONFLICT ("user") DO UPDATE SET '
        connection.execute(text(said + "password = coalesce(accounts.password, excluded.password)"), given)


def loaded(folder: Path) -> Workspace:
    """The workspace in `folder`, with connectors checked."""
    return load(folder, OPTIONS)


def built(folder: Path) -> Outcome:
    """Run the workspace in `folder`."""
    return run(loaded(folder), "tester", lambda *_: None)


def store(folder: Path) -> Store:
    """Where the data of a workspace made here lives."""
    return Store(folder / ".bluelamp")


def rows(folder: Path, table: str, columns: str = "*") -> list[tuple[object, ...]]:
    """All rows of a table of the published index, sorted."""
    pointer = int((store(folder).builds / "current").read_text())
    path = store(folder).builds / f"{pointer:06}" / "objects.duckdb"
    with duckdb.connect() as connection:
        # attached: a session of the same process may have the file open
        connection.execute(f"attach {literal(str(path))} as built (read_only)")
        connection.execute("use built")
        return connection.execute(f"select {columns} from {table} order by all").fetchall()
