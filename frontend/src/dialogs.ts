// "?" opens the list of shortcuts, and any button with data-opens the dialog that it names; a click beside it closes it.

import { isPlain, isWriting } from "./keys.js";

function open(page: Document, name: string): void {
  const dialog = page.getElementById(name);
  if (dialog instanceof HTMLDialogElement && !page.querySelector("dialog[open]")) dialog.showModal();
}

export function dialogs(page: Document): void {
  page.addEventListener("keydown", (event) => {
    if (event.key !== "?" || !isPlain(event) || isWriting(event.target)) return;
    event.preventDefault();
    open(page, "shortcuts");
  });
  page.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener?.dataset["opens"]) open(page, opener.dataset["opens"]);
    if (target instanceof HTMLDialogElement && isOutside(target, event)) target.close();
  });
}

function isOutside(dialog: HTMLDialogElement, event: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  const within = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  return !within;
}
