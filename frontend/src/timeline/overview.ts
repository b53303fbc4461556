// How much happened when, over all time; dragging over it sets the window. The dates and buttons beside it do the same.

import type { Board } from "../board/board.js";
import { colours } from "../board/colours.js";
import { passes } from "../board/filter.js";
import { DAY } from "../board/when.js";
import { SMALL } from "./paint.js";
import { place, ticks, time, type Scale } from "./scale.js";
import { extent, setWindow, type Extent } from "../board/window.js";

const HIGH = 64;
const COLUMN = 4;
const LEAST_DRAG = 4;

export function overview(board: Board, canvas: HTMLCanvasElement): () => void {
  let dragged: Extent | null = null;
  let anchor: number | null = null;
  const scale = (): Scale | null => {
    const all = extent(board);
    return all ? { ...all, left: 4, right: canvas.clientWidth - 4 } : null;
  };
  const draw = (): void => paint(board, canvas, scale(), dragged ?? board.filter.window);
  const over = (event: PointerEvent, from: number, on: Scale): Extent => {
    const to = event.clientX - canvas.getBoundingClientRect().left;
    const [one, other] = [time(on, Math.min(from, to)), time(on, Math.max(from, to))];
    // whole days where these are to be seen, so that the dates beside say the same
    const step = on.to - on.from > 20 * DAY ? DAY : 1;
    return { from: Math.max(on.from, Math.floor(one / step) * step), to: Math.min(on.to, Math.ceil(other / step) * step) };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    anchor = event.clientX - canvas.getBoundingClientRect().left;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const on = scale();
    if (anchor == null || !on) return;
    dragged = over(event, anchor, on);
    draw();
  });
  canvas.addEventListener("pointerup", (event) => {
    const on = scale();
    if (anchor == null || !on) return;
    const far = Math.abs(event.clientX - canvas.getBoundingClientRect().left - anchor);
    setWindow(board, far < LEAST_DRAG ? null : over(event, anchor, on));
    anchor = dragged = null;
    draw();
  });
  canvas.addEventListener("pointercancel", () => {
    anchor = dragged = null;
    draw();
  });
  return draw;
}

function paint(board: Board, canvas: HTMLCanvasElement, scale: Scale | null, window: Extent | null): void {
  const context = sized(canvas, canvas.clientWidth, HIGH);
  if (!context || !scale) return;
  const colour = colours();
  const counts = new Map<number, number>();
  const free = { ...board.filter, window: null };
  for (const item of board.items.values()) {
    if (!item.during || !passes(item, free)) continue;
    const [first, last] = [item.during.from, item.during.to - 1].map((at) => Math.floor(place(scale, at) / COLUMN)) as [
      number,
      number,
    ];
    for (let at = first; at <= last; at++) counts.set(at, (counts.get(at) ?? 0) + 1 / (last - first + 1));
  }
  const most = [...counts.values()].reduce((high, each) => Math.max(high, each), 0);
  const base = HIGH - 18;
  if (window) {
    context.fillStyle = colour("lamp-wash");
    context.fillRect(place(scale, window.from), 0, place(scale, window.to) - place(scale, window.from), base);
  }
  context.fillStyle = colour("quiet");
  for (const [at, count] of counts) {
    const height = Math.max(1, (count / most) * (base - 4));
    context.fillRect(at * COLUMN, base - height, COLUMN - 1, height);
  }
  context.fillStyle = colour("rule-strong");
  context.fillRect(0, base, canvas.clientWidth, 1);
  context.font = SMALL;
  context.textBaseline = "middle";
  for (const tick of ticks(scale, 84)) {
    const x = place(scale, tick.at);
    context.fillStyle = colour("rule-strong");
    context.fillRect(Math.round(x), base, 1, 4);
    context.fillStyle = colour("quiet");
    context.fillText(tick.words, x, HIGH - 7);
  }
  if (!window) return;
  context.fillStyle = colour("lamp");
  for (const edge of [window.from, window.to]) context.fillRect(Math.round(place(scale, edge)) - 1, 0, 2, base);
}

// A canvas as sharp as the screen; null where it has no room yet.
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const sharp = devicePixelRatio || 1;
  canvas.width = Math.round(width * sharp);
  canvas.height = Math.round(height * sharp);
  canvas.style.height = `${height}px`;
  const context = width ? canvas.getContext("2d") : null;
  context?.setTransform(sharp, 0, 0, sharp, 0, 0);
  return context;
}
