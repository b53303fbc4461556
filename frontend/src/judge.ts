// On the page of a pair a key goes to the button of its judgement; without a reason, or with "r", to the reason.
// Esc leaves the reason for the buttons. Nothing is sent by a single key: the button that has the focus waits for Enter.

import { isPlain, isWriting } from "./keys.js";

export function judging(page: Document): void {
  const form = page.querySelector<HTMLFormElement>("form[data-judge]");
  const reason = form?.querySelector<HTMLTextAreaElement>("textarea");
  if (!form || !reason) return;
  page.addEventListener("keydown", (event) => {
    if (!isPlain(event) || page.querySelector("dialog[open]")) return;
    if (event.target === reason && event.key === "Escape") form.querySelector<HTMLElement>("[data-key]")?.focus();
    if (isWriting(event.target)) return;
    const button = [...form.querySelectorAll<HTMLElement>("[data-key]")].find((each) => each.dataset["key"] === event.key);
    const to = event.key === "r" || (button && !reason.value.trim()) ? reason : button;
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}
