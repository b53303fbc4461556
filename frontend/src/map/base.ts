// How vector tiles look: quiet, so that what stands on the chart stands out, in light and dark. What a layer and its kinds are
// called is of three schemas: Protomaps (kind), OpenMapTiles (class) and Shortbread (kind). Layers that a file lacks are left out.

import type { ExpressionSpecification as Expression, LayerSpecification } from "maplibre-gl";
import type { Colours } from "../board/colours.js";
import { FONT } from "./style.js";

export type Layers = LayerSpecification[];

export const BASE = "base";

const KIND: Expression = ["coalesce", ["get", "kind"], ["get", "class"], ""];
const NAME: Expression = ["coalesce", ["get", "name:en"], ["get", "name_en"], ["get", "name"], ""];
const AREA: Expression = ["==", ["geometry-type"], "Polygon"];
const LINE: Expression = ["==", ["geometry-type"], "LineString"];
const POINT: Expression = ["==", ["geometry-type"], "Point"];

const GREEN = [
  "park", "national_park", "nature_reserve", "protected_area", "wood", "forest", "grass", "grassland", "meadow", "scrub",
  "garden", "golf_course", "cemetery", "recreation_ground", "village_green", "allotments", "pitch", "playground", "farmland",
];
const MAIN = ["highway", "motorway", "trunk", "major_road", "primary"];
const MIDDLE = ["medium_road", "secondary", "tertiary"];
const PATH = ["path", "footway", "pedestrian", "track", "cycleway", "steps", "bridleway"];
const RAIL = ["rail", "transit", "subway", "light_rail", "tram", "narrow_gauge"];
const TOWNS = ["country", "region", "state", "province", "county", "locality", "city", "capital", "town", "state_capital"];

export function plan(colour: Colours, has: ReadonlySet<string> | null): Layers {
  const every = [...ground(colour), ...roads(colour), ...borders(colour), ...labels(colour)];
  return has ? every.filter((layer) => "source-layer" in layer && has.has(layer["source-layer"] ?? "")) : every;
}

// Tiles that are pictures are toned down: they were drawn to be looked at alone.
export function picture(colour: Colours): Layers {
  const paint = {
    "raster-saturation": -0.5,
    "raster-brightness-max": Number(colour("map-brightness")) || 1,
    "raster-fade-duration": 0,
  };
  return [{ id: BASE, type: "raster", source: BASE, paint }];
}

function ground(colour: Colours): Layers {
  const rivers = width([8, 0.5], [16, 6]);
  return [
    ...each(["earth"], { type: "fill", filter: AREA, paint: { "fill-color": colour("map-land") } }),
    ...each(["landuse", "landcover", "park", "land", "sites"], {
      type: "fill",
      filter: ["all", AREA, kinds(GREEN)],
      paint: { "fill-color": colour("map-green") },
    }),
    ...each(["water", "ocean", "water_polygons"], { type: "fill", filter: AREA, paint: { "fill-color": colour("map-water") } }),
    ...each(["waterway", "water", "water_lines"], {
      type: "line",
      filter: LINE,
      paint: { "line-color": colour("map-water"), "line-width": rivers },
    }),
    ...each(["buildings", "building"], {
      type: "fill",
      minzoom: 14,
      filter: AREA,
      paint: { "fill-color": colour("map-building") },
    }),
  ];
}

function roads(colour: Colours): Layers {
  const named = ["roads", "transportation", "streets"];
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const line = (suffix: string, minzoom: number, filter: Expression, paint: object): Layers =>
    each(named, { type: "line", minzoom, layout: round, filter: ["all", LINE, filter], paint }, suffix);
  const drawn = colour("map-road");
  const others: Expression = ["!", kinds([...MAIN, ...MIDDLE, ...PATH, ...RAIL, "ferry", "aerialway", "pier"])];
  return [
    ...line("rail", 11, kinds(RAIL), { "line-color": drawn, "line-width": 1, "line-dasharray": [4, 3] }),
    ...line("path", 15, kinds(PATH), { "line-color": drawn, "line-width": 1, "line-dasharray": [2, 2] }),
    ...line("small", 12, others, { "line-color": drawn, "line-width": width([12, 0.5], [18, 10]) }),
    ...line("middle", 9, kinds(MIDDLE), { "line-color": drawn, "line-width": width([9, 0.5], [18, 14]) }),
    ...line("main", 5, kinds(MAIN), { "line-color": drawn, "line-width": width([5, 0.5], [18, 18]) }),
  ];
}

function borders(colour: Colours): Layers {
  const paint = { "line-color": colour("map-border"), "line-width": 1, "line-dasharray": [3, 2] };
  return each(["boundaries", "boundary"], { type: "line", filter: LINE, paint });
}

function labels(colour: Colours): Layers {
  const layout = { "text-field": NAME, "text-font": FONT, "text-size": 11 };
  const paint = { "text-color": colour("quiet"), "text-halo-color": colour("map-land"), "text-halo-width": 1.5 };
  const towns = { ...layout, "text-size": ["interpolate", ["linear"], ["zoom"], 5, 11, 14, 14], "text-max-width": 8 };
  const places = ["places", "place", "place_labels"];
  return [
    ...each(["roads", "transportation_name", "street_labels"], {
      type: "symbol",
      minzoom: 14,
      filter: LINE,
      layout: { ...layout, "symbol-placement": "line" },
      paint,
    }),
    ...each(places, { type: "symbol", minzoom: 11, filter: ["all", POINT, ["!", kinds(TOWNS)]], layout, paint }, "small"),
    ...each(places, { type: "symbol", filter: ["all", POINT, kinds(TOWNS)], layout: towns, paint }, "large"),
  ];
}

// The same for each of the layers that may hold it.
function each(named: readonly string[], layer: object, suffix = ""): Layers {
  return named.map((name) => {
    const kind = "type" in layer ? String(layer.type) : "";
    return { id: [BASE, name, kind, suffix].join("-"), source: BASE, "source-layer": name, ...layer } as LayerSpecification;
  });
}

function kinds(listed: readonly string[]): Expression {
  return ["in", KIND, ["literal", [...listed]]];
}

function width(...[[from, thin], [to, thick]]: [[number, number], [number, number]]): Expression {
  return ["interpolate", ["exponential", 1.6], ["zoom"], from, thin, to, thick];
}
