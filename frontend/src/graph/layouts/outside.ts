// A box around a group must hold nothing else, or it would say of a thing that it belongs there.

import type { Given, Place, Places } from "./layout.js";

const ROUNDS = 12;
// what the box and the labels in it need beyond the middle of a dot
const EDGE = { x: 95, y: 70 };

export function outside(given: Given, places: Places): void {
  const groups = [...new Set(given.dots.map((dot) => dot.group).filter(Boolean))];
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (const group of groups) moved = pushed(given, places, group) || moved;
    if (!moved) return;
  }
}

function pushed(given: Given, places: Places, group: string): boolean {
  const members = given.dots.filter((dot) => dot.group === group).flatMap((dot) => places.get(dot.id) ?? []);
  const xs = members.map((at) => at.x);
  const ys = members.map((at) => at.y);
  const box = {
    left: Math.min(...xs) - EDGE.x,
    right: Math.max(...xs) + EDGE.x,
    top: Math.min(...ys) - EDGE.y,
    bottom: Math.max(...ys) + EDGE.y,
  };
  let moved = false;
  for (const dot of given.dots) {
    const at = places.get(dot.id);
    // what stands where somebody put it stays there
    if (!at || dot.group === group || given.fixed.has(dot.id)) continue;
    if (at.x <= box.left || at.x >= box.right || at.y <= box.top || at.y >= box.bottom) continue;
    places.set(dot.id, nearestEdge(at, box));
    moved = true;
  }
  return moved;
}

function nearestEdge(at: Place, box: { left: number; right: number; top: number; bottom: number }): Place {
  const ways: [number, Place][] = [
    [at.x - box.left, { x: box.left, y: at.y }],
    [box.right - at.x, { x: box.right, y: at.y }],
    [at.y - box.top, { x: at.x, y: box.top }],
    [box.bottom - at.y, { x: at.x, y: box.bottom }],
  ];
  return ways.reduce((best, way) => (way[0] < best[0] ? way : best))[1];
}
