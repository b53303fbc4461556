"""The same two-hop and shortest-path questions by one of several libraries, in a process of its own.

`benchmarks.workbench --peers` calls it. All hold or read the links that one reader sees; ours asks through a session.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from benchmarks.workbench import links_of, memory

#: who asks for what purpose, what they may see, and the pairs that are asked about
Told: TypeAlias = dict[str, Any]

#: links of the longest path, and things that one search around brings at most
LONGEST, MOST = 4, 10_000


def main() -> None:
    """Load, ask, and print how long each took and the most memory that was held."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    told = json.loads(sys.argv[3])
    began = time.perf_counter()
    peer = PEERS[name](folder, told)
    loaded = time.perf_counter() - began
    around = [peer.around(one) for one, _ in told["pairs"]]
    first = time.perf_counter() - began - loaded
    found = [peer.paths(one, other) for one, other in told["pairs"]]
    second = time.perf_counter() - began - loaded - first
    print(
        f"| {name} | ready in {loaded:.1f} s; {len(around)} questions of two hops {first:.2f} s ({sum(around):,} things), "
        f"of shortest paths {second:.2f} s ({sum(found):,} paths); {memory():,.0f} MiB |"
    )


class Peer(NamedTuple):
    """What is asked of each."""

    #: how many things are linked to a thing directly or through one other
    around: Callable[[int], int]
    #: how many shortest paths of at most LONGEST links there are between two
    paths: Callable[[int, int], int]


def ours(folder: Path, told: Told) -> Peer:
    """A session."""
    import bluelamp  # noqa: PLC0415 (a peer does not load the others)
    from bluelamp.ids import ObjectId  # noqa: PLC0415

    force = bluelamp.open(folder)
    session = force.session(user=told["user"], purpose=told["purpose"], reason="A benchmark", case="BENCH/1")

    def named(number: int) -> ObjectId:
        return ObjectId(told["kinds"][str(number)], number)

    def around(one: int) -> int:
        direct = session.follow([named(one)], most=MOST).things
        further = session.follow(direct, most=MOST).things if direct else ()
        return len({*direct, *further} - {named(one)})

    def paths(one: int, other: int) -> int:
        return len(session.paths(named(one), named(other), longest=LONGEST, most=100_000).paths) if one != other else 0

    return Peer(around, paths)


def by_networkx(folder: Path, told: Told) -> Peer:
    """Networkx."""
    import networkx as nx  # noqa: PLC0415

    graph: Any = nx.Graph()
    graph.add_edges_from(zip(*(each.tolist() for each in links_of(folder, told["visible"])), strict=True))

    def around(one: int) -> int:
        return len(nx.single_source_shortest_path_length(graph, one, cutoff=2)) - 1 if one in graph else 0

    def paths(one: int, other: int) -> int:
        if one == other or one not in graph or other not in graph:
            return 0
        near = nx.single_source_shortest_path_length(graph, one, cutoff=LONGEST)
        return sum(1 for _ in nx.all_shortest_paths(graph, one, other)) if other in near else 0

    return Peer(around, paths)


def by_rustworkx(folder: Path, told: Told) -> Peer:
    """Rustworkx."""
    import numpy as np  # noqa: PLC0415
    import rustworkx as rx  # noqa: PLC0415

    ends = np.stack(links_of(folder, told["visible"]), axis=1)
    numbers, places = np.unique(ends, return_inverse=True)
    graph: Any = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(numbers)))
    graph.add_edges_from_no_data([tuple(pair) for pair in places.reshape(ends.shape).tolist()])

    def place(number: int) -> int | None:
        at = int(numbers.searchsorted(number))
        return at if at < len(numbers) and numbers[at] == number else None

    def around(one: int) -> int:
        at = place(one)
        if at is None:
            return 0
        near = set(graph.neighbors(at))
        return len(near.union(*(graph.neighbors(each) for each in near)) - {at})

    def paths(one: int, other: int) -> int:
        at, to = place(one), place(other)
        if at is None or to is None or at == to:
            return 0
        return sum(len(path) <= LONGEST + 1 for path in rx.graph_all_shortest_paths(graph, at, to))

    return Peer(around, paths)


def by_kuzu(folder: Path, told: Told) -> Peer:
    """Kuzu, a graph database in the process."""
    import kuzu  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    one, other = links_of(folder, told["visible"])
    place = tempfile.mkdtemp()
    connection = kuzu.Connection(kuzu.Database(f"{place}/graph"))
    connection.execute("CREATE NODE TABLE thing(id INT64, PRIMARY KEY(id))")
    connection.execute("CREATE REL TABLE link(FROM thing TO thing)")
    things = pa.table({"id": pa.compute.unique(pa.concat_arrays([pa.array(one), pa.array(other)]))})
    connection.execute("COPY thing FROM $things", {"things": things})
    connection.execute("COPY link FROM $links", {"links": pa.table({"from": one, "to": other})})
    asked = {
        "around": "MATCH (a:thing)-[:link*1..2]-(b:thing) WHERE a.id = $one AND b.id <> $one RETURN count(DISTINCT b.id)",
        "paths": f"MATCH (a:thing)-[p:link* ALL SHORTEST 1..{LONGEST}]-(b:thing) WHERE a.id = $one AND b.id = $other "
        "RETURN count(*)",
    }

    def ask(query: str, **values: int) -> int:
        return int(connection.execute(asked[query], values).get_next()[0])

    return Peer(
        lambda one: ask("around", one=one),
        lambda one, other: ask("paths", one=one, other=other) if one != other else 0,
    )


PEERS: dict[str, Callable[[Path, Told], Peer]] = {
    "bluelamp": ours,
    "networkx": by_networkx,
    "rustworkx": by_rustworkx,
    "kuzu": by_kuzu,
}

if __name__ == "__main__":
    main()
