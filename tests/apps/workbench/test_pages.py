"""The workbench's pages without a script: charts, their table, search around, paths, areas, history."""

import html
import json
import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from bluelamp.session.force import BlueLamp
from tests.office import as_, home, smith

Desk = Callable[..., TestClient]


@pytest.fixture
def ann(desk: Desk) -> TestClient:
    return desk("ann")


@pytest.fixture
def chart(ann: TestClient, office: BlueLamp) -> str:
    """The address of a new chart with John Smith on it."""
    answer = ann.post("/workbench", data={"title": "Operation Ash", "ids": smith(office)})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def words(page: str) -> str:
    """The words of a page, without its markup."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def on(client: TestClient, chart: str, query: str = "") -> list[str]:
    """The ids of the things in the table, in order."""
    return re.findall(r'data-thing="([a-z_]+-[0-9a-f]{16})"', client.get(f"{chart}?{query}").text)


def drawn(client: TestClient, chart: str) -> dict[str, object]:
    found: dict[str, object] = client.get(f"{chart}/drawing").json()
    return found


def test_a_chart_needs_a_title_and_then_is_in_the_list(ann: TestClient, office: BlueLamp) -> None:
    refused = ann.post("/workbench", data={"title": " ", "ids": smith(office)})
    assert refused.status_code == 400
    assert "needs a title" in words(refused.text)
    assert f'value="{smith(office)}"' in refused.text
    ann.post("/workbench", data={"title": "A & B <b>"})
    assert "A & B <b>" in words(ann.get("/workbench").text.replace("&lt;b&gt;", "&amp;lt;b&amp;gt;")).replace(
        "&lt;", "<"
    ).replace("&gt;", ">")


def test_an_object_and_hits_lead_to_a_chart(ann: TestClient, office: BlueLamp) -> None:
    assert f'href="/workbench?ids={smith(office)}"' in ann.get(f"/object/{smith(office)}").text
    assert 'href="/workbench?ids=' in ann.get("/search?q=smith").text
    assert "New chart with 1 thing" in words(ann.get(f"/workbench?ids={smith(office)}").text)


def test_a_page_asks_early_for_what_draws_its_view_and_for_no_more(ann: TestClient, chart: str) -> None:
    for view in ("graph", "map", "timeline"):
        assert re.findall(r"modulepreload\S* href=\"/static/part-(\w+)-", ann.get(f"{chart}?view={view}").text) == [
            view
        ]
    assert "modulepreload" not in ann.get(f"{chart}?view=table").text


def test_what_stands_around_is_counted_and_what_is_ticked_is_brought(
    ann: TestClient, chart: str, office: BlueLamp
) -> None:
    id = smith(office)
    page = ann.get(f"{chart}/around?ids={id}")
    assert "involved in arrested Custody records 2" in words(page.text)
    kinds = re.findall(r'name="kinds" value="([^"]*)"', page.text)
    custody = next(each for each in kinds if "Custody" in each)
    ann.post(f"{chart}/follow", data={"ids": id, "kinds": custody})
    assert [each.partition("-")[0] for each in on(ann, chart)] == ["custody", "custody", "person"]
    ann.post(f"{chart}/follow", data={"ids": id})
    assert len(on(ann, chart)) > 3


def test_the_table_sorts_filters_and_counts_as_its_address_says(ann: TestClient, chart: str, office: BlueLamp) -> None:
    ann.post(f"{chart}/follow", data={"ids": smith(office)})
    everything = on(ann, chart, "sort=caption")
    assert on(ann, chart, "sort=caption&down=1") == everything[::-1]
    assert set(on(ann, chart, "types=Person&types=Vehicle")) == {
        each for each in everything if each.startswith(("person", "vehicle"))
    }
    assert on(ann, chart, "words=AB12") == [each for each in everything if each.startswith("vehicle")]
    page = words(ann.get(f"{chart}?by=type").text)
    assert re.search(r"Custody record 2", page)
    bar = re.search(
        r'href="([^"]*)" data-filter-property="type" data-filter-value="Custody record"',
        ann.get(f"{chart}?by=type").text,
    )
    assert bar
    assert {each.partition("-")[0] for each in on(ann, chart, html.unescape(bar[1]).partition("?")[2])} == {"custody"}
    linked = ann.get(f"{chart}?by=Custody>station").text
    assert 'class="bl-bars__name">Lambeth<' in linked
    assert on(ann, chart, "by=Custody>station&values=Lambeth") == [smith(office)]
    # the page's script is told what of the things narrows them so
    beyond = ann.get(f"{chart}/drawing?by=Custody>station").json()["beyond"]
    assert beyond["by"] == "Custody>station"
    assert [id for id, values in beyond["values"].items() if "Lambeth" in values] == [smith(office)]
    assert ann.get(f"{chart}/drawing?by=type").json()["beyond"]["values"] == {}
    # a value that is looked at leaves the others to be looked at as well
    narrowed = ann.get(f"{chart}?by=type&values=Person").text
    assert re.search(r'data-filter-value="Person" aria-current="true"', narrowed)
    assert 'data-filter-value="Custody record"' in narrowed
    measured = words(ann.get(f"{chart}?measures=1&sort=degree&down=1").text)
    assert "Betweenness" in measured
    assert on(ann, chart, "measures=1&sort=degree&down=1")[0] == smith(office)
    # all links lead away from him, so along them nothing leads through him, and he is the nearest to the others
    along = on(ann, chart, "measures=1&along=1&sort=closeness&down=1")
    assert along[0] == smith(office)
    assert "From the first end to the second" in words(ann.get(f"{chart}?measures=1&along=1").text)


def test_what_is_ticked_is_hidden_grouped_shown_and_taken_off(ann: TestClient, chart: str, office: BlueLamp) -> None:
    id = smith(office)
    ann.post(f"{chart}/change", data={"kind": "hide", "ids": id})
    assert on(ann, chart) == []
    assert on(ann, chart, "hidden=1") == [id]
    ann.post(f"{chart}/change", data={"kind": "show", "ids": id})
    ann.post(f"{chart}/change", data={"kind": "group", "ids": id, "name": "Family"})
    assert "Family" in ann.get(chart).text
    ann.post(f"{chart}/change", data={"kind": "remove", "ids": id, "back": "view=table"})
    assert on(ann, chart) == []
    ann.post(f"{chart}/walk", data={"to": "back"})
    assert on(ann, chart) == [id]
    page = words(ann.get(chart).text)
    assert "Took 1 thing off the chart taken back" in re.sub(r"\bName\b ", "", page)


def test_notes_and_proposals_are_shown_as_what_they_are(ann: TestClient, chart: str, office: BlueLamp) -> None:
    ann.post(f"{chart}/change", data={"kind": "note", "text": "Seen <i>together</i>", "on": smith(office)})
    ann.post(
        f"{chart}/change", data={"kind": "propose", "label": "A driver", "reason": "the CCTV", "one": "", "other": ""}
    )
    text = ann.get(chart).text
    assert "Seen &lt;i&gt;together&lt;/i&gt;" in text
    assert "A driver proposed the CCTV; ann" in words(text)
    keys = re.findall(r'name="key" value="(change-[0-9a-f]+)"', text)
    for key in keys:
        ann.post(f"{chart}/change", data={"kind": "withdraw", "key": key})
    assert "the CCTV; ann" not in words(ann.get(chart).text)


def test_all_shortest_paths_are_found_and_put_on_the_chart(ann: TestClient, chart: str, office: BlueLamp) -> None:
    place = home(office)
    page = ann.get(f"{chart}/paths?one={smith(office)}&other={place}&longest=2")
    assert "1 shortest path, of 1 link" in words(page.text)
    assert (
        "No path that short"
        in ann.get(f"{chart}/paths?one={smith(office)}&other={place}&longest=1&types=has_vehicle").text
    )
    refused = ann.get(f"{chart}/paths?one={smith(office)}&other={smith(office)}")
    assert refused.status_code == 400
    assert "two different things" in words(refused.text)


def test_an_area_is_asked_for_by_points_and_bad_ones_are_named(ann: TestClient, chart: str) -> None:
    assert "0 things" in words(ann.get(f"{chart}/near?corners=51.5,-0.1&metres=100").text)
    refused = ann.get(f"{chart}/near?corners=nowhere&metres=100")
    assert refused.status_code == 400
    assert "“nowhere” is no latitude and longitude" in words(refused.text)


@pytest.mark.parametrize("number", ["inf", "-inf", "nan", "1e999"])
def test_numbers_without_an_end_are_no_distances_and_no_times(
    ann: TestClient, chart: str, office: BlueLamp, number: str
) -> None:
    for page in (f"near?corners=51,0&metres={number}", f"near?ids={smith(office)}&minutes={number}",
                 f"moves?ids={smith(office)}&minutes={number}"):  # fmt: skip
        assert ann.get(f"{chart}/{page}").status_code in (400, 422)


def test_a_page_is_marked_by_all_that_it_tells(ann: TestClient, chart: str, office: BlueLamp) -> None:
    """Also by what is only counted on it, and by what is only listed to choose from."""
    place, lodger = home(office), next(str(hit.object) for hit in as_(office).search("lodger").hits)
    assert as_(office).object(place).marking == as_(office).object(lodger).marking == "OFFICIAL"
    around = ann.get(f"{chart}/around?ids={place}")
    paths = ann.get(f"{chart}/paths?one={place}&other={lodger}")
    assert "1 shortest path, of 1 link" in words(paths.text)
    for page in (around, paths):
        assert "OFFICIAL-SENSITIVE" in words(page.text)
    assert "OFFICIAL-SENSITIVE" not in words(ann.get(f"{chart}/around?ids={lodger}&types=has_vehicle").text)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "not valid JSON"),
        (b"[]", "no JSON object"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"kind": "note", "said": {"text": "x", "on": "change-\\ud800"}}', "the note or proposal change-?"),
        (b'{"kind": "paint"}', "cannot be changed by 'paint'"),
        (b'{"kind": "add", "said": {"ids": ["person-0123456789abcdef"]}}', "person-0123456789abcdef"),
        (json.dumps({"kind": "note", "said": {"text": "x" * 5000}}).encode(), "5,000 letters"),
    ],
)
def test_a_change_that_cannot_be_made_is_one_sentence(
    ann: TestClient, chart: str, content: bytes, sentence: str
) -> None:
    headers = {"content-type": "application/json", "accept": "application/json"}
    answer = ann.post(f"{chart}/change", content=content, headers=headers)
    assert answer.status_code in (400, 404)
    assert sentence in answer.json()["detail"]


def test_a_script_changes_walks_and_asks_whether_to_look_again(ann: TestClient, chart: str, office: BlueLamp) -> None:
    headers = {"content-type": "application/json", "accept": "application/json"}
    made = ann.post(
        f"{chart}/change", json={"kind": "put", "said": {"places": {smith(office): [3, 4]}}}, headers=headers
    ).json()
    assert ann.get(f"{chart}/head").json() == {"head": made["head"]}
    assert drawn(ann, chart)["spots"] == {
        smith(office): {"x": 3.0, "y": 4.0, "pinned": False, "hidden": False, "group": ""}
    }
    back = ann.post(f"{chart}/walk", json={"to": "back"}, headers=headers).json()
    assert ann.get(f"{chart}/head").json() == back == {"head": made["before"]}


@pytest.fixture
def shared(office: BlueLamp) -> str:
    """A chart that ann shares with ben, of which ben may see a part."""
    ann = as_(office)
    hits = ann.search("", size=200).hits
    id = ann.make_chart("Shared", [hit.object for hit in hits if hit.type != "Person"][:40] + [smith(office)])
    chen = next(hit.object for hit in ann.search("wei chen").hits)
    ann.change_chart(id, "add", {"ids": [str(chen)]})
    ann.share_chart(id, ["ben"])
    return f"/workbench/{id}"


def test_what_a_reader_may_not_see_is_in_no_view_of_a_chart(desk: Desk, shared: str) -> None:
    for path in ("", "?by=type&measures=1&hidden=1", "?by=source", "/drawing", "/paths", "/near"):
        part = desk("ben").get(f"{shared}{path}").text
        for secret in ("Chen", "intelligence_report", "New phone", "IR1"):
            assert secret not in part
    assert "Chen" in desk("ann").get(shared).text


def test_a_chart_of_somebody_else_is_as_if_it_were_not_there(desk: Desk, chart: str) -> None:
    ben = desk("ben")
    for path in ("", "/drawing", "/head", "/paths", "/near", "/around?ids=person-0123456789abcdef"):
        assert ben.get(f"{chart}{path}").status_code == 404


@pytest.fixture
def breaking(office: BlueLamp) -> Iterator[None]:
    """A database that is lost while what was asked about an area or a path is written down."""
    with office.database.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END$$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER break_off BEFORE INSERT ON audit FOR EACH ROW "
            "WHEN (NEW.fields_or_query::text ~ 'corners|path') EXECUTE FUNCTION break_off()"
        )
    yield
    with office.database.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION break_off CASCADE")


@pytest.mark.usefixtures("breaking")
def test_a_lost_database_is_no_mistake_in_a_form(ann: TestClient, chart: str, office: BlueLamp) -> None:
    for page in ("near?corners=51.5,-0.1&metres=100", f"paths?one={smith(office)}&other={home(office)}"):
        answer = ann.get(f"{chart}/{page}")
        assert answer.status_code == 503
        assert "The database does not answer" in words(answer.text)


def test_a_form_that_is_sent_twice_is_done_once(ann: TestClient, chart: str, office: BlueLamp) -> None:
    def filled(address: str, part: str, **fields: str) -> dict[str, str]:
        page = ann.get(address).text
        found = re.search(r'name="sent" value="([^"]+)"', page[page.index(part) :])
        assert found
        return {**fields, "sent": html.unescape(found[1])}

    note = filled(chart, 'data-change="note"', kind="note", text="Seen twice")
    passage = filled(f"{chart}/story", 'id="new"', kind="tell", heading="The night")
    tale = filled(f"{chart}/tell", "bl-story__new", heading="The day")
    for address, sent in ((f"{chart}/change", note), (f"{chart}/story", passage), (f"{chart}/tell", tale)):
        places = {ann.post(address, data=sent).headers["location"] for _ in range(2)}
        assert len(places) == 1
    assert [each.text for each in as_(office).chart(chart.rpartition("/")[2]).notes.values()] == ["Seen twice"]
    assert len(as_(office).story(chart.rpartition("/")[2]).passages) == 2
    # once the page is read again the same words are said once more
    ann.post(f"{chart}/change", data=filled(chart, 'data-change="note"', kind="note", text="Seen twice"))
    assert len(as_(office).chart(chart.rpartition("/")[2]).notes) == 2
    new = filled("/workbench", 'action="/workbench"', title="Operation Elm", ids=smith(office))
    assert len({ann.post("/workbench", data=new).headers["location"] for _ in range(2)}) == 1
