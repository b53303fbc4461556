"""Questions to the index: compared with plain Python that tries every assignment, for readers who see different things."""

import calendar
import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, count, product
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.errors import TooMuch
from bluelamp.ids import ObjectId
from bluelamp.index import patterns
from bluelamp.index.index import Index
from bluelamp.index.patterns import limited
from bluelamp.ontology import LINKS, NOUNS
from bluelamp.workspace import document, questions
from bluelamp.workspace.model import Given, Purpose, Question
from bluelamp.workspace.problems import Report
from bluelamp.workspace.vocabulary import Vocabulary
from tests.index.made import Joined, Said, access, build_index, link, oid, record

OPEN, EVERY = ("custody",), ("custody", "intelligence")
TYPES = ("Person", "Crime", "Location")
NAMES = ("a", "b", "c", "d")

#: link types of a pattern with their ends, and the roles that rows say
KINDS = {
    "associated_with": ("Person", "Person", ("friend", "partner")),
    "involved_in": ("Person", "Crime", ("victim", "knownSuspect")),
    "lives_at": ("Person", "Location", ("homeAddress",)),
    "happened_at": ("Crime", "Location", ("incidentLocation",)),
    "related_event": ("Crime", "Crime", ("reportOf",)),
}
DAYS = ("2026-01-05T10:00", "2026-01-06", "2026-01-09", "2026-02", "2026", "2026-03-20")
METRES = (60, 90, 125, 180)

CIRCLE = (*"pqrst", *(f"x{n}" for n in range(40)))

_fresh = count()

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


# ---- data and questions, drawn at random ----

SOURCES = st.sampled_from(EVERY)


