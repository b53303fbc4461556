// What of the chart is on the map, as GeoJSON: points, the circles of those that are not exact, and tracks.

import type { Feature, FeatureCollection, LineString, Point, Polygon } from "geojson";
import type { Board } from "../board/board.js";
import type { Item } from "../board/drawing.js";
import { lookName } from "../board/styles.js";
import { name } from "../board/words.js";
import { circle } from "./circle.js";

// How far from its point a thing may be, in metres, by what its source says of the point.
export const FAR: Record<string, number> = { snap: 100, postcode: 500, area: 1_000 };

export interface Told {
  id: string;
  label: string;
  picture: string;
  kind: string;
  // what a declared style changes where a circle is drawn: the colour's name, whether it has a line around, its sign
  fill: string;
  outlined: boolean;
  sign: string;
  far: number;
  // 1 or 0, so that clusters can add them up
  selected: number;
  focus: number;
}

export function points(board: Board): FeatureCollection<Point, Told> {
  const features: Feature<Point, Told>[] = [];
  for (const item of located(board)) {
    for (const [lat, lon] of item.points)
      features.push({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: told(board, item) });
  }
  return { type: "FeatureCollection", features };
}

export function areas(board: Board): FeatureCollection<Polygon, Told> {
  const features: Feature<Polygon, Told>[] = [];
  for (const item of located(board)) {
    const far = FAR[item.precision];
    if (far)
      for (const point of item.points)
        features.push({ type: "Feature", geometry: circle(point, far), properties: told(board, item) });
  }
  return { type: "FeatureCollection", features };
}

export function located(board: Board): Item[] {
  return [...board.shown].flatMap((id) => {
    const item = board.items.get(id);
    return item?.points.length ? [item] : [];
  });
}

export interface Leg {
  // whether both ends say the minute, so that their order is sure
  sure: boolean;
}

export interface Stop {
  number: string;
}

// The events of each chosen thing, one after the other.
export function tracks(board: Board): { legs: FeatureCollection<LineString, Leg>; stops: FeatureCollection<Point, Stop> } {
  const legs: Feature<LineString, Leg>[] = [];
  const stops: Feature<Point, Stop>[] = [];
  for (const id of board.selected) {
    const along = way(board, id);
    along.forEach((item, at) => {
      const [lat, lon] = item.points[0] ?? [0, 0];
      stops.push({
        type: "Feature",
        geometry: { type: "Point", coordinates: [lon, lat] },
        properties: { number: String(at + 1) },
      });
      const before = along[at - 1];
      const from = before?.points[0];
      if (before && from)
        legs.push({
          type: "Feature",
          geometry: {
            type: "LineString",
            coordinates: [
              [from[1], from[0]],
              [lon, lat],
            ],
          },
          properties: { sure: Boolean(item.span?.exact && before.span?.exact) },
        });
    });
  }
  return { legs: { type: "FeatureCollection", features: legs }, stops: { type: "FeatureCollection", features: stops } };
}

function way(board: Board, id: string): Item[] {
  const item = board.items.get(id);
  if (!item || item.kind === "event" || item.kind === "location") return [];
  const events = new Map<string, Item>();
  for (const tie of board.near(id)) {
    const other = board.items.get(tie.one === id ? tie.other : tie.one);
    if (other?.kind === "event" && other.span && other.points.length && board.shown.has(other.id)) events.set(other.id, other);
  }
  const order = [...events.values()].sort(
    (one, other) => (one.span?.from ?? 0) - (other.span?.from ?? 0) || (one.id < other.id ? -1 : 1),
  );
  return order.length > 1 ? order : [];
}

function told(board: Board, item: Item): Told {
  return {
    id: item.id,
    label: name(item),
    picture: pictureName(item),
    kind: item.kind,
    fill: item.look.colour,
    outlined: Boolean(item.look.outline),
    sign: item.look.badge && `sign-${item.look.badge}`,
    far: FAR[item.precision] ?? 0,
    selected: Number(board.selected.has(item.id)),
    focus: Number(board.focus === item.id),
  };
}

export function pictureName(item: Item): string {
  return `thing-${item.type} ${lookName(item.look)}`;
}
