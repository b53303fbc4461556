// Links pull, dots push apart. Done in slices, so that the page answers meanwhile.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";
import { outside } from "./outside.js";
import type { Layout, Places } from "./layout.js";

interface Body extends SimulationNodeDatum {
  id: string;
  radius: number;
}

const SLICE = 24;
const MANY = 500;

export const force: Layout = async (given) => {
  const bodies: Body[] = given.dots.map((dot) => {
    const at = given.fixed.get(dot.id);
    return { id: dot.id, radius: dot.cluster ? 110 : 46, ...(at ? { x: at.x, y: at.y, fx: at.x, fy: at.y } : {}) };
  });
  const groups = [...new Set(given.dots.map((dot) => dot.group).filter(Boolean))].map((group): Body => ({
    id: `group ${group}`,
    radius: 1,
  }));
  const pulls = given.lines.map((line) => ({
    source: line.one,
    target: line.other,
    far: line.classes.includes("clusters") ? 260 : 120,
  }));
  for (const dot of given.dots) if (dot.group) pulls.push({ source: dot.id, target: `group ${dot.group}`, far: 20 });
  const steps = bodies.length > MANY ? 140 : 300;
  const simulation = forceSimulation([...bodies, ...groups])
    .stop()
    .alphaDecay(1 - Math.pow(0.001, 1 / steps))
    .force(
      "link",
      forceLink<Body, (typeof pulls)[number] & { source: string | Body; target: string | Body }>(pulls)
        .id((body) => body.id)
        .distance((pull) => pull.far),
    )
    .force("push", forceManyBody<Body>().strength(-420).distanceMax(700))
    .force(
      "apart",
      forceCollide<Body>((body) => body.radius)
        .strength(0.9)
        .iterations(bodies.length > MANY ? 1 : 2),
    )
    .force("x", forceX(0).strength(0.05))
    .force("y", forceY(0).strength(0.08));
  let until = performance.now() + SLICE;
  for (let step = 0; step < steps; step++) {
    simulation.tick();
    if (performance.now() < until) continue;
    await new Promise((go) => setTimeout(go));
    if (given.stale()) break;
    until = performance.now() + SLICE;
  }
  const places: Places = new Map(bodies.map((body) => [body.id, { x: body.x ?? 0, y: body.y ?? 0 }]));
  outside(given, places);
  return places;
};
