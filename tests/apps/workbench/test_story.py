"""The story's pages without a script: a view told, words written, passages moved, and each reader's own part of it."""

import html
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.apps.workbench.test_pages import on, words
from tests.office import as_, smith

Desk = Callable[..., TestClient]


@pytest.fixture
def ann(desk: Desk) -> TestClient:
    return desk("ann")


@pytest.fixture
def chen(office: BlueLamp) -> str:
    """Somebody whom ann may see, and ben may not."""
    return next(str(hit.object) for hit in as_(office).search("wei chen").hits if hit.type == "Person")


@pytest.fixture
def chart(office: BlueLamp, chen: str) -> str:
    """The address of a chart that ann shares with ben, who may see a part of it."""
    session = as_(office)
    id = session.make_chart("Operation Ash", [smith(office), chen, *session.follow([smith(office)]).things])
    session.share_chart(id, ["ben"])
    return f"/workbench/{id}"


def told(client: TestClient, chart: str, heading: str, query: str = "", **said: str) -> str:
    """Tell a passage of a view; returns its key."""
    answer = client.post(f"{chart}/tell?{query}", data={"heading": heading, "text": "Words", **said})
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"]).partition("#")[2]


def headings(client: TestClient, chart: str) -> list[str]:
    page = client.get(f"{chart}/story").text
    return [html.unescape(each) for each in re.findall(r'-heading">([^<]*)</h2>', page)]


def test_what_stands_on_the_screen_is_told_and_opened_again_at_full_size(
    ann: TestClient, chart: str, office: BlueLamp
) -> None:
    assert "No story yet" in ann.get(f"{chart}/story").text
    sent = ann.get(f"{chart}/tell", params={"back": "view=map&types=Person&types=Custody", "ids": smith(office)})
    assert sent.status_code == 303
    page = ann.get(sent.headers["location"])
    assert "Map of 4 things, 1 of them selected" in words(page.text)
    action = re.search(r'action="([^"]*/tell\?[^"]*)"', page.text)
    assert action
    answer = ann.post(html.unescape(action[1]), data={"heading": "Who", "text": "First.\r\n\r\nSecond."})
    assert answer.status_code == 303
    page = ann.get(answer.headers["location"])
    assert page.text.count('class="bl-passage__text"') == 2
    assert "Map of 4 things. Open at full size : Who" in words(page.text)
    assert page.text.count('class="bl-row--chosen"') == 1
    link = re.search(r'href="([^"]*)">Open at full size', page.text)
    assert link
    opened = ann.get(html.unescape(link[1]))
    assert 'data-view="map"' in opened.text
    assert re.findall(r'value="([a-z]+-[0-9a-f]{16})" checked', opened.text) == [smith(office)]
    assert {each.partition("-")[0] for each in on(ann, chart, html.unescape(link[1]).partition("?")[2])} == {
        "person", "custody"
    }  # fmt: skip


def test_only_what_is_selected_is_told_and_its_view_can_be_another_later(
    ann: TestClient, chart: str, office: BlueLamp
) -> None:
    key = told(ann, chart, "One", f"ids={smith(office)}", alone="1")
    assert "Graph of 1 thing." in words(ann.get(f"{chart}/story").text)
    answer = ann.post(f"{chart}/tell?view=table&types=Custody", data={"key": key, "there": "1"})
    assert answer.headers["location"].endswith(f"/story#{key}")
    page = words(ann.get(f"{chart}/story").text)
    assert "Table of 2 things" in page
    assert headings(ann, chart) == ["One"]


def test_what_shows_by_the_network_is_told_as_the_things_that_show(ann: TestClient, chart: str) -> None:
    shown = on(ann, chart, "by=set&values=Connected set 1")
    page = ann.get(f"{chart}/tell?by=set&values=Connected set 1").text
    assert f"Graph of {len(shown)} things, {len(shown)} of them selected" in words(page)
    action = re.search(r'action="([^"]*/tell\?[^"]*)"', page)
    assert action
    assert ann.post(html.unescape(action[1]), data={"heading": "Set", "alone": "1"}).status_code == 303
    assert f"Graph of {len(shown)} things." in words(ann.get(f"{chart}/story").text)


