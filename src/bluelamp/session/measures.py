"""How the things of a chart hang together: measures of a network, of what one reader sees of it, and kept nowhere.

They say where a thing stands among what is on the chart, not what anybody did. Sources: Freeman (1978) for degree,
closeness and betweenness, Seidman (1983) for k-cores, Blondel et al. (2008) for communities.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import rustworkx as rx

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Measure:
    """Where one thing stands."""

    #: other things that it is linked to; those that links lead to from it, and from which they lead to it
    degree: int
    out: int
    in_: int
    #: share of the shortest ways between others that lead through it, 0 to 1
    betweenness: float
    #: how near the others are from it, 0 to 1; the fewer it reaches, the smaller
    closeness: float
    #: the largest k for which it is in a part where each is linked to k others
    core: int
    #: the number of the connected set, and of the community, from 1, the largest first
    set: int
    community: int


def measures(things: Sequence[T], links: Iterable[tuple[T, T]], *, along: bool = False) -> dict[T, Measure]:
    """The measures of `things` by the `links` between them; several links between two count once.

    `along`: for betweenness and closeness a way leads from the first end of each link to its second; else either way.
    Cores, sets and communities are always of links either way.
    """
    place = {thing: number for number, thing in enumerate(things)}
    ways = {(place[one], place[other]) for one, other in links if one != other and one in place and other in place}
    pairs = sorted({(min(way), max(way)) for way in ways})
    graph: rx.PyGraph[int, None] = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(things)))
    graph.add_edges_from([(one, other, None) for one, other in pairs])
    between, close = _directed(len(things), ways) if along else _undirected(graph)
    cores: Any = rx.core_number(graph)
    sets = _numbered([sorted(each) for each in rx.connected_components(graph)])
    communities = _numbered(communities_of(len(things), pairs))
    out, in_ = [0] * len(things), [0] * len(things)
    for one, other in ways:
        out[one] += 1
        in_[other] += 1
    return {
        thing: Measure(
            graph.degree(number), out[number], in_[number], between[number], close[number], cores[number],
            sets[number], communities[number],
        )
        for thing, number in place.items()
    }  # fmt: skip


def _undirected(graph: "rx.PyGraph[int, None]") -> tuple[Mapping[int, float], Mapping[int, float]]:
    return rx.betweenness_centrality(graph), rx.closeness_centrality(graph)


def _directed(size: int, ways: Iterable[tuple[int, int]]) -> tuple[Mapping[int, float], Mapping[int, float]]:
    """Betweenness and closeness along the ways."""
    graph: rx.PyDiGraph[int, None] = rx.PyDiGraph(multigraph=False)
    graph.add_nodes_from(range(size))
    graph.add_edges_from([(one, other, None) for one, other in sorted(ways)])
    between = rx.betweenness_centrality(graph)
    # rustworkx measures how near a thing is from the others; turned round, how near the others are from it
    graph.reverse()
    return between, rx.closeness_centrality(graph)


def communities_of(size: int, pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """A division of the numbers below `size` in which more `pairs` lie inside than by chance (modularity, Louvain).

    The same pairs always give the same division.
    """
    near: list[dict[int, float]] = [{} for _ in range(size)]
    for one, other in pairs:
        near[one][other] = near[other][one] = 1.0
    members = [[number] for number in range(size)]
    own = [0.0] * size
    while True:
        home = _moved(near, own, float(len(pairs)))
        names = {name: number for number, name in enumerate(dict.fromkeys(home))}
        if len(names) == len(near):
            return members
        home = [names[each] for each in home]
        joined: list[list[int]] = [[] for _ in names]
        wider: list[dict[int, float]] = [{} for _ in names]
        inner = [0.0] * len(names)
        for number, each in enumerate(home):
            joined[each] += members[number]
            inner[each] += own[number]
            for other, weight in near[number].items():
                if home[other] == each:
                    inner[each] += weight / 2
                else:
                    wider[each][home[other]] = wider[each].get(home[other], 0.0) + weight
        near, members, own = wider, joined, inner


def _moved(near: Sequence[dict[int, float]], own: Sequence[float], total: float) -> list[int]:
    """The community of each number after moving one after the other to where modularity gains most, while it gains."""
    home = list(range(len(near)))
    ends = [sum(each.values()) + 2 * own[number] for number, each in enumerate(near)]
    held = list(ends)
    moving = total > 0
    while moving:
        moving = False
        for number, each in enumerate(near):
            here = home[number]
            held[here] -= ends[number]
            to: dict[int, float] = {here: 0.0}
            for other, weight in each.items():
                to[home[other]] = to.get(home[other], 0.0) + weight
            gain = {name: weight - held[name] * ends[number] / (2 * total) for name, weight in to.items()}
            best = max(gain, key=lambda name: (gain[name], name == here, -name))
            if gain[best] <= gain[here] + 1e-12:
                best = here
            held[best] += ends[number]
            home[number] = best
            moving |= best != here
    return home


def _numbered(groups: Iterable[Sequence[int]]) -> dict[int, int]:
    """The number of the group of each member, the largest group first."""
    ordered = sorted(groups, key=lambda each: (-len(each), min(each)))
    return {member: number for number, each in enumerate(ordered, start=1) for member in each}
