// Which things and links show: hidden ones never; others by type, time, hour of the week and what is said of them.

import type { Item, Tie } from "./drawing.js";
import { hourOfWeek, overlaps } from "./when.js";

export interface Filter {
  // types that are switched off
  off: Set<string>;
  window: { from: number; to: number } | null;
  // hours of the week, 0 is Monday's first; none: all
  hours: Set<number>;
  // property name -> values, of which a thing must have one
  values: Map<string, Set<string>>;
  // words that must all stand in what a thing is called or what is said about it
  words: string;
  // nothing but these things; null: all
  only: ReadonlySet<string> | null;
}

export function noFilter(): Filter {
  return { off: new Set(), window: null, hours: new Set(), values: new Map(), words: "", only: null };
}

export function passes(item: Item, filter: Filter): boolean {
  return (
    !item.spot.hidden &&
    !filter.off.has(item.type) &&
    (!filter.only || filter.only.has(item.id)) &&
    named(item, filter.words) &&
    inTime(item, filter) &&
    [...filter.values].every(([property, wanted]) => valuesOf(item, property).some((value) => wanted.has(value)))
  );
}

function named(item: Item, words: string): boolean {
  if (!words) return true;
  const said = `${item.caption} ${item.about} ${item.label}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => said.includes(word));
}

// What is about no time at all, such as a person, stays whatever the time.
function inTime(item: Item, filter: Filter): boolean {
  if (!item.span) return true;
  if (filter.window && item.during && !overlaps(item.during, filter.window)) return false;
  return !filter.hours.size || (item.span.exact && filter.hours.has(hourOfWeek(item.span.from)));
}

// Of `styles` of links, where there are any, one must fit it.
export function passesTie(tie: Tie, filter: Filter, styles: ReadonlySet<string>): boolean {
  if (styles.size && !tie.styles.some((name) => styles.has(name))) return false;
  return !filter.window || !tie.span || overlaps(tie.span, filter.window);
}

export function valuesOf(item: Item, property: string): readonly string[] {
  if (property === "type") return [item.label];
  if (property === "group") return item.spot.group ? [item.spot.group] : [];
  if (property === "source") return item.sources;
  if (property === "style") return item.marked;
  return item.values[property] ?? [];
}
