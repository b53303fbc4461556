"""Where each thing of a chart stands in a picture: where somebody put it, else in a calm place of its own."""

import math
from collections import defaultdict
from collections.abc import Sequence

import rustworkx as rx

from bluelamp.session.formats.taken import Part

#: from the middle of one thing to the middle of the next
APART = 130.0

#: of more things than this, forces would take too long; then each type stands in a square of its own
MOST_BY_FORCE = 600

Place = tuple[float, float]


def places(part: Part) -> dict[str, Place]:
    """The place of every thing and proposed thing; the same for the same part, whenever it is asked."""
    put = {id: (spot.x, spot.y) for id, spot in part.spots.items() if spot.x is not None and spot.y is not None}
    every = [str(each.id) for each in part.things] + [key for key, each in part.proposed.items() if not each.link]
    free = [id for id in every if id not in put]
    found = _by_force(free, _pairs(part)) if len(free) <= MOST_BY_FORCE else _by_type(free, part)
    # below what somebody arranged, or it would stand in its midst
    down = max((y for _, y in put.values()), default=0.0) + (APART if put and free else 0.0)
    left = min((x for x, _ in put.values()), default=0.0)
    top, near = min((y for _, y in found.values()), default=0.0), min((x for x, _ in found.values()), default=0.0)
    moved = {id: (round(x - near + left, 1), round(y - top + down, 1)) for id, (x, y) in found.items()}
    return {id: put[id] if id in put else moved[id] for id in every}


def _pairs(part: Part) -> list[tuple[str, str]]:
    linked = [(str(each.one), str(each.other)) for each in part.bonds]
    return linked + [(each.one, each.other) for each in part.proposed.values() if each.link]


def _by_force(ids: Sequence[str], pairs: Sequence[tuple[str, str]]) -> dict[str, Place]:
    """What is linked near each other; the groups that are linked with no other side by side, the largest first."""
    graph: rx.PyGraph[str, None] = rx.PyGraph(multigraph=False)
    numbers = {id: graph.add_node(id) for id in ids}
    for one, other in pairs:
        if one in numbers and other in numbers:
            graph.add_edge(numbers[one], numbers[other], None)
    groups = sorted((sorted(each) for each in rx.connected_components(graph)), key=lambda each: (-len(each), each))
    boxes = [_group(graph, each) for each in groups]
    wide = max(max((width for width, _, _ in boxes), default=0.0), 1.1 * math.sqrt(sum(w * h for w, h, _ in boxes)))
    found: dict[str, Place] = {}
    x = y = height = 0.0
    for width, high, box in boxes:
        if x and x + width > wide:
            x, y, height = 0.0, y + height, 0.0
        found.update({graph[number]: (x + each[0], y + each[1]) for number, each in box.items()})
        x, height = x + width, max(height, high)
    return found


def _group(graph: "rx.PyGraph[str, None]", numbers: Sequence[int]) -> tuple[float, float, dict[int, Place]]:
    """Width and height that one connected group takes, and the places in it, from its upper left."""
    part = graph.subgraph(list(numbers))
    side = APART * math.sqrt(len(numbers))
    drawn = (
        rx.spring_layout(part, seed=1, num_iter=200, scale=math.ceil(side / 1.6))
        if len(numbers) > 1
        else {0: (0.0, 0.0)}
    )
    spread = [(float(drawn[place][0]), float(drawn[place][1])) for place in range(len(numbers))]
    left, top = min(x for x, _ in spread), min(y for _, y in spread)
    width, height = max(x for x, _ in spread) - left, max(y for _, y in spread) - top
    at = {n: (x - left + APART / 2, y - top + APART / 2) for n, (x, y) in zip(numbers, spread, strict=True)}
    return width + APART, height + APART, at


def _by_type(ids: Sequence[str], part: Part) -> dict[str, Place]:
    """The things of each type in rows of a square, the squares beside each other."""
    types = {str(each.id): each.type for each in part.things}
    squares: dict[str, list[str]] = defaultdict(list)
    for id in ids:
        squares[types.get(id, "")].append(id)
    found: dict[str, Place] = {}
    left = 0.0
    for listed in squares.values():
        across = math.ceil(math.sqrt(len(listed)))
        found.update({id: (left + n % across * APART, n // across * APART) for n, id in enumerate(listed)})
        left += (across + 1) * APART
    return found
