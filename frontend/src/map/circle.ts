// Circles and distances on the ground, near enough for some kilometres.

import type { Polygon } from "geojson";

// metres of a degree of latitude
const DEGREE = 111_320;
const CORNERS = 48;

export function circle([lat, lon]: readonly [number, number], metres: number): Polygon {
  const corners: [number, number][] = [];
  for (let at = 0; at <= CORNERS; at++) {
    const turn = (at / CORNERS) * 2 * Math.PI;
    corners.push([
      lon + (metres * Math.cos(turn)) / (DEGREE * Math.cos((lat * Math.PI) / 180)),
      lat + (metres * Math.sin(turn)) / DEGREE,
    ]);
  }
  return { type: "Polygon", coordinates: [corners] };
}

// Whether a point lies inside corners (longitude first), by how many edges a line from it crosses.
export function inside([lat, lon]: readonly [number, number], corners: readonly (readonly [number, number])[]): boolean {
  let within = false;
  corners.forEach(([x, y], at) => {
    const [x2, y2] = corners[(at + corners.length - 1) % corners.length] ?? [x, y];
    if (y > lat !== y2 > lat && lon < ((x2 - x) * (lat - y)) / (y2 - y) + x) within = !within;
  });
  return within;
}
