// The map by keyboard: arrows go from mark to mark and on beyond the edge, Enter chooses or opens.

import type { Map as Chart, MapGeoJSONFeature } from "maplibre-gl";
import type { Board } from "../board/board.js";
import { count, told } from "../board/words.js";
import { nearest, WAYS } from "../board/nearest.js";
import { MARKS, open } from "./marks.js";

const FAR = 140;

export function keys(board: Board, map: Chart, canvas: HTMLElement): void {
  let at: { x: number; y: number } | null = null;
  let mark: MapGeoJSONFeature | null = null;
  map.on("move", () => (at = null));

  const step = (way: { x: number; y: number }): void => {
    const box = map.getCanvas();
    const from = at ?? (mark ? where(map, mark) : { x: box.clientWidth / 2, y: box.clientHeight / 2 });
    const seen = new Map(map.queryRenderedFeatures({ layers: MARKS }).map((feature) => [key(feature), feature]));
    const next = nearest(
      from,
      way,
      [...seen].map(([name, feature]) => [name, where(map, feature)] as [string, { x: number; y: number }]),
    );
    mark = (next && seen.get(next)) || null;
    if (!mark) {
      map.panBy([way.x * FAR, way.y * FAR], { animate: false });
      return board.say("Nothing further in this direction; the map moved");
    }
    at = where(map, mark);
    const item = board.items.get(String(mark.properties["id"] ?? ""));
    board.look(item?.id ?? "");
    board.say(
      item
        ? told(item, board.near(item.id).length, board.selected.has(item.id))
        : `${count(Number(mark.properties["point_count"]), "thing")} together. Enter goes nearer`,
    );
  };
  const act = (add: boolean): void => {
    if (!mark) return;
    const id = String(mark.properties["id"] ?? "");
    if (!id) return void open(map, mark);
    if (add || board.selected.has(id)) board.toggle(id);
    else board.select([id]);
    const item = board.items.get(id);
    if (item) board.say(told(item, board.near(id).length, board.selected.has(id)));
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key];
    if (way && event.shiftKey) map.panBy([way.x * FAR, way.y * FAR], { animate: false });
    else if (way) step(way);
    else if (event.key === "Enter" || event.key === " ") act(event.key === " " || event.shiftKey);
    else if (event.key === "+" || event.key === "=") map.zoomIn({ animate: false });
    else if (event.key === "-") map.zoomOut({ animate: false });
    else if (event.key === "Escape") board.select([]);
    else return;
    event.preventDefault();
  });
}

function where(map: Chart, feature: MapGeoJSONFeature): { x: number; y: number } {
  const [lon = 0, lat = 0] = feature.geometry.type === "Point" ? feature.geometry.coordinates : [];
  return map.project([lon, lat]);
}

function key(feature: MapGeoJSONFeature): string {
  return String(feature.properties["id"] ?? `cluster ${feature.properties["cluster_id"]}`);
}
