"""`questions/*.yaml`: patterns of things and links that may be asked, with inputs, and for which purposes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from bluelamp.errors import BlueLampError
from bluelamp.ontology.grammar import LinkType, ObjectType, Property
from bluelamp.ontology.links import PLACED
from bluelamp.types import Point
from bluelamp.workspace import inputs
from bluelamp.workspace.document import Items, Node, Table, Text
from bluelamp.workspace.fields import Fields
from bluelamp.workspace.model import Closeness, Condition, Input, Joint, Place, Question, Term, Thing, Use
from bluelamp.workspace.nouns import stands
from bluelamp.workspace.problems import Report, choose
from bluelamp.workspace.vocabulary import Vocabulary

#: answers that one asking shows, unless the question says otherwise, and at most
USUAL, MOST = 200, 1_000

#: things and links of one question
MOST_PARTS = 12

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read(tables: list[Table], known: Vocabulary, report: Report) -> dict[str, Question]:
    """Every declared question by name."""
    found: dict[str, Question] = {}
    for table in tables:
        fields = Fields(table, "The question", report)
        question = _Reader(fields, known, report).read()
        if question and question.name in found:
            first = found[question.name].place
            where = f"{first.file.as_posix()}:{first.line}" if first else "another file"
            message = f"The question {question.name} is declared twice"
            report.add("B027", fields.at("question"), message, f"see {where}: rename one")
        elif question:
            found[question.name] = question
    return found


class _Reader:
    """Reads one question. What is wrong is reported and left out, and then there is no question."""

    def __init__(self, fields: Fields, known: Vocabulary, report: Report) -> None:
        self._fields, self._known, self._report = fields, known, report
        self._ask: dict[str, Input] = {}
        self._used: set[str] = set()
        self._things: dict[str, Thing | None] = {}
        self._wrong = False

    def read(self) -> Question | None:
        fields = self._fields
        name = self._name()
        purposes = fields.texts("purposes")
        self._ask = self._inputs()
        self._things = self._read_things()
        links, without = self._links("links"), self._links("without")
        near, within = self._close("near", "metres"), self._close("within", "days")
        answer = self._answer()
        question = Question(
            name, fields.text("title", name.replace("-", " ").capitalize()), self._purposes(purposes), self._ask,
            {name: each for name, each in self._things.items() if each}, tuple(links), (), near, within, answer,
            self._at_least(answer), self._most(), fields.text("description"), fields.at("question"),
        )  # fmt: skip
        fields.finish()
        if self._wrong or None in self._things.values() or not name or not answer:
            return None
        question = replace(question, without=tuple(self._groups(question, without)))
        self._check(question, purposes)
        return question

    # ---- its own words ----

    def _name(self) -> str:
        fields = self._fields
        name = fields.required("question", "write `question: shared-homes`, the name that it is asked by")
        if name and not _NAME.fullmatch(name):
            fix = "use small letters, digits and hyphens, as in `shared-homes`"
            self._report.add("B028", fields.at("question"), f'"{name}" is not a name for a question', fix)
            name = ""
        fields.what = f"The question {name}" if name else fields.what
        return name

    def _purposes(self, texts: Sequence[Text]) -> tuple[str, ...]:
        declared = tuple(self._known.purposes)
        if not texts:
            self._fields.missing("purposes", f"write `purposes: [...]` with some of {', '.join(declared)}")
        for each in texts:
            if each.text not in declared:
                fix = choose(each.text, declared)
                self._report.add("B022", each.place, f'There is no purpose "{each.text}"', fix)
        return tuple(each.text for each in texts if each.text in declared)

    def _most(self) -> int:
        most = self._fields.number("most")
        if most is not None and (most != int(most) or not 1 <= most <= MOST):
            self._say("B068", "most", "`most` is not a whole number from 1", f"write `most: {USUAL}`, at most {MOST:,}")
            return USUAL
        return USUAL if most is None else int(most)

    def _answer(self) -> str:
        name = self._fields.required("answer", "write `answer:` and the name of one of `things`")
        return name if name and self._is_thing(name, self._fields.at("answer")) else ""

    # ---- what it asks for ----

    def _inputs(self) -> dict[str, Input]:
        table = self._fields.table_at("ask", f"`ask` of {self._fields.inner}")
        found = {}
        for name in table.table.entries if table else ():
            node = table.node(name) if table else None
            fields = table.open(node, f"The input {name}") if table and node else None
            if not _WORD.fullmatch(name):
                place = table.at(name) if table else self._fields.place
                fix = "use small letters, digits and _, as in `least`"
                self._report.add("B028", place, f'"{name}" is not a name for an input', fix)
            elif fields:
                found[name] = self._input(name, fields)
        return found

    def _input(self, name: str, fields: Fields) -> Input:
        choices, default = fields.words("choices"), fields.text("default")
        likely = "choice" if choices else "date" if re.fullmatch(r"\d{4}-\d\d-\d\d", default) else "text"
        kind = fields.word("kind", tuple(inputs.KINDS), "number" if default.isdecimal() else likely)
        made = Input(name, fields.text("label", name.replace("_", " ").capitalize()), kind, None, choices)
        fields.finish()
        if (kind == "choice") != bool(choices):
            fix = "write `choices: [one, two]` where one of them is to be chosen, and only there"
            self._report.add("B064", fields.at("choices"), f"{fields.what} is of the kind {kind}", fix)
            return made
        try:
            return replace(made, default=inputs.understood(made, default)) if default else made
        except BlueLampError as error:
            self._report.add("B064", fields.at("default"), f"`default` of {fields.inner} cannot stand", str(error))
            return made

    def _term(self, node: Node | None, place: Place, what: str, kinds: Sequence[str]) -> Term | None:
        """A fixed value, or `$name` for what is given for an input; it must be of one of `kinds`."""
        if not isinstance(node, Text) or node.blank:
            if node is not None:
                self._report.add("B007", place, f"{what} is not one value", "write a value, or `$` and an input's name")
            return None
        text = node.text.strip()
        if not text.startswith("$"):
            return self._fixed(text, place, what, kinds)
        asked = self._ask.get(text[1:])
        self._used.add(text[1:])
        if asked is None:
            self._wrong = True
            fix = choose(text[1:], tuple(self._ask))
            self._report.add("B063", place, f"{what} is {text}, which the question does not ask for", fix)
        elif asked.kind not in kinds:
            self._report.add("B064", place, f"{what} cannot be {text}, {inputs.what(asked)}", f"ask for {_or(kinds)}")
        return Use(text[1:])

    def _fixed(self, text: str, place: Place, what: str, kinds: Sequence[str]) -> Term | None:
        kind = "text" if "text" in kinds else kinds[0]
        try:
            return inputs.understood(Input("", what, kind), text)
        except BlueLampError:
            self._report.add("B068", place, f'{what} is "{text}"', f"write {inputs.KINDS[kind]}")
            return None

    # ---- its things ----

    def _read_things(self) -> dict[str, Thing | None]:
        table = self._fields.table_at("things", f"`things` of {self._fields.inner}")
        if table is None or not table.table.entries:
            self._fields.missing("things", "write `things:` and below it `who: Person`")
            return {}
        found: dict[str, Thing | None] = {}
        for name, node in table.table.entries.items():
            place = table.at(name)
            if not _WORD.fullmatch(name):
                fix = "use small letters, digits and _, as in `who`"
                self._report.add("B028", place, f'"{name}" is not a name for a thing', fix)
            found[name] = self._thing(name, node, place)
        if len(found) > MOST_PARTS:
            self._say(
                "B068", "things", f"{self._fields.what} has more than {MOST_PARTS} things", "ask for less at once"
            )
        return found

    def _thing(self, name: str, node: Node, place: Place) -> Thing | None:
        if isinstance(node, Text):
            node = Table(place, {"type": node}, {"type": place})
        fields = self._fields.open(node, f"The thing {name}")
        if fields is None:
            return None
        types = self._known.nouns
        word = fields.required("type", f"write `{name}: Person`, or another type")
        noun = types.get(word)
        if word and noun is None:
            fix = choose(word, tuple(types))
            self._report.add("B013", fields.at("type"), f'There is no object type "{word}"', fix)
        since, until = (
            self._term(fields.node(key), fields.at(key), f"`{key}` of {fields.inner}", ("date",))
            for key in ("since", "until")
        )
        where = fields.table_at("where", f"`where` of {fields.inner}")
        conditions = tuple(self._conditions(where, noun, fields)) if where and noun else ()
        fields.finish()
        if noun is None:
            return None
        if (since or until) and noun.when is None:
            self._report.add(
                "B065", fields.place, f"{fields.what} is a {noun.name()}, which happens on no day", "use an event"
            )
        return Thing(name, noun, conditions, since, until)

    def _conditions(self, where: Fields, noun: type[ObjectType], thing: Fields) -> Iterable[Condition]:
        for name, node in where.table.entries.items():
            property, place = noun.properties.get(name), where.at(name)
            if property is None:
                message = f'{thing.what} is a {noun.name()}, which has no property "{name}"'
                self._report.add("B014", place, message, choose(name, tuple(noun.properties)))
                continue
            what = f"`{name}` of {thing.inner}"
            if isinstance(node, Table):
                yield self._range(Fields(node, f"The condition {name}", self._report), property, what)
            else:
                nodes = node.items if isinstance(node, Items) else [node]
                said = [self._said(each, property, what) for each in nodes]
                yield Condition(name, tuple(each for each in said if each is not None))

    def _range(self, fields: Fields, property: Property, what: str) -> Condition:
        first, last = (
            self._said(node, property, what) if (node := fields.node(key)) else None for key in ("from", "to")
        )
        fields.finish()
        if not inputs.ranged(property):
            fix = f"write `{property.name}: value`, or a list of values"
            self._report.add("B064", fields.place, f"{what} has no from and to", fix)
        return Condition(property.name, (), first, last)

    def _said(self, node: Node, property: Property, what: str) -> Term | None:
        """A value of a property, or an input that can be one."""
        kinds = tuple(kind for kind in inputs.KINDS if inputs.fits(Input("", "", kind), property))
        if not isinstance(node, Text) or node.text.strip().startswith("$"):
            term = self._term(node, node.place, what, kinds)
            asked = self._ask.get(term.name) if isinstance(term, Use) else None
            for each in asked.choices if asked else ():
                self._understood(each, property, node.place)
            return term
        return node.text.strip() if self._understood(node.text.strip(), property, node.place) else None

    def _understood(self, text: str, property: Property, place: Place) -> bool:
        try:
            inputs.value(property, text)
        except BlueLampError as error:
            self._report.add("B047", place, f'"{text}" is no value of {property.name}', str(error))
            return False
        return True

    # ---- how they are tied ----

    def _links(self, key: str) -> list[Joint]:
        nodes = self._fields.items(key)
        if len(nodes) > MOST_PARTS:
            self._say("B068", key, f"`{key}` has more than {MOST_PARTS} links", "ask for less at once")
        opened = [self._fields.open(node, "The link") for node in nodes]
        return [joint for fields in opened if fields and (joint := self._joint(fields))]

    def _joint(self, fields: Fields) -> Joint | None:
        types = tuple(self._known.links)
        name = fields.required("type", f"write `type:` and one of {', '.join(types)}")
        kind = self._known.links.get(name)
        if name and kind is None:
            self._report.add("B015", fields.at("type"), f'There is no link type "{name}"', choose(name, types))
        fields.what = f"The link {name}" if name else fields.what
        ends = [self._end(fields, key) for key in ("from", "to")]
        direction = fields.word("direction", ("either", "forward"), "either")
        roles = self._roles(fields, kind)
        fields.finish()
        if kind is None or not all(ends):
            self._wrong = True
            return None
        one, other = (self._things.get(end) for end in ends)
        if one is None or other is None:
            return None
        self._apart(ends[0], ends[1], fields.at("to"))
        turned = stands(one.type, kind.to_types) and stands(other.type, kind.from_types)
        if not (stands(one.type, kind.from_types) and stands(other.type, kind.to_types)):
            self._ends(fields, kind, one, other, turned=turned)
        return Joint(ends[0], ends[1], kind, roles, turned and direction == "either")

    def _end(self, fields: Fields, key: str) -> str:
        name = fields.required(key, f"write `{key}:` and the name of one of `things`")
        return name if name and self._is_thing(name, fields.at(key)) else ""

    def _roles(self, fields: Fields, kind: LinkType | None) -> tuple[str, ...]:
        roles = fields.texts("roles")
        for each in roles if kind else ():
            if kind and each.text not in kind.roles:
                message = f'{fields.what} has no role "{each.text}"'
                self._report.add("B019", each.place, message, choose(each.text, kind.roles))
        return tuple(each.text for each in roles)

    def _ends(self, fields: Fields, kind: LinkType, one: Thing, other: Thing, *, turned: bool) -> None:
        if turned:
            fix = "turn `from` and `to` round"
            self._report.add("B016", fields.at("from"), f"{fields.what} joins its ends the other way", fix)
            return
        for key, thing, allowed in (("from", one, kind.from_types), ("to", other, kind.to_types)):
            if not stands(thing.type, allowed):
                message = f"{fields.what} cannot have a {thing.type.name()} as `{key}`"
                self._report.add("B016", fields.at(key), message, f"use a {' or '.join(allowed)}")

    def _close(self, key: str, unit: str) -> tuple[Closeness, ...]:
        """What must be near in place, or within a time."""
        found = []
        for node in self._fields.items(key):
            fields = self._fields.open(node, f"An item of `{key}`")
            if fields is None:
                continue
            ends = fields.texts("of")
            what = f"`{unit}` of {fields.inner}"
            most = self._term(fields.node(unit), fields.at(unit), what, (unit,))
            fields.finish()
            known = [each.text for each in ends if self._is_thing(each.text, each.place)]
            if len(ends) != 2 or most is None:  # noqa: PLR2004 (two things are near each other)
                example = f"write it like `{{of: [one, other], {unit}: 7}}`"
                self._report.add("B009", fields.place, f"{fields.what} lacks two things or how near they are", example)
            elif len(known) == len(ends):
                self._apart(known[0], known[1], fields.at("of"))
                self._comparable(key, known, fields.at("of"))
                found.append(Closeness(known[0], known[1], most))
        return tuple(found)

    def _comparable(self, key: str, names: Iterable[str], place: Place) -> None:
        for name in names:
            thing = self._things.get(name)
            if thing is None:
                continue
            if key == "within" and thing.type.when is None:
                self._report.add("B065", place, f"{name} is a {thing.type.name()}, which has no day", "use an event")
            if key == "near" and not (pointed(thing.type) or placed(thing.type, self._known.links)):
                message = f"{name} is a {thing.type.name()}, which is at no place"
                self._report.add("B065", place, message, "use an event or a place")

    def _at_least(self, answer: str) -> dict[str, Term]:
        fields = self._fields.table_at("at_least", f"`at_least` of {self._fields.inner}")
        found: dict[str, Term] = {}
        for name in fields.table.entries if fields else ():
            if fields is None or not self._is_thing(name, fields.at(name)):
                continue
            term = self._term(fields.node(name), fields.at(name), f"`at_least` of {name}", ("number",))
            if name == answer:
                self._report.add(
                    "B062", fields.at(name), f"`at_least` counts {name}, the answer", "count another thing"
                )
            elif term is not None:
                found[name] = term
        return found

    # ---- whether it makes sense as a whole ----

    def _groups(self, question: Question, without: list[Joint]) -> Iterable[tuple[Joint, ...]]:
        """The links of `without` in groups: those that share a thing which stands nowhere else belong together."""
        bound, groups = set(question.bound), list[list[Joint]]()
        for each in without:
            together = [group for group in groups if (each.ends - bound) & _ends(group)]
            groups = [group for group in groups if group not in together]
            groups.append([*chain(*together), each])
        return map(tuple, groups)

    def _check(self, question: Question, purposes: Sequence[Text]) -> None:
        for name in self._ask.keys() - self._used:
            message = f"{self._fields.what} asks for {name} and does not use it"
            self._say("B063", "ask", message, f"write `${name}` where it belongs, or remove it")
        for name in sorted(question.things.keys() - _reached(question)):
            message = f"{name} of {self._fields.inner} is tied to nothing that leads to the answer"
            self._say("B062", "things", message, "tie it by `links`, `near` or `within`, or remove it")
        for name in question.at_least:
            if name not in question.bound:
                message = f"`at_least` counts {name}, which stands in `without` alone"
                self._say("B062", "at_least", message, "count a thing of `links`, `near` or `within`")
        for each in purposes:
            purpose = self._known.purposes.get(each.text)
            if purpose and question.labels and not purpose.safeguarding:
                message = f"{self._fields.what} says something of a person by way of others, for {each.text}"
                fix = "keep to purposes that say `safeguarding: true`, or have one person in it at most"
                self._report.add("B066", each.place, message, fix)
            if purpose and question.sensitive and not purpose.sensitive:
                message = f"{self._fields.what} looks at sensitive values, which {each.text} may not see (DP-3)"
                self._report.add("B067", each.place, message, "leave that purpose or that condition out")

    def _is_thing(self, name: str, place: Place) -> bool:
        if name in self._things:
            return True
        self._wrong = True
        fix = choose(name, tuple(self._things))
        self._report.add("B061", place, f'{self._fields.what} has no thing "{name}"', fix)
        return False

    def _apart(self, one: str, other: str, place: Place) -> None:
        if one == other:
            self._report.add("B062", place, f"{one} is tied to itself", "name two things")

    def _say(self, code: str, key: str, message: str, fix: str) -> None:
        self._report.add(code, self._fields.at(key), message, fix)


def pointed(noun: type[ObjectType]) -> bool:
    """Whether things of a type are at a point of their own."""
    return any(isinstance(each.type, Point) for each in noun.properties.values())


def placed(noun: type[ObjectType], links: dict[str, LinkType]) -> bool:
    """Whether things of a type happen at places."""
    return PLACED in links and stands(noun, links[PLACED].from_types)


def _reached(question: Question) -> set[str]:
    """The things that are tied to the answer; those of `without` where one of their group is."""
    ties = [each.ends for each in question.ties]
    reached = {question.answer}
    for pieces in (ties, [_ends(group) for group in question.without]):
        while more := {name for ends in pieces if ends & reached for name in ends} - reached:
            reached |= more
    return reached


def _ends(joints: Iterable[Joint]) -> frozenset[str]:
    return frozenset().union(*(each.ends for each in joints))


def _or(kinds: Sequence[str]) -> str:
    return " or ".join(inputs.KINDS[kind] for kind in kinds)
