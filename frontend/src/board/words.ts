// How things and links are named wherever they show.

import type { Item, Tie } from "./drawing.js";
import { words } from "./when.js";

export function name(item: Item): string {
  return item.caption || "No name";
}

// `knownSuspect` is "known suspect".
export function role(text: string): string {
  return text
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replaceAll("_", " ")
    .trim();
}

export function tieName(tie: Tie): string {
  return role(tie.role) || tie.label;
}

// What a reader must know of how far to trust a link, in words; "" where there is nothing to say.
export function trust(tie: Tie): string {
  if (tie.proposed) return "proposed";
  if (tie.basis === "assessment") return "assessment";
  return tie.doubtful ? "doubtful" : "";
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;
}

// One sentence for a live region.
export function told(item: Item, links: number, selected: boolean): string {
  const parts = [
    `${item.label}: ${name(item)}`,
    words(item.when),
    count(links, "link"),
    item.notes.length ? count(item.notes.length, "note") : "",
  ];
  if (item.styles.length) parts.push(`marked as ${item.styles.join(", ")}`);
  if (item.spot.pinned) parts.push("pinned");
  if (selected) parts.push("selected");
  return parts.filter(Boolean).join(", ");
}
