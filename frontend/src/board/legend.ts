// Which types of thing there are, how many, and whether they show. It is the key to shapes and colours at once.

import type { Board } from "./board.js";
import type { Item } from "./drawing.js";
import { badge } from "./icons.js";
import { make } from "./make.js";

export function legend(board: Board): void {
  const place = board.root.querySelector<HTMLElement>("[data-legend]");
  if (!place) return;
  const counts = new Map<string, HTMLElement>();

  board.on("drawing", () => {
    counts.clear();
    const types = new Map<string, Item>();
    for (const item of board.items.values()) types.set(item.type, types.get(item.type) ?? item);
    const order = [...types.values()].sort(
      (one, other) => one.kind.localeCompare(other.kind) || one.label.localeCompare(other.label),
    );
    place.replaceChildren(
      ...order.map((item) => {
        const number = make("span", { class: "bl-key__count" });
        counts.set(item.type, number);
        const box = make("input", { type: "checkbox", value: item.type });
        box.checked = !board.filter.off.has(item.type);
        return make(
          "li",
          {},
          make(
            "label",
            { class: "bl-key" },
            box,
            badge(item.type, item.kind),
            make("span", { class: "bl-key__name" }, item.label),
            number,
          ),
        );
      }),
    );
  });
  board.on("shown", () => {
    const all = tally(board, () => true);
    const shown = tally(board, (item) => board.shown.has(item.id));
    for (const box of place.querySelectorAll("input")) box.checked = !board.filter.off.has(box.value);
    for (const [type, number] of counts) {
      const [some, every] = [shown.get(type) ?? 0, all.get(type) ?? 0];
      number.textContent =
        some === every ? every.toLocaleString("en-GB") : `${some.toLocaleString("en-GB")} of ${every.toLocaleString("en-GB")}`;
    }
  });
  place.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.checked) board.filter.off.delete(box.value);
    else board.filter.off.add(box.value);
    board.narrow();
  });
}

function tally(board: Board, wanted: (item: Item) => boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of board.items.values()) if (wanted(item)) counts.set(item.type, (counts.get(item.type) ?? 0) + 1);
  return counts;
}
