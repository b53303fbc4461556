// Lines of latitude and longitude with their degrees, as fine as the view has room for.

import type { Feature, FeatureCollection, LineString, Point } from "geojson";

const STEPS = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
const LINES = 4;

// Words beside a line, at the edge that they lean on.
export interface Degrees {
  words?: string;
  anchor?: "left" | "bottom";
}

export interface View {
  west: number;
  east: number;
  south: number;
  north: number;
}

export function graticule(view: View): FeatureCollection<LineString | Point, Degrees> {
  const step = STEPS.find((each) => each * LINES <= Math.max(view.east - view.west, (view.north - view.south) * 1.6)) ?? 0.001;
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  const features: Feature<LineString | Point, Degrees>[] = [];
  const [wide, high] = [view.east - view.west, view.north - view.south];
  const line = (from: [number, number], to: [number, number]): void =>
    void features.push({ type: "Feature", geometry: { type: "LineString", coordinates: [from, to] }, properties: {} });
  const mark = (at: [number, number], words: string, anchor: "left" | "bottom"): void =>
    void features.push({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { words, anchor } });
  for (let at = Math.ceil((view.west - wide) / step); at * step <= view.east + wide; at++) {
    const lon = at * step;
    line([lon, view.south - high], [lon, view.north + high]);
    mark([lon, view.south], `${Math.abs(lon).toFixed(digits)}° ${lon < 0 ? "W" : "E"}`, "bottom");
  }
  for (let at = Math.ceil((view.south - high) / step); at * step <= view.north + high; at++) {
    const lat = at * step;
    if (Math.abs(lat) > 85) continue;
    line([view.west - wide, lat], [view.east + wide, lat]);
    mark([view.west, lat], `${Math.abs(lat).toFixed(digits)}° ${lat < 0 ? "S" : "N"}`, "left");
  }
  return { type: "FeatureCollection", features };
}
