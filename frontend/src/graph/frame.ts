// The part of the graph that is in sight: taken when a view is told, and opened again.

import type { Core } from "cytoscape";
import type { Board } from "../board/board.js";
import { around, framed } from "../board/frame.js";
import type { Place } from "../board/nearest.js";
import type { Scene } from "./scene.js";

// Returns what goes to the frame that is asked for, once; false where there is none, or nothing of it.
export function framing(board: Board, cy: Core, drawn: () => Scene): () => boolean {
  board.sights.set("graph", () => {
    const { x1, y1, x2, y2 } = cy.extent();
    const dots = drawn().dots.filter(({ id }) => cy.getElementById(id).nonempty());
    const places = dots.map(({ id, cluster }): [string, Place] => [cluster?.members[0] ?? id, cy.getElementById(id).position()]);
    return framed("graph", { edges: [x1, y1, x2, y2], places });
  });
  return () => {
    const wanted = board.frame;
    const dot = drawn().dots.find(({ id, cluster }) => id === wanted?.middle || cluster?.members.includes(wanted?.middle ?? ""));
    if (wanted?.view !== "graph" || !dot || !cy.width()) return false;
    board.frame = null;
    const [left, low, right, high] = around(wanted, cy.getElementById(dot.id).position());
    const zoom = Math.min(cy.width() / (right - left), cy.height() / (high - low), cy.maxZoom());
    cy.viewport({
      zoom,
      pan: { x: cy.width() / 2 - ((left + right) / 2) * zoom, y: cy.height() / 2 - ((low + high) / 2) * zoom },
    });
    return true;
  };
}
