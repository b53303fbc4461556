// "/" goes to the search box; Escape leaves it.

import { isPlain, isWriting } from "./keys.js";

export function searching(page: Document): void {
  const box = page.querySelector<HTMLInputElement>("[data-search]");
  if (!box) return;
  page.addEventListener("keydown", (event) => {
    if (event.key !== "/" || !isPlain(event) || isWriting(event.target)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") box.blur();
  });
}
