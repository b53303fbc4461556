// What the graph draws: things, or clusters of them where they are too many; links, merged where many join the same two.

import type { Board } from "../board/board.js";
import type { Item, Tie } from "../board/drawing.js";
import { PLAIN, type Look } from "../board/styles.js";
import { count, name, tieName, trust } from "../board/words.js";
import type { Cluster, Summary } from "./summary.js";

export interface Dot {
  id: string;
  item: Item | null;
  cluster: Cluster | null;
  label: string;
  group: string;
}

export interface Line {
  id: string;
  one: string;
  other: string;
  label: string;
  // css-like class names: doubtful, proposed, merged
  classes: string[];
  ties: Tie[];
  look: Look;
}

export interface Scene {
  dots: Dot[];
  lines: Line[];
}

// More links than this between the same two are drawn as one, with their number.
const MOST_BESIDE = 3;

// The layouts that keep a group together, so that a box around it holds nothing else; in others its name is said.
const BOXED = new Set(["force", "free", "circle"]);

export function scene(board: Board, summary: Summary): Scene {
  const boxed = BOXED.has(board.layout);
  const dots: Dot[] = [];
  const at = new Map<string, string>();
  for (const id of board.shown) {
    const item = board.items.get(id);
    const cluster = summary.closed.get(id);
    at.set(id, cluster?.id ?? id);
    if (item && !cluster)
      dots.push({ id, item, cluster: null, label: dotLabel(item, !boxed), group: boxed ? item.spot.group : "" });
  }
  for (const cluster of new Set(summary.closed.values())) {
    const shown = cluster.members.filter((id) => board.shown.has(id)).length;
    if (shown) dots.push({ id: cluster.id, item: null, cluster, label: `${cluster.name}\n${count(shown, "thing")}`, group: "" });
  }
  return { dots, lines: lines(board.shownTies, at) };
}

function dotLabel(item: Item, grouped: boolean): string {
  const group = grouped && item.spot.group ? ` · ${item.spot.group}` : "";
  return `${name(item)}${group}${item.proposed ? " (proposed)" : ""}${item.notes.length ? " ✎" : ""}`;
}

function lines(ties: readonly Tie[], at: ReadonlyMap<string, string>): Line[] {
  const pairs = new Map<string, Tie[]>();
  for (const tie of ties) {
    const [one, other] = [at.get(tie.one) ?? "", at.get(tie.other) ?? ""];
    if (one === other) continue;
    const pair = one < other ? `${one} ${other}` : `${other} ${one}`;
    const listed = pairs.get(pair);
    if (listed) listed.push(tie);
    else pairs.set(pair, [tie]);
  }
  return [...pairs].flatMap(([pair, listed]) => {
    const clustered = listed.some((tie) => at.get(tie.one) !== tie.one || at.get(tie.other) !== tie.other);
    return clustered || listed.length > MOST_BESIDE ? [merged(pair, listed, clustered)] : listed.map(single);
  });
}

function single(tie: Tie): Line {
  const sure = trust(tie);
  const classes = [sure, tie.doubtful ? "doubtful" : ""].filter(Boolean);
  return {
    id: tie.key,
    one: tie.one,
    other: tie.other,
    label: sure ? `${tieName(tie)} (${sure})` : tieName(tie),
    classes,
    ties: [tie],
    look: tie.look,
  };
}

function merged(pair: string, ties: Tie[], clustered: boolean): Line {
  const [one = "", other = ""] = pair.split(" ");
  const sure = new Set(ties.map(trust));
  const [only = ""] = sure;
  const classes = [
    clustered ? "clusters" : "merged",
    ...(sure.size === 1 && only ? [only] : []),
    ...(ties.every((tie) => tie.doubtful) ? ["doubtful"] : []),
  ];
  // one look for all of them, or none
  const [look = PLAIN] = ties.map((tie) => tie.look);
  const alike = ties.every((tie) => JSON.stringify(tie.look) === JSON.stringify(look));
  return { id: `merged ${pair}`, one, other, label: count(ties.length, "link"), classes, ties, look: alike ? look : PLAIN };
}
