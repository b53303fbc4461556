// The graph of the chart, drawn by Cytoscape.

import cytoscape, { type Core } from "cytoscape";
import type { Board } from "../board/board.js";
import type { Do } from "../board/changes.js";
import { colours, onColours } from "../board/colours.js";
import { count, name, tieName, trust } from "../board/words.js";
import { isOpen } from "../board/views.js";
import { bring } from "./elements.js";
import { framing } from "./frame.js";
import { keys } from "./keys.js";
import { labels } from "./labels.js";
import { LAYOUTS } from "./layouts/all.js";
import type { Places } from "./layouts/layout.js";
import { look } from "./look.js";
import { Moves } from "./moves.js";
import { scene, type Line, type Scene } from "./scene.js";
import { selecting } from "./selecting.js";
import { Clusters } from "./summary.js";
import { tools } from "./tools.js";

// So many dots that their picture is moved while it is panned, not drawn again.
const MANY = 700;
// Half of what a dot takes, in units of the graph, and what stays free around all of them, in pixels.
const HALF = 30;
const MARGIN = 30;

export async function graph(board: Board, pane: HTMLElement, change: Do): Promise<void> {
  const canvas = pane.querySelector<HTMLElement>("[data-canvas]");
  if (!canvas) return;
  const cy = started(canvas, board.shown.size > MANY);
  onColours(() => cy.style(look(colours())));

  const places: Places = new Map();
  const clusters = new Clusters();
  let drawn: Scene = { dots: [], lines: [] };
  let turn = 0;
  let stood = "";
  let fitted = false;

  const show = (at: Places): void => {
    bring(cy, drawn, at);
    chooser.show();
    canvas.setAttribute("aria-label", `Graph of ${count(drawn.dots.length, "dot")} and ${count(drawn.lines.length, "line")}`);
    for (const button of pane.querySelectorAll<HTMLElement>('[data-graph="close"]')) button.hidden = !clusters.anyOpen;
  };
  const draw = async (): Promise<void> => {
    const mine = ++turn;
    const before = joined(drawn);
    drawn = scene(board, clusters.summary(board));
    // what had no link stood in a row with its like
    for (const id of joined(drawn)) if (!before.has(id)) places.delete(id);
    settle(board, places);
    let free = drawn.dots.filter((dot) => !places.has(dot.id));
    // so much is new that what stood would be in its way
    if (2 * free.length > drawn.dots.length) {
      again();
      settle(board, places);
      free = drawn.dots.filter((dot) => !places.has(dot.id));
    }
    if (free.length) {
      const layout = LAYOUTS[board.layout] ?? LAYOUTS["force"];
      const early = (rough: Places): void => {
        canvas.setAttribute("aria-busy", "true");
        show(new Map([...rough, ...places]));
        if (!fitted) fit(cy);
      };
      const found = await layout?.({ ...drawn, fixed: places, stale: () => mine !== turn, early });
      if (mine !== turn) return;
      for (const [id, at] of found ?? []) if (!places.has(id)) places.set(id, at);
    }
    show(places);
    canvas.removeAttribute("aria-busy");
    if (!fitted && isOpen(board, "graph")) fitted = toFrame() || fit(cy);
    named.settle();
  };
  const open = (id: string): boolean => {
    const cluster = drawn.dots.find((dot) => dot.id === id)?.cluster;
    if (!cluster) return false;
    clusters.open(cluster);
    void draw().then(() =>
      cy.fit(
        cy.nodes().filter((node) => cluster.members.includes(node.id())),
        60,
      ),
    );
    board.say(`${cluster.name}: opened`);
    return true;
  };
  const again = (): void => {
    places.clear();
    fitted = false;
  };

  const chooser = selecting(board, cy, () => drawn, open);
  const named = labels(board, cy, () => drawn);
  const toFrame = framing(board, cy, () => drawn);
  const moves = new Moves(board, cy, places, change);
  keys(board, cy, canvas, moves, open);
  tools(board, cy, pane, moves, change, {
    arrange: again,
    closeAll: () => {
      clusters.closeAll();
      void draw();
    },
  });
  cy.on("tap", "edge", (event) =>
    board.say(
      lineWords(
        board,
        drawn.lines.find((line) => line.id === event.target.id()),
      ),
    ),
  );
  board.on("drawing", () => {
    clusters.rebuild(board);
    if (stood !== standing(board)) again();
    stood = standing(board);
  });
  board.on("shown", () => void draw());
  board.root.addEventListener("view", () => {
    if (!isOpen(board, "graph")) return;
    cy.resize();
    if (!fitted) fitted = toFrame() || fit(cy);
  });
  stood = standing(board);
  clusters.rebuild(board);
  await draw();
}

