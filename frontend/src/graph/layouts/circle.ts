// On a ring, type by type; many things on several rings.

import type { Layout, Places } from "./layout.js";

const BETWEEN = 72;
const RINGS = 100;
const FEWEST = 60;

export const circle: Layout = (given) => {
  const key = (at: (typeof given.dots)[number]): string =>
    `${at.group} ${at.item?.kind ?? at.cluster?.kind} ${at.item?.type ?? at.cluster?.type} ${at.label} ${at.id}`;
  const order = given.dots.map((dot) => [key(dot), dot.id] as const).sort((one, other) => (one[0] < other[0] ? -1 : 1));
  const placed: Places = new Map();
  let radius = Math.max(120, (Math.min(order.length, FEWEST) * BETWEEN) / (2 * Math.PI));
  for (let at = 0; at < order.length; radius += RINGS) {
    const fits = Math.floor((2 * Math.PI * radius) / BETWEEN);
    const ring = order.slice(at, at + fits);
    ring.forEach(([, id], place) => {
      const turn = (place / ring.length) * 2 * Math.PI - Math.PI / 2;
      placed.set(id, { x: radius * Math.cos(turn), y: radius * Math.sin(turn) });
    });
    at += fits;
  }
  for (const [id, at] of given.fixed) placed.set(id, at);
  return placed;
};
