// The workbench: graph, map, timeline and table of a chart, over one selection and one filter.

import { addressed } from "./board/address.js";
import { get } from "./board/ask.js";
import { Board } from "./board/board.js";
import { changes } from "./board/changes.js";
import { chips } from "./board/chips.js";
import { choosing } from "./board/choose.js";
import { detail } from "./board/detail.js";
import type { ChartView } from "./board/drawing.js";
import { key } from "./board/key.js";
import { legend } from "./board/legend.js";
import { saying } from "./board/say.js";
import { table } from "./board/table.js";
import { views } from "./board/views.js";
import { watch } from "./board/watch.js";

const bench = document.querySelector<HTMLElement>("[data-bench]");
if (bench) void start(bench);

async function start(root: HTMLElement): Promise<void> {
  const board = new Board(root, root.dataset["chart"] ?? "", saying(root));
  for (const behaviour of [legend, key, table, chips, detail, choosing]) behaviour(board);
  board.say("The chart is loading");
  try {
    board.take(await get<ChartView>(`${board.address}/drawing`));
  } catch (error) {
    board.say(error instanceof Error ? error.message : "The chart could not be loaded.", true);
    return;
  }
  board.say("");
  addressed(board);
  const change = changes(board, watch(board));
  views(board, {
    graph: async (...at) => (await import("./graph/graph.js")).graph(...at, change),
    map: async (...at) => void (await (await import("./map/map.js")).map(...at)),
    timeline: async (...at) => (await import("./timeline/timeline.js")).timeline(...at),
  });
}
