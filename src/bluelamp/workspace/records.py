"""The `records` of a source: which objects each row speaks of, and what it says of them."""

from bluelamp.ontology.grammar import Kind, ObjectType
from bluelamp.types import Point
from bluelamp.workspace import condition
from bluelamp.workspace.document import Items, Table, Text
from bluelamp.workspace.fields import Fields
from bluelamp.workspace.model import Key, Place, RecordSpec, Value
from bluelamp.workspace.nouns import WORD
from bluelamp.workspace.problems import Report, choose, nearest
from bluelamp.workspace.values import Values
from bluelamp.workspace.vocabulary import Vocabulary

#: what people write, and the property that they mean
SYNONYMS = {
    "first_name": "given_name",
    "forename": "given_name",
    "christian_name": "given_name",
    "last_name": "surname",
    "family_name": "surname",
    "fullname": "full_name",
    "whole_name": "full_name",
    "dob": "date_of_birth",
    "birth_date": "date_of_birth",
    "gender": "sex",
    "nickname": "alias",
    "registration": "vrm",
    "plate": "vrm",
    "registration_mark": "vrm",
    "phone": "number",
    "telephone": "number",
    "postal_code": "postcode",
    "date": "happened_at",
    "started_at": "happened_at",
    "latitude": "point",
    "longitude": "point",
    "notes": "description",
    "mo": "method",
    "ni_number": "nino",
}
ROW = "row"
LIKE = (
    "write it like `Status <> 'Closed' and \"Offence group\" is not null`, "
    "a column with blanks, dots or signs in its name in double quotes"
)
ALLOWED = (
    "use columns, fixed values, = <> < > <= >=, is null, in, like, between, and, or, not "
    f"and the functions {condition.FUNCTIONS}"
)


def read(fields: Fields, known: Vocabulary, report: Report) -> dict[str, RecordSpec | None]:
    """The records of a source by name; None for one whose declaration is too broken to use."""
    table = fields.table_at("records", "`records`")
    if fields.node("records") is None or (table and not table.table.entries):
        fix = "write `records:` and below it one block for each thing that a row speaks of"
        report.add("B029", fields.at("records"), f"{fields.what} makes no records", fix)
    if table is None:
        return {}
    found: dict[str, RecordSpec | None] = {}
    for name, node in table.table.entries.items():
        if not WORD.fullmatch(name):
            fix = "use small letters, digits and _, as in `reporting_person`"
            report.add("B028", table.at(name), f'"{name}" is not a name for a record', fix)
        own = table.open(node, f"The record {name}")
        found[name] = _record(name, table.at(name), own, known, report) if own else None
    return found


def _record(name: str, place: Place, fields: Fields, known: Vocabulary, report: Report) -> RecordSpec | None:
    type_name = fields.required("type", f"write `type:` and one of {', '.join(known.nouns)}")
    noun = known.nouns.get(type_name)
    if type_name and noun is None:
        message = f'There is no object type "{type_name}"'
        report.add("B013", fields.at("type"), message, choose(type_name, tuple(known.nouns)))
    made = key(fields, report)
    when = condition_of(fields, report)
    marking = fields.node("marking")
    marked = (
        Values(known.codes, report).read(marking, fields.at("marking"), f"the marking of {name}") if marking else None
    )
    _check_marking(marked, fields, known, report)
    said = _properties(fields, name, noun, known, report)
    fields.finish()
    if noun is None or made is None:
        return None
    return RecordSpec(name, noun, made, said, when, marked, place)


def _check_marking(value: Value | None, fields: Fields, known: Vocabulary, report: Report) -> None:
    if value and value.kind == "constant" and value.constant not in known.markings:
        message = f'There is no marking "{value.constant}"'
        report.add("B023", fields.at("marking"), message, choose(str(value.constant), tuple(known.markings)))


