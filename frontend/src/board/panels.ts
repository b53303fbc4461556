// A button with data-panel opens the page that it leads to over the chart, as a dialog; what a form there brings comes
// onto the chart, which stays as it stands. A button with data-brings brings it at once.

import { html, send } from "./ask.js";
import type { Board } from "./board.js";
import { chosen } from "./changes.js";
import { make } from "./make.js";
import type { Follow } from "./watch.js";
import { count } from "./words.js";

export function panels(board: Board, follow: Follow): void {
  const dialog = make("dialog", { class: "bl-dialog bl-dialog--over", "aria-labelledby": "panel-title" });
  board.root.append(dialog);
  // what is said stands on the page, where nobody reads it while the dialog is open
  const told = (error: unknown): void => {
    dialog.close();
    board.say(error instanceof Error ? error.message : "That could not be done.", true);
  };
  const open = async (address: string): Promise<void> => {
    const page = new DOMParser().parseFromString(await html(address), "text/html");
    dialog.replaceChildren(...content(page));
    if (!dialog.open) dialog.showModal();
  };
  const bring = async (address: string, said: URLSearchParams): Promise<void> => {
    const before = new Set(board.items.keys());
    board.bringing = true;
    try {
      await send(address, said);
      dialog.close();
      await follow();
    } finally {
      board.bringing = false;
    }
    const fresh = [...board.items.keys()].filter((id) => !before.has(id));
    if (fresh.length) board.select(fresh.filter((id) => board.shown.has(id)));
    board.say(fresh.length ? `Put on the chart and selected: ${count(fresh.length, "thing")}` : "There is nothing to bring that is not on the chart already");
  };
  board.root.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-panel], button[data-brings]");
    if (!button?.form || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!chosen(board).length) return board.say("Choose at least one thing first");
    const said = fields(button.form);
    (button.hasAttribute("data-panel") ? open(`${button.formAction}?${said}`) : bring(button.formAction, said)).catch(told);
  });
  dialog.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method === "dialog") return;
    event.preventDefault();
    // what is sent here is no choice on the chart
    event.stopPropagation();
    (form.method === "get" ? open(`${form.action}?${fields(form)}`) : bring(form.action, fields(form))).catch(told);
  });
}

function fields(form: HTMLFormElement): URLSearchParams {
  return new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

// What the page shows, with its marking, under a heading of its own.
function content(page: Document): Node[] {
  const main = page.querySelector("main");
  const title = main?.querySelector("h1");
  const heading = make("h2", { class: "bl-dialog__title", id: "panel-title" }, ...(title?.childNodes ?? []));
  title?.remove();
  const marking = page.querySelector(".bl-bar__marking")?.textContent?.trim() ?? "";
  const close = make("form", { method: "dialog" }, make("button", { class: "govuk-button govuk-button--secondary" }, "Close"));
  return [make("p", { class: "bl-note" }, marking), heading, ...(main?.childNodes ?? []), close];
}
