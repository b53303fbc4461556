// Chooses what lies inside an area: corners by click, closed by Enter or the first corner; or a centre and a distance.

import type { GeoJSONSource, Map as Chart } from "maplibre-gl";
import type { Feature } from "geojson";
import type { Board } from "../board/board.js";
import { count } from "../board/words.js";
import { circle, inside } from "./circle.js";
import { FAR, located } from "./features.js";

type Corner = [number, number];

const CLOSE = 12;

export interface Area {
  // whether clicks on the map are corners now
  drawing: () => boolean;
  show: () => void;
}

export function area(board: Board, map: Chart, pane: HTMLElement): Area {
  const button = pane.querySelector<HTMLButtonElement>("[data-area=draw]");
  const form = pane.querySelector<HTMLFormElement>("form[data-area]");
  let drawing = false;
  let corners: Corner[] = [];
  let closed = false;

  const show = (): void => {
    const features: Feature[] = drawing
      ? corners.map((corner) => ({ type: "Feature", geometry: { type: "Point", coordinates: corner }, properties: {} }))
      : [];
    const [first] = corners;
    if (closed && first)
      features.push({ type: "Feature", geometry: { type: "Polygon", coordinates: [[...corners, first]] }, properties: {} });
    else if (corners.length > 1)
      features.push({ type: "Feature", geometry: { type: "LineString", coordinates: corners }, properties: {} });
    (map.getSource("drawn") as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features });
  };
  const begin = (on: boolean): void => {
    drawing = on;
    corners = [];
    closed = false;
    button?.setAttribute("aria-pressed", String(on));
    map.getCanvas().classList.toggle("bl-drawing", on);
    if (on) board.say("Click the corners of the area; Enter or the first corner closes it, Escape ends");
    show();
  };
  const close = (): void => {
    if (corners.length < 3) return board.say("An area needs at least three corners", true);
    const made = corners;
    begin(false);
    corners = made;
    closed = true;
    show();
    choose(board, made);
  };
  map.on("click", (event) => {
    if (!drawing) return;
    const [first] = corners;
    const at = first ? map.project(first) : null;
    if (corners.length > 2 && at && Math.hypot(at.x - event.point.x, at.y - event.point.y) < CLOSE) return close();
    corners.push([event.lngLat.lng, event.lngLat.lat]);
    show();
  });
  pane.addEventListener(
    "keydown",
    (event) => {
      if (!drawing || (event.key !== "Enter" && event.key !== "Escape")) return;
      // Enter on a button is a press of it
      if (event.key === "Enter" && event.target instanceof HTMLButtonElement && event.target !== button) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") close();
      else begin(false);
    },
    { capture: true },
  );
  button?.addEventListener("click", () => begin(!drawing));
  pane.querySelector("[data-area=clear]")?.addEventListener("click", () => begin(false));
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = new FormData(form);
    const centre = place(String(said.get("centre") ?? "")) ?? here(board, map);
    const metres = Number(said.get("metres"));
    if (!(metres > 0)) return board.say("Say a distance in metres that is more than nothing", true);
    begin(false);
    corners = (circle(centre, metres).coordinates[0] as Corner[]).slice(0, -1);
    closed = true;
    show();
    choose(board, corners);
  });
  return { drawing: () => drawing, show };
}

function choose(board: Board, corners: readonly Corner[]): void {
  const found = located(board).filter((item) => item.points.some((point) => inside(point, corners)));
  const vague = found.filter((item) => FAR[item.precision]).length;
  board.select(found.map((item) => item.id));
  board.say(
    `${count(found.length, "thing")} inside${vague ? `, ${vague.toLocaleString("en-GB")} of them with a point that is not exact` : ""}`,
  );
}

// "51.5, -0.12"
function place(text: string): [number, number] | null {
  const parts = /^\s*(-?\d+(?:\.\d+)?)\s*[, ]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  return parts ? [Number(parts[1]), Number(parts[2])] : null;
}

// Where nothing is typed: the thing that is looked at or chosen, or the middle of the map.
function here(board: Board, map: Chart): [number, number] {
  const [chosen = ""] = board.selected;
  const { lat, lng } = map.getCenter();
  return board.items.get(board.focus)?.points[0] ?? board.items.get(chosen)?.points[0] ?? [lat, lng];
}
