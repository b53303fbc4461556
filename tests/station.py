"""A small made-up force with people to sign in as, for tests of pages; `force` and `web` are its fixtures."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import bluelamp
from bluelamp.session.force import BlueLamp
from bluelamp.web.app import create_app
from bluelamp.workspace.new import new
from tests.factory import PASSWORD, let_in

AT = "http://localhost"

USERS = """
users:
  grace:
    title: DC Grace Okafor
    roles: [investigator]
    clearance: [OFFICIAL, OFFICIAL-SENSITIVE]
    team: Major Crime
  sunil:
    title: Sunil Desai
    roles: [analyst]
    clearance: [OFFICIAL]
    team: Intelligence
  admin:
    title: Administrator
    roles: [administrator]
    clearance: [OFFICIAL]
"""

SAFEGUARDING = """
purpose: safeguarding
title: Protecting a person at risk
description: Protecting a child or an adult from harm.
lawful_basis: DPA 2018 s.35(2)(b), Children Act 2004 s.11
roles: [investigator]
needs_reason: true
needs_case: true
dpia: DPIA-2
ends: 2099-03-31
"""

ENDED = """
purpose: festival
title: The festival of 2020
lawful_basis: DPA 2018 s.35(2)(b)
roles: [investigator]
dpia: DPIA-3
ends: 2020-08-31
"""


def declare(folder: Path, database: str) -> Path:
    """The workspace's files."""
    new(folder)
    config = f'name = "Exbury Constabulary"\n[database]\nurl = "{database}"\n'
    (folder / "bluelamp.toml").write_text(config, encoding="utf-8")
    (folder / "users.yaml").write_text(USERS, encoding="utf-8")
    (folder / "purposes" / "safeguarding.yaml").write_text(SAFEGUARDING, encoding="utf-8")
    (folder / "purposes" / "festival.yaml").write_text(ENDED, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """The force, opened, with a password for everybody."""
    opened = bluelamp.open(declare(tmp_path_factory.mktemp("force") / "exbury", fresh_database()))
    let_in(opened, *opened.workspace.users)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def pages(force: BlueLamp) -> FastAPI:
    """The force's pages, once for all tests: most of what the first request to an application costs is making it ready."""
    return create_app(force)


@pytest.fixture
def web(pages: FastAPI) -> Iterator[TestClient]:
    """A browser at the force's pages that follows no redirect by itself and is not signed in."""
    with TestClient(pages, base_url=AT, follow_redirects=False, raise_server_exceptions=False) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        yield client


def sign_in(web: TestClient, name: str = "grace", purpose: str = "investigation") -> None:
    """Sign in, and declare a purpose unless it is ""."""
    assert web.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 303
    if purpose:
        declared = {"purpose": purpose, "reason": "Burglary at 14 Mill Lane", "case": "44/1234/26"}
        assert web.post("/purpose", data=declared).status_code == 303
