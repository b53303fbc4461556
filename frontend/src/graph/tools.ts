// The graph's buttons: each thing that can be dragged has one, too.

import type { Core } from "cytoscape";
import type { Board } from "../board/board.js";
import type { Do } from "../board/changes.js";
import { zoom } from "./keys.js";
import type { Moves } from "./moves.js";

const PAN = 120;
const STEP = 40;

export interface Tools {
  arrange: () => void;
  closeAll: () => void;
}

export function tools(board: Board, cy: Core, pane: HTMLElement, moves: Moves, change: Do, own: Tools): void {
  const slide = (x: number, y: number): void => {
    if (board.selected.size) moves.by(x * STEP, y * STEP);
    else cy.panBy({ x: -x * PAN, y: -y * PAN });
  };
  const doing: Record<string, (button: HTMLElement) => void> = {
    in: () => zoom(cy, 1.3),
    out: () => zoom(cy, 1 / 1.3),
    fit: () => void cy.fit(undefined, 30),
    left: () => slide(-1, 0),
    right: () => slide(1, 0),
    up: () => slide(0, -1),
    down: () => slide(0, 1),
    close: own.closeAll,
    box: (button) => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      cy.userPanningEnabled(!on);
    },
  };
  pane.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-graph]");
    if (button) doing[button.dataset["graph"] ?? ""]?.(button);
  });
  const select = pane.querySelector<HTMLSelectElement>("[data-layout]");
  const arrange = pane.querySelector<HTMLElement>("[data-arrange]");
  const send = (): void => {
    own.arrange();
    void change("layout", { layout: select?.value ?? "force" });
  };
  select?.addEventListener("change", send);
  arrange?.addEventListener("click", send);
  board.on("drawing", () => {
    if (select) select.value = board.layout;
  });
  if (select) select.value = board.layout;
}
