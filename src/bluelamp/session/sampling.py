"""The sample: pairs drawn at random, not chosen, so that what people say of them tells how often joining is right."""

from collections.abc import Sequence
from dataclasses import dataclass

from bluelamp.ids import ObjectId
from bluelamp.ontology.grammar import ObjectType
from bluelamp.session import compose, decisions, sample
from bluelamp.session.permissions import Action
from bluelamp.session.reviewing import PAIRS, Reviewing
from bluelamp.session.sample import Said, Sample


@dataclass(frozen=True)
class SampledPair:
    """A pair of the sample that nobody has judged yet."""

    left: ObjectId
    right: ObjectId
    captions: tuple[str, str]
    about: tuple[str, str]


@dataclass(frozen=True)
class SampleView:
    """What there is to judge of the sample, in the order to judge it in, and how much of it has been judged."""

    type: str
    types: tuple[tuple[str, str], ...]
    waiting: tuple[SampledPair, ...]
    total: int
    judged: int
    marking: str


class Sampling(Reviewing):
    """The verb of a session that shows the sample."""

    def sample(self, type: str = "", size: int = PAIRS) -> SampleView:
        """The first pairs of the sample of one type that nobody has judged, in the order to judge them in.

        Joined pairs and doubts take turns, and nothing tells which is which. Only records of sources of which you may
        see every row. Raises NotFound for a type of which there is no model.
        """
        self._may(Action.REVIEW, type)
        known = self._judged_types()
        noun = known.get(type) or next(iter(known.values()), None)
        if (type and type not in known) or noun is None:
            if type:
                raise self._absent(f"a sample of {type}")
            self._log(Action.REVIEW, (), {"sample": ""}, 0)
            return SampleView("", (), (), 0, 0, self._marking(()))
        drawn = self.force.sample(self._look()[0], noun, self.entire)
        pairs = list(dict.fromkeys(each.drawn.pair for each in self._drawn(noun, drawn) if each.verdict is None))
        every = {each.pair for each in (*drawn.joined, *drawn.doubted)}
        shown, objects = self._sampled(noun, pairs[:size])
        self._log(Action.REVIEW, objects, {"sample": noun.name()}, len(shown))
        types = tuple((name, each.plural) for name, each in known.items())
        return SampleView(noun.name(), types, shown, len(every), len(every) - len(pairs), self._marking(objects))

    # ---- what it is made of ----

    def _drawn(self, noun: type[ObjectType], drawn: Sample) -> list[Said]:
        """What was drawn, joined pairs and doubts in turn, with what decisions that this session may see say of it."""
        with self.force.database.begin() as connection:
            listed = decisions.of(connection, noun.name())
        said = sample.judged(self._look()[0].index, noun, self.entire, drawn, listed)
        turns = [(at, kind, each) for kind, some in enumerate(said) for at, each in enumerate(some)]
        return [each for _, _, each in sorted(turns, key=lambda turn: turn[:2])]

    def _sampled(
        self, noun: type[ObjectType], pairs: Sequence[tuple[int, int]]
    ) -> tuple[tuple[SampledPair, ...], list[ObjectId]]:
        """The pairs as they are listed, by their records alone, and whatever they are about."""
        numbers = {end for pair in pairs for end in pair}
        told = self.index.crowd(noun.name(), self.entire).glance(numbers, noun.glance)
        named = {number: caption for number, (caption, _) in told.items()}
        about = {
            number: ", ".join(each.value for each in compose.about(noun, said)) for number, (_, said) in told.items()
        }
        shown = tuple(
            SampledPair(
                ObjectId(noun.slug(), one), ObjectId(noun.slug(), other),
                (named.get(one, ""), named.get(other, "")), (about.get(one, ""), about.get(other, "")),
            )
            for one, other in pairs
        )  # fmt: skip
        places = self._places(noun.slug(), numbers)
        return shown, [*places.values()]
