// The graph by keyboard: arrows go from dot to dot, Enter chooses, Shift with an arrow moves what is chosen.

import type { Core } from "cytoscape";
import type { Board } from "../board/board.js";
import { told } from "../board/words.js";
import type { Moves } from "./moves.js";
import { nearest, WAYS } from "../board/nearest.js";
import type { Place } from "./layouts/layout.js";

export function keys(board: Board, cy: Core, canvas: HTMLElement, moves: Moves, open: (id: string) => boolean): void {
  let at = "";
  const go = (id: string | null): void => {
    if (!id) return;
    cy.nodes(".focus").removeClass("focus");
    const node = cy.getElementById(id).addClass("focus");
    at = id;
    board.look(board.items.has(id) ? id : "");
    bringIntoSight(cy, node.position());
    const item = board.items.get(id);
    board.say(
      item
        ? told(item, board.near(id).length, board.selected.has(id))
        : `${String(node.data("label")).replace("\n", ": ")}. Enter opens it`,
    );
  };
  const places = (): [string, Place][] => cy.nodes(":childless").map((node) => [node.id(), node.position()]);
  const step = (way: Place): void => {
    const node = cy.getElementById(at);
    if (node.nonempty()) return go(nearest(node.position(), way, places()));
    const { x1, y1, x2, y2 } = cy.extent();
    const middle = { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
    const away = ({ x, y }: Place): number => Math.hypot(x - middle.x, y - middle.y);
    go(places().sort((one, other) => away(one[1]) - away(other[1]))[0]?.[0] ?? null);
  };
  const act = (add: boolean): void => {
    if (!at || open(at) || !board.shown.has(at)) return;
    if (add || board.selected.has(at)) board.toggle(at);
    else board.select([at]);
    go(at);
  };
  const doing: Record<string, (event: KeyboardEvent) => void> = {
    Enter: (event) => act(event.shiftKey),
    " ": () => act(true),
    Escape: () => board.select([]),
    "+": () => zoom(cy, 1.3),
    "=": () => zoom(cy, 1.3),
    "-": () => zoom(cy, 1 / 1.3),
    "0": () => void cy.fit(undefined, 30),
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || ((event.ctrlKey || event.metaKey) && event.key !== "a")) return;
    const way = WAYS[event.key];
    if (event.key === "a" && (event.ctrlKey || event.metaKey)) board.select(board.shown);
    else if (way && event.shiftKey) moves.by(way.x * 20, way.y * 20);
    else if (way) step(way);
    else if (doing[event.key]) doing[event.key]?.(event);
    else return;
    event.preventDefault();
  });
  // a thing looked at elsewhere, such as in the list of links, is where the arrows go on from
  board.on("focus", () => {
    const looked = cy.getElementById(board.focus);
    if (!board.focus || board.focus === at || looked.empty()) return;
    go(board.focus);
  });
}

export function zoom(cy: Core, by: number): void {
  cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

function bringIntoSight(cy: Core, place: Place): void {
  const { x1, y1, x2, y2 } = cy.extent();
  const [edgeX, edgeY] = [(x2 - x1) * 0.08, (y2 - y1) * 0.08];
  if (place.x > x1 + edgeX && place.x < x2 - edgeX && place.y > y1 + edgeY && place.y < y2 - edgeY) return;
  cy.pan({ x: cy.width() / 2 - place.x * cy.zoom(), y: cy.height() / 2 - place.y * cy.zoom() });
}
