"""How well the published build joins, estimated from what people said of its sample."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bluelamp import clock
from bluelamp.errors import DeclarationError
from bluelamp.index.crowd import Crowd
from bluelamp.pipeline import evaluate
from bluelamp.resolution import measure, sampled
from bluelamp.resolution.measure import Measure, Sample
from bluelamp.resolution.sampled import Judgement, Population
from bluelamp.session import decisions, sample
from bluelamp.session.sample import Said

if TYPE_CHECKING:
    from bluelamp.session.force import BlueLamp


def estimate(force: "BlueLamp", type_name: str, by: Sequence[str]) -> tuple[Measure, Path]:
    """Precision and recall of all records of a type, and by properties, from the judged sample of the published build.

    It is drawn from everything, whoever may see it. Kept beside the model. Raises DeclarationError where the build
    joins by no model, and where nothing of the sample is judged.
    """
    workspace, published, build = force.workspace, force.published, force.build
    noun = evaluate.known_type(workspace, type_name)
    if build is None or type_name not in build.models or force.scales(type_name) is None:
        message = f"The published build joins {noun.plural.lower()} by no model; run `bluelamp run {workspace.folder}`."
        raise DeclarationError(message)
    unknown = [name for name in by if name not in noun.properties]
    if unknown:
        message = f"{type_name} has no property {unknown[0]} to measure by; it has {', '.join(noun.properties)}."
        raise DeclarationError(message)
    wanted = list(by) or [name for name in evaluate.GROUPINGS if name in noun.properties]
    everything = frozenset(published.index.accesses)
    crowd, drawn = published.index.crowd(type_name, everything), force.sample(published, noun, everything)
    with force.database.begin() as connection:
        listed = decisions.of(connection, type_name)
    said = sample.judged(published.index, noun, everything, drawn, listed)
    joined, doubted = (sampled.counted(_judgements(crowd, some, wanted)) for some in said)
    if not joined and not doubted:
        message = f"Nobody has judged the first pairs of the sample of {noun.plural.lower()} yet; judge them in Review."
        raise DeclarationError(message)
    counts = _counts(said, (joined, doubted))
    populations = [
        Population(name, each.name, each.records, each.wrong, each.missed)
        for name in ("", *wanted)
        for each in crowd.shares(name, drawn.undecided.instead)
    ]
    found = Measure(
        type_name, build.models[type_name], build.number, clock.now().isoformat(), _origin(counts),
        sampled.estimated(joined, doubted, populations), counts,
    )  # fmt: skip
    path = evaluate.place(workspace, noun)
    measure.save(found, path)
    return found, path


def _counts(said: Iterable[Sequence[Said]], counted: Iterable[Sequence[Judgement]]) -> Sample:
    """What counts of what was said of either kind, and what does not yet."""
    people: set[str] = set()
    tallies, beyond = [], 0
    for some, mine in zip(said, counted, strict=True):
        tallies.append(sampled.tally(mine))
        people.update(user for each in some[: len(mine)] for user in each.users)
        beyond += sum(each.verdict is not None for each in some) - len(mine)
    return Sample(tallies[0], tallies[1], len(people), beyond)


def _judgements(crowd: Crowd, said: Sequence[Said], by: Sequence[str]) -> list[Judgement]:
    """What was said, with the groups of the record that each pair was drawn for: by the first of what it says."""
    records = [each.drawn.record for each in said]
    groups: dict[int, dict[str, str]] = {}
    for name in by:
        for record, value in crowd.said(name, records):
            groups.setdefault(record, {}).setdefault(name, value)
    return [Judgement(each.verdict, groups.get(each.drawn.record, {})) for each in said]


def _origin(counts: Sample) -> str:
    pairs = counts.joined.pairs + counts.doubted.pairs
    people = "1 person" if counts.people == 1 else f"{counts.people:,} people"
    return f"a judged sample of {pairs:,} pairs by {people}"
