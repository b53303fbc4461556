// How much happened on each day, a row for each month; a click on a day or a month narrows the time window to it, and
// another click takes that back.

import type { Board } from "../board/board.js";
import { passes } from "../board/filter.js";
import { make } from "../board/make.js";
import { DAY, HOUR, hourOfWeek, isoDay, words } from "../board/when.js";
import { setWindow, type Extent } from "../board/window.js";
import { count } from "../board/words.js";
import { DAYS, shade } from "./heat.js";

const NUMBERS = Array.from({ length: 31 }, (_, day) => day + 1);

type Cells = Map<number, HTMLButtonElement>;

export function calendar(board: Board, place: HTMLElement): () => void {
  const [days, months]: [Cells, Cells] = [new Map(), new Map()];
  place.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-span]");
    const [from, to] = (button?.dataset["span"] ?? "").split(" ").map(Number);
    if (from == null || to == null) return;
    setWindow(board, is(board.filter.window, { from, to }) ? null : { from, to });
  });
  place.addEventListener("keydown", (event) => {
    const cell = (event.target as Element).closest("td");
    const next = cell && beside(cell, event.key);
    if (!next) return;
    event.preventDefault();
    for (const button of days.values()) button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  return () => {
    const counts = counted(board);
    const listed = [...new Set([...counts.keys()].map(monthOf))].sort((one, other) => one - other);
    if (listed.join() !== [...months.keys()].join()) place.replaceChildren(...table(listed, days, months));
    show(board, counts, days, months);
  };
}

// Of what shows at any time, how many things are said to have happened on each day.
function counted(board: Board): Map<number, number> {
  const counts = new Map<number, number>();
  const free = { ...board.filter, window: null };
  for (const item of board.items.values()) {
    if (!item.span || item.span.to - item.span.from > DAY || !passes(item, free)) continue;
    const day = Math.floor(item.span.from / DAY) * DAY;
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return counts;
}

function show(board: Board, counts: ReadonlyMap<number, number>, days: Cells, months: Cells): void {
  const most = Math.max(1, ...counts.values());
  const sums = new Map<number, number>();
  for (const [day, number] of counts) sums.set(monthOf(day), (sums.get(monthOf(day)) ?? 0) + number);
  for (const [day, button] of days) {
    const number = counts.get(day) ?? 0;
    shade(button, number, most);
    button.setAttribute("aria-pressed", String(is(board.filter.window, { from: day, to: day + DAY })));
    button.setAttribute("aria-label", `${DAYS[dayOfWeek(day)]} ${words(isoDay(day))}: ${count(number, "thing")}`);
  }
  for (const [month, button] of months) {
    button.setAttribute("aria-pressed", String(is(board.filter.window, { from: month, to: after(month) })));
    button.setAttribute("aria-label", `${name(month)}: ${count(sums.get(month) ?? 0, "thing")}`);
  }
}

function table(listed: readonly number[], days: Cells, months: Cells): Node[] {
  days.clear();
  months.clear();
  if (!listed.length) return [];
  const heads = NUMBERS.map((day) => make("th", { scope: "col", class: "bl-heat__head" }, String(day)));
  const rows = listed.flatMap((month, place) => {
    const head = make("button", { type: "button", class: "bl-heat__head", "data-span": `${month} ${after(month)}` }, name(month));
    months.set(month, head);
    const own = NUMBERS.map((day) => make("td", {}, ...cell(month + (day - 1) * DAY, month, days)));
    return [...left(listed[place - 1], month), make("tr", {}, make("th", { scope: "row" }, head), ...own)];
  });
  const [first] = days.values();
  if (first) first.tabIndex = 0;
  const caption = make("caption", {}, "By day, for what is said to the day");
  return [
    make(
      "table",
      { class: "bl-heat bl-heat--days" },
      caption,
      make("thead", {}, make("tr", {}, make("td"), ...heads)),
      make("tbody", {}, ...rows),
    ),
  ];
}

// A row that says how many months between two were left out.
function left(before: number | undefined, month: number): Node[] {
  const none = before == null ? 0 : monthsTo(month) - monthsTo(before) - 1;
  if (!none) return [];
  return [make("tr", {}, make("td", { colspan: "32", class: "bl-heat__none" }, `${count(none, "month")} with nothing`))];
}

function cell(day: number, month: number, days: Cells): Node[] {
  if (monthOf(day) !== month) return [];
  const button = make("button", { type: "button", "data-span": `${day} ${day + DAY}`, tabindex: "-1" });
  if (dayOfWeek(day) > 4) button.dataset["weekend"] = "";
  days.set(day, button);
  return [button];
}

// The day to the left or right, or the same in the month above or below.
function beside(cell: HTMLTableCellElement, key: string): HTMLButtonElement | null {
  const row = cell.parentElement as HTMLTableRowElement;
  const rows = [...(row.parentElement?.children ?? [])].filter((each) => each.children.length > 1);
  const up = { ArrowUp: -1, ArrowDown: 1 }[key];
  const along = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const other = along ? row.children[cell.cellIndex + along] : rows[rows.indexOf(row) + (up ?? NaN)]?.children[cell.cellIndex];
  return other?.matches("td") ? other.querySelector("button") : null;
}

function is(window: Extent | null, span: Extent): boolean {
  return window?.from === span.from && window.to === span.to;
}

function monthOf(day: number): number {
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

function after(month: number): number {
  const date = new Date(month);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

function name(month: number): string {
  return words(isoDay(month).slice(0, 7));
}

function monthsTo(month: number): number {
  const date = new Date(month);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

// Monday is 0.
function dayOfWeek(day: number): number {
  return hourOfWeek(day) / (DAY / HOUR);
}
