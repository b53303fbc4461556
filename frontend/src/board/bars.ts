// The bars of a property: how often each of its values stands among what shows, whatever of these values is chosen. The
// server draws them for the page's first look; here they follow what every view is narrowed to, and changes of the chart.

import type { Board } from "./board.js";
import type { Item } from "./drawing.js";
import { passes, valuesOf, type Filter } from "./filter.js";
import { query, valuesName } from "./look.js";
import { make } from "./make.js";
import { count } from "./words.js";

// as in apps/workbench/sift.py
const BARS = 12;

export function bars(board: Board): void {
  const region = board.root.querySelector<HTMLElement>("[data-bars]");
  const list = region?.querySelector("ul");
  const note = region?.querySelector("p");
  const property = region?.dataset["bars"] ?? "";
  if (!list || !note) return;
  board.on("shown", () => {
    const chosen = board.filter.values.get(property) ?? new Set<string>();
    const items = [...board.items.values()].filter((item) => !item.proposed && passes(item, without(board.filter, property)));
    const counts = tally(items, property);
    const order = [...counts].sort(([one, some], [other, others]) => others - some || (one < other ? -1 : 1));
    const drawn = order.filter(([value], number) => number < BARS || chosen.has(value));
    const most = Math.max(1, ...counts.values());
    const at = list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["filterValue"] : null;
    list.replaceChildren(...drawn.map(([value, number]) => make("li", {}, bar(board, property, value, number / most, number))));
    if (at != null) list.querySelector<HTMLElement>(`[data-filter-value="${CSS.escape(at)}"]`)?.focus();
    const none = items.filter((item) => !valuesOf(item, property).length).length;
    note.textContent = said(order.length - drawn.length, none);
  });
}

function without(filter: Filter, property: string): Filter {
  return { ...filter, values: new Map([...filter.values].filter(([name]) => name !== property)) };
}

function tally(items: readonly Item[], property: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) for (const value of new Set(valuesOf(item, property))) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function bar(board: Board, property: string, value: string, share: number, number: number): HTMLElement {
  const look = query(board, new URLSearchParams(location.search));
  const name = valuesName(property);
  const chosen = new Set(look.getAll(name));
  if (!chosen.delete(value)) chosen.add(value);
  look.delete(name);
  look.set("by", property);
  for (const each of chosen) look.append(name, each);
  return make(
    "a",
    { href: `?${look}`, "data-filter-property": property, "data-filter-value": value },
    make("span", { class: "bl-bars__name" }, value),
    make("meter", { class: "bl-bars__bar", min: "0", max: "1", value: String(share), "aria-hidden": "true" }),
    make("span", { class: "bl-count" }, number.toLocaleString("en-GB")),
  );
}

function said(others: number, none: number): string {
  const parts = [others ? count(others, "more value") : "", none ? `${count(none, "thing says", "things say")} none` : ""];
  return parts
    .filter(Boolean)
    .map((part) => `${part}.`)
    .join(" ");
}