@st.composite
def data(draw: st.DrawFn) -> list[Said | Joined]:
    """Some people, crimes and places, and links among them; of each object one or two sources may tell, or none."""
    made: list[Said | Joined] = []
    for kind, name in product(TYPES, NAMES):
        for source in draw(st.sets(SOURCES)):
            made.append(record(kind, name, source, **draw(values(kind))))
    for _ in range(draw(st.integers(0, 22))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        one, other, roles = KINDS[kind]
        ends = f"{one}:{draw(st.sampled_from(NAMES))}", f"{other}:{draw(st.sampled_from(NAMES))}"
        if ends[0] != ends[1]:
            made.append(link(kind, *ends, draw(SOURCES), role=draw(st.sampled_from((*roles, None)))))
    return made


@st.composite
def values(draw: st.DrawFn, kind: str) -> dict[str, object]:
    if kind == "Crime":
        return {"crime_type": draw(st.sampled_from(("Burglary", "BURGLARY", "Robbery", None))),
                "happened_at": draw(st.sampled_from((*DAYS, None)))}  # fmt: skip
    if kind == "Person":
        return {"date_of_birth": draw(st.sampled_from(("1990-05-01", "1990-05", "1980", None))), "surname": "Fox"}
    at = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
    return {"point": f"{51.5 + at[0] * 0.001:.6f},{-0.1 + at[1] * 0.001:.6f}", "precision": "exact"}


@st.composite
def declared(draw: st.DrawFn) -> dict[str, object]:
    """A question as its file says it: things tied one after another, and perhaps what must not be."""
    things: dict[str, object] = {"t0": draw(thing(draw(st.sampled_from(TYPES))))}
    said: dict[str, list[dict[str, object]]] = {"links": [], "near": [], "within": [], "without": []}
    for number in range(1, draw(st.integers(1, 4))):
        name = f"t{number}"
        kind, tie = draw(st.sampled_from(list(ties(things, name))))
        things[name] = draw(thing(kind))
        put(draw, said, tie)
    if draw(st.booleans()):
        kinds = {name: each["type"] for name, each in things.items()}  # type: ignore[index]
        more = [*pairs(things), *between(kinds)]
        put(draw, said, draw(st.sampled_from(more))) if more else None
    for number in range(draw(st.integers(0, 2))):
        name = f"p{number}"
        kind, tie = draw(st.sampled_from([each for each in ties(things, name) if each[1][0] in KINDS]))
        things[name] = draw(thing(kind))
        said["without"].append(joint(draw, tie))
        more = [each for each in pairs(things) if name in each[1:]]
        if more and draw(st.booleans()):
            said["without"].append(joint(draw, draw(st.sampled_from(more))))
    bound = [name for name in things if name[0] == "t"]
    answer = draw(st.sampled_from(bound))
    counted = [name for name in bound if name != answer]
    least = {name: draw(st.integers(1, 3)) for name in counted if draw(st.booleans())}
    return {"question": "q", "purposes": ["safety"], "things": things, **said, "answer": answer, "at_least": least}


@st.composite
def thing(draw: st.DrawFn, kind: str) -> dict[str, object]:
    """A thing, perhaps with a condition."""
    if not draw(st.booleans()):
        return {"type": kind}
    if kind == "Person":
        return {"type": kind, "where": {"date_of_birth": draw(st.sampled_from(("1990-05-01", "1990")))}}
    if kind == "Crime":
        days = st.sampled_from((date(2026, 1, 6), date(2026, 1, 9), date(2026, 2, 10)))
        condition = draw(st.sampled_from(({}, {"where": {"crime_type": "burglary"}})))
        return {"type": kind, **condition, draw(st.sampled_from(("since", "until"))): draw(days)}
    return {"type": kind}


def ties(things: Mapping[str, object], new: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The ways to tie a new thing to those there are, with its type."""
    for name, each in things.items():
        kind = each["type"]  # type: ignore[index]
        for type, (one, other, _) in KINDS.items():
            if kind == one:
                yield other, (type, name, new)
            if kind == other:
                yield one, (type, new, name)
        if kind != "Person":
            yield "Crime", ("near", name, new)
            yield "Location", ("near", name, new)
        if kind == "Crime":
            yield "Crime", ("within", name, new)


def pairs(things: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """The links that could be between things that there are."""
    for one, other in product(things, things):
        for type, (a, b, _) in KINDS.items():
            kinds = things[one]["type"], things[other]["type"]  # type: ignore[index]
            if one != other and kinds == (a, b):
                yield type, one, other


def between(kinds: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """The things that could be near each other, or within a time."""
    for one, other in combinations(kinds, 2):
        if "Person" not in (kinds[one], kinds[other]):
            yield "near", one, other
        if kinds[one] == kinds[other] == "Crime":
            yield "within", one, other


def put(draw: st.DrawFn, said: dict[str, list[dict[str, object]]], tie: tuple[str, str, str]) -> None:
    kind, one, other = tie
    if kind in KINDS:
        said["links"].append(joint(draw, tie))
    if kind == "near":
        said["near"].append({"of": [one, other], "metres": draw(st.sampled_from(METRES))})
    if kind == "within":
        said["within"].append({"of": [one, other], "days": draw(st.integers(0, 40))})


def joint(draw: st.DrawFn, tie: tuple[str, str, str]) -> dict[str, object]:
    kind, one, other = tie
    roles = {"roles": [KINDS[kind][2][0]]} if draw(st.integers(0, 3)) == 0 else {}
    return {"from": one, "type": kind, "to": other, **roles, "direction": draw(st.sampled_from(("either", "forward")))}


# ---- the same in plain Python ----


@dataclass
class World:
    """What one reader sees."""

    records: dict[tuple[str, str], list[dict[str, object]]]
    links: list[Joined]

    def holds(self, link: Mapping[str, object], at: Mapping[str, tuple[str, str]]) -> bool:
        """Whether some visible row says a link of the pattern."""
        one, other, roles = at[str(link["from"])], at[str(link["to"])], link.get("roles")
        turned = link["direction"] == "either" and one[0] == other[0]
        return any(
            each.type == link["type"]
            and ((each.one, each.other) == (one, other) or (turned and (each.one, each.other) == (other, one)))
            and (not roles or each.role in roles)  # type: ignore[operator]
            for each in self.links
        )

    def points(self, object: tuple[str, str]) -> list[tuple[float, float]]:
        """Where a place is, or an event was."""
        places = [object] if object[0] == "Location" else [
            each.other for each in self.links if each.type == "happened_at" and each.one == object
        ]  # fmt: skip
        said = [str(each["point"]) for place in places for each in self.records.get(place, []) if each.get("point")]
        return [(float(each.split(",")[0]), float(each.split(",")[1])) for each in said]

    def spans(self, object: tuple[str, str]) -> list[tuple[date, date]]:
        """The days on which an event may have happened, as each record says."""
        return [span(str(each["happened_at"])) for each in self.records[object] if each.get("happened_at")]


def span(when: str) -> tuple[date, date]:
    year, *rest = (int(part) for part in when[:10].split("-"))
    month = rest[0] if rest else None
    day = rest[1] if len(rest) > 1 else None
    last = day or calendar.monthrange(year, month or 12)[1]
    return date(year, month or 1, day or 1), date(year, month or 12, last)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along a great circle (haversine)."""
    south, west, north, east = map(math.radians, (*one, *other))
    chord = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(chord))


def world(made: Iterable[Said | Joined], sources: tuple[str, ...]) -> World:
    seen: dict[tuple[str, str], list[dict[str, object]]] = {}
    for each in made:
        if isinstance(each, Said) and each.source in sources:
            seen.setdefault((each.type, each.name), []).append(dict(each.values))
    links = [each for each in made if isinstance(each, Joined) and each.source in sources]
    return World(seen, [each for each in links if each.one in seen and each.other in seen])


def fits(said: Mapping[str, object], records: list[dict[str, object]]) -> bool:
    """Whether the conditions of a thing are true of an object."""
    where = said.get("where") or {}
    for name, wanted in where.items():  # type: ignore[attr-defined]
        given = [str(each[name]) for each in records if each.get(name)]
        if name == "date_of_birth":
            if not any(span(each)[0] <= span(wanted)[1] and span(wanted)[0] <= span(each)[1] for each in given):
                return False
        elif wanted.lower() not in {each.lower() for each in given}:
            return False
    days = [span(str(each["happened_at"])) for each in records if each.get("happened_at")]
    since, until = said.get("since", date.min), said.get("until", date.max)
    if "since" in said or "until" in said:
        return any(last >= since and first <= until for first, last in days)  # type: ignore[operator]
    return True


def matches(said: Mapping[str, object], seen: World) -> list[dict[str, tuple[str, str]]]:
    """Every assignment of objects to the things of a question that is true."""
    things: dict[str, dict[str, object]] = said["things"]  # type: ignore[assignment]
    found = []
    for at in assignments([name for name in things if name[0] == "t"], things, seen):
        holds = all(seen.holds(each, at) for each in said["links"])  # type: ignore[attr-defined]
        holds = holds and all(
            any(
                metres(a, b) <= each["metres"]
                for a in seen.points(at[each["of"][0]])
                for b in seen.points(at[each["of"][1]])
            )
            for each in said["near"]  # type: ignore[attr-defined]
        )
        holds = holds and all(
            any(
                max((a[0] - b[1]).days, (b[0] - a[1]).days, 0) <= each["days"]
                for a in seen.spans(at[each["of"][0]])
                for b in seen.spans(at[each["of"][1]])
            )
            for each in said["within"]  # type: ignore[attr-defined]
        )
        if holds and not any(there(group, at, things, seen) for group in groups(said["without"])):  # type: ignore[arg-type]
            found.append(at)
    return found


def assignments(
    names: list[str], things: Mapping[str, dict[str, object]], seen: World
) -> Iterator[dict[str, tuple[str, str]]]:
    """Every way to say which objects some things are, those of one type being different ones."""
    can = [
        [
            each
            for each, records in seen.records.items()
            if each[0] == things[name]["type"] and fits(things[name], records)
        ]
        for name in names
    ]
    for chosen in product(*can):
        if len(set(chosen)) == len(chosen):
            yield dict(zip(names, chosen, strict=True))


def groups(without: list[dict[str, object]]) -> list[list[dict[str, object]]]:
    """What must not be there: links that share a thing of their own belong together."""
    own = sorted({str(each[end]) for each in without for end in ("from", "to") if str(each[end])[0] == "p"})
    root = {name: name for name in own}
    for each in without:
        ends = [str(each[end]) for end in ("from", "to") if str(each[end]) in root]
        if len(ends) == 2:
            old, new = root[ends[1]], root[ends[0]]
            root = {name: new if at == old else at for name, at in root.items()}
    made: dict[str, list[dict[str, object]]] = {}
    for number, each in enumerate(without):
        key = next((root[str(each[end])] for end in ("from", "to") if str(each[end]) in root), str(number))
        made.setdefault(key, []).append(each)
    return list(made.values())


def there(
    group: list[dict[str, object]], at: Mapping[str, tuple[str, str]], things: Mapping[str, dict[str, object]], seen: World
) -> bool:  # fmt: skip
    """Whether all links of a group are there, for some things that stand nowhere else."""
    names = list(dict.fromkeys(str(each[end]) for each in group for end in ("from", "to")))
    outer = {name: at[name] for name in names if name in at}
    for inner in assignments([name for name in names if name not in at], things, seen):
        all_ = outer | inner
        if len(set(all_.values())) == len(all_) and all(seen.holds(each, all_) for each in group):
            return True
    return False


def expected(said: Mapping[str, object], found: list[dict[str, tuple[str, str]]]) -> dict[str, dict[str, int]]:
    """The names of what answers, with how many of each counted thing there are."""
    answer, least = str(said["answer"]), said["at_least"]
    told = {}
    for object in {at[answer] for at in found}:
        counts = {name: len({at[name] for at in found if at[answer] == object}) for name in least}  # type: ignore[attr-defined]
        if all(counts[name] >= number for name, number in least.items()):  # type: ignore[attr-defined]
            told[object[1]] = counts
    return told


# ---- asked ----

PURPOSE = Purpose("safety", "Safety", "law", ("analyst",), safeguarding=True, sensitive=True)
KNOWN = Vocabulary(
    {noun.name(): noun for noun in NOUNS}, {each.name: each for each in LINKS}, {}, {"safety": PURPOSE}, {}, {}
)


def question(folder: Path, text: str) -> Question:
    """A question as its file says it, which must be without a mistake."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "q.yaml").write_text(textwrap.dedent(text))
    report = Report()
    table = document.read(folder / "q.yaml", Path("q.yaml"), report)
    assert table is not None
    found = questions.read([table], KNOWN, report)
    assert report.sorted() == []
    return next(iter(found.values()))


def asked(index: Index, it: Question, *sources: str, **given_: Given) -> dict[str, dict[str, int]]:
    """The names of what answers a question, for a reader of some sources."""
    values_ = {name: each.default for name, each in it.ask.items() if each.default is not None} | given_
    found = index.patterns.answers(it, values_, access(*sources))
    names = {oid(noun.name(), name): name for noun in NOUNS for name in (*NAMES, *CIRCLE)}
    return {names[id]: counts for id, counts in found.items()}


@FEW
@given(data(), declared())
def test_what_answers_is_what_trying_every_assignment_finds_for_each_reader(tmp_path, made, said):
    folder = tmp_path / str(next(_fresh))
    it = question(folder, yaml.safe_dump(said))
    index = build_index(folder / "all", made)
    for sources in (OPEN, EVERY):
        found = matches(said, world(made, sources))
        told = expected(said, found)
        assert asked(index, it, *sources) == told
        numbers = [oid(it.things[it.answer].type.name(), name) for name in told]
        grounds = index.patterns.grounds(it, {}, numbers, access(*sources), 1_000)
        for number, name in zip(numbers, told, strict=True):
            mine = [at for at in found if at[it.answer][1] == name]
            met = {(thing_, id) for each in grounds[number] for thing_, id in each.things}
            assert met == {(thing_, oid(*object)) for at in mine for thing_, object in at.items()}
            assert {index.accesses[each.access][0] for each in grounds[number]} <= set(sources)


@FEW
@given(data(), declared())
def test_what_is_hidden_changes_nothing_of_what_the_other_reader_is_told(tmp_path, made, said):
    folder = tmp_path / str(next(_fresh))
    it = question(folder, yaml.safe_dump(said))
    answers = []
    for name, records in (("all", made), ("open", [each for each in made if each.source in OPEN])):
        index = build_index(folder / name, records)
        found = index.patterns.answers(it, {}, access(*OPEN))
        grounds = index.patterns.grounds(it, {}, sorted(found), access(*OPEN), 2)
        answers.append((found, {id: sorted(each, key=repr) for id, each in grounds.items()}))
    assert answers[0] == answers[1]


def test_two_things_that_are_linked_and_near_are_measured_before_a_third_is_looked_for(tmp_path):
    said = {
        "question": "q", "purposes": ["safety"], "things": dict.fromkeys(("t0", "t1", "t2"), "Crime"),
        "links": [{"from": "t0", "type": "related_event", "to": "t1"}],
        "near": [{"of": ["t0", "t1"], "metres": 60}, {"of": ["t0", "t2"], "metres": 60}], "answer": "t0",
    }  # fmt: skip
    it, index = question(tmp_path, yaml.safe_dump(said)), build_index(tmp_path / "index", [])
    assert index.patterns.answers(it, {}, access(*OPEN)) == {}


KNOWS = """
    question: q
    purposes: [safety]
    ask: {least: {default: 2}}
    things: {who: Person, friend: Person, crime: Crime, any: Crime}
    links:
      - {from: who, type: associated_with, to: friend}
      - {from: friend, type: involved_in, to: crime, roles: [knownSuspect]}
    without:
      - {from: who, type: involved_in, to: any}
    answer: who
    at_least: {friend: $least}
    """


def circle() -> list[Said | Joined]:
    """The person p knows q and r, who are suspects of many crimes, and s, who is of none; t knows q and r and is a witness."""
    made: list[Said | Joined] = [record("Person", name, surname=name) for name in "pqrst"]
    made += [record("Crime", f"x{n}", reference=f"C{n}") for n in range(40)]
    made += [link("associated_with", f"Person:{one}", f"Person:{other}", role="friend")
             for one, other in ("pq", "rp", "ps", "tq", "tr")]  # fmt: skip
    made += [link("involved_in", f"Person:{'q' if n else 'r'}", f"Crime:x{n}", role="knownSuspect") for n in range(40)]
    return [*made, link("involved_in", "Person:t", "Crime:x1", role="witness")]


def test_people_who_are_party_to_no_crime_but_know_some_who_are(tmp_path):
    index = build_index(tmp_path / "build", circle())
    it = question(tmp_path, KNOWS)
    assert asked(index, it, "custody") == {"p": {"friend": 2}}
    assert asked(index, it, "custody", least=3) == {}
    assert "p" in asked(index, it, "custody", least=1)


def test_the_first_rows_of_an_answer_tell_of_each_thing_before_any_tells_of_one_again(tmp_path):
    index = build_index(tmp_path / "build", circle())
    it = question(tmp_path, KNOWS)
    who = oid("Person", "p")
    grounds = index.patterns.grounds(it, {"least": 2}, [who], access("custody"), 10)[who]
    met = {(thing_, id) for each in grounds for thing_, id in each.things}
    assert {("friend", oid("Person", "q")), ("friend", oid("Person", "r")), ("crime", oid("Crime", "x0"))} <= met
    assert len([each for each in grounds if len(each.things) == 2 and each.things[1][0] == "crime"]) == 10


@pytest.mark.parametrize(
    ("days", "near"), [(0, {"day", "month"}), (2, {"day", "month"}), (3, {"day", "month", "later"}), (27, {"day", "month", "later", "next"})]
)  # fmt: skip
def test_of_a_day_that_is_not_known_in_full_counts_the_least_time_between(tmp_path, days, near):
    when = {"day": "2026-01-05T23:00", "month": "2026-01", "later": "2026-01-08", "next": "2026-02", "none": None}
    made = [record("Incident", "x0", happened_at="2026-01-05")]
    names = dict(zip(when, ("x1", "x2", "x3", "x4", "x5"), strict=True))
    made += [record("Crime", names[name], happened_at=each) for name, each in when.items()]
    text = f"""
        question: q
        purposes: [safety]
        things: {{one: {{type: Incident, where: {{happened_at: 2026-01-05}}}}, other: Crime}}
        within: [{{of: [one, other], days: {days}}}]
        answer: other
        """
    index = build_index(tmp_path / "build", made)
    found = asked(index, question(tmp_path, text), "custody")
    assert {name for name in when if names[name] in found} == near


def test_a_question_about_a_type_that_the_index_does_not_have_finds_nothing(tmp_path):
    index = build_index(tmp_path / "build", [record("Person", "p", surname="Fox")])
    text = """
        question: q
        purposes: [safety]
        things: {who: Person, car: Vehicle}
        links: [{from: who, type: has_vehicle, to: car}]
        answer: who
        """
    it = question(tmp_path, text)
    del index.patterns._objects.by_name["Vehicle"]  # as in an index made before the type was declared
    assert asked(index, it, "custody") == {}
    assert index.patterns.grounds(it, {}, [oid("Person", "p")], access("custody"), 5) == {}
    never = question(tmp_path, text.replace("links:", "without:").replace("car: Vehicle", "car: Vehicle"))
    assert asked(index, never, "custody") == {"p": {}}


def test_a_question_that_takes_too_long_is_stopped_and_says_how_to_ask_for_less(tmp_path):
    index = build_index(tmp_path / "build", circle())
    long = "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range % 7 = b.range % 11"
    with (
        index.patterns._objects.cursor() as cursor,
        pytest.raises(TooMuch, match="ask for fewer days"),
        limited(cursor, 0.05),
    ):
        cursor.execute(long)
    assert asked(index, question(tmp_path, KNOWS), "custody") == {"p": {"friend": 2}}


def test_more_answers_than_can_be_chosen_from_are_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(patterns, "MOST_FOUND", 3)
    index = build_index(tmp_path / "build", circle())
    every_ = question(tmp_path, "question: q\npurposes: [safety]\nthings: {who: Person}\nanswer: who\n")
    with pytest.raises(TooMuch, match="More than 3"):
        asked(index, every_, "custody")


def test_every_value_is_a_parameter(tmp_path):
    index = build_index(tmp_path / "build", [record("Crime", "x1", crime_type="it's; drop --", reference="C1")])
    text = """
        question: q
        purposes: [safety]
        ask: {kind: {default: "x"}}
        things: {crime: {type: Crime, where: {crime_type: $kind}}}
        answer: crime
        """
    it = question(tmp_path, text)
    assert asked(index, it, "custody", kind="IT'S; drop --") == {"x1": {}}
    assert asked(index, it, "custody", kind="' OR 1 = 1 --") == {}


def test_an_id_is_of_the_answers_type(tmp_path):
    index = build_index(tmp_path / "build", circle())
    (found,) = index.patterns.answers(question(tmp_path, KNOWS), {"least": 2}, access("custody"))
    assert found == ObjectId("person", found.number)
