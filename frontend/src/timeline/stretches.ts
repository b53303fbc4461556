// Gaps and overlaps: the server works them out and sends them as tables, which stand under the timeline; the lanes draw what
// the rows of these say. So both are the same, and the tables are there without scripts as well.

import { html } from "../board/ask.js";
import type { Board } from "../board/board.js";
import { isOpen } from "../board/views.js";
import { MINUTE, span } from "../board/when.js";
import { count } from "../board/words.js";

export interface Stretch {
  kind: string;
  from: number;
  to: number;
  ids: string[];
  words: string;
}

export interface Stretches {
  in: (lane: string) => readonly Stretch[];
  // ask again if these lanes, or anything else, are no longer what was asked for
  look: (lanes: readonly string[]) => void;
}

const SOON = 300;
const KINDS: Record<string, string> = { gap: "Nothing known", sure: "Overlap", may: "May overlap" };

export function stretches(board: Board, pane: HTMLElement, by: HTMLSelectElement | null, changed: () => void): Stretches {
  const place = pane.querySelector<HTMLElement>("[data-gaps]");
  const longer = pane.querySelector<HTMLSelectElement>("[data-longer]");
  let found = new Map<string, Stretch[]>();
  let order: Record<string, string> = {};
  let asked = "";
  let timer = 0;
  let seen: readonly string[] = [];

  const address = (): string => {
    const said = new URLSearchParams({ part: "1", lanes: by?.value ?? "type", longer: longer?.value ?? "", ...order });
    const { window } = board.filter;
    if (window) {
      said.set("first", minute(window.from));
      said.set("last", minute(window.to - MINUTE));
    }
    if (by?.value === "thing") for (const lane of seen) said.append("ids", lane);
    return `${board.address}/gaps?${said}`;
  };
  const ask = async (wanted: string): Promise<void> => {
    if (!place) return;
    try {
      const page = new DOMParser().parseFromString(await html(wanted.replace(/#.*/, "")), "text/html");
      if (wanted !== asked) return;
      const at = place.contains(document.activeElement) ? (document.activeElement?.id ?? "") : "";
      place.replaceChildren(...page.body.childNodes);
      if (at) document.getElementById(at)?.focus();
      found = read(place);
      mark(board, place);
      changed();
    } catch (error) {
      asked = "";
      board.say(error instanceof Error ? error.message : "The gaps could not be loaded.", true);
    }
  };
  const look = (lanes: readonly string[]): void => {
    seen = lanes;
    const wanted = `${address()}#${board.head}`;
    if (wanted === asked || !isOpen(board, "timeline")) return;
    asked = wanted;
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(wanted), SOON);
  };
  longer?.addEventListener("change", () => look(seen));
  board.on("selected", () => place && mark(board, place));
  place?.addEventListener("click", (event) => {
    const target = event.target as Element;
    const sort = target.closest<HTMLAnchorElement>("a.bl-table__sort");
    const row = target.closest("[data-choose]")?.closest<HTMLElement>("[data-stretch]");
    if (row) choose(board, ids(row));
    if (!sort || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { searchParams: said } = new URL(sort.href);
    order = Object.fromEntries(["gaps", "overlaps"].flatMap((table) => (said.has(table) ? [[table, said.get(table) ?? ""]] : [])));
    look(seen);
  });
  return { in: (lane) => found.get(lane) ?? [], look };
}

export function choose(board: Board, wanted: readonly string[]): void {
  board.select(wanted);
  const away = wanted.length - board.selected.size;
  board.say(`${count(board.selected.size, "thing")} selected${away ? `, ${away} more filtered out or hidden` : ""}`);
}

function read(place: HTMLElement): Map<string, Stretch[]> {
  const found = new Map<string, Stretch[]>();
  for (const row of place.querySelectorAll<HTMLElement>("[data-stretch]")) {
    const { stretch: kind = "", lanes = "", from = "", to = "" } = row.dataset;
    const length = row.querySelector(".bl-table__number")?.textContent ?? "";
    const made = {
      kind,
      from: span(from)?.from ?? -Infinity,
      to: span(to)?.from ?? Infinity,
      ids: ids(row),
      words: `${KINDS[kind] ?? ""}: ${length}`,
    };
    for (const lane of lanes.split(" ")) found.set(lane, [...(found.get(lane) ?? []), made]);
  }
  return found;
}

function mark(board: Board, place: HTMLElement): void {
  for (const row of place.querySelectorAll<HTMLElement>("[data-stretch]")) {
    const own = ids(row);
    const chosen = own.length === board.selected.size && own.every((id) => board.selected.has(id));
    row.classList.toggle("bl-row--chosen", chosen);
    row.querySelector("[data-choose]")?.setAttribute("aria-pressed", String(chosen));
  }
}

function ids(row: HTMLElement): string[] {
  return (row.dataset["ids"] ?? "").split(" ").filter(Boolean);
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16);
}
