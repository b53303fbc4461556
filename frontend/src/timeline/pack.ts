// Gives each mark its place: in rows while there is room for its words, closer without them, and where even that is too
// much, as columns that say how many.

import type { Lane, Mark } from "./lanes.js";
import { place, type Scale } from "./scale.js";
import type { Stretch } from "./stretches.js";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  marks: Mark[];
  label: string;
  // a column stands for many marks
  column: boolean;
}

export interface Packed {
  lane: Lane;
  top: number;
  height: number;
  boxes: Box[];
  // gaps and overlaps, along the foot of the lane
  strips: Strip[];
}

export interface Strip {
  x: number;
  y: number;
  width: number;
  stretch: Stretch;
}

export type Measure = (text: string) => number;

const ROW = 20;
const CLOSE = 9;
const MOST_ROWS = 8;
const MOST_CLOSE = 14;
const COLUMN = 6;
const HIGH = 72;
const GAP = 10;
const LABEL = 190;
const SIGN = 12;
const STRIP = 16;

export function pack(
  found: readonly Lane[],
  scale: Scale,
  top: number,
  head: number,
  measure: Measure,
  stretches: (lane: string) => readonly Stretch[],
): Packed[] {
  let y = top;
  return found.map((lane) => {
    const inside = lane.marks.filter((mark) => mark.span.from < scale.to && mark.span.to > scale.from);
    const boxes =
      rows(inside, scale, ROW, MOST_ROWS, measure) ?? rows(inside, scale, CLOSE, MOST_CLOSE, null) ?? columns(inside, scale);
    const seen = stretches(lane.key).filter((each) => each.from < scale.to && each.to > scale.from);
    // what is sure lies over what may be
    const listed = ["gap", "may", "sure"].flatMap((kind) => seen.filter((each) => each.kind === kind));
    const foot = listed.length ? STRIP : 0;
    const height = boxes.reduce((low, box) => Math.max(low, box.y + box.height), head ? 22 : 32) + GAP + head + foot;
    for (const box of boxes) box.y += y + GAP / 2 + head;
    const packed = { lane, top: y, height, boxes, strips: listed.map((each) => strip(each, scale, y + height - STRIP / 2 - 2)) };
    y += height;
    return packed;
  });
}

function strip(stretch: Stretch, scale: Scale, y: number): Strip {
  const [from, to] = [Math.max(stretch.from, scale.from), Math.min(stretch.to, scale.to)];
  const x = place(scale, from);
  return { x, y, width: Math.max(4, place(scale, to) - x), stretch };
}

// Into the first row that is free; null where that takes too many rows.
function rows(marks: readonly Mark[], scale: Scale, high: number, most: number, measure: Measure | null): Box[] | null {
  const free: number[] = [];
  const boxes: Box[] = [];
  for (const mark of marks) {
    const { x, width } = extent(mark, scale, high === ROW ? 10 : 6);
    const label = measure ? mark.label : "";
    const badge = (mark.item ?? mark.tie)?.look.badge ? SIGN : 0;
    const words = measure ? Math.min(LABEL, measure(label)) + 8 + badge : 0;
    // words stand in a bar that has room for them, else behind it
    const end = x + Math.max(width, mark.span.exact || width < words + 8 ? width + words : width) + 4;
    let row = free.findIndex((at) => at <= x);
    if (row < 0) row = free.length;
    if (row >= most) return null;
    free[row] = end;
    boxes.push({ x, y: row * high, width, height: high - 4, marks: [mark], label, column: false });
  }
  return boxes;
}

// A thing of which only the month is known counts in each column of that month for its share, and a link in each in
// which it held; so columns say how much there may have been.
function columns(marks: readonly Mark[], scale: Scale): Box[] {
  const counted = new Map<number, { marks: Mark[]; weight: number }>();
  for (const mark of marks) {
    const { x, width } = extent(mark, scale, 1);
    const [first, last] = [Math.floor(x / COLUMN), Math.floor((x + width - 0.01) / COLUMN)];
    const weight = mark.tie ? 1 : 1 / (last - first + 1);
    for (let at = first; at <= last; at++) {
      const column = counted.get(at) ?? { marks: [], weight: 0 };
      column.marks.push(mark);
      column.weight += weight;
      counted.set(at, column);
    }
  }
  const most = [...counted.values()].reduce((high, each) => Math.max(high, each.weight), 0);
  return [...counted].map(([at, { marks: listed, weight }]) => {
    const height = Math.max(2, (weight / most) * HIGH);
    return { x: at * COLUMN, y: HIGH - height, width: COLUMN - 1, height, marks: listed, label: "", column: true };
  });
}

function extent(mark: Mark, scale: Scale, least: number): { x: number; width: number } {
  const from = place(scale, Math.max(mark.span.from, scale.from));
  if (mark.span.exact) return { x: from - least / 2, width: least };
  return { x: from, width: Math.max(least, place(scale, Math.min(mark.span.to, scale.to)) - from) };
}
