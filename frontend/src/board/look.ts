// What of the chart is looked at, as the server says it (`Look` of session/looks.py) and as the page's address does.

import type { Board } from "./board.js";
import { noFilter } from "./filter.js";
import { DAY, isoDay, isoMinute, span } from "./when.js";
import { extent, type Extent } from "./window.js";

export interface Look {
  view: string;
  types: readonly string[];
  first: string;
  last: string;
  hours: readonly number[];
  words: string;
  by: string;
  values: readonly string[];
  ids: readonly string[];
  only: boolean;
  styles: readonly string[];
  frame: readonly number[];
  middle: string;
}

// What narrows the board is called so in an address.
export const NAMES = ["types", "first", "last", "hours", "words", "values", "ids", "only", "styles"];

export function asked(said: URLSearchParams): Look {
  const one = (name: string): string => said.get(name) ?? "";
  return {
    view: one("view"),
    types: said.getAll("types"),
    first: one("first"),
    last: one("last"),
    hours: said.getAll("hours").map(Number),
    words: one("words"),
    by: one("by"),
    values: said.getAll("values"),
    ids: said.getAll("ids"),
    only: ["1", "true"].includes(one("only")),
    styles: said.getAll("styles"),
    frame: said.getAll("frame").map(Number),
    middle: one("middle"),
  };
}

// Narrow the board to what is looked at, and choose what is chosen in it.
export function narrowTo(board: Board, look: Look): void {
  const filter = noFilter();
  if (look.types.length)
    for (const item of board.items.values()) if (!look.types.includes(item.type)) filter.off.add(item.type);
  filter.window = windowOf(board, look);
  filter.hours = new Set(look.hours);
  filter.words = look.words;
  if (look.values.length) filter.values.set(look.by, new Set(look.values));
  if (look.styles.length) filter.values.set("style", new Set([...(filter.values.get("style") ?? []), ...look.styles]));
  if (look.only) filter.only = new Set(look.ids);
  board.filter = filter;
  board.refilter();
  board.select(look.ids);
}

// What the values of a property are called in an address: those of the key go with the bars of any property.
export function valuesName(property: string): string {
  return property === "style" ? "styles" : "values";
}

export function windowOf(board: Board, look: Look): Extent | null {
  const all = extent(board);
  if (!all || !(look.first || look.last)) return null;
  const window = { from: span(look.first)?.from ?? all.from, to: span(look.last)?.to ?? all.to };
  return window.from < window.to ? window : null;
}

// An address's query with what the board is narrowed to now; all else in it stays.
export function query(board: Board, said: URLSearchParams): URLSearchParams {
  const { filter } = board;
  const made = new URLSearchParams(said);
  for (const name of NAMES) made.delete(name);
  const types = new Set([...board.items.values()].map((item) => item.type));
  if (filter.off.size) for (const type of types) if (!filter.off.has(type)) made.append("types", type);
  const { window } = filter;
  if (window) {
    const say = window.from % DAY || window.to % DAY ? isoMinute : isoDay;
    made.set("first", say(window.from));
    made.set("last", say(window.to - 1));
  }
  for (const hour of filter.hours) made.append("hours", String(hour));
  if (filter.words) made.set("words", filter.words);
  for (const [property, values] of filter.values) {
    if (property !== "style") made.set("by", property);
    for (const value of values) made.append(valuesName(property), value);
  }
  if (filter.only) {
    made.set("only", "1");
    for (const id of filter.only) made.append("ids", id);
  }
  return made;
}
