// What is chosen on the board shows in the graph, and what is chosen in the graph is chosen on the board.

import type { Core } from "cytoscape";
import type { Board } from "../board/board.js";
import type { Scene } from "./scene.js";

export interface Chooser {
  show: () => void;
}

export function selecting(board: Board, cy: Core, drawn: () => Scene, open: (id: string) => boolean): Chooser {
  // true while the board's choice is being shown, whose echo is no choice of the reader's
  let telling = false;
  let waiting = false;

  const show = (): void => {
    telling = true;
    cy.batch(() => {
      for (const dot of drawn().dots) {
        const node = cy.getElementById(dot.id);
        const members = dot.cluster?.members ?? [dot.id];
        const some = members.filter((id) => board.selected.has(id)).length;
        const whole = some > 0 && some === members.filter((id) => board.shown.has(id)).length;
        if (node.selected() !== whole) whole ? node.select() : node.unselect();
        node.toggleClass("part", some > 0 && !whole);
      }
      near();
    });
    telling = false;
  };
  const near = (): void => {
    cy.edges(".near").removeClass("near");
    const few = cy.nodes(":selected");
    if (few.length && few.length <= 50) few.connectedEdges().addClass("near");
  };
  const take = (): void => {
    waiting = false;
    const chosen = drawn().dots.filter((dot) => cy.getElementById(dot.id).selected());
    board.select(chosen.flatMap((dot) => dot.cluster?.members ?? [dot.id]));
  };
  cy.on("select unselect", "node", () => {
    if (telling || waiting) return;
    waiting = true;
    queueMicrotask(take);
  });
  cy.on("tap", "node", (event) => {
    const id: string = event.target.id();
    const shifted = (event.originalEvent as MouseEvent | undefined)?.shiftKey ?? false;
    if (!shifted && open(id)) return;
    board.look(board.items.has(id) ? id : "");
  });
  board.on("selected", show);
  return { show };
}
