// The table's rows follow the board: boxes are ticked as things are chosen, rows go as things are filtered out.
// A form of the page sends what is chosen anywhere, though the table may hold only a part of it.

import type { Board } from "./board.js";
import { passes } from "./filter.js";

const BOX = 'input[type="checkbox"][name="ids"]';

export function table(board: Board): void {
  const rows = (): NodeListOf<HTMLElement> => board.root.querySelectorAll<HTMLElement>("tr[data-thing]");
  // Rows of what is hidden are there where the address asks for them; what is ticked in one is chosen in no view.
  const hidden = (id: string): boolean => board.items.get(id)?.spot.hidden ?? false;
  const also = ["1", "true"].includes(new URLSearchParams(location.search).get("hidden") ?? "");
  const tick = (): void => {
    for (const row of rows()) {
      if (hidden(row.dataset["thing"] ?? "")) continue;
      const box = row.querySelector<HTMLInputElement>(BOX);
      const chosen = board.selected.has(row.dataset["thing"] ?? "");
      if (box) box.checked = chosen;
      row.classList.toggle("bl-row--chosen", chosen);
    }
  };
  const show = (): void => {
    for (const row of rows()) {
      const item = board.items.get(row.dataset["thing"] ?? "");
      const seen = item && also ? { ...item, spot: { ...item.spot, hidden: false } } : item;
      row.hidden = seen ? !passes(seen, board.filter) : false;
    }
    tick();
  };

  // What was ticked before the script ran, such as after going back, is chosen.
  let begun = false;
  board.on("shown", () => {
    if (!begun) {
      begun = true;
      board.select([...board.root.querySelectorAll<HTMLInputElement>(`${BOX}:checked`)].map((box) => box.value));
    }
    show();
  });
  board.on("selected", tick);
  board.root.addEventListener("live", show);
  board.root.addEventListener("change", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.matches(BOX) && board.selected.has(box.value) !== box.checked)
      board.toggle(box.value);
  });
  board.root.addEventListener("formdata", (event) => {
    if (!(event.target instanceof HTMLFormElement) || !takesSelection(event.target)) return;
    event.formData.delete("ids");
    for (const id of board.selected) event.formData.append("ids", id);
    for (const box of board.root.querySelectorAll<HTMLInputElement>(`${BOX}:checked`))
      if (hidden(box.value)) event.formData.append("ids", box.value);
  });
}

function takesSelection(form: HTMLFormElement): boolean {
  return form.hasAttribute("data-selection") || [...form.elements].some((field) => field.matches(BOX));
}
