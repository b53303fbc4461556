// How the map looks. Nothing of it comes from anywhere else: no fonts, no pictures, no tiles but those of the workspace.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Colours } from "../board/colours.js";
import { FAR } from "./features.js";
import type { Base } from "./tiles.js";

export const FONT = ["Segoe UI, Roboto, Noto Sans, Liberation Sans, arial, sans-serif"];
const EMPTY = { type: "FeatureCollection" as const, features: [] };
const SINGLE: ExpressionSpecification = ["!", ["has", "point_count"]];
const CHOSEN: ExpressionSpecification = ["==", ["get", "selected"], 1];
const OUTLINED: ExpressionSpecification = ["all", ["!", CHOSEN], ["get", "outlined"]];
// the colours of declared styles
const STYLED = ["red", "orange", "olive", "teal", "violet", "pink"];
// from which zoom on the circle of so many metres is bigger than a mark
const SEEN: Record<number, number> = { 100: 14, 500: 12, 1_000: 11 };

export function style(colour: Colours, heat: boolean, base: Base | null): StyleSpecification {
  return {
    version: 8,
    sources: {
      ...(base ? { base: base.source } : {}),
      graticule: { type: "geojson", data: EMPTY },
      boundaries: { type: "geojson", data: EMPTY },
      points: {
        type: "geojson",
        data: EMPTY,
        cluster: true,
        clusterRadius: 36,
        clusterMaxZoom: 16,
        clusterProperties: { selected: ["+", ["get", "selected"]] },
      },
      areas: { type: "geojson", data: EMPTY },
      spread: { type: "geojson", data: EMPTY },
      legs: { type: "geojson", data: EMPTY },
      stops: { type: "geojson", data: EMPTY },
      drawn: { type: "geojson", data: EMPTY },
    },
    layers: [...ground(colour, base), ...ways(colour), ...marks(colour, heat), ...over(colour)],
  };
}

// Tiles lie over the plain ground, which shows where they end, and below the workspace's own lines.
function ground(colour: Colours, base: Base | null): LayerSpecification[] {
  return [
    { id: "background", type: "background", paint: { "background-color": colour(base ? "map-land" : "surface") } },
    { id: "land", type: "fill", source: "boundaries", paint: { "fill-color": colour(base ? "map-land" : "paper") } },
    ...grid(colour),
    ...(base?.layers(colour) ?? []),
    {
      id: "borders",
      type: "line",
      source: "boundaries",
      paint: { "line-color": colour(base ? "quiet" : "rule-strong"), "line-width": base ? 1 : 0.75 },
    },
  ];
}

function grid(colour: Colours): LayerSpecification[] {
  return [
    {
      id: "graticule",
      type: "line",
      source: "graticule",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": colour("rule"), "line-width": 1 },
    },
    {
      id: "degrees",
      type: "symbol",
      source: "graticule",
      filter: ["has", "words"],
      layout: {
        "text-field": ["get", "words"],
        "text-font": FONT,
        "text-size": 11,
        "text-allow-overlap": true,
        "text-anchor": ["get", "anchor"],
        "text-offset": [0.4, -0.2],
      },
      paint: { "text-color": colour("quiet"), "text-halo-color": colour("surface"), "text-halo-width": 2 },
    },
  ];
}

function ways(colour: Colours): LayerSpecification[] {
  const line = { "line-color": colour("lamp"), "line-width": 2, "line-opacity": 0.85 };
  return [
    ...Object.values(FAR).flatMap((far): LayerSpecification[] => {
      const own = { source: "areas", minzoom: SEEN[far] ?? 12, filter: ["==", ["get", "far"], far] as ExpressionSpecification };
      return [
        {
          id: `areas-${far}`,
          type: "fill",
          ...own,
          paint: { "fill-color": kinds(colour), "fill-opacity": ["case", CHOSEN, 0.3, 0.14] },
        },
        {
          id: `edges-${far}`,
          type: "line",
          ...own,
          paint: { "line-color": kinds(colour), "line-width": ["case", CHOSEN, 2.5, 1] },
        },
      ];
    }),
    { id: "legs", type: "line", source: "legs", filter: ["get", "sure"], paint: line },
    {
      id: "legs-unsure",
      type: "line",
      source: "legs",
      filter: ["!", ["get", "sure"]],
      paint: { ...line, "line-dasharray": [2, 2] },
    },
  ];
}

