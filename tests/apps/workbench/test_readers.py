"""What ann may see and ben may not never changes a page, an export or an answer of the API about a chart they share."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from bluelamp.session.formats import FORMATS
from tests.factory import INTELLIGENCE_FILE
from tests.office import as_, entries, home, newest, opened, seat, token

#: what differs between any two answers: ids of requests, times of day, the names of charts and of changes
OWN = re.compile(r'"request":"[^"]*"|[0-9]{2}:[0-9]{2}(:[0-9.]+)?|(chart|change)-[0-9a-f]{12}')

#: formats of which two files of the same say the same in the same words
PLAIN = [each.name for each in FORMATS if each.name not in ("png", "pdf", "csv", "parquet")]


class Desk:
    """ben at a force, and a chart that ann shares with him there."""

    def __init__(self, force: BlueLamp, web: TestClient) -> None:
        ann = as_(force)
        self.force, self.web = force, web
        web.headers["authorization"] = f"Bearer {token(force, 'ben')}"
        ben = as_(force, "ben")
        first = {hit.type: str(hit.object) for hit in ben.search("", size=200).hits}
        self.smith = str(next(hit.object for hit in ben.search("2099/0000123P").hits))
        self.car, self.custody, self.home = first["Vehicle"], first["Custody"], home(force)
        self.chart = ann.make_chart("Market", [self.smith, self.home, self.car, self.custody])
        self.custodies = [str(each) for each in ben.follow([self.smith], most=50).things if each.type == "custody"]
        ann.share_chart(self.chart, ["ben"])

    def ask(self, path: str, **sent: object) -> tuple[int, str, dict[str, str]]:
        """What ben gets, without what differs between any two answers."""
        at = path.format(**vars(self))
        answer = self.web.post(at, data=sent) if sent else self.web.get(at)
        headers = {name: OWN.sub("", said) for name, said in answer.headers.items() if name != "x-request-id"}
        return answer.status_code, OWN.sub("", answer.text), headers


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[tuple[Desk, Desk]]:
    """A force that has intelligence, of which ann did much on the chart, and one without any."""
    with (
        opened(tmp_path_factory.mktemp("whole") / "force", fresh_database(), without="intelligence") as whole,
        opened(tmp_path_factory.mktemp("other") / "force", fresh_database(), without="intelligence") as other,
    ):
        (whole.folder / "intelligence-2.jsonl").write_text(INTELLIGENCE_FILE, encoding="utf-8")
        whole.run("tester", lambda *_: None)
        with seat(whole, "ben") as one, seat(other, "ben") as two:
            found = Desk(whole, one), Desk(other, two)
            secretly(found[0])
            yield found


def secretly(desk: Desk) -> None:
    """What ann does with what ben may not see."""
    ann, id = as_(desk.force), desk.chart
    hidden = [str(hit.object) for text in ("wei chen", "market", "new phone") for hit in ann.search(text).hits]
    hidden = [each for each in hidden if each not in (desk.smith, desk.home)]
    ann.change_chart(id, "add", {"ids": hidden})
    said = {"label": "knows", "one": desk.smith, "other": hidden[0], "reason": "The market"}
    link = ann.change_chart(id, "propose_link", said).head
    for on in (*hidden, link):
        ann.change_chart(id, "note", {"text": f"Of {on}", "on": on})
    ann.change_chart(id, "group", {"ids": hidden, "name": "Market"})
    ann.change_chart(id, "hide", {"ids": hidden[:1]})
    ann.change_chart(id, "put", {"places": {hidden[0]: [1, 2]}})
    for about in (hidden[:1], [link]):
        said = {"heading": "Of Chen", "text": "He sells", "look": {"ids": about, "only": True}}
        passage = ann.change_chart(id, "tell", said).head
        ann.change_chart(id, "rewrite", {"key": passage, "text": "He bought"})
    ann.change_chart(id, "withdraw", {"key": ann.change_chart(id, "note", {"text": "Gone", "on": hidden[0]}).head})


PAGES = (
    "/workbench", "/workbench/{chart}", "/workbench/{chart}?by=type&measures=1&hidden=1", "/workbench/{chart}?by=source",
    "/workbench/{chart}?by=Custody>station&sort=betweenness&down=1", "/workbench/{chart}?by=community&sort=degree",
    "/workbench/{chart}?by=core",
    "/workbench/{chart}?by=group&words=smith", "/workbench/{chart}/drawing", "/workbench/{chart}/history",
    "/workbench/{chart}/drawing?by=IntelligenceReport>grade", "/workbench/{chart}/drawing?by=community",
    "/workbench/{chart}/head", "/workbench/{chart}/paths", "/workbench/{chart}/near",
    "/workbench/{chart}/story", "/api/v1/charts/{chart}/measures",
    "/workbench/{chart}/around?ids={smith}", "/workbench/{chart}/around?ids={smith}&ids={home}&sources=intelligence",
    "/workbench/{chart}/around?ids={custody}&first=2026-01-01&last=2026-12-31",
    "/workbench/{chart}/paths?one={smith}&other={home}", "/workbench/{chart}/paths?one={smith}&other={custody}&longest=6",
    "/workbench/{chart}/paths?one={smith}&other={home}&types=involved_in",
    "/workbench/{chart}/near?corners=51.5,-0.1&metres=1000", "/workbench/{chart}/near?ids={custody}",
    "/workbench/{chart}/moves?ids={smith}", "/workbench/{chart}/moves?ids={car}", "/workbench/{chart}/moves?ids={home}",
    "/workbench/{chart}/export", "/workbench/{chart}/export?ids={smith}",
    "/api/v1/charts", "/api/v1/charts/{chart}", "/api/v1/objects/{smith}/around?most=50",
    "/api/v1/objects/{home}/around?most=1000&source=intelligence", "/api/v1/paths?one={smith}&other={custody}&longest=6",
    "/api/v1/values?type=Person&property=surname", "/api/v1/values?type=IntelligenceReport&property=grade",
    "/api/v1/values?type=Person&property=ethnicity_self", "/watches", "/questions",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_the_same(desks: tuple[Desk, Desk], path: str) -> None:
    one, two = (desk.ask(path) for desk in desks)
    assert one == two
    assert one[0] in (200, 400, 404)


@pytest.mark.parametrize("format", PLAIN)
def test_what_leaves_is_the_same(desks: tuple[Desk, Desk], format: str) -> None:
    one, two = (desk.ask("/workbench/{chart}/export", format=format, recipients="CPS London") for desk in desks)
    assert one == two
    assert one[0] == 200


def test_what_is_written_of_a_look_is_the_same(desks: tuple[Desk, Desk]) -> None:
    """Not even the entry of what ben did says more where there is more that he may not see."""
    for path in PAGES:
        said = []
        for desk in desks:
            before = newest(desk.force)
            desk.ask(path)
            said.append(
                [
                    OWN.sub(
                        "", str([each["action"], each["object_ids"], each["fields_or_query"], each["result_count"]])
                    )
                    for each in entries(desk.force, before)
                ]
            )
        assert said[0] == said[1], path


def test_step_by_step_all_that_a_reader_does_comes_to_the_same(desks: tuple[Desk, Desk]) -> None:
    """The last of the tests: it changes both charts, while ann goes on in one."""
    steps: list[tuple[str, dict[str, object]]] = [
        ("walk", {"to": "back"}), ("walk", {"to": "forward"}), ("walk", {"to": "forward"}), ("walk", {"to": "start"}),
        ("walk", {"to": "forward"}), ("follow", {"ids": "{smith}", "most": 3}), ("follow", {"ids": "{home}", "most": 5}),
        ("common", {"ids": "{custodies}"}), ("change", {"kind": "hide", "ids": "{custody}"}), ("walk", {"to": "back"}),
        ("change", {"kind": "note", "text": "Seen", "on": "{smith}"}), ("walk", {"to": "change-000000000000"}),
        ("change", {"kind": "withdraw", "key": "change-000000000000"}), ("merge", {"chart": "{chart}"}),
        ("share", {"users": "ann"}), ("walk", {"to": "back"}), ("walk", {"to": "back"}), ("walk", {"to": "back"}),
    ]  # fmt: skip
    for verb, said in steps:
        answers = []
        for desk in desks:
            given = {
                name: each.format(**(vars(desk) | {"custodies": " ".join(desk.custodies)}))
                if isinstance(each, str)
                else each
                for name, each in said.items()
            }
            answers.append([desk.ask(f"/workbench/{{chart}}/{verb}", **given)])
            answers[-1] += [
                desk.ask(path) for path in ("/workbench/{chart}", "/workbench/{chart}/drawing", "/workbench")
            ]
        assert answers[0] == answers[1], (verb, said)
        secretly(desks[0])
