// Ctrl-K: go to any page, or search again, by typing a few letters.

import { recentSearches, remember } from "./recent.js";

export function palette(page: Document): void {
  const dialog = page.getElementById("palette");
  const input = page.getElementById("palette-input");
  const list = page.getElementById("palette-list");
  if (!(dialog instanceof HTMLDialogElement) || !(input instanceof HTMLInputElement) || !list) return;

  const query = new URLSearchParams(location.search).get("q");
  const searchable = page.querySelector("[data-search]") !== null;
  if (query && searchable) remember(query);
  if (searchable) for (const search of recentSearches()) list.append(option(search, searchHref(search), "Search"));
  const typed = option("", "", "Search");
  if (searchable) list.append(typed);
  list.querySelectorAll("[role=option]").forEach((one, at) => (one.id = `palette-${at + 1}`));

  const shown = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[role=option]:not([hidden])")];
  const choose = (one: HTMLElement | undefined): void => {
    for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
    one?.setAttribute("aria-selected", "true");
    one?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", one?.id ?? "");
  };
  const narrow = (): void => {
    const text = input.value.trim();
    label(typed, text ? `Search for “${text}”` : "", searchHref(text));
    for (const one of list.querySelectorAll<HTMLElement>("[role=option]")) {
      one.hidden = one === typed ? !text : !matches(one.textContent, text);
    }
    choose(shown()[0]);
  };
  const move = (by: number): void => {
    const options = shown();
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    choose(options[(at + by + options.length) % options.length]);
  };
  const follow = (one: Element | null | undefined): void => {
    const href = one?.getAttribute("data-href");
    if (href) location.assign(href);
  };

  page.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (dialog.open) return dialog.close();
    input.value = "";
    dialog.showModal();
    narrow();
  });
  input.addEventListener("input", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") follow(list.querySelector("[aria-selected=true]"));
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => follow((event.target as Element).closest("[role=option]")));
}

function option(text: string, href: string, kind: string): HTMLElement {
  const made = document.createElement("li");
  made.className = "bl-palette__option";
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  const side = document.createElement("span");
  side.className = "bl-palette__kind";
  side.textContent = kind;
  made.append(text, " ", side);
  made.dataset["href"] = href;
  return made;
}

function label(one: HTMLElement, text: string, href: string): void {
  if (one.firstChild) one.firstChild.textContent = text;
  one.dataset["href"] = href;
}

function searchHref(text: string): string {
  return `/search?q=${encodeURIComponent(text)}`;
}

// All words of the text begin words of the label: "cha pur" finds "Change purpose".
function matches(labelled: string, text: string): boolean {
  const words = labelled.toLowerCase().split(/\s+/);
  return text.toLowerCase().split(/\s+/).every((part) => words.some((word) => word.startsWith(part)));
}
