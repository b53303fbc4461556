// The time window that all views are narrowed to: by dates, or by buttons that make it narrower, wider, earlier, later.

import type { Board } from "./board.js";
import { DAY, HOUR, isoDay, span } from "./when.js";

export interface Extent {
  from: number;
  to: number;
}

// All that the chart's dated things may mean, whatever is filtered.
export function extent(board: Board): Extent | null {
  let [from, to] = [Infinity, -Infinity];
  const widen = (one: number, other: number): void => {
    if (Number.isFinite(one)) from = Math.min(from, one);
    if (Number.isFinite(other)) to = Math.max(to, other);
  };
  for (const item of board.items.values()) if (item.during) widen(item.during.from, item.during.to);
  if (from === Infinity) for (const tie of board.ties) if (tie.span) widen(tie.span.from, tie.span.to);
  if (from === Infinity || to === -Infinity) return null;
  return to - from < HOUR ? { from: from - HOUR, to: to + HOUR } : { from, to };
}

export function setWindow(board: Board, wanted: Extent | null): void {
  board.filter.window = wanted && wanted.to > wanted.from ? wanted : null;
  board.narrow();
}

// Words of a window for a live region come from the chip; these are the controls in every view that has them.
export function windowing(board: Board, pane: HTMLElement): void {
  const [first, last] = ["from", "to"].map((name) => pane.querySelector<HTMLInputElement>(`[data-window-${name}]`));
  const show = (): void => {
    const { window } = board.filter;
    if (first) first.value = window ? isoDay(window.from) : "";
    if (last) last.value = window ? isoDay(window.to - 1) : "";
  };
  const take = (): void => {
    const all = extent(board);
    if (!all || !first || !last) return;
    const from = span(first.value)?.from ?? all.from;
    const to = (span(last.value)?.from ?? all.to - DAY) + DAY;
    if (!first.value && !last.value) return setWindow(board, null);
    if (to <= from) board.say("The window ends before it begins; choose a later end", true);
    else setWindow(board, { from, to });
  };
  first?.addEventListener("change", take);
  last?.addEventListener("change", take);
  pane.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-window]");
    const all = extent(board);
    if (button && all) setWindow(board, moved(button.dataset["window"] ?? "", board.filter.window ?? all, all));
  });
  board.on("shown", show);
  show();
}

function moved(how: string, { from, to }: Extent, all: Extent): Extent | null {
  const long = to - from;
  const steps: Record<string, Extent> = {
    narrower: { from: from + long / 4, to: to - long / 4 },
    wider: { from: from - long / 2, to: to + long / 2 },
    earlier: { from: from - long / 2, to: to - long / 2 },
    later: { from: from + long / 2, to: to + long / 2 },
  };
  const wanted = steps[how];
  if (!wanted || (wanted.from <= all.from && wanted.to >= all.to)) return null;
  return wanted;
}
