// Which part of a map or a graph is looked at, as `Look` of session/looks.py says it: its edges, counted from a thing that
// lies in the middle. So it is found again on a canvas of another size, and where a layout comes out otherwise.

import type { Look } from "./look.js";
import type { Place } from "./nearest.js";

// the least x and y, then the greatest
export type Edges = readonly [number, number, number, number];

export interface Frame {
  view: string;
  middle: string;
  edges: Edges;
}

// What stands where, and what of it is in sight.
export interface Sight {
  edges: Edges;
  places: readonly [string, Place][];
}

export function frameOf(look: Look): Frame | null {
  const [left, low, right, high] = look.frame;
  if (left == null || low == null || right == null || high == null || !look.frame.every(Number.isFinite)) return null;
  return left < right && low < high ? { view: look.view, middle: look.middle, edges: [left, low, right, high] } : null;
}

// The frame of what is in sight; none where that is everything, as what is new is to be seen, too.
export function framed(view: string, { edges, places }: Sight): Frame | null {
  const [left, low, right, high] = edges;
  const [x, y] = [(left + right) / 2, (low + high) / 2];
  const away = ([, at]: [string, Place]): number => Math.hypot(at.x - x, at.y - y);
  const [first] = places;
  if (!first || places.every(([, at]) => at.x >= left && at.x <= right && at.y >= low && at.y <= high)) return null;
  const [middle, at] = places.reduce((best, each) => (away(each) < away(best) ? each : best), first);
  return { view, middle, edges: [left - at.x, low - at.y, right - at.x, high - at.y] };
}

// Where a frame is, given where its middle stands.
export function around({ edges: [left, low, right, high] }: Frame, at: Place): Edges {
  return [at.x + left, at.y + low, at.x + right, at.y + high];
}

// An address's query with the frame of a view; without one none.
export function say(said: URLSearchParams, frame: Frame | null): URLSearchParams {
  said.delete("frame");
  said.delete("middle");
  if (!frame) return said;
  said.set("middle", frame.middle);
  for (const edge of frame.edges) said.append("frame", String(Number(edge.toFixed(6))));
  return said;
}
