// A chart too big to draw whole is drawn as clusters first: what hangs together, named after its best connected thing,
// and what hangs on nothing much by type. A click opens one; the ones opened first close again when it gets too many.

import type { Board } from "../board/board.js";
import type { Item } from "../board/drawing.js";
import { name } from "../board/words.js";

export interface Cluster {
  id: string;
  name: string;
  kind: string;
  type: string;
  members: string[];
}

export interface Summary {
  // thing -> the cluster that stands for it
  closed: ReadonlyMap<string, Cluster>;
}

// Things that are drawn one by one at most; members of a cluster at least and at most, and clusters of neighbours.
const MOST = 3_000;
const LEAST_MEMBERS = 8;
const MOST_MEMBERS = 1_500;
const MOST_CLUSTERS = 120;
const ROUNDS = 6;

export class Clusters {
  #all: Cluster[] = [];
  #of = new Map<string, Cluster>();
  // the last opened last
  #opened: string[] = [];

  rebuild(board: Board): void {
    this.#of.clear();
    this.#all = board.items.size > MOST ? clusters(board) : [];
    for (const cluster of this.#all) for (const id of cluster.members) this.#of.set(id, cluster);
  }

  summary(board: Board): Summary {
    if (board.shown.size <= MOST || !this.#all.length) return { closed: new Map() };
    const opened = new Set(this.#opened);
    const closed = new Map<string, Cluster>();
    for (const id of board.shown) {
      const cluster = this.#of.get(id);
      if (cluster && !opened.has(cluster.id)) closed.set(id, cluster);
    }
    return { closed };
  }

  open(cluster: Cluster): void {
    this.#opened = [...this.#opened.filter((id) => id !== cluster.id), cluster.id];
    const size = new Map(this.#all.map((each) => [each.id, each.members.length]));
    let total = this.#opened.reduce((sum, id) => sum + (size.get(id) ?? 0), 0);
    while (total > MOST && this.#opened.length > 1) total -= size.get(this.#opened.shift() ?? "") ?? 0;
  }

  closeAll(): void {
    this.#opened = [];
  }

  get anyOpen(): boolean {
    return this.#opened.length > 0;
  }
}

function clusters(board: Board): Cluster[] {
  const communities = [...neighbourhoods(board).values()].filter(
    (ids) => ids.length >= LEAST_MEMBERS && ids.length <= MOST_MEMBERS,
  );
  communities.sort((one, other) => other.length - one.length || (one[0] ?? "").localeCompare(other[0] ?? ""));
  const kept = communities.slice(0, MOST_CLUSTERS);
  const within = new Set(kept.flat());
  const made = kept.map((ids) => around(board, ids));
  const rest = new Map<string, Item[]>();
  for (const item of board.items.values()) {
    if (within.has(item.id)) continue;
    const listed = rest.get(item.type);
    if (listed) listed.push(item);
    else rest.set(item.type, [item]);
  }
  for (const items of rest.values()) made.push(...byType(items, kept.length > 0));
  return made;
}

function around(board: Board, ids: string[]): Cluster {
  const middle = ids.reduce((best, id) => (board.near(id).length > board.near(best).length ? id : best));
  const item = board.items.get(middle);
  return {
    id: `around:${middle}`,
    name: item ? `Around ${name(item)}` : "",
    kind: item?.kind ?? "",
    type: item?.type ?? "",
    members: ids,
  };
}

function byType(items: Item[], others: boolean): Cluster[] {
  const sorted = items.map((item) => [name(item), item] as const).sort((one, other) => (one[0] < other[0] ? -1 : 1));
  const made: Cluster[] = [];
  for (let at = 0; at < sorted.length; at += MOST_MEMBERS) {
    const part = sorted.slice(at, at + MOST_MEMBERS);
    const [first] = part;
    if (!first) continue;
    const title = others ? `Other: ${first[1].label}` : first[1].label;
    const range = sorted.length > MOST_MEMBERS ? `, ${first[0].slice(0, 12)} to ${(part.at(-1)?.[0] ?? "").slice(0, 12)}` : "";
    made.push({
      id: `type:${first[1].type}:${at}`,
      name: title + range,
      kind: first[1].kind,
      type: first[1].type,
      members: part.map(([, item]) => item.id),
    });
  }
  return made;
}

// Label propagation: each thing joins the neighbourhood that most of its neighbours are in. Ties go to the first name,
// so that everybody sees the same clusters.
function neighbourhoods(board: Board): Map<string, string[]> {
  const label = new Map([...board.items.keys()].map((id) => [id, id]));
  const order = [...board.items.keys()].sort(
    (one, other) => board.near(other).length - board.near(one).length || (one < other ? -1 : 1),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const id of order) {
      const votes = new Map<string, number>();
      for (const tie of board.near(id)) {
        const other = label.get(tie.one === id ? tie.other : tie.one) ?? "";
        votes.set(other, (votes.get(other) ?? 0) + 1);
      }
      let best = label.get(id) ?? id;
      let most = votes.get(best) ?? 0;
      for (const [vote, number] of votes) if (number > most || (number === most && vote < best)) [best, most] = [vote, number];
      label.set(id, best);
    }
  }
  const found = new Map<string, string[]>();
  for (const [id, its] of label) {
    const listed = found.get(its);
    if (listed) listed.push(id);
    else found.set(its, [id]);
  }
  return found;
}
