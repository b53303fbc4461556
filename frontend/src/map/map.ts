// The map of the chart, drawn by MapLibre from what the chart itself holds.

import { addProtocol, Map as Chart, ScaleControl, setWorkerUrl, type GeoJSONSource } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import { get } from "../board/ask.js";
import type { Board } from "../board/board.js";
import { calm, colours, onColours } from "../board/colours.js";
import { isOpen } from "../board/views.js";
import { count } from "../board/words.js";
import { windowing } from "../board/window.js";
import { area } from "./area.js";
import { areas, located, points, tracks } from "./features.js";
import { framing } from "./frame.js";
import { graticule } from "./graticule.js";
import { keys } from "./keys.js";
import { clicking } from "./marks.js";
import { pictures } from "./pictures.js";
import { player } from "./player.js";
import { style } from "./style.js";
import type { Base } from "./tiles.js";

const PAN = 140;
// So many points weigh one each in the heat.
const HEAVY = 400;

export async function map(board: Board, pane: HTMLElement): Promise<Chart | null> {
  const canvas = pane.querySelector<HTMLElement>("[data-canvas]");
  if (!canvas) return null;
  setWorkerUrl(new URL(canvas.dataset["worker"] ?? "", location.href).href);
  const base = await below(board, pane);
  const chart = started(canvas, base);
  await new Promise((go) => chart.once("style.load", go));
  await pictures(chart, board, colours());

  const borders = board.root.dataset["boundaries"];
  const ground = borders ? await get<FeatureCollection>(borders).catch(() => null) : null;
  const fill = (name: string, data: FeatureCollection): void =>
    void (chart.getSource(name) as GeoJSONSource | undefined)?.setData(data);
  const grid = (): void => {
    const bounds = chart.getBounds();
    fill(
      "graticule",
      graticule({ west: bounds.getWest(), east: bounds.getEast(), south: bounds.getSouth(), north: bounds.getNorth() }),
    );
  };
  const draw = (): void => {
    const all = points(board);
    fill("points", all);
    fill("spread", all);
    // the more there are, the less each weighs, so that the heat tells places apart
    chart.setPaintProperty("heat", "heatmap-weight", Math.min(1, HEAVY / Math.max(1, all.features.length)));
    fill("areas", areas(board));
    way();
    const without = board.shown.size - located(board).length;
    const note = pane.querySelector<HTMLElement>("[data-unplaced]");
    if (note) note.textContent = without ? `${count(without, "thing")} shown without a point.` : "";
    canvas.setAttribute("aria-label", `Map of ${count(all.features.length, "point")}`);
  };
  const way = (): void => {
    const found = tracks(board);
    fill("legs", found.legs);
    fill("stops", found.stops);
  };
  const drawn = area(board, chart, pane);
  const everything = (): void => {
    if (ground) fill("boundaries", ground);
    grid();
    draw();
    drawn.show();
  };

  clicking(board, chart, drawn.drawing);
  keys(board, chart, canvas);
  windowing(board, pane);
  player(board, pane);
  const heat = pane.querySelector<HTMLElement>("[data-map=heat]");
  const fit = (): void => whole(chart, board);
  buttons(chart, pane, heat, fit);
  const soon = whenOpen(board, draw);
  for (const change of ["shown", "selected", "focus"] as const) board.on(change, soon);
  board.on("drawing", () => void pictures(chart, board, colours()));
  board.root.addEventListener("view", () => {
    if (!isOpen(board, "map")) return;
    chart.resize();
    soon();
  });
  chart.on("moveend", grid);
  onColours(() => {
    chart.setStyle(style(colours(), heat?.getAttribute("aria-pressed") === "true", base), { diff: false });
    chart.once("style.load", () => void pictures(chart, board, colours()).then(everything));
  });
  everything();
  if (!framing(board, chart)()) fit();
  return chart;
}

// The workspace's tiles, with whose they are under the map. Without them the map stands on lines alone.
async function below(board: Board, pane: HTMLElement): Promise<Base | null> {
  const address = board.root.dataset["tiles"];
  if (!address) return null;
  try {
    const base = await (await import("./tiles.js")).tiles(address, addProtocol);
    pane.querySelector("[data-owners]")?.replaceChildren(...base.owners);
    return base;
  } catch {
    board.say("The map's tiles could not be read, so it is drawn without them; tell your administrator", true);
    return null;
  }
}

function started(canvas: HTMLElement, base: Base | null): Chart {
  const chart = new Chart({
    container: canvas,
    style: style(colours(), false, base),
    center: [-1.5, 53],
    zoom: 5,
    maxZoom: 19,
    attributionControl: false,
    keyboard: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    fadeDuration: calm() ? 0 : 150,
  });
  chart.touchZoomRotate.disableRotation();
  chart.addControl(new ScaleControl({ unit: "metric" }), "bottom-right");
  // the box around it takes the keyboard and says what it is
  const drawn = chart.getCanvas();
  for (const name of ["tabindex", "role", "aria-label"]) drawn.removeAttribute(name);
  return chart;
}

function whole(chart: Chart, board: Board): void {
  const all = located(board).flatMap((item) => item.points);
  if (!all.length) return;
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [lat, lon] of all)
    [west, south, east, north] = [Math.min(west, lon), Math.min(south, lat), Math.max(east, lon), Math.max(north, lat)];
  chart.fitBounds([west, south, east, north], { padding: 40, maxZoom: 15, animate: false });
}

function buttons(chart: Chart, pane: HTMLElement, heat: HTMLElement | null, fit: () => void): void {
  const pan = (x: number, y: number) => (): void => void chart.panBy([x * PAN, y * PAN], { animate: !calm() });
  const doing: Record<string, () => void> = {
    in: () => void chart.zoomIn({ animate: !calm() }),
    out: () => void chart.zoomOut({ animate: !calm() }),
    fit,
    left: pan(-1, 0),
    right: pan(1, 0),
    up: pan(0, -1),
    down: pan(0, 1),
    heat: () => {
      const on = heat?.getAttribute("aria-pressed") !== "true";
      heat?.setAttribute("aria-pressed", String(on));
      chart.setLayoutProperty("heat", "visibility", on ? "visible" : "none");
    },
  };
  pane.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-map]");
    if (button) doing[button.dataset["map"] ?? ""]?.();
  });
}

// Draws once for all that changes together, and only while the map shows.
function whenOpen(board: Board, draw: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (isOpen(board, "map")) draw();
    });
  };
}
