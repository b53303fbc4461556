// The key to declared styles: those that fit something on the chart, with how many of it show. A click filters all views
// by one, as a bar does.

import type { Board } from "./board.js";
import { badge, sign } from "./icons.js";
import { make, svg } from "./make.js";
import { DASHES, WIDTHS, type StyleLine } from "./styles.js";

export function key(board: Board): void {
  const region = board.root.querySelector<HTMLElement>("[data-styles]");
  const place = region?.querySelector("ul");
  if (!region || !place) return;
  const counts = new Map<string, HTMLElement>();

  board.on("drawing", () => {
    counts.clear();
    region.hidden = !board.styles.length;
    place.replaceChildren(
      ...board.styles.map((style) => {
        const number = make("span", { class: "bl-key__count" });
        counts.set(style.name, number);
        const button = make(
          "button",
          {
            type: "button",
            class: "bl-key bl-key--style",
            title: style.label,
            "data-filter-property": "style",
            "data-filter-value": style.name,
            "data-filter-label": "Marked as",
          },
          sample(style),
          make("span", { class: "bl-key__name" }, style.name),
          number,
        );
        return make("li", {}, button);
      }),
    );
  });
  board.on("shown", () => {
    const all = tally(board, () => true);
    const shown = tally(board, (id) => board.shown.has(id));
    for (const tie of board.shownTies) add(shown, tie.styles);
    for (const tie of board.ties) add(all, tie.styles);
    for (const [name, number] of counts) {
      const [some, every] = [shown.get(name) ?? 0, all.get(name) ?? 0].map((each) => each.toLocaleString("en-GB"));
      number.textContent = some === every ? (every ?? "") : `${some} of ${every}`;
    }
  });
}

function tally(board: Board, wanted: (id: string) => boolean): Map<string, number> {
  const found = new Map<string, number>();
  for (const item of board.items.values()) if (wanted(item.id)) add(found, item.styles);
  return found;
}

function add(found: Map<string, number>, names: readonly string[]): void {
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
}

// How a thing or link looks that the style fits; it says nothing to a screen reader, as the name stands beside it.
function sample({ type, kind, look }: StyleLine): Element {
  if (!type) return line(look.colour, WIDTHS[look.width] ?? 1.25, DASHES[look.dash] ?? []);
  const classes = [look.colour && `bl-worn--${look.colour}`, look.outline && `bl-worn--${look.outline}`, look.size && "bl-worn--large"];
  const made = make("span", { class: ["bl-worn", ...classes].filter(Boolean).join(" ") }, badge(type, kind));
  if (look.badge) made.append(make("img", { class: "bl-worn__badge", src: sign(look.badge), alt: "" }));
  return made;
}

function line(colour: string, width: number, dashes: readonly number[]): SVGElement {
  const made = svg("svg", { width: 28, height: 10, "aria-hidden": "true", class: `bl-worn__line bl-worn--${colour}` });
  const look = { x1: 0, x2: 28, y1: 5, y2: 5, "stroke-width": width, "stroke-dasharray": dashes.join(" ") };
  made.append(svg("line", look));
  return made;
}
