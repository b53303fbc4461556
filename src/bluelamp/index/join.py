"""Joining relations over the things of a pattern, each thing dropped as soon as nothing more needs it.

A relation is a common table expression with one column a thing, no row twice. To know which values of a few things go
together in all relations, one of the other things is chosen at a time, the relations that speak of it are joined, and
what is left of them without it becomes one relation (variable elimination). So nothing is ever counted out that is
not asked for: of somebody with 100 friends who each had part in 100 crimes, 100 rows are made and not 10,000.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Relation:
    """A common table expression and its columns, which are things."""

    name: str
    columns: frozenset[str]


@dataclass(frozen=True)
class Apart:
    """Two things that are different ones."""

    things: frozenset[str]

    def sql(self, at: dict[str, str]) -> str:
        """The condition, where `at` says where each thing's column is."""
        return " <> ".join(at[each] for each in sorted(self.things))


@dataclass(frozen=True)
class Never:
    """Things that do not stand together in a relation."""

    relation: Relation

    @property
    def things(self) -> frozenset[str]:
        """The things that it speaks of."""
        return self.relation.columns

    def sql(self, at: dict[str, str]) -> str:
        """The condition, where `at` says where each thing's column is."""
        same = " AND ".join(f"{self.relation.name}.{each} = {at[each]}" for each in sorted(self.things))
        return f"NOT EXISTS (SELECT 1 FROM {self.relation.name} WHERE {same})"


Rule = Apart | Never


class Join:
    """Some relations that all hold, and rules of what must not. `steps` takes the expressions that it makes."""

    def __init__(self, relations: Iterable[Relation], rules: Iterable[Rule], steps: dict[str, str]) -> None:
        self._relations, self._rules, self._steps = tuple(relations), tuple(rules), steps

    def onto(self, kept: Sequence[str]) -> Relation:
        """The values of some things that go together."""
        pool, rules = list(self._relations), list(self._rules)
        while unneeded := frozenset().union(*(each.columns for each in pool)) - set(kept):
            thing, taken = _next(sorted(unneeded), pool, rules)
            columns = frozenset().union(*(each.columns for each in taken))
            ready = [rule for rule in rules if rule.things <= columns]
            rest = [each for each in pool if each not in taken]
            pool = [*rest, self._step(taken, ready, columns - {thing} if thing else columns)]
            rules = [rule for rule in rules if rule not in ready]
        return self._step(pool, rules, frozenset(kept))

    def _step(self, taken: Sequence[Relation], rules: Sequence[Rule], columns: frozenset[str]) -> Relation:
        """What some relations say together of some things."""
        if len(taken) == 1 and not rules and taken[0].columns == columns:
            return taken[0]
        at: dict[str, str] = {}
        same = []
        for relation in taken:
            for each in sorted(relation.columns):
                same += [f"{at[each]} = {relation.name}.{each}"] if each in at else []
                at.setdefault(each, f"{relation.name}.{each}")
        where = [*same, *(rule.sql(at) for rule in rules)]
        made = Relation(f"j{len(self._steps)}", columns)
        self._steps[made.name] = (
            f"SELECT DISTINCT {', '.join(f'{at[each]} AS {each}' for each in sorted(columns))} "
            f"FROM {', '.join(each.name for each in taken)}" + (f" WHERE {' AND '.join(where)}" if where else "")
        )
        return made


def _next(
    unneeded: Sequence[str], pool: Sequence[Relation], rules: Sequence[Rule]
) -> tuple[str | None, list[Relation]]:
    """The thing to drop next and the relations to join for it; no thing where two must be joined first.

    A thing can be dropped where the relations that speak of it speak of all that its rules do too.
    """
    best: tuple[int, str, list[Relation]] | None = None
    for thing in unneeded:
        taken = [each for each in pool if thing in each.columns]
        columns = frozenset().union(*(each.columns for each in taken))
        covered = all(rule.things <= columns for rule in rules if thing in rule.things)
        if covered and (best is None or (len(columns), thing) < best[:2]):
            best = len(columns), thing, taken
    if best:
        return best[1], best[2]
    pairs = [(one, other) for one, other in combinations(pool, 2) if one.columns & other.columns]
    one, other = min(pairs, key=lambda pair: (len(pair[0].columns | pair[1].columns), pair[0].name))
    return None, [one, other]
