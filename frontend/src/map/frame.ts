// The part of the map that is in sight: taken when a view is told, and opened again.

import type { Map as Chart } from "maplibre-gl";
import type { Board } from "../board/board.js";
import { around, framed } from "../board/frame.js";
import type { Place } from "../board/nearest.js";
import { located } from "./features.js";

// the furthest north that a map in Mercator's projection shows
const TOP = 85;

// Returns what goes to the frame that is asked for, once; false where there is none, or nothing of it.
export function framing(board: Board, chart: Chart): () => boolean {
  board.sights.set("map", () => {
    const bounds = chart.getBounds();
    const places = located(board).flatMap((item) => item.points.map(([lat, lon]): [string, Place] => [item.id, { x: lon, y: lat }]));
    return framed("map", { edges: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], places });
  });
  return () => {
    const wanted = board.frame;
    const [lat, lon] = board.items.get(wanted?.middle ?? "")?.points[0] ?? [];
    if (wanted?.view !== "map" || lat == null || lon == null) return false;
    board.frame = null;
    const [west, south, east, north] = around(wanted, { x: lon, y: lat });
    chart.fitBounds([Math.max(-180, west), Math.max(-TOP, south), Math.min(180, east), Math.min(TOP, north)], { animate: false });
    return true;
  };
}
