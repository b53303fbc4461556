"""A small force that knows where one man was: in custody, seen meanwhile, long gone, and at two addresses at once."""

from collections.abc import Callable, Iterator

import pytest

import bluelamp
from bluelamp.session.force import BlueLamp
from tests.factory import let_in, workspace
from tests.office import as_

_OWNED = """
    owner: A team
    lawful_basis: DPA 2018 s.35(2)(b)
    purposes: [investigation]
    marking: OFFICIAL
    retention: mopi-2
    read: {{connector: csv, path: {name}.csv, mode: append}}
"""
_MAN = "type: Person, key: [PNC], set: {surname: Surname, pnc_id: PNC}"

SOURCES = {
    "detentions": "    source: detentions\n    title: Detentions"
    + _OWNED.format(name="detentions")
    + f"""
    records:
      man: {{{_MAN}}}
      detention:
        type: Custody
        key: [No]
        set: {{reference: No, happened_at: {{column: In, format: iso}}, released_at: {{column: Out, format: iso}}}}
    links:
      - {{type: involved_in, from: man, to: detention, role: arrested}}
""",
    "calls": "    source: calls\n    title: Calls for service"
    + _OWNED.format(name="calls")
    + f"""
    records:
      man: {{{_MAN}}}
      incident: {{type: Incident, key: [No], set: {{reference: No, happened_at: {{column: When, format: iso}}}}}}
    links:
      - {{type: involved_in, from: man, to: incident, role: arrested}}
""",
    "homes": "    source: homes\n    title: Homes"
    + _OWNED.format(name="homes")
    + f"""
    records:
      man: {{{_MAN}}}
      home: {{type: Location, key: [Address], set: {{name: Address}}}}
    links:
      - type: lives_at
        from: man
        to: home
        role: homeAddress
        from_date: {{column: From, format: iso}}
        to_date: {{column: To, format: iso}}
""",
}
FILES = {
    "detentions.csv": "No,PNC,Surname,In,Out\nD1,2099/0000123P,Grey,2026-01-05T22:00,2026-01-06T09:30\n",
    "calls.csv": "No,PNC,Surname,When\n"
    "I1,2099/0000123P,Grey,2026-01-06T02:15\n"
    "I2,2099/0000123P,Grey,2026-01-06\n"
    "I3,2099/0000123P,Grey,2026-01-20T10:00\n",
    "homes.csv": "PNC,Surname,Address,From,To\n"
    "2099/0000123P,Grey,North House,2026-01-01,2026-01-10\n"
    "2099/0000123P,Grey,South House,2026-01-08,2026-01-12\n",
}


@pytest.fixture(scope="module")
def whereabouts(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    """The force, built and opened, with everybody let in."""
    folder = tmp_path_factory.mktemp("whereabouts") / "force"
    opened = bluelamp.open(workspace(folder, SOURCES, FILES, database=fresh_database()))
    opened.run("tester", lambda *_: None)
    let_in(opened, *opened.workspace.users)
    yield opened
    opened.close()


def chart_of_grey(force: BlueLamp) -> str:
    """The address of a new chart of him and all around him."""
    ann = as_(force)
    grey = next(hit.object for hit in ann.search("grey").hits if hit.type == "Person")
    return f"/workbench/{ann.make_chart('Grey', [grey, *ann.follow([grey]).things])}"
