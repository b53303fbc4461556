// Links with data-view-link switch the view without loading; each view keeps its own address. A view's code loads when
// it is first opened. The style sheet shows the part of the page that [data-view] names.

import type { Board } from "./board.js";
import { say } from "./frame.js";

export type Open = (board: Board, pane: HTMLElement) => Promise<void> | void;

export function views(board: Board, known: Record<string, Open>): void {
  const opened = new Set<string>();
  const open = async (view: string): Promise<void> => {
    board.root.dataset["view"] = view;
    for (const link of board.root.querySelectorAll<HTMLElement>("[data-view-link]")) {
      if (link.dataset["viewLink"] === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    board.root.dispatchEvent(new CustomEvent("view"));
    const pane = board.root.querySelector<HTMLElement>(`[data-pane="${CSS.escape(view)}"]`);
    const start = known[view];
    if (!start || !pane || opened.has(view)) return;
    opened.add(view);
    pane.setAttribute("aria-busy", "true");
    try {
      await start(board, pane);
    } catch (error) {
      opened.delete(view);
      board.say(`The ${view} could not be drawn: ${error instanceof Error ? error.message : "its code did not load"}`, true);
    }
    pane.removeAttribute("aria-busy");
  };
  board.root.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-view-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const view = link.dataset["viewLink"] ?? "table";
    const said = new URLSearchParams(location.search);
    said.set("view", view);
    // a frame is of one view
    say(said, null);
    history.replaceState(history.state, "", `?${said}${location.hash}`);
    void open(view);
  });
  void open(board.root.dataset["view"] ?? "table");
}

export function isOpen(board: Board, view: string): boolean {
  return board.root.dataset["view"] === view;
}
