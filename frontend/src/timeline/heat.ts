// Which hours of which days things happened in; a click on an hour, a day or an hour of every day filters by it.

import type { Board } from "../board/board.js";
import { passes } from "../board/filter.js";
import { make } from "../board/make.js";
import { hourOfWeek } from "../board/when.js";
import { count } from "../board/words.js";

export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const STEPS = 5;

export function heat(board: Board, place: HTMLElement): () => void {
  const cells = new Map<number, HTMLButtonElement>();
  place.replaceChildren(table(cells));
  const flip = (hours: number[]): void => {
    const all = hours.every((hour) => board.filter.hours.has(hour));
    for (const hour of hours) all ? board.filter.hours.delete(hour) : board.filter.hours.add(hour);
    board.narrow();
  };
  place.addEventListener("click", (event) => {
    const { hours } = (event.target as Element).closest<HTMLElement>("[data-hours]")?.dataset ?? {};
    if (hours) flip(hours.split(" ").map(Number));
  });
  place.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 }[event.key];
    const at = [...cells].find(([, button]) => button === event.target)?.[0];
    const next = by && at != null ? cells.get(at + by) : null;
    if (!next) return;
    event.preventDefault();
    for (const button of cells.values()) button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  return () => show(board, cells);
}

function show(board: Board, cells: ReadonlyMap<number, HTMLButtonElement>): void {
  const counts = new Map<number, number>();
  const free = { ...board.filter, hours: new Set<number>() };
  for (const item of board.items.values()) {
    if (!item.span?.exact || !passes(item, free)) continue;
    const hour = hourOfWeek(item.span.from);
    counts.set(hour, (counts.get(hour) ?? 0) + 1);
  }
  const most = Math.max(1, ...counts.values());
  for (const [hour, button] of cells) {
    const number = counts.get(hour) ?? 0;
    shade(button, number, most);
    button.setAttribute("aria-pressed", String(board.filter.hours.has(hour)));
    button.setAttribute("aria-label", label(hour, number));
  }
}

// A cell says how many, and is the darker the nearer that is to the most of any.
export function shade(button: HTMLElement, number: number, most: number): void {
  button.textContent = number ? String(number) : "";
  button.className = `bl-heat__cell bl-heat__cell--${Math.ceil((number / most) * STEPS)}`;
}

function table(cells: Map<number, HTMLButtonElement>): HTMLElement {
  const heads = HOURS.map((hour) => {
    const hours = DAYS.map((_, day) => day * 24 + hour).join(" ");
    return make(
      "th",
      { scope: "col" },
      make(
        "button",
        { type: "button", class: "bl-heat__head", "data-hours": hours, "aria-label": `${clock(hour)} on every day` },
        String(hour),
      ),
    );
  });
  const rows = DAYS.map((name, day) => {
    const hours = HOURS.map((hour) => day * 24 + hour).join(" ");
    const head = make(
      "th",
      { scope: "row" },
      make(
        "button",
        { type: "button", class: "bl-heat__head", "data-hours": hours, "aria-label": `All ${name}` },
        name.slice(0, 3),
      ),
    );
    return make("tr", {}, head, ...HOURS.map((hour) => make("td", {}, cell(cells, day * 24 + hour))));
  });
  const caption = make("caption", {}, "By day and hour, for what is said to the minute");
  return make(
    "table",
    { class: "bl-heat" },
    caption,
    make("thead", {}, make("tr", {}, make("td"), ...heads)),
    make("tbody", {}, ...rows),
  );
}

function cell(cells: Map<number, HTMLButtonElement>, hour: number): HTMLElement {
  const button = make("button", {
    type: "button",
    "data-hours": String(hour),
    "aria-label": label(hour, 0),
    tabindex: hour ? "-1" : "0",
  });
  cells.set(hour, button);
  return button;
}

function label(hour: number, things: number): string {
  return `${DAYS[Math.floor(hour / 24)]} ${clock(hour % 24)}: ${count(things, "thing")}`;
}

function clock(hour: number): string {
  const text = String(hour).padStart(2, "0");
  return `${text}:00 to ${text}:59`;
}
