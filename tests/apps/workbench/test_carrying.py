"""Charts are taken out and brought in on pages and by the API: counted first, marked, to somebody who is named."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.office import as_, home, smith, token

Desk = Callable[..., TestClient]


@pytest.fixture(scope="module")
def id(office: BlueLamp) -> str:
    """A chart of ann's, with a name in another script."""
    ann = as_(office)
    made = ann.make_chart("Operation “Ash” 灰", [smith(office), home(office)])
    ann.change_chart(made, "hide", {"ids": [home(office)]})
    return made


def test_what_would_leave_is_counted_before_it_does(desk: Desk, office: BlueLamp, id: str) -> None:
    page = desk().get(f"/workbench/{id}/export").text
    assert "What leaves: 1 thing, 0 links, 0 notes and 0 proposals." in page
    assert "1 thing stays: hidden." in page
    assert "marked <b>OFFICIAL-SENSITIVE</b>" in page
    chosen = desk().get(f"/workbench/{id}/export", params={"ids": [home(office)]}).text
    assert "1 thing stays: not ticked." in chosen
    assert desk("eve").get(f"/workbench/{id}/export").status_code == 403
    assert desk("ben").get(f"/workbench/{id}/export").status_code == 404


def test_a_file_leaves_as_an_attachment_named_by_its_marking(desk: Desk, id: str) -> None:
    said = desk().post(f"/workbench/{id}/export", data={"format": "graphml", "recipients": "CPS London\nDC Fox"})
    assert said.status_code == 200
    assert said.headers["content-type"] == "application/graphml+xml"
    assert said.headers["cache-control"] == "no-store"
    name = said.headers["content-disposition"]
    assert name.startswith('attachment; filename="Operation _Ash_ _ OFFICIAL-SENSITIVE.graphml"')
    assert unquote(name).endswith("''Operation _Ash_ 灰 OFFICIAL-SENSITIVE.graphml")
    assert b"CPS London; DC Fox" in said.content


def test_without_a_recipient_the_form_comes_back_with_what_is_missing(desk: Desk, id: str) -> None:
    said = desk().post(f"/workbench/{id}/export", data={"format": "pdf", "recipients": " "})
    assert said.status_code == 400
    assert "say who receives it" in said.text
    assert '<option value="pdf" selected>' in said.text
    assert desk().post(f"/workbench/{id}/export", data={"format": "x", "recipients": "me"}).status_code == 400


def test_a_file_is_brought_in_or_told_why_not(desk: Desk, office: BlueLamp) -> None:
    graph = f'<graphml><node id="{smith(office)}"/><node id="n1"/></graphml>'.encode()
    sent = {"files": {"file": ("ash.graphml", graph)}, "data": {"format": "graphml", "title": ""}}
    made = desk().post("/workbench/import", **sent)
    assert made.status_code == 303
    page = desk().get(made.headers["location"]).text
    assert "ash.graphml" in page
    assert "John Smith" in page
    bomb = {"file": ("bomb.graphml", b'<!DOCTYPE x [<!ENTITY a "b">]><graphml>&a;</graphml>')}
    refused = desk().post("/workbench/import", files=bomb, data={"format": "graphml"})
    assert refused.status_code == 400
    assert "document type" in refused.text
    assert desk("eve").post("/workbench/import", files=bomb, data={"format": "graphml"}).status_code == 403
    assert desk().post("/workbench/import", data={"format": "graphml"}).status_code == 422
    large = {"file": ("large.graphml", b"x" * 3_000_000)}
    assert desk().post("/workbench/import", files=large, data={"format": "graphml"}).status_code == 413


def test_the_api_hands_a_chart_out_to_whoever_is_named(desk: Desk, office: BlueLamp, id: str) -> None:
    client, path = desk(), f"/api/v1/charts/{id}/export"
    headers = {"authorization": f"Bearer {token(office)}"}
    said = client.get(
        path, params={"format": "ftm", "recipient": ["CPS London"], "thing": home(office)}, headers=headers
    )
    assert said.status_code == 200
    assert home(office).encode() in said.content
    assert smith(office).encode() not in said.content
    assert client.get(path, params={"format": "ftm"}, headers=headers).status_code == 403
    assert client.get(path, params={"recipient": "me"}, headers=headers).status_code == 422
    theirs = {"authorization": f"Bearer {token(office, 'ben')}"}
    assert client.get(path, params={"format": "ftm", "recipient": "me"}, headers=theirs).status_code == 404
