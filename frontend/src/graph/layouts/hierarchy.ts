// From the best connected thing of each part downwards, step by step; each row in the order of what it hangs on.

import { APART, BESIDE, neighbours, rows, type Layout, type Places } from "./layout.js";
import type { Dot } from "../scene.js";

const ACROSS = 24;
const DOWN = 130;

export const hierarchy: Layout = (given) => {
  const near = neighbours(given);
  const degree = (id: string): number => near.get(id)?.length ?? 0;
  const order = given.dots.map((dot) => dot.id).sort((one, other) => degree(other) - degree(one) || (one < other ? -1 : 1));
  const placed: Places = new Map();
  const seen = new Set<string>();
  let left = 0;
  const alone: Dot[] = [];
  const dots = new Map(given.dots.map((dot) => [dot.id, dot]));
  for (const root of order) {
    if (seen.has(root)) continue;
    seen.add(root);
    if (!degree(root)) {
      const dot = dots.get(root);
      if (dot) alone.push(dot);
      continue;
    }
    left += spread(placed, levels(root, near, seen), left) + APART;
  }
  const bottom = [...placed.values()].reduce((low, at) => Math.max(low, at.y + DOWN), 0);
  for (const [id, at] of rows(alone, 0, bottom, Math.max(6, Math.round(left / BESIDE)))) placed.set(id, at);
  for (const [id, at] of given.fixed) placed.set(id, at);
  return placed;
};

function levels(root: string, near: ReadonlyMap<string, string[]>, seen: Set<string>): string[][] {
  const found = [[root]];
  for (let level = found[0] ?? []; level.length; level = found.at(-1) ?? []) {
    // Children follow their parents' order, so lines cross little.
    const next = level.flatMap((id) => (near.get(id) ?? []).filter((other) => !seen.has(other) && seen.add(other)));
    if (!next.length) break;
    found.push(next);
  }
  return found;
}

// Puts rows below each other, each about the middle; answers how wide that is.
function spread(placed: Places, found: string[][], left: number): number {
  const wide = Math.max(...found.map((level) => Math.min(level.length, ACROSS)));
  let y = 0;
  for (const level of found) {
    for (let at = 0; at < level.length; at += ACROSS) {
      const row = level.slice(at, at + ACROSS);
      row.forEach((id, place) => placed.set(id, { x: left + (place + (wide - row.length) / 2) * APART, y }));
      y += row.length === ACROSS ? DOWN * 0.7 : DOWN;
    }
  }
  return wide * APART;
}