function started(canvas: HTMLElement, many: boolean): Core {
  // Cytoscape would write a style element, which the page's security policy forbids; what it says is in our style sheet.
  const stand = document.createElement("template");
  stand.id = "__________cytoscape_stylesheet";
  document.head.append(stand);
  return cytoscape({
    container: canvas,
    style: look(colours()),
    minZoom: 0.02,
    maxZoom: 4,
    boxSelectionEnabled: true,
    hideEdgesOnViewport: many,
    textureOnViewport: many,
    motionBlur: false,
    pixelRatio: many ? 1 : "auto",
    layout: { name: "preset" },
  });
}

// When this is another, all that nobody has put anywhere is laid out anew: another layout, or other groups.
function standing(board: Board): string {
  const grouped = [...board.items.values()].filter((item) => item.spot.group).map((item) => `${item.id} ${item.spot.group}`);
  return [board.arranged, ...grouped.sort()].join("\n");
}

function joined(scene: Scene): Set<string> {
  return new Set(scene.lines.flatMap((line) => [line.one, line.other]));
}

// Where the chart says that things stand, they stand; what it no longer says is forgotten.
function settle(board: Board, places: Places): void {
  for (const item of board.items.values()) {
    const { x, y } = item.spot;
    if (x != null && y != null) places.set(item.id, { x, y });
  }
}

// From where things stand alone: Cytoscape would work out how each looks first, and again once it has its label.
function fit(cy: Core): boolean {
  const places = cy.nodes(":childless").map((node) => node.position());
  if (!places.length || !cy.width()) return false;
  const [xs, ys] = [places.map((at) => at.x), places.map((at) => at.y)];
  const [left, right, low, high] = [Math.min(...xs) - HALF, Math.max(...xs) + HALF, Math.min(...ys) - HALF, Math.max(...ys) + HALF];
  const zoom = Math.min((cy.width() - 2 * MARGIN) / (right - left), (cy.height() - 2 * MARGIN) / (high - low));
  // few things are not blown up
  const near = Math.max(Math.min(zoom, 1.2), cy.minZoom());
  cy.viewport({
    zoom: near,
    pan: { x: cy.width() / 2 - ((left + right) / 2) * near, y: cy.height() / 2 - ((low + high) / 2) * near },
  });
  return true;
}

function lineWords(board: Board, line: Line | undefined): string {
  const parts = (line?.ties ?? []).slice(0, 5).map((tie) => {
    const [one, other] = [board.items.get(tie.one), board.items.get(tie.other)];
    const sure = [
      trust(tie),
      tie.from_date && `from ${tie.from_date}`,
      tie.to_date && `to ${tie.to_date}`,
      ...tie.styles,
      ...tie.sources,
      tie.proposed?.reason,
    ].filter(Boolean);
    return `${one ? name(one) : ""} – ${tieName(tie)} – ${other ? name(other) : ""}${sure.length ? ` (${sure.join(", ")})` : ""}`;
  });
  if (line && line.ties.length > parts.length) parts.push(`and ${count(line.ties.length - parts.length, "more link")}`);
  return parts.join("; ");
}