def check_when(specs: list[RecordSpec], report: Report) -> None:
    """Report each event that does not say when it happened, unless a strong key joins it to one that does."""
    events = [each for each in specs if each.type.kind is Kind.EVENT and each.type.when]
    dated = {key for each in events if each.type.when in each.set for key in _joins(each)}
    for each in events:
        if each.type.when not in each.set and not dated & _joins(each) and each.place:
            message = f"The event {each.type.name()} does not say when it happened, so no timeline can show it"
            report.add("B031", each.place, message, f"set `{each.type.when}` where the source knows it", "warning")


def _joins(spec: RecordSpec) -> set[tuple[str, str]]:
    """The strong keys by which a record may be one object with another."""
    return {(spec.type.name(), key.name) for key in spec.type.strong_keys() if key.name in spec.set}


def key(fields: Fields, report: Report) -> Key | None:
    """What makes the key of a record or of a link's end."""
    node = fields.node("key")
    if node is None or (isinstance(node, Items) and not node.items):
        fix = "write `key: [A, B]` with the columns that tell one from another, or `key: row`"
        fields.missing("key", fix, "B030")
        return None
    if isinstance(node, Text) and node.text.strip() == ROW:
        return Key((), otherwise_row=True)
    if not isinstance(node, Table):
        columns = fields.columns("key")
        return Key(columns) if columns else None
    own = Fields(node, f"The key of {fields.inner}", report)
    columns = own.columns("columns")
    otherwise = own.word("otherwise", (ROW,), ROW) if own.node("otherwise") is not None else ""
    if not columns:
        own.missing("columns", "write `key: {columns: [A, B], otherwise: row}`", "B030")
    own.finish()
    return Key(columns, otherwise_row=bool(otherwise)) if columns else None


def condition_of(fields: Fields, report: Report) -> str | None:
    """The checked `when`, as SQL."""
    text = fields.text("when")
    if not text:
        return None
    try:
        return condition.normalise(text)
    except condition.NotUnderstoodError as error:
        report.add("B032", fields.at("when"), f"The condition `{text[:80]}` is not understood: {error}", LIKE)
    except condition.NotAllowedError as error:
        report.add("B033", fields.at("when"), f"The condition `{text[:80]}` is refused: {error}", ALLOWED)
    return None


def _properties(
    fields: Fields, record: str, noun: type[ObjectType] | None, known: Vocabulary, report: Report
) -> dict[str, Value]:
    table = fields.table_at("set", f"`set` of the record {record}")
    if table is None:
        return {}
    found = {}
    values = Values(known.codes, report)
    for name in table.table.entries:
        place, what = table.at(name), f"`{name}` of the record {record}"
        if noun is not None and name not in noun.properties:
            message = f'{noun.name()} has no property "{name}"'
            report.add("B014", place, message, choose(name, tuple(noun.properties), _meant(name, noun, known)))
            continue
        value = values.read(table.node(name), place, what)
        if value is None or noun is None:
            continue
        found[name] = value
        if value.kind == "point" and not isinstance(noun.properties[name].type, Point):
            report.add("B034", place, f"`{name}` of {noun.name()} is not a point, so it has no latitude", _point(noun))
        else:
            values.fit(value, noun.properties[name].type, place, what)
    return found


def _point(noun: type[ObjectType]) -> str:
    """Where latitude and longitude belong instead."""
    points = [name for name, each in noun.properties.items() if isinstance(each.type, Point)]
    return f"set `{points[0]}` in this way" if points else "set it on a Location and link the two"


def _meant(name: str, noun: type[ObjectType], known: Vocabulary) -> str:
    """What was probably meant by a property that the type does not have."""
    meant = SYNONYMS.get(name.lower(), name)
    own = tuple(noun.properties)
    likely = meant if meant in own else nearest(name, own, 0.8)
    owners = [other.name() for other in known.nouns.values() if meant in other.properties]
    if likely or not owners:
        likely = likely or nearest(name, own)
        return f'did you mean "{likely}"?' if likely else ""
    belongs = f"belongs to {' and '.join(owners[:3])}"
    return f'"{name}" {belongs}' if meant == name else f'did you mean "{meant}"? it {belongs}'
