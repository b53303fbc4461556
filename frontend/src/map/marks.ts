// Clicks on marks: a thing is chosen, a cluster opens.

import type { GeoJSONSource, Map as Chart, MapGeoJSONFeature } from "maplibre-gl";
import type { Board } from "../board/board.js";
import { calm } from "../board/colours.js";
import { FAR } from "./features.js";

export const MARKS = ["clusters", "things", ...Object.values(FAR).map((far) => `about-${far}`)];
// the circles lie below the marks, and are clicked where no mark is
const CLICKED = [...MARKS, ...Object.values(FAR).map((far) => `areas-${far}`)];

export function clicking(board: Board, map: Chart, busy: () => boolean): void {
  map.on("click", (event) => {
    if (busy()) return;
    const { x, y } = event.point;
    const [feature] = map.queryRenderedFeatures(
      [
        [x - 6, y - 6],
        [x + 6, y + 6],
      ],
      { layers: CLICKED },
    );
    const { shiftKey, ctrlKey, metaKey } = event.originalEvent;
    const add = shiftKey || ctrlKey || metaKey;
    if (!feature) return add ? undefined : board.select([]);
    const id = String(feature.properties["id"] ?? "");
    if (!id) return void open(map, feature);
    if (add) board.toggle(id);
    else board.select([id]);
    board.look(id);
  });
  map.on("mousemove", (event) => {
    if (busy()) return;
    const over = map.queryRenderedFeatures(event.point, { layers: CLICKED }).length > 0;
    map.getCanvas().classList.toggle("bl-pointing", over);
  });
}

export async function open(map: Chart, cluster: MapGeoJSONFeature): Promise<void> {
  const source = map.getSource("points") as GeoJSONSource;
  const zoom = await source.getClusterExpansionZoom(Number(cluster.properties["cluster_id"]));
  const [lon = 0, lat = 0] = cluster.geometry.type === "Point" ? cluster.geometry.coordinates : [];
  map.easeTo({ center: [lon, lat], zoom: zoom + 0.1, animate: !calm() });
}
