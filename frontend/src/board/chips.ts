// What is filtered, each as a button that ends it; and how many things show and are chosen.
// A link or button with data-filter-property and data-filter-value narrows by a value, and again widens.
// With a key that opens it elsewhere a link is a link.

import type { Board } from "./board.js";
import { noFilter } from "./filter.js";
import { make } from "./make.js";
import { dayWords } from "./when.js";
import { count } from "./words.js";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export function chips(board: Board): void {
  const place = board.root.querySelector<HTMLElement>("[data-chips]");
  const number = board.root.querySelector<HTMLElement>("[data-counts]");
  const draw = (): void => {
    place?.replaceChildren(...listed(board));
    mark(board);
  };
  const tell = (): void => {
    if (number) number.textContent = counts(board);
  };
  board.on("shown", draw);
  board.on("shown", tell);
  board.on("selected", tell);
  board.root.addEventListener("live", () => mark(board));
  board.root.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLElement>("[data-filter-property]");
    if (!link || (link.matches("a") && (event.ctrlKey || event.metaKey || event.shiftKey))) return;
    event.preventDefault();
    flip(board, link.dataset["filterProperty"] ?? "", link.dataset["filterValue"] ?? "");
  });
}

function counts(board: Board): string {
  const all = count(board.items.size, "thing");
  const hidden = [...board.items.values()].filter((item) => item.spot.hidden).length;
  const parts = [board.shown.size === board.items.size ? all : `${board.shown.size.toLocaleString("en-GB")} of ${all} shown`];
  if (hidden) parts.push(`${hidden.toLocaleString("en-GB")} hidden`);
  parts.push(`${board.selected.size.toLocaleString("en-GB")} selected`);
  return parts.join(", ");
}

function flip(board: Board, property: string, value: string): void {
  const wanted = board.filter.values.get(property) ?? new Set();
  if (!wanted.delete(value)) wanted.add(value);
  if (wanted.size) board.filter.values.set(property, wanted);
  else board.filter.values.delete(property);
  board.narrow();
}

// Links of the page that filter say whether they do.
function mark(board: Board): void {
  for (const link of board.root.querySelectorAll<HTMLElement>("[data-filter-property]")) {
    const on = board.filter.values.get(link.dataset["filterProperty"] ?? "")?.has(link.dataset["filterValue"] ?? "") ?? false;
    if (on) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function listed(board: Board): HTMLElement[] {
  const { filter } = board;
  const made: HTMLElement[] = [];
  const add = (text: string, end: () => void): void => {
    const button = make("button", { type: "button", class: "bl-chip" }, text, make("span", { "aria-hidden": "true" }, "×"));
    button.setAttribute("aria-label", `${text}: stop filtering by it`);
    button.addEventListener("click", () => {
      end();
      board.narrow();
      board.root.querySelector<HTMLElement>("[data-chips] button, [data-view-link][aria-current]")?.focus();
    });
    made.push(button);
  };
  for (const [property, values] of filter.values) {
    const named = CSS.escape(property);
    const place = board.root.querySelector<HTMLElement>(`[data-bars="${named}"], [data-filter-property="${named}"][data-filter-label]`);
    const label = place?.dataset["filterLabel"] ?? property.replaceAll("_", " ");
    for (const value of values) add(`${label}: ${value}`, () => flip(board, property, value));
  }
  const { window } = filter;
  if (window) add(`${dayWords(window.from)} to ${dayWords(window.to - 1)}`, () => (filter.window = null));
  if (filter.only) add(`Only ${count(filter.only.size, "thing")}`, () => (filter.only = null));
  if (filter.words) add(`“${filter.words}”`, () => (filter.words = ""));
  if (filter.hours.size) add(hours(filter.hours), () => filter.hours.clear());
  if (filter.off.size) add(count(filter.off.size, "type switched off", "types switched off"), () => filter.off.clear());
  if (made.length > 1) add("All filters", () => Object.assign(filter, noFilter()));
  return made;
}

function hours(wanted: ReadonlySet<number>): string {
  const [only] = wanted;
  if (wanted.size > 1 || only == null) return `${wanted.size} hours of the week`;
  const hour = String(only % 24).padStart(2, "0");
  return `${DAYS[Math.floor(only / 24)]}, ${hour}:00 to ${hour}:59`;
}
