// The timeline: lanes of what happened when, all time below them, the hours of the week, and the days of the year.

import type { Board } from "../board/board.js";
import { colours, onColours } from "../board/colours.js";
import { isOpen } from "../board/views.js";
import { count } from "../board/words.js";
import { calendar } from "./calendar.js";
import { heat } from "./heat.js";
import { boxWords, choose, keys, type Cursor } from "./keys.js";
import { lanes } from "./lanes.js";
import { overview, sized } from "./overview.js";
import { pack, type Box, type Packed, type Strip } from "./pack.js";
import { paint, SMALL } from "./paint.js";
import type { Scale } from "./scale.js";
import { choose as chooseThem, stretches } from "./stretches.js";
import { extent, windowing } from "../board/window.js";

const TOP = 28;
const GUTTER = 152;
const NARROW = 560;

export function timeline(board: Board, pane: HTMLElement): void {
  const canvas = pane.querySelector<HTMLCanvasElement>("canvas[data-canvas]");
  const strip = pane.querySelector<HTMLCanvasElement>("[data-overview]");
  const grid = pane.querySelector<HTMLElement>("[data-heat]");
  const days = pane.querySelector<HTMLElement>("[data-calendar]");
  const by = pane.querySelector<HTMLSelectElement>("[data-lanes]");
  const undated = pane.querySelector<HTMLElement>("[data-undated]");
  if (!canvas) return;

  let packed: readonly Packed[] = [];
  let scale: Scale | null = null;
  let waiting = false;
  // of which things there are lanes by thing
  let chosen: ReadonlySet<string> = new Set();
  const cursor: Cursor = { box: null };
  const drawStrip = strip ? overview(board, strip) : null;
  const drawHeat = grid ? heat(board, grid) : null;
  const drawDays = days ? calendar(board, days) : null;

  const lay = (): void => {
    const all = extent(board);
    const width = canvas.clientWidth;
    const wide = width > NARROW;
    const context = canvas.getContext("2d");
    if (context) context.font = SMALL;
    scale = all ? { ...(board.filter.window ?? all), left: wide ? GUTTER : 6, right: width - 6 } : null;
    const found = lanes(board, by?.value ?? "type", chosen);
    packed = scale
      ? pack(found, scale, TOP, wide ? 0 : 22, (text) => context?.measureText(text).width ?? 0, told.in)
      : [];
    told.look(found.map((lane) => lane.key));
    const at = cursor.box?.marks[0]?.label;
    cursor.box = at == null ? null : (boxes(packed).find((box) => box.marks[0]?.label === at) ?? null);
    const none = [...board.shown].filter((id) => !board.items.get(id)?.span).length;
    if (undated) undated.textContent = none ? `${count(none, "thing")} shown without a date` : "";
    canvas.setAttribute(
      "aria-label",
      `Timeline of ${count(packed.length, "lane")}: ${packed.map(({ lane }) => `${lane.title} ${lane.marks.length}`).join(", ")}`,
    );
  };
  const draw = (): void => {
    const last = packed.at(-1);
    const height = Math.max(120, last ? last.top + last.height + 4 : 0);
    const width = canvas.clientWidth;
    const context = sized(canvas, width, height);
    if (!context || !scale) return;
    paint(
      context,
      {
        scale,
        packed,
        width,
        height,
        top: TOP,
        wide: width > NARROW,
        selected: (id) => board.selected.has(id),
        focus: cursor.box,
        again: () => again(),
      },
      colours(),
    );
  };
  const again = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (!isOpen(board, "timeline")) return;
      lay();
      draw();
      drawStrip?.();
      drawHeat?.();
      drawDays?.();
    });
  };

  const told = stretches(board, pane, by, again);
  // lanes stay while events of theirs are chosen
  const choosing = (): void => {
    const things = [...board.selected].filter((id) => !board.items.get(id)?.span);
    if (things.length || !board.selected.size) chosen = new Set(things);
    if (by?.value === "thing") again();
    else draw();
  };
  keys(board, canvas, () => packed, cursor, draw);
  pointing(board, canvas, () => packed, cursor, draw);
  windowing(board, pane);
  by?.addEventListener("change", again);
  board.on("shown", again);
  board.on("drawing", again);
  board.on("selected", choosing);
  board.root.addEventListener("view", again);
  new ResizeObserver(again).observe(pane);
  onColours(again);
  again();
}

function pointing(
  board: Board,
  canvas: HTMLCanvasElement,
  packed: () => readonly Packed[],
  cursor: Cursor,
  draw: () => void,
): void {
  const at = (event: MouseEvent): Box | null => hit(packed(), event.offsetX, event.offsetY);
  canvas.addEventListener("mousemove", (event) => {
    const strip = along(packed(), event.offsetX, event.offsetY);
    const box = strip ? null : at(event);
    canvas.classList.toggle("bl-pointing", box !== null || strip !== null);
    canvas.title = strip?.stretch.words ?? (box ? boxWords(board, box) : "");
  });
  canvas.addEventListener("click", (event) => {
    const strip = along(packed(), event.offsetX, event.offsetY);
    if (strip) return chooseThem(board, strip.stretch.ids);
    const box = at(event);
    if (!box) return event.shiftKey ? undefined : board.select([]);
    cursor.box = box;
    const [mark] = box.marks;
    board.look(box.marks.length === 1 && mark?.item ? mark.item.id : "");
    choose(board, box, event.shiftKey || event.ctrlKey || event.metaKey);
    draw();
  });
}

function boxes(packed: readonly Packed[]): Box[] {
  return packed.flatMap((lane) => lane.boxes);
}

// The gap or overlap under the pointer; the shortest where there are several.
function along(packed: readonly Packed[], x: number, y: number): Strip | null {
  const under = packed
    .flatMap((lane) => lane.strips)
    .filter((strip) => Math.abs(strip.y - y) <= 7 && x >= strip.x - 3 && x <= strip.x + strip.width + 3);
  return under.reduce<Strip | null>((best, strip) => (best && best.width <= strip.width ? best : strip), null);
}

// What is under the pointer, or less than a finger away.
function hit(packed: readonly Packed[], x: number, y: number): Box | null {
  const lane = packed.find((each) => y >= each.top && y < each.top + each.height);
  let best: Box | null = null;
  let least = 12;
  for (const box of lane?.boxes ?? []) {
    const far = Math.max(box.x - x, x - box.x - box.width, box.y - y, y - box.y - box.height, 0);
    if (far < least || (far === 0 && least === 0)) [best, least] = [box, far];
  }
  return best;
}
