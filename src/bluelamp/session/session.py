"""The door to data: a user working for a purpose. It decides what is visible, and logs before it answers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bluelamp.connectors import Reject
from bluelamp.errors import BlueLampError, NotFound, Refused
from bluelamp.ids import ObjectId, event_id, parse
from bluelamp.index.found import Found, Hit, Links
from bluelamp.ontology.grammar import ObjectType
from bluelamp.pipeline import numbering, replay, states
from bluelamp.session import compose, data, joining, row, visibility
from bluelamp.session.carrying import Carrying
from bluelamp.session.joining import Joining
from bluelamp.session.permissions import Action
from bluelamp.session.telling import Telling
from bluelamp.session.views import CellView, Doubt, FedView, ObjectView, RowView, StepView, Table, TieGroup
from bluelamp.session.watching import Watching
from bluelamp.workspace.model import Source, names
from bluelamp.workspace.sensitive import sensitive_columns, sensitive_properties

#: what stands for a sensitive value where the purpose does not open such
MASKED = "masked"

#: how many links an object page shows of all, and how many of one type a page of links shows
LINKS_SHOWN = 200


class Session(Watching, Carrying, Telling):
    """What one user may do for one purpose. Made by `BlueLamp.session`, which has checked both."""

    def search(
        self,
        text: str,
        types: Sequence[str] = (),
        sources: Sequence[str] = (),
        first: date | None = None,
        last: date | None = None,
        page: int = 1,
        size: int = 20,
    ) -> Found:
        """Objects that match `text`, best first, a page of `size` at a time, with counts by type and source."""
        self._may(Action.SEARCH, text)
        found = self.index.search(
            text, self.visible, tuple(types), tuple(sources), first, last, (page - 1) * size, size
        )
        asked = {"text": text, "types": list(types), "sources": list(sources), "from": first, "to": last, "page": page}
        self._log(
            Action.SEARCH, (hit.object for hit in found.hits), {k: str(v) for k, v in asked.items() if v}, found.total
        )
        return replace(found, hits=self._told(found.hits))

    def search_list(self, lines: str | Iterable[str]) -> list[tuple[str, tuple[Hit, ...]]]:
        """Each line of a pasted list with what it finds; at most 5,000 lines."""
        self._may(Action.SEARCH, "a list")
        asked = lines.splitlines() if isinstance(lines, str) else list(lines)
        cleaned = [line.strip() for line in asked if line.strip()][:5000]
        found = self.index.paste(cleaned, self.visible)
        hits = [hit for _, each in found for hit in each]
        self._log(Action.SEARCH, (hit.object for hit in hits), {"list": cleaned}, len(hits))
        told = iter(self._told(hits))
        return [(line, tuple(islice(told, len(each)))) for line, each in found]

    def object(self, id: str | ObjectId) -> ObjectView:
        """Everything visible of one object. Raises NotFound, also where it exists but not for this reader."""
        view, shown = self._object(id, Action.VIEW)
        self._log(Action.VIEW, [view.id, *shown], {"object": str(id)}, view.records)
        return view

    def links(self, id: str | ObjectId) -> tuple[TieGroup, ...]:
        """The links of one object by type, up to 200 in all. Raises NotFound."""
        view, shown = self._object(id, Action.LINKS)
        self._log(Action.LINKS, [view.id, *shown], {"object": str(id)}, len(shown))
        return view.groups

    def links_of(self, id: str | ObjectId, kind: str, page: int = 1, size: int = 100) -> tuple[ObjectView, TieGroup]:
        """One type of an object's links, a page at a time. Raises NotFound."""
        view, _ = self._object(id, Action.LINKS)
        found = self.index.links(view.id, self.visible, kind, (page - 1) * size, size)
        ties = [self._tie(link) for link in found.links]
        groups = compose.groups(ties, found.counts, self.force.workspace.links)
        if not groups:
            raise NotFound(f"{view.caption or id} has no such links that this purpose opens.")
        group = TieGroup(kind, groups[0].label, found.total, tuple(ties))
        self._log(Action.LINKS, [view.id, *(tie.other for tie in ties)], {"object": str(id), "type": kind}, len(ties))
        return view, group

    def lineage(self, source: str, delivery: int, row_number: int, file: str | None = None) -> RowView:
        """One source row: as received, as understood, and the objects it feeds. Raises NotFound."""
        self._may(Action.LINEAGE, source)
        workspace = self.force.workspace
        declared = self._open(source)
        known = self.force.deliveries(source).get(delivery)
        secret = numbering.secret(self.force.store, self.force.build)
        found = row.find(workspace, self.force.store, secret, declared, known, row_number, file) if known else None
        markings = {declared.marking, *(made.marking for made in found.made)} if found else set()
        cleared = all(visibility.clears(self.user, workspace.markings.get(m), workspace.markings) for m in markings)
        if found is None or known is None or not cleared:
            raise self._absent(f"row {row_number} of delivery {delivery} of {declared.title}")
        feeds = self._fed(found.made)
        self._log(
            Action.LINEAGE,
            (fed.id for fed in feeds),
            {"source": source, "delivery": str(delivery), "row": str(row_number), "file": found.file},
            len(feeds),
        )
        marking = visibility.highest(markings, workspace.markings)
        return RowView(
            source, declared.title, delivery, found.file, row_number, known.at, known.who, known.checksum,
            self._cells(declared, found.cells), self._steps(declared, found.steps), feeds, marking,
        )  # fmt: skip

    def table(self, type: str, columns: Sequence[str] | None = None) -> Table:
        """All visible records of an object type, with their object ids."""
        rows, marking = self._table(type, columns)
        self._log(Action.VIEW, (), {"table": type, "columns": list(columns or ())}, rows.num_rows, noun=type)
        return Table(rows, marking)

    def export(self, type: str, into: Path, recipients: Sequence[str] = ()) -> int:
        """Write all visible records of a type to a Parquet file. Returns how many; logged as a disclosure."""
        self._may(Action.EXPORT, type)
        rows, marking = self._table(type, None)
        notes = {
            "marking": marking,
            "purpose": self.purpose.name,
            "who": self.user.name,
            "build": str(self.force.build_number),
        }
        received = list(recipients) or [self.user.name]
        self._log(Action.EXPORT, (), {"table": type, "file": str(into)}, rows.num_rows, noun=type, recipients=received)
        try:
            pq.write_table(rows.replace_schema_metadata(notes), into)
        except OSError as error:
            raise BlueLampError(f"{into} cannot be written: {error.strerror}; choose another place.") from None
        return int(rows.num_rows)

    def counts(self) -> dict[str, int]:
        """How many objects of each type are visible."""
        self._may(Action.DATA, "counts")
        found = self.index.counts(self.visible)
        self._log(Action.DATA, (), {"counts": "all"}, len(found))
        return found

    def sources(self) -> list[data.SourceView]:
        """Every declared source with what came of it; no content."""
        self._may(Action.DATA, "sources")
        self._log(Action.DATA, (), {"sources": "all"}, len(self.force.workspace.sources))
        return self._sources(self.force.workspace.sources.values())

    def source(self, name: str) -> data.SourceView:
        """One source. Raises NotFound."""
        self._may(Action.DATA, name)
        declared = self.force.workspace.sources.get(name)
        if declared is None:
            raise self._absent(f"the source {name}")
        self._log(Action.DATA, (), {"source": name}, 1)
        (view,) = self._sources([declared])
        return view

    def rejects(self, name: str, limit: int | None = 200) -> list[data.RejectView]:
        """The rows of an open source that could not be read.

        What could not be read says no marking, so it is shown only to who may see every marking that a row of the
        source can carry. To anybody else it is as if the source were closed, whether or not there are rejects. Nor
        does it say which of its values are sensitive: where the source has such, all of the row is masked (DP-3).
        """
        declared = self._rejecting(name)
        ledger = states.states(self.force.workspace, self.force.store)[name]
        found = data.rejects(self.force.store, declared, ledger, limit)
        self._log(Action.REJECTS, (), {"rejects": name}, len(found))
        return [replace(each, text=MASKED) for each in found] if self._masks(declared) else found

    def rejects_file(self, name: str) -> bytes:
        """All rejects of an open source as a CSV file in which a person can correct them.

        Raises Refused where they may hold sensitive values that this purpose does not open.
        """
        if self._masks(self._rejecting(name)):
            self._log(Action.REJECTS, (), {"asked": name}, 0, refused=True)
            raise Refused(
                f"The rejects of {name} may hold sensitive values, which the purpose “{self.purpose.title}” does not "
                "open; choose one that does."
            )
        rows = [(each.file, Reject(each.row, each.line, each.reason, each.text)) for each in self.rejects(name, None)]
        into = self.force.store.scratch / f"{event_id()}.csv"
        into.parent.mkdir(parents=True, exist_ok=True)
        try:
            replay.write(self.force.store, name, rows, into)
            return into.read_bytes()
        finally:
            into.unlink(missing_ok=True)

    def models(self) -> Joining:
        """By which models records are joined, what that is expected to cost, and how evenly it was measured to fall."""
        self._may(Action.RESOLUTION, "models")
        found = joining.joining(self.force.workspace, self.force.build)
        self._log(Action.RESOLUTION, (), {"models": "all"}, len(found.models))
        return found

    def make_token(self, label: str, days: int = 90) -> str:
        """An API token for this user, purpose, reason and case; its secret is shown only now. Raises Refused."""
        _, secret = self.force.accounts.make_token(
            self.user.name, label, self.purpose.name, self.reason, self.case, days
        )
        return secret

    def issue_counts(self, name: str) -> list[data.IssueCount]:
        """Issues of an open source by property and kind, of the rows that `issues` shows; of a closed one, none."""
        self._may(Action.DATA, name)
        opened = visibility.open_sources(self.force.workspace, self.user, self.purpose)
        with self.force.scratch() as connection:
            found = data.issue_counts(connection, self.force.store, name, self._sight()) if name in opened else []
        self._log(Action.DATA, (), {"issues": name}, len(found))
        return found

    def issues(self, name: str, property: str, code: str) -> list[data.IssueView]:
        """The values of an open source that were not understood in one way; sensitive ones are masked.

        Only of rows of which the user may see every marking that the row gives, as in `lineage`: of any other there
        is no value, no place and no count. One whose row gives a marking that nobody declared is shown to nobody.
        """
        self._may(Action.ISSUES, name)
        declared = self._open(name)
        with self.force.scratch() as connection:
            found = data.issues(connection, self.force.store, name, property, code, self._sight())
        self._log(Action.ISSUES, (), {"issues": name, "property": property, "code": code}, len(found))
        masked = self._masked(declared)
        return [replace(each, raw=MASKED) if (each.record, each.property) in masked else each for each in found]

    def marking(self, shown: Iterable[Hit | TieGroup | data.IssueView]) -> str:
        """The marking for a screen that shows these hits, links or issues."""
        markings: set[str] = set()
        for each in shown:
            if isinstance(each, TieGroup):
                markings.update(place.marking for tie in each.ties for place in tie.said)
            else:
                markings.update(each.markings)
        return visibility.highest(markings, self.force.workspace.markings)

    # ---- what the public verbs are made of ----

    def _object(self, id: str | ObjectId, action: Action) -> tuple[ObjectView, list[ObjectId]]:
        self._may(action, str(id))
        asked = parse(str(id))
        found = self.index.find(str(id))
        records, caption, linked = (
            self.index.page(found, self.visible, LINKS_SHOWN) if found else ([], None, Links(0, (), ()))
        )
        # a record's own number leads to its object only for whoever may see the record, or it would tell of it
        moved = asked if asked != found else None
        if found is None or not records or (moved and not self.index.holds(found, moved.number, self.visible)):
            raise self._absent(str(id))
        noun = self._noun(found)
        unread = self.index.unread(found, self.visible)
        known = compose.facts(noun, records, self.origins, unread, sensitive=self.purpose.sensitive)
        ties = [self._tie(link) for link in linked.links]
        markings = (
            {record.marking for record in records}
            | {each.marking for each in unread}
            | {said.marking for tie in ties for said in tie.said}
        )
        sources = dict.fromkeys(record.source for record in records)
        view = ObjectView(
            id=found,
            type=noun.name(),
            type_label=noun.label,
            caption=caption or "",
            facts=tuple(known),
            groups=tuple(compose.groups(ties, linked.counts, self.force.workspace.links)),
            timeline=tuple(compose.timeline(noun, known, ties)),
            doubts=tuple(self._doubts(found, noun)),
            records=len(records),
            sources=tuple(sources),
            marking=visibility.highest(markings, self.force.workspace.markings),
            asked_as=moved,
        )
        return view, [tie.other for tie in ties]

    def _doubts(self, id: ObjectId, noun: type[ObjectType]) -> Iterable[Doubt]:
        conflicts = self.index.conflicts(id, self.visible)
        captions = self.index.captions([each.other for each in conflicts], self.visible)
        for each in conflicts:
            property = noun.properties[each.property]
            yield Doubt(
                property.label, property.type.show(each.value), each.other, captions.get(each.other, ""), each.message
            )

    def _fed(self, made: Iterable[row.Made]) -> tuple[FedView, ...]:
        nouns = self.force.workspace.nouns
        found = [(each, self.index.find(str(ObjectId(nouns[each.type].slug(), each.record)))) for each in made]
        known = [(each, id) for each, id in found if id is not None]
        captions = self.index.captions([id for _, id in known], self.visible)
        return tuple(
            FedView(each.name, id, captions[id], nouns[each.type].label) for each, id in known if id in captions
        )

    def _rejecting(self, name: str) -> Source:
        """The source of that name, of whose rejects this session may know."""
        self._may(Action.REJECTS, name)
        declared = self._open(name)
        if not self._whole(declared):
            raise self._absent(f"an open source {name}")
        return declared

    def _masks(self, source: Source) -> bool:
        """Whether a whole row of a source is masked for this purpose."""
        return not self.purpose.sensitive and bool(sensitive_columns(source))

    def _cells(self, source: Source, cells: Iterable[CellView]) -> tuple[CellView, ...]:
        hidden = set() if self.purpose.sensitive else sensitive_columns(source)
        return tuple(CellView(c.column, MASKED if c.column in hidden and c.raw else c.raw) for c in cells)

    def _steps(self, source: Source, steps: Iterable[StepView]) -> tuple[StepView, ...]:
        masked = self._masked(source)
        return tuple(
            StepView(s.record, s.property, s.label, MASKED, MASKED, "") if (s.record, s.property) in masked else s
            for s in steps
        )

    def _masked(self, source: Source) -> set[tuple[str, str]]:
        """The properties of a source's records, as (record, property), that this purpose may not see.

        A key that is made of a sensitive column is among them, with no property.
        """
        if self.purpose.sensitive:
            return set()
        hidden = sensitive_columns(source)
        keys = [(record.name, record.key) for record in source.records]
        for number, link in enumerate(source.links, start=1):
            keys += [(f"link_{number}", end.key) for end in (link.from_, link.to) if end.key]
        return {(name, "") for name, key in keys if hidden.intersection(names(key.columns))} | {
            (record.name, name) for record in source.records for name in sensitive_properties(record, hidden)
        }

    def _table(self, type: str, columns: Sequence[str] | None) -> tuple[pa.Table, str]:
        self._may(Action.EXPORT, type)
        noun = self.force.workspace.nouns.get(type)
        if noun is None:
            known = ", ".join(self.force.workspace.nouns)
            raise NotFound(f"There is no object type {type}; the types are {known}.")
        rows = _public(noun, self.index.table(noun.name(), self.visible, columns).read_all())
        if not self.purpose.sensitive:
            kept = [
                name for name in rows.column_names if name not in noun.properties or not noun.properties[name].sensitive
            ]
            rows = rows.select(kept)
        marks = {marking for number, (_, marking) in self.index.accesses.items() if number in self.visible}
        return rows, visibility.highest(marks, self.force.workspace.markings)

    def _sources(self, sources: Iterable[Source]) -> list[data.SourceView]:
        workspace, build = self.force.workspace, self.force.build
        ledgers = states.states(workspace, self.force.store)
        opened = visibility.open_sources(workspace, self.user, self.purpose)
        with self.force.scratch() as connection:
            totals = data.issue_totals(connection, self.force.store, self._sight())
        return [
            data.source_view(
                each,
                ledgers[each.name],
                build,
                totals.get(each.name, 0) if each.name in opened else None,
                visibility.highest(visibility.carried(workspace, each), workspace.markings),
                whole=each.name in opened and self._whole(each),
                masked=self._masks(each),
            )
            for each in sources
        ]

    def _sight(self) -> data.Sight:
        """The markings within the clearance, and the sources of which this session sees every record."""
        workspace = self.force.workspace
        opened = visibility.open_sources(workspace, self.user, self.purpose)
        known = [name for name, source in opened.items() if not any(record.marking for record in source.records)]
        return data.Sight(tuple(known), tuple(visibility.cleared(workspace, self.user)))


def _public(noun: type[ObjectType], rows: pa.Table) -> pa.Table:
    """The rows with object ids as everybody writes them."""
    if "object" not in rows.column_names:
        return rows
    numbers = rows.column("object").to_numpy()
    ids = pa.array([f"{noun.slug()}-{number:016x}" for number in numbers.tolist()], pa.string())
    return rows.set_column(rows.column_names.index("object"), "object", ids)
