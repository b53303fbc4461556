// The timeline by keyboard: left and right along a lane, up and down between lanes, Enter chooses.

import type { Board } from "../board/board.js";
import { words } from "../board/when.js";
import { count, told } from "../board/words.js";
import type { Box, Packed } from "./pack.js";

export interface Cursor {
  box: Box | null;
}

export function keys(board: Board, canvas: HTMLElement, packed: () => readonly Packed[], cursor: Cursor, draw: () => void): void {
  const go = (box: Box | undefined): void => {
    if (!box) return;
    cursor.box = box;
    const [mark] = box.marks;
    board.look(box.marks.length === 1 && mark?.item ? mark.item.id : "");
    board.say(boxWords(board, box));
    bringIntoSight(canvas, box);
    draw();
  };
  const step = (along: number, across: number): void => {
    const lanes = packed().filter((lane) => lane.boxes.length);
    const at = lanes.findIndex((lane) => cursor.box && lane.boxes.includes(cursor.box));
    const lane = lanes[at];
    if (!lane || !cursor.box) return go(lanes[0]?.boxes[0]);
    if (along) {
      const order = [...lane.boxes].sort((one, other) => one.x - other.x || one.y - other.y);
      return go(order[order.indexOf(cursor.box) + along]);
    }
    const { x } = cursor.box;
    go(lanes[at + across]?.boxes.reduce((best, box) => (Math.abs(box.x - x) < Math.abs(best.x - x) ? box : best)));
  };
  const doing: Record<string, (event: KeyboardEvent) => void> = {
    ArrowLeft: () => step(-1, 0),
    ArrowRight: () => step(1, 0),
    ArrowUp: () => step(0, -1),
    ArrowDown: () => step(0, 1),
    Enter: (event) => cursor.box && choose(board, cursor.box, event.shiftKey),
    " ": () => cursor.box && choose(board, cursor.box, true),
    Escape: () => board.select([]),
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !doing[event.key]) return;
    doing[event.key]?.(event);
    event.preventDefault();
  });
}

function bringIntoSight(canvas: HTMLElement, box: Box): void {
  const region = canvas.parentElement;
  if (!region) return;
  const seen = box.y > region.scrollTop + 24 && box.y + box.height < region.scrollTop + region.clientHeight - 24;
  if (!seen) region.scrollTop = box.y - region.clientHeight / 2;
}

export function choose(board: Board, box: Box, add: boolean): void {
  const ids = [...new Set(box.marks.flatMap((mark) => mark.ids))];
  const all = ids.every((id) => board.selected.has(id));
  const rest = [...board.selected].filter((id) => !ids.includes(id));
  if (add) board.select(all ? rest : [...rest, ...ids]);
  else board.select(all && !rest.length ? [] : ids);
  board.say(boxWords(board, box));
}

export function boxWords(board: Board, box: Box): string {
  const [mark] = box.marks;
  if (!mark) return "";
  if (box.marks.length > 1) return `${count(box.marks.length, mark.tie ? "link" : "thing")}, the first: ${mark.label}`;
  if (mark.item) return told(mark.item, board.near(mark.item.id).length, board.selected.has(mark.item.id));
  const dates = [
    mark.tie?.from_date && `from ${words(mark.tie.from_date)}`,
    mark.tie?.to_date && `to ${words(mark.tie.to_date)}`,
  ];
  return [mark.label, ...dates].filter(Boolean).join(", ");
}
