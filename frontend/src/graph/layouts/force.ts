// Links pull, dots push apart. Done in slices, so that the page answers meanwhile. What has no link stands in rows below.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { begin, type Body, type Pull } from "./begin.js";
import { APART, BESIDE, rows, type Given, type Layout, type Places } from "./layout.js";
import { outside } from "./outside.js";

const SLICE = 24;
// Beyond so many dots, those are drawn where they begin until they have come to rest, with fewer steps.
const MANY = 250;

export const force: Layout = async (given) => {
  const joined = new Set(given.lines.flatMap((line) => [line.one, line.other]));
  const bodies = given.dots
    .filter((dot) => joined.has(dot.id) || dot.group || given.fixed.has(dot.id))
    .map((dot): Body => {
      const at = given.fixed.get(dot.id);
      return { id: dot.id, radius: dot.cluster ? 110 : 46, ...(at ? { x: at.x, y: at.y, fx: at.x, fy: at.y } : {}) };
    });
  const groups = [...new Set(given.dots.map((dot) => dot.group).filter(Boolean))].map((group): Body => ({
    id: `group ${group}`,
    radius: 1,
  }));
  const pulls = given.lines.map((line): Pull => ({
    source: line.one,
    target: line.other,
    far: line.classes.includes("clusters") ? 260 : 120,
  }));
  for (const dot of given.dots) if (dot.group) pulls.push({ source: dot.id, target: `group ${dot.group}`, far: 20 });
  begin([...bodies, ...groups], pulls);
  const many = bodies.length > MANY;
  if (many) given.early(placed(given, bodies));
  const steps = many ? 80 : 200;
  const simulation = forceSimulation([...bodies, ...groups])
    .stop()
    .alphaDecay(1 - Math.pow(0.001, 1 / steps))
    .force(
      "link",
      forceLink<Body, Pull>(pulls)
        .id((body) => body.id)
        .distance((pull) => pull.far),
    )
    .force("push", forceManyBody<Body>().strength(-420).distanceMax(700))
    .force(
      "apart",
      forceCollide<Body>((body) => body.radius)
        .strength(0.9)
        .iterations(many ? 1 : 2),
    )
    .force("x", forceX(0).strength(0.05))
    .force("y", forceY(0).strength(0.08));
  let until = performance.now() + SLICE;
  for (let step = 0; bodies.length && step < steps; step++) {
    simulation.tick();
    if (performance.now() < until) continue;
    await new Promise((go) => setTimeout(go));
    if (given.stale()) break;
    until = performance.now() + SLICE;
  }
  return placed(given, bodies);
};

function placed(given: Given, bodies: readonly Body[]): Places {
  const places: Places = new Map(bodies.map((body) => [body.id, { x: body.x ?? 0, y: body.y ?? 0 }]));
  outside(given, places);
  const alone = given.dots.filter((dot) => !places.has(dot.id));
  const all = [...places.values()];
  const [left, right] = [all.reduce((low, at) => Math.min(low, at.x), 0), all.reduce((far, at) => Math.max(far, at.x), 0)];
  const bottom = all.reduce((low, at) => Math.max(low, at.y + 1.5 * APART), 0);
  const across = Math.max(Math.ceil(Math.sqrt(alone.length * 1.6)), Math.floor((right - left) / BESIDE));
  for (const [id, at] of rows(alone, left, bottom, across)) places.set(id, at);
  return places;
}
