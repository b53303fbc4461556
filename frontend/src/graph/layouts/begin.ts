// Where things stand before links pull them, so that few steps are left to do and few lines cross: each part of the graph
// about its best connected thing, what that leads to around it and so on; the parts in a spiral, the best connected first.

import type { SimulationLinkDatum, SimulationNodeDatum } from "d3-force";

export interface Body extends SimulationNodeDatum {
  id: string;
  radius: number;
}

export interface Pull extends SimulationLinkDatum<Body> {
  source: string | Body;
  target: string | Body;
  // how long the line is to be
  far: number;
}

// Turning by this (the golden angle) from one to the next, no two come to stand in one direction.
const TURN = 2.399963;
// How wide the fan is in which a thing's own stand, seen from where it hangs.
const FAN = 2.2;
// Half as wide as one thing needs, and between the rings of a fan.
const ROOM = 70;
const RING = 40;

export function begin(bodies: readonly Body[], pulls: readonly Pull[]): void {
  const by = new Map(bodies.map((body) => [body.id, body]));
  const near = new Map<Body, Body[]>(bodies.map((body) => [body, []]));
  for (const { source, target } of pulls) {
    const [one, other] = [by.get(String(source)), by.get(String(target))];
    if (!one || !other) continue;
    near.get(one)?.push(other);
    near.get(other)?.push(one);
  }
  const degree = (body: Body): number => near.get(body)?.length ?? 0;
  const order = [...bodies].sort(
    (one, other) => Number(stands(other)) - Number(stands(one)) || degree(other) - degree(one) || (one.id < other.id ? -1 : 1),
  );
  const seen = new Set<Body>();
  let [parts, before] = [0, 0];
  for (const root of order) {
    if (seen.has(root)) continue;
    const own = part(root, near, seen);
    if (!stands(root)) {
      const from = before ? Math.sqrt(before) * ROOM + Math.sqrt(own.length) * ROOM * 0.6 : 0;
      put(root, { x: 0, y: 0 }, from, parts * TURN);
    }
    spread(own);
    parts += 1;
    before += own.length;
  }
}

// Everything that hangs together with a thing, from it outwards: each with those that it is the first to lead to.
function part(root: Body, near: ReadonlyMap<Body, Body[]>, seen: Set<Body>): [Body, Body[]][] {
  seen.add(root);
  const found: [Body, Body[]][] = [];
  const waiting = [root];
  for (const body of waiting) {
    const own = (near.get(body) ?? []).filter((other) => !seen.has(other) && seen.add(other));
    found.push([body, own]);
    waiting.push(...own);
  }
  return found;
}

function spread(part: readonly [Body, Body[]][]): void {
  const turned = new Map<Body, number>();
  for (const [body, own] of part) {
    const turn = turned.get(body);
    own.forEach((other, at) => {
      const way = turn === undefined ? at * TURN : turn + ((at + 0.5) / own.length - 0.5) * FAN;
      const far = turn === undefined ? 60 * Math.sqrt(at + 2) : 90 + (at % 3) * RING;
      if (!stands(other)) put(other, { x: body.x ?? 0, y: body.y ?? 0 }, far, way);
      turned.set(other, way);
    });
  }
}

function stands(body: Body): boolean {
  return body.fx != null;
}

function put(body: Body, about: { x: number; y: number }, far: number, turn: number): void {
  body.x = about.x + far * Math.cos(turn);
  body.y = about.y + far * Math.sin(turn);
}
