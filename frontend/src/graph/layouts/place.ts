// As on a map: north is up. What has no point stands by what it is linked to, or in rows below.

import { APART, neighbours, rows, type Layout, type Place, type Places } from "./layout.js";

export const place: Layout = (given) => {
  const points = new Map<string, Place>();
  for (const dot of given.dots) {
    const point = dot.item?.points[0];
    if (point) points.set(dot.id, projected(point));
  }
  const placed = scaled(points, Math.max(500, Math.sqrt(given.dots.length) * APART * 1.6));
  // things of two steps away find their place from those of one step
  const near = neighbours(given);
  for (let step = 0; step < 2; step++) {
    for (const dot of given.dots) {
      if (placed.has(dot.id) && (step || points.has(dot.id))) continue;
      const around = (near.get(dot.id) ?? []).flatMap((id) => placed.get(id) ?? []);
      if (around.length) placed.set(dot.id, middle(around));
    }
  }
  apart(placed);
  const bottom = [...placed.values()].reduce((low, at) => Math.max(low, at.y), 0);
  const left = [...placed.values()].reduce((low, at) => Math.min(low, at.x), 0);
  const rest = given.dots.filter((dot) => !placed.has(dot.id));
  const below = rows(rest, left, bottom + 1.5 * APART, Math.max(6, Math.ceil(Math.sqrt(given.dots.length) * 1.6)));
  return new Map([...placed, ...below, ...given.fixed]);
};

function projected([lat, lon]: readonly [number, number]): Place {
  const turn = (lat * Math.PI) / 180;
  return { x: (lon * Math.PI) / 180, y: -Math.log(Math.tan(Math.PI / 4 + turn / 2)) };
}

function scaled(points: Places, wide: number): Places {
  const all = [...points.values()];
  const [left, top] = [Math.min(...all.map((at) => at.x)), Math.min(...all.map((at) => at.y))];
  const far = Math.max(...all.map((at) => Math.max(at.x - left, at.y - top)), 1e-9);
  return new Map([...points].map(([id, at]) => [id, { x: ((at.x - left) / far) * wide, y: ((at.y - top) / far) * wide }]));
}

function middle(around: Place[]): Place {
  const sum = around.reduce((one, other) => ({ x: one.x + other.x, y: one.y + other.y }));
  return { x: sum.x / around.length, y: sum.y / around.length };
}

// Things on one spot stand around it in a spiral.
function apart(placed: Places): void {
  const cells = new Map<string, number>();
  for (const [id, at] of placed) {
    const cell = `${Math.round(at.x / 60)} ${Math.round(at.y / 60)}`;
    const before = cells.get(cell) ?? 0;
    cells.set(cell, before + 1);
    const turn = before * 2.4;
    placed.set(id, { x: at.x + Math.sqrt(before) * 55 * Math.cos(turn), y: at.y + Math.sqrt(before) * 55 * Math.sin(turn) });
  }
}
