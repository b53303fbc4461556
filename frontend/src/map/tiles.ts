// The tiles that the map is drawn on, from the one PMTiles file that the workspace names. Loaded only where it names one.

import type { addProtocol, SourceSpecification } from "maplibre-gl";
import { PMTiles, Protocol, TileType, type Header } from "pmtiles";
import type { Colours } from "../board/colours.js";
import { make } from "../board/make.js";
import { picture, plan, type Layers } from "./base.js";

export interface Base {
  source: SourceSpecification;
  layers: (colour: Colours) => Layers;
  // whose the tiles are, as their file says it
  owners: (Node | string)[];
}

// What a file may say of itself beside its header; nothing of it is taken on trust.
interface Metadata {
  attribution?: unknown;
  vector_layers?: unknown;
}

// pictures of 256 points are what most such files hold
const SIDE = 256;

export async function tiles(address: string, register: typeof addProtocol): Promise<Base> {
  const file = new PMTiles(new URL(address, location.href).href);
  const protocol = new Protocol();
  protocol.add(file);
  // the worker asks the page for addresses of this kind, so the file is read once, with the page's own sign-in
  register("pmtiles", protocol.tile);
  const header = await file.getHeader();
  const said = ((await file.getMetadata()) ?? {}) as Metadata;
  const vector = header.tileType === TileType.Mvt;
  return {
    source: source(file.source.getKey(), header, vector),
    layers: vector ? (colour) => plan(colour, names(said)) : picture,
    owners: owners(said),
  };
}

function source(key: string, header: Header, vector: boolean): SourceSpecification {
  const from = {
    tiles: [`pmtiles://${key}/{z}/{x}/{y}`],
    minzoom: header.minZoom,
    maxzoom: header.maxZoom,
    bounds: [header.minLon, header.minLat, header.maxLon, header.maxLat] as [number, number, number, number],
  };
  return vector ? { type: "vector", ...from } : { type: "raster", tileSize: SIDE, ...from };
}

// The layers that vector tiles say they have; null where they do not say.
function names({ vector_layers: listed }: Metadata): ReadonlySet<string> | null {
  if (!Array.isArray(listed)) return null;
  return new Set(listed.map((layer: { id?: unknown } | null) => String(layer?.id)));
}

// Words and links alone: whatever else the file's markup holds is left out.
function owners({ attribution }: Metadata): (Node | string)[] {
  if (typeof attribution !== "string" || !attribution) return [];
  const page = new DOMParser().parseFromString(attribution, "text/html");
  return [...page.body.childNodes].flatMap((node): (Node | string)[] => {
    const text = node.textContent ?? "";
    const href = node instanceof HTMLAnchorElement ? node.href : "";
    if (!/^https?:/.test(href)) return text ? [text] : [];
    return [make("a", { class: "govuk-link", href, rel: "noopener noreferrer", target: "_blank" }, text)];
  });
}
