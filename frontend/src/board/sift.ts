// The form beside the views: it shows the words and days that they are narrowed to, and sends all else that they are
// narrowed to with its own fields, so that to ask for bars takes nothing back. Where there is little room it is folded.

import type { Board } from "./board.js";
import { NAMES, query } from "./look.js";
import { isoDay } from "./when.js";

const ROOM = "(width >= 56em)";

export function sift(board: Board): void {
  const form = board.root.querySelector<HTMLFormElement>("[data-sift]");
  const fold = form?.closest("details");
  if (!form) return;
  if (fold && !matchMedia(ROOM).matches) fold.open = false;

  const written = new Map<string, string>();
  const show = (name: string, value: string): void => {
    const field = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    // what is being written there stays until something else is looked at
    if (field && written.get(name) !== value) field.value = value;
    written.set(name, value);
  };
  board.on("shown", () => {
    const { words, window } = board.filter;
    show("words", words);
    show("first", window ? isoDay(window.from) : "");
    show("last", window ? isoDay(window.to - 1) : "");
  });
  form.addEventListener("formdata", ({ formData }) => {
    const said = query(board, new URLSearchParams());
    // a day that nobody changed is said to the minute
    for (const name of ["first", "last"]) {
      const minute = said.get(name) ?? "";
      if (minute && minute.slice(0, 10) === formData.get(name)) formData.set(name, minute);
    }
    for (const name of NAMES) {
      if (["first", "last", "words"].includes(name)) continue;
      formData.delete(name);
      if (name !== "values" || formData.get("by") === said.get("by")) for (const each of said.getAll(name)) formData.append(name, each);
    }
    formData.set("view", board.root.dataset["view"] ?? "");
  });
}
