"""The same shortest paths by one of several libraries, in a process of its own: `python -m benchmarks.peers NAME FOLDER`."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.workbench import links_of, memory

#: links of the longest path
LONGEST = 4


def main() -> None:
    """Load, ask, and print how long each took and the most memory that was held."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    pairs = json.loads(sys.argv[3])
    began = time.perf_counter()
    ask = PEERS[name](folder)
    loaded = time.perf_counter() - began
    found = sum(ask(one, other) for one, other in pairs if one != other)
    asked = time.perf_counter() - began - loaded
    print(
        f"{name}: ready in {loaded:.1f} s, {len(pairs)} questions in {asked:.2f} s, {memory():.0f} MiB, {found} paths"
    )


def ours(folder: Path) -> Callable[[int, int], int]:
    """A session."""
    import bluelamp  # noqa: PLC0415 (a peer does not load the others)
    from bluelamp.ids import ObjectId  # noqa: PLC0415

    force = bluelamp.open(folder)
    session = force.session(user="amara", purpose="investigation", reason="A benchmark", case="BENCH/1")

    def ask(one: int, other: int) -> int:
        return len(
            session.paths(ObjectId("person", one), ObjectId("person", other), longest=LONGEST, most=100_000).paths
        )

    return ask


def by_networkx(folder: Path) -> Callable[[int, int], int]:
    """Networkx."""
    import networkx as nx  # noqa: PLC0415

    graph: Any = nx.Graph()
    graph.add_edges_from(zip(*(each.tolist() for each in links_of(folder)), strict=True))

    def ask(one: int, other: int) -> int:
        if one not in graph or other not in graph:
            return 0
        near = nx.single_source_shortest_path_length(graph, one, cutoff=LONGEST)
        return sum(1 for _ in nx.all_shortest_paths(graph, one, other)) if other in near else 0

    return ask


def by_rustworkx(folder: Path) -> Callable[[int, int], int]:
    """Rustworkx."""
    import numpy as np  # noqa: PLC0415
    import rustworkx as rx  # noqa: PLC0415

    ends = np.stack(links_of(folder), axis=1)
    numbers, places = np.unique(ends, return_inverse=True)
    graph: Any = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(numbers)))
    graph.add_edges_from_no_data([tuple(pair) for pair in places.reshape(ends.shape).tolist()])

    def ask(one: int, other: int) -> int:
        at = [int(numbers.searchsorted(each)) for each in (one, other)]
        if any(place == len(numbers) or numbers[place] != each for place, each in zip(at, (one, other), strict=True)):
            return 0
        found = rx.graph_all_shortest_paths(graph, at[0], at[1])
        return sum(len(path) <= LONGEST + 1 for path in found)

    return ask


def by_kuzu(folder: Path) -> Callable[[int, int], int]:
    """Kuzu, a graph database in the process."""
    import kuzu  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    one, other = links_of(folder)
    place = tempfile.mkdtemp()
    connection = kuzu.Connection(kuzu.Database(f"{place}/graph"))
    connection.execute("CREATE NODE TABLE thing(id INT64, PRIMARY KEY(id))")
    connection.execute("CREATE REL TABLE link(FROM thing TO thing)")
    things = pa.table({"id": pa.compute.unique(pa.concat_arrays([pa.array(one), pa.array(other)]))})
    connection.execute("COPY thing FROM $things", {"things": things})
    connection.execute("COPY link FROM $links", {"links": pa.table({"from": one, "to": other})})
    query = f"MATCH (a:thing)-[p:link* ALL SHORTEST 1..{LONGEST}]-(b:thing) WHERE a.id = $one AND b.id = $other RETURN count(*)"

    def ask(one: int, other: int) -> int:
        return int(connection.execute(query, {"one": one, "other": other}).get_next()[0])

    return ask


PEERS: dict[str, Callable[[Path], Callable[[int, int], int]]] = {
    "bluelamp": ours,
    "networkx": by_networkx,
    "rustworkx": by_rustworkx,
    "kuzu": by_kuzu,
}

if __name__ == "__main__":
    main()
