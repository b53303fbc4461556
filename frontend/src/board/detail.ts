// What the thing under the keyboard, or the one that is chosen, is: in words, with the way to its page.

import type { Board } from "./board.js";
import type { Item } from "./drawing.js";
import { badge } from "./icons.js";
import { make } from "./make.js";
import { words } from "./when.js";
import { count, name, tieName, trust } from "./words.js";

const LINKS = 12;

export function detail(board: Board): void {
  const place = board.root.querySelector<HTMLElement>("[data-detail]");
  if (!place) return;
  const draw = (): void => {
    const [only] = board.selected;
    const item = board.items.get(board.focus || (board.selected.size === 1 && only ? only : ""));
    place.replaceChildren(...(item ? about(board, item) : []));
    place.hidden = !item;
  };
  for (const change of ["drawing", "focus", "selected"] as const) board.on(change, draw);
}

function about(board: Board, item: Item): HTMLElement[] {
  const title = item.proposed ? name(item) : make("a", { class: "govuk-link", href: `/object/${item.id}` }, name(item));
  const parts: HTMLElement[] = [
    make("p", { class: "bl-detail__type" }, badge(item.type, item.kind), item.label),
    make("p", { class: "bl-detail__name" }, title),
  ];
  const line = (text: string): void => void (text && parts.push(make("p", { class: "bl-note" }, text)));
  line(words(item.when));
  line(item.about);
  if (item.styles.length) line(`Marked as ${item.styles.join(", ")}`);
  if (item.proposed) line("In no source");
  else line([...item.markings, ...item.sources].join(", "));
  for (const note of item.notes)
    parts.push(make("blockquote", { class: "bl-detail__note" }, note.text, make("footer", {}, note.user)));
  const near = board.near(item.id).filter((tie) => board.shown.has(tie.one) && board.shown.has(tie.other));
  const listed = near.slice(0, LINKS).map((tie) => {
    const other = board.items.get(tie.one === item.id ? tie.other : tie.one);
    const go = make("button", { type: "button", class: "bl-plain", "data-look": other?.id ?? "" }, other ? name(other) : "");
    go.addEventListener("click", () => board.look(other?.id ?? ""));
    const sure = trust(tie);
    return make("li", {}, `${tieName(tie)}${sure ? ` (${sure})` : ""} `, go);
  });
  if (near.length > LINKS) listed.push(make("li", {}, `and ${count(near.length - LINKS, "more link")}`));
  if (listed.length) parts.push(make("ul", { class: "bl-detail__links" }, ...listed));
  return parts;
}
