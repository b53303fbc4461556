// Which lanes there are and what is in each: by type of thing, or by the thing that events are linked to.

import type { Board } from "../board/board.js";
import type { Item, Tie } from "../board/drawing.js";
import type { Span } from "../board/when.js";
import { name, tieName, trust } from "../board/words.js";

export interface Mark {
  // the thing to choose for it; of a link, both its ends
  ids: string[];
  span: Span;
  label: string;
  item: Item | null;
  tie: Tie | null;
  // whether the span is how long it lasted, not when it may have been
  lasts: boolean;
}

export interface Lane {
  // of a lane by type the type, else the id of its thing
  key: string;
  title: string;
  type: string;
  kind: string;
  marks: Mark[];
}

const MOST_LANES = 24;

// `chosen`: of which things there are lanes by thing; none: of those that most hangs on.
export function lanes(board: Board, by: string, chosen: ReadonlySet<string>): Lane[] {
  const found = by === "thing" ? byThing(board, chosen) : byType(board);
  for (const lane of found)
    lane.marks.sort((one, other) => one.span.from - other.span.from || (one.label < other.label ? -1 : 1));
  return found.filter((lane) => lane.marks.length);
}

function byType(board: Board): Lane[] {
  const found = new Map<string, Lane>();
  for (const id of board.shown) {
    const item = board.items.get(id);
    if (item?.span) put(found, item.type, { key: item.type, title: item.label, type: item.type, kind: item.kind }, thing(item));
  }
  const links = new Map<string, Lane>();
  for (const tie of board.shownTies)
    if (tie.span) put(links, tie.type, { key: tie.type, title: tie.label, type: "", kind: "" }, link(board, tie));
  return [...order(found), ...order(links)];
}

function byThing(board: Board, chosen: ReadonlySet<string>): Lane[] {
  const found = new Map<string, Lane>();
  for (const tie of board.shownTies) {
    for (const [end, far] of [
      [tie.one, tie.other],
      [tie.other, tie.one],
    ] as const) {
      const item = board.items.get(end);
      const other = board.items.get(far);
      if (!item || item.span) continue;
      const head = { key: end, title: name(item), type: item.type, kind: item.kind };
      if (tie.span) put(found, end, head, link(board, tie));
      if (other?.span) put(found, end, head, thing(other));
    }
  }
  const wanted = [...found].filter(([id]) => chosen.has(id));
  const listed = (wanted.length ? wanted : [...found]).map(([, lane]) => ({ ...lane, marks: once(lane.marks) }));
  return listed
    .sort((one, other) => other.marks.length - one.marks.length || (one.title < other.title ? -1 : 1))
    .slice(0, MOST_LANES);
}

function put(found: Map<string, Lane>, key: string, head: Omit<Lane, "marks">, mark: Mark): void {
  const lane = found.get(key);
  if (lane) lane.marks.push(mark);
  else found.set(key, { ...head, marks: [mark] });
}

// An event that is linked to the same thing twice is there once.
function once(marks: Mark[]): Mark[] {
  const seen = new Set<string>();
  return marks.filter((mark) => mark.tie !== null || (!seen.has(mark.ids[0] ?? "") && seen.add(mark.ids[0] ?? "")));
}

function order(found: Map<string, Lane>): Lane[] {
  return [...found.values()].sort((one, other) => (one.title < other.title ? -1 : 1));
}

function thing(item: Item): Mark {
  const lasts = item.lasts && item.during !== item.span;
  return { ids: [item.id], span: item.during ?? { from: 0, to: 0, exact: false }, label: name(item), item, tie: null, lasts };
}

function link(board: Board, tie: Tie): Mark {
  const [one, other] = [board.items.get(tie.one), board.items.get(tie.other)];
  const sure = trust(tie);
  const label = `${one ? name(one) : ""} – ${tieName(tie)}${sure ? ` (${sure})` : ""} – ${other ? name(other) : ""}`;
  const during = tie.span ?? { from: 0, to: 0, exact: false };
  return { ids: [tie.one, tie.other], span: during, label, item: null, tie, lasts: false };
}
