// Buttons with data-select choose many things at once: all that show, none, the others, or what is linked as well.

import type { Board } from "./board.js";

const WAYS: Record<string, (board: Board) => Iterable<string>> = {
  all: (board) => board.shown,
  none: () => [],
  others: (board) => [...board.shown].filter((id) => !board.selected.has(id)),
  linked: (board) => [...board.selected].flatMap((id) => [id, ...board.near(id).flatMap((tie) => [tie.one, tie.other])]),
};

export function choosing(board: Board): void {
  board.root.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-select]");
    const way = WAYS[button?.dataset["select"] ?? ""];
    if (!way) return;
    board.select(way(board));
    board.say(`${board.selected.size.toLocaleString("en-GB")} selected`);
  });
}
