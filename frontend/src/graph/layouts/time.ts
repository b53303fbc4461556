// Earlier is left, one row or more for each type; what has no time stands above what it is linked to.

import type { Dot } from "../scene.js";
import { APART, BESIDE, neighbours, rows, type Layout, type Places } from "./layout.js";

const DOWN = 90;

export const time: Layout = (given) => {
  const dated = given.dots
    .filter((dot) => dot.item?.span)
    .sort((one, other) => start(one) - start(other) || (one.id < other.id ? -1 : 1));
  const [first, last] = [start(dated[0]), start(dated.at(-1))];
  const wide = Math.max(700, Math.sqrt(given.dots.length) * APART * 2);
  const placed: Places = new Map();
  let top = 0;
  for (const type of new Set(dated.map((dot) => dot.item?.type))) {
    const lane = dated.filter((dot) => dot.item?.type === type);
    // each goes into the first row of its lane that is free at its time
    const free: number[] = [];
    for (const dot of lane) {
      const x = last > first ? ((start(dot) - first) / (last - first)) * wide : 0;
      let row = free.findIndex((end) => end <= x);
      if (row < 0) row = free.length;
      free[row] = x + APART * 0.8;
      placed.set(dot.id, { x, y: top + row * DOWN });
    }
    top += free.length * DOWN + DOWN / 2;
  }
  undated(
    given.dots.filter((dot) => !placed.has(dot.id)),
    neighbours(given),
    placed,
    wide,
  );
  for (const [id, at] of given.fixed) placed.set(id, at);
  return placed;
};

function start(dot: Dot | undefined): number {
  return dot?.item?.span?.from ?? 0;
}

// Two steps: what is linked to a dated thing, then what is linked to that.
function undated(dots: Dot[], near: ReadonlyMap<string, string[]>, placed: Places, wide: number): void {
  const free: number[] = [];
  let rest = dots;
  for (let step = 0; step < 2; step++) {
    const linked: [Dot, number][] = [];
    for (const dot of rest) {
      const around = (near.get(dot.id) ?? []).flatMap((id) => placed.get(id) ?? []);
      if (around.length) linked.push([dot, around.reduce((sum, at) => sum + at.x, 0) / around.length]);
    }
    linked.sort((one, other) => one[1] - other[1]);
    for (const [dot, x] of linked) {
      let row = free.findIndex((end) => end <= x);
      if (row < 0) row = free.length;
      free[row] = x + APART;
      placed.set(dot.id, { x, y: -1.5 * DOWN - row * DOWN });
    }
    rest = rest.filter((dot) => !placed.has(dot.id));
  }
  const across = Math.ceil(wide / BESIDE);
  const high = Math.ceil(rest.length / across) * APART * 0.8;
  for (const [id, at] of rows(rest, 0, -2.5 * DOWN - free.length * DOWN - high, across)) placed.set(id, at);
}