function marks(colour: Colours, heat: boolean): LayerSpecification[] {
  const label = {
    "text-field": ["get", "label"],
    "text-font": FONT,
    "text-size": 12,
    "text-offset": [0, 1.2],
    "text-anchor": "top",
    "text-optional": true,
    "text-max-width": 12,
    "icon-allow-overlap": true,
    "icon-image": ["get", "picture"],
  } as const;
  const paper = { "text-color": colour("ink"), "text-halo-color": colour("surface"), "text-halo-width": 1.5 };
  return [
    {
      id: "heat",
      type: "heatmap",
      source: "spread",
      layout: { visibility: heat ? "visible" : "none" },
      paint: {
        "heatmap-radius": 34,
        "heatmap-opacity": 0.75,
        "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 7, 0.2, 10, 0.7, 15, 1.5],
        "heatmap-color": [
          "interpolate",
          ["linear"],
          ["heatmap-density"],
          0,
          "rgba(0,0,0,0)",
          0.1,
          pale(colour("heat"), 0.25),
          0.5,
          pale(colour("heat"), 0.6),
          1,
          colour("heat"),
        ],
      },
    },
    ...Object.values(FAR).map((far): LayerSpecification => ({
      id: `about-${far}`,
      type: "circle",
      source: "points",
      maxzoom: SEEN[far] ?? 12,
      filter: ["all", SINGLE, ["==", ["get", "far"], far]],
      paint: {
        "circle-radius": 9,
        "circle-color": kinds(colour),
        "circle-opacity": 0.25,
        "circle-stroke-width": ["case", CHOSEN, 3, OUTLINED, 2.5, 1],
        "circle-stroke-color": ["case", OUTLINED, colour("ink"), kinds(colour)],
      },
    })),
    {
      id: "focus",
      type: "circle",
      source: "points",
      filter: ["all", SINGLE, ["==", ["get", "focus"], 1]],
      paint: { "circle-radius": 20, "circle-color": colour("focus"), "circle-opacity": 0.75 },
    },
    {
      id: "chosen",
      type: "circle",
      source: "points",
      filter: ["all", SINGLE, CHOSEN, ["==", ["get", "far"], 0]],
      paint: {
        "circle-radius": 15,
        "circle-color": "rgba(0,0,0,0)",
        "circle-stroke-width": 3,
        "circle-stroke-color": colour("focus-ring"),
      },
    },
    {
      id: "things",
      type: "symbol",
      source: "points",
      filter: ["all", SINGLE, ["==", ["get", "far"], 0]],
      layout: label,
      paint: paper,
    },
    {
      id: "signs-about",
      type: "symbol",
      source: "points",
      filter: ["all", SINGLE, [">", ["get", "far"], 0], ["!=", ["get", "sign"], ""]],
      layout: { "icon-image": ["get", "sign"], "icon-allow-overlap": true },
    },
    {
      id: "things-about",
      type: "symbol",
      source: "points",
      minzoom: 12,
      filter: ["all", SINGLE, [">", ["get", "far"], 0]],
      layout: { ...label, "icon-image": "", "text-offset": [0, 0.8] },
      paint: paper,
    },
    {
      id: "clusters",
      type: "circle",
      source: "points",
      filter: ["has", "point_count"],
      paint: {
        "circle-color": colour("paper"),
        "circle-radius": ["step", ["get", "point_count"], 14, 10, 17, 100, 21, 1000, 26],
        "circle-stroke-width": ["case", [">", ["get", "selected"], 0], 4, 1.5],
        "circle-stroke-color": ["case", [">", ["get", "selected"], 0], colour("focus-ring"), colour("quiet")],
      },
    },
    {
      id: "counts",
      type: "symbol",
      source: "points",
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": FONT,
        "text-size": 12,
        "text-allow-overlap": true,
      },
      paint: { "text-color": colour("ink") },
    },
  ] as LayerSpecification[];
}

function over(colour: Colours): LayerSpecification[] {
  return [
    {
      id: "stops",
      type: "symbol",
      source: "stops",
      layout: {
        "text-field": ["get", "number"],
        "text-font": FONT,
        "text-size": 12,
        "text-offset": [1.3, -1.1],
        "text-allow-overlap": true,
      },
      paint: { "text-color": colour("lamp"), "text-halo-color": colour("paper"), "text-halo-width": 3 },
    },
    {
      id: "drawn",
      type: "fill",
      source: "drawn",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour("lamp"), "fill-opacity": 0.08 },
    },
    {
      id: "drawn-edge",
      type: "line",
      source: "drawn",
      paint: { "line-color": colour("lamp"), "line-width": 2, "line-dasharray": [3, 2] },
    },
    {
      id: "drawn-corners",
      type: "circle",
      source: "drawn",
      filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 4, "circle-color": colour("lamp") },
    },
  ];
}

function kinds(colour: Colours): unknown[] & string {
  const pairs = ["person", "object", "location", "event"].flatMap((kind) => [kind, colour(`kind-${kind}`)]);
  const worn = STYLED.flatMap((name) => [name, colour(`style-${name}`)]);
  const plain = ["match", ["get", "kind"], ...pairs, colour("quiet")];
  return ["match", ["get", "fill"], ...worn, plain] as unknown[] & string;
}

// "#rrggbb" or "#rgb", seen through.
function pale(hex: string, share: number): string {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join("") : hex.slice(1);
  const [red, green, blue] = [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16));
  return `rgba(${red},${green},${blue},${share})`;
}
