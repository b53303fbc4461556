// The one state that all views share: what is on the chart, what is chosen, what is filtered out.

import { drawn, type ChartView, type Drawn, type Item, type Tie } from "./drawing.js";
import { passes, passesTie, noFilter, type Filter } from "./filter.js";
import type { Frame } from "./frame.js";
import type { StyleLine } from "./styles.js";
import type { Say } from "./say.js";

// What has changed: the chart itself, which of it shows, what is chosen, which thing the keyboard is at.
export type Change = "drawing" | "shown" | "selected" | "focus";

export class Board {
  head: string;
  // while something is on its way to the chart from here, nobody else has changed it
  bringing = false;
  layout = "force";
  // counted up whenever the things are to be laid out anew
  arranged = 0;
  filter: Filter = noFilter();
  items: Map<string, Item> = new Map();
  ties: Tie[] = [];
  // the key to those that fit something, in the order in which they count
  styles: readonly StyleLine[] = [];
  // the property of which the page shows bars; "": none
  by = "";
  // the part of a view at which it is to open; null: at everything
  frame: Frame | null = null;
  // view -> the part of it that is in sight; null: everything
  readonly sights = new Map<string, () => Frame | null>();
  shown: ReadonlySet<string> = new Set();
  shownTies: readonly Tie[] = [];
  selected: ReadonlySet<string> = new Set();
  focus = "";
  #listeners: [Change, () => void][] = [];
  #near: Map<string, Tie[]> | null = null;

  constructor(
    readonly root: HTMLElement,
    readonly address: string,
    readonly say: Say,
  ) {
    this.head = root.dataset["head"] ?? "";
  }

  on(change: Change, listener: () => void): void {
    this.#listeners.push([change, listener]);
  }

  take(view: ChartView): void {
    const made: Drawn = drawn(view);
    if (this.layout !== view.layout) this.arranged += 1;
    this.head = view.head;
    this.layout = view.layout;
    this.items = made.items;
    this.ties = made.ties;
    this.styles = view.drawing.styles;
    this.by = view.beyond?.by ?? "";
    this.#near = null;
    this.#tell("drawing");
    this.refilter();
  }

  // Work out again what shows; what no longer shows is chosen no longer, so that nobody acts on what they do not see.
  refilter(): void {
    const shown = new Set<string>();
    for (const [id, item] of this.items) if (passes(item, this.filter)) shown.add(id);
    this.shown = shown;
    const wanted = this.filter.values.get("style");
    const links = new Set(this.styles.flatMap(({ name, type }) => (!type && wanted?.has(name) ? [name] : [])));
    this.shownTies = this.ties.filter(
      (tie) => shown.has(tie.one) && shown.has(tie.other) && passesTie(tie, this.filter, links),
    );
    this.#tell("shown");
    this.select([...this.selected].filter((id) => shown.has(id)));
    if (this.focus && !shown.has(this.focus)) this.look("");
  }

  // The same after the reader changed the filter, and tell them.
  narrow(): void {
    this.refilter();
    const all = this.items.size.toLocaleString("en-GB");
    this.say(
      this.shown.size === this.items.size
        ? `All ${all} things show`
        : `${this.shown.size.toLocaleString("en-GB")} of ${all} things show`,
    );
  }

  select(ids: Iterable<string>): void {
    const wanted = new Set<string>();
    for (const id of ids) if (this.shown.has(id)) wanted.add(id);
    if (wanted.size === this.selected.size && [...wanted].every((id) => this.selected.has(id))) return;
    this.selected = wanted;
    this.#tell("selected");
  }

  toggle(id: string): void {
    const wanted = new Set(this.selected);
    if (!wanted.delete(id)) wanted.add(id);
    this.select(wanted);
  }

  look(id: string): void {
    if (id === this.focus) return;
    this.focus = id;
    this.#tell("focus");
  }

  // The links of a thing, shown or not.
  near(id: string): readonly Tie[] {
    this.#near ??= ends(this.ties);
    return this.#near.get(id) ?? [];
  }

  #tell(change: Change): void {
    for (const [wanted, listener] of this.#listeners) if (wanted === change) listener();
  }
}

function ends(ties: readonly Tie[]): Map<string, Tie[]> {
  const near = new Map<string, Tie[]>();
  for (const tie of ties) {
    for (const end of [tie.one, tie.other]) {
      const listed = near.get(end);
      if (listed) listed.push(tie);
      else near.set(end, [tie]);
    }
  }
  return near;
}
