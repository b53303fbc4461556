"""A small force with something for every page: rejects, issues, warnings, masks, a conflict, many links of one kind.

`office` is the force, built and opened, `desk()` a browser at it that has signed in, for tests of the pages that
show data. What `ben` may not see (intelligence) can be left out, so that what he gets can be compared.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

import bluelamp
from bluelamp.session.force import BlueLamp
from bluelamp.session.session import Session
from bluelamp.web.app import create_app
from tests.factory import CUSTODY, CUSTODY_FILE, INTELLIGENCE, INTELLIGENCE_FILE, PASSWORD, let_in, published

AT = "http://localhost"

TENANCIES = """
    source: tenancies
    title: Tenancies
    owner: Housing
    lawful_basis: DPA 2018 s.35(2)(b)
    purposes: [investigation, correction]
    marking: OFFICIAL
    retention: mopi-2
    description: Who lives where, as the landlord says.
    read: {connector: csv, path: tenancies-*.csv, mode: append}
    records:
      tenant:
        type: Person
        key: [Ref]
        set:
          given_name: Forename
          surname: Surname
          date_of_birth: {column: DOB, format: "%d/%m/%Y"}
          sex: Sex
          ethnicity_self: Ethnicity
          pnc_id: PNC
          missing: Missing
          warning: Marker
      home:
        type: Location
        key: [UPRN]
        set: {address: Address, uprn: UPRN}
      car:
        type: Vehicle
        key: [Plate]
        set: {vrm: Plate}
    links:
      - {type: has_vehicle, from: tenant, to: car, role: ownershipOf}
      - {type: lives_at, from: tenant, to: home, role: currentAddress, from_date: {column: Since, format: iso}}
    checks:
      - {unique: [Ref], then: warn}
    """

#: two rows have a cell too many; one of them begins with what a spreadsheet takes for a formula
TENANCIES_FILE = "Ref,Forename,Surname,DOB,Sex,Ethnicity,PNC,Missing,Marker,UPRN,Address,Since,Plate\n" + "".join(
    [
        'T1,John,Smith,03/06/1990,M,W1,2099/0000123P,Y,Carries a knife,100023336956,"1 Harbour Road, Lambeth",2025-02-01,AB12CDE\n',
        'T2,Maria,Silva,14/02/1971,F,W3,2099/0000123P,N,,100023336956,"1 Harbour Road, Lambeth",2025-03-01,\n',
        'T3,John,Smith,25/12/1955,M,Purple,,N,,100023336956,"1 Harbour Road, Lambeth",2025-04-01,\n',
        "T4,Ann,Fox,,,,,,,,,,,one too many\n",
        "=1+1,Ann,Fox,,,,,,,,,,,one too many\n",
        *(
            f'P{n},Lodger,Number{"abcdefghij"[n // 10 % 10]}{"abcdefghij"[n % 10]},,,,,,,100023336956,"1 Harbour Road, Lambeth",2024-05-01,\n'
            for n in range(130)
        ),
    ]
)

#: who has signed in stays so, however long the tests take
CONFIG = 'name = "Test Force"\n[sign_in]\nidle_minutes = 600\n'

SOURCES = {"custody": CUSTODY, "tenancies": TENANCIES, "intelligence": INTELLIGENCE}
FILES = {
    "custody-1.csv": CUSTODY_FILE,
    "tenancies-1.csv": TENANCIES_FILE,
    "intelligence-1.jsonl": INTELLIGENCE_FILE,
}


@contextmanager
def opened(folder: Path, database: str, without: str = "") -> Iterator[BlueLamp]:
    """The force in `folder`, built; perhaps with nothing in the file of one source."""
    files = {name: "" if without and name.startswith(without) else content for name, content in FILES.items()}
    force = bluelamp.open(published(folder, SOURCES, files, database, CONFIG))
    force.run("tester", lambda *_: None)
    yield force
    force.close()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """The force, one for all tests: they only look."""
    with opened(tmp_path_factory.mktemp("office") / "force", fresh_database()) as force:
        yield force
    smith.cache_clear()
    home.cache_clear()


@pytest.fixture(scope="session")
def desk(office: BlueLamp) -> Iterator[Callable[..., TestClient]]:
    """`desk("ben")` is a browser that has signed in as ben and declared the investigation; it stays signed in."""
    taken: dict[tuple[str, str], TestClient] = {}

    def sit(user: str = "ann", purpose: str = "investigation") -> TestClient:
        if (user, purpose) not in taken:
            taken[user, purpose] = seat(office, user, purpose)
        return taken[user, purpose]

    yield sit
    for client in taken.values():
        client.close()


def seat(force: BlueLamp, user: str = "ann", purpose: str = "investigation") -> TestClient:
    """A browser at the force's pages that follows no redirect, signed in as `user` unless that is ""."""
    client = TestClient(create_app(force), base_url=AT, follow_redirects=False, raise_server_exceptions=False)
    client.headers["sec-fetch-site"] = "same-origin"
    if user:
        let_in(force, user)
        assert client.post("/sign-in", data={"name": user, "password": PASSWORD}).status_code == 303
    if user and purpose:
        declared = {"purpose": purpose, "reason": "Operation Ash"}
        assert client.post("/purpose", data=declared).status_code == 303
    return client


def as_(force: BlueLamp, user: str = "ann") -> Session:
    """A session of `user` for the investigation."""
    return force.session(user, "investigation", "Operation Ash")


def token(force: BlueLamp, user: str = "ann") -> str:
    """An API token of `user` for the investigation."""
    return as_(force, user).make_token("test")


@cache
def smith(force: BlueLamp) -> str:
    """The id of the John Smith who stands in all sources."""
    hits = as_(force).search("2099/0000123P").hits
    return max((str(hit.object) for hit in hits), key=lambda id: as_(force).object(id).records)


@cache
def home(force: BlueLamp) -> str:
    """The id of the one address, where everybody lives."""
    return str(next(hit.object for hit in as_(force).search("harbour road").hits if hit.type == "Location"))


def newest(force: BlueLamp) -> int:
    """The number of the newest entry of the audit log."""
    with force.database.begin() as connection:
        return int(connection.execute(text("select coalesce(max(seq), 0) from audit")).scalar_one())


def entries(force: BlueLamp, since: int) -> list[dict[str, object]]:
    """The entries after number `since`, the oldest first."""
    with force.database.begin() as connection:
        rows = connection.execute(text("select * from audit where seq > :n order by seq"), {"n": since}).mappings()
        return [dict(row) for row in rows]