def test_passages_are_moved_rewritten_taken_out_and_undone(ann: TestClient, chart: str) -> None:
    one, two, three = (told(ann, chart, each) for each in ("One", "Two", "Three"))
    page = ann.get(f"{chart}/story").text
    below = re.findall(r'name="before" value="([^"]*)"', page)
    # up and down of each
    assert below == ["", three, one, "", two, ""]
    answer = ann.post(f"{chart}/story", data={"kind": "reorder", "key": three, "before": two, "to": "up"})
    assert str(answer.headers["location"]).endswith(f"/story#up-{three}")
    assert headings(ann, chart) == ["One", "Three", "Two"]
    ann.post(f"{chart}/story", data={"kind": "rewrite", "key": one, "heading": "First & last", "text": ""})
    assert headings(ann, chart) == ["First & last", "Three", "Two"]
    ann.post(f"{chart}/story", data={"kind": "untell", "key": one})
    assert headings(ann, chart) == ["Three", "Two"]
    back = ann.post(f"{chart}/walk", data={"to": "back", "back": "story"})
    assert back.headers["location"] == f"{chart}/story"
    assert headings(ann, chart) == ["First & last", "Three", "Two"]


def test_what_cannot_be_kept_is_shown_again_with_one_sentence(ann: TestClient, chart: str) -> None:
    key = told(ann, chart, "One")
    for path, said in (
        ("story", {"kind": "tell"}), ("story", {"kind": "rewrite", "key": key}), ("tell?view=map", {}),
    ):  # fmt: skip
        answer = ann.post(f"{chart}/{path}", data={**said, "heading": "", "text": "Long <b>words</b>"})
        assert answer.status_code == 400
        assert "The heading is empty; write one." in words(answer.text)
        assert "Long &lt;b&gt;words&lt;/b&gt;</textarea>" in answer.text
        assert answer.text.count('id="heading"') == 1
        answer = ann.post(f"{chart}/{path}", data={**said, "heading": "One", "text": "x" * 8001})
        assert 'href="#text">The text has 8,001 letters' in answer.text
    assert ann.post(f"{chart}/story", data={"kind": "rewrite", "key": "change-1", "heading": "x"}).status_code == 404


def test_hostile_words_are_shown_as_words(ann: TestClient, chart: str) -> None:
    told(ann, chart, "<script>alert(1)</script>", "words=<img src=x>", text="{{ 7 * 7 }} <b>bold</b>")
    told(ann, chart, "“Ends”\"'>", "types=Custody")
    page = ann.get(f"{chart}/story").text
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }} &lt;b&gt;bold" in page
    for wrong in ("<script>alert", "<b>bold", "<img"):
        assert wrong not in page


def test_what_a_reader_may_not_see_stands_nowhere_in_a_story(
    desk: Desk, chart: str, chen: str, office: BlueLamp
) -> None:
    ann, ben = desk("ann"), desk("ben")
    told(ann, chart, "Both", f"ids={smith(office)}&ids={chen}", alone="1")
    told(ann, chart, "The other one", f"ids={chen}", alone="1")
    told(ann, chart, "Reports", "view=timeline&types=IntelligenceReport")
    told(ann, chart, "By source", "by=source&values=intelligence&values=custody")
    assert headings(ann, chart) == ["Both", "The other one", "Reports", "By source"]
    assert headings(ben, chart) == ["Both", "Reports", "By source"]
    part = ben.get(f"{chart}/story").text
    assert "Graph of 1 thing." in words(part)
    for path in ("/story", "/story/drawing", "", "/drawing", "/tell"):
        part = ben.get(f"{chart}{path}").text
        for secret in ("Chen", "IntelligenceReport", "intelligence", chen, "The other one"):
            assert secret not in part


def test_the_story_of_somebody_elses_chart_is_as_if_it_were_not_there(desk: Desk, office: BlueLamp) -> None:
    id = as_(office).make_chart("Mine", [smith(office)])
    for path in ("story", "story/drawing", "tell"):
        assert desk("ben").get(f"/workbench/{id}/{path}").status_code == 404
