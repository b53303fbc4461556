// The workbench: graph, map, timeline and table of a chart, over one selection and one filter.

import { addressed } from "./board/address.js";
import { bars } from "./board/bars.js";
import { Board } from "./board/board.js";
import { changes } from "./board/changes.js";
import { chips } from "./board/chips.js";
import { choosing } from "./board/choose.js";
import { detail } from "./board/detail.js";
import type { ChartView } from "./board/drawing.js";
import { key } from "./board/key.js";
import { panels } from "./board/panels.js";
import { legend } from "./board/legend.js";
import { saying } from "./board/say.js";
import { sift } from "./board/sift.js";
import { table } from "./board/table.js";
import { views } from "./board/views.js";
import { watch } from "./board/watch.js";

const bench = document.querySelector<HTMLElement>("[data-bench]");
if (bench) start(bench);

function start(root: HTMLElement): void {
  const board = new Board(root, root.dataset["chart"] ?? "", saying(root));
  for (const behaviour of [legend, key, table, bars, sift, chips, detail, choosing]) behaviour(board);
  board.take(drawing(root));
  addressed(board);
  const follow = watch(board);
  const change = changes(board, follow);
  panels(board, follow);
  views(board, {
    graph: async (...at) => (await import("./graph/graph.js")).graph(...at, change),
    map: async (...at) => void (await (await import("./map/map.js")).map(...at)),
    timeline: async (...at) => (await import("./timeline/timeline.js")).timeline(...at),
  });
}

// The page brings what it draws, so that nothing need be asked before the first picture.
function drawing(root: HTMLElement): ChartView {
  const said = root.querySelector<HTMLTemplateElement>("template[data-drawing]");
  return JSON.parse(said?.content.textContent ?? "") as ChartView;
}
