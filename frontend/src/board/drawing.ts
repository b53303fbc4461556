// What the server says of a chart (`ChartView` of session/charting.py), and the same as the views need it.

import { lookOf, PLAIN, type Look, type StyleLine } from "./styles.js";
import { span, type Span } from "./when.js";

export interface Thing {
  id: string;
  type: string;
  label: string;
  kind: string;
  caption: string;
  about: string;
  values: Record<string, string[]>;
  when: string;
  until: string;
  lasts: boolean;
  points: [number, number][];
  precision: string;
  sources: string[];
  markings: string[];
  styles: string[];
}

export interface Bond {
  one: string;
  other: string;
  type: string;
  label: string;
  role: string;
  category: string;
  from_date: string;
  to_date: string;
  basis: string;
  doubtful: boolean;
  sources: string[];
  styles: string[];
}

export interface Spot {
  x: number | null;
  y: number | null;
  pinned: boolean;
  hidden: boolean;
  group: string;
}

export interface Note {
  text: string;
  on: string;
  user: string;
  at: string;
}

export interface Proposed {
  label: string;
  type: string;
  reason: string;
  user: string;
  at: string;
  one: string;
  other: string;
}

export interface ChartView {
  chart: { id: string; title: string };
  head: string;
  layout: string;
  drawing: { things: Thing[]; bonds: Bond[]; marking: string; styles: StyleLine[] };
  spots: Record<string, Spot>;
  notes: Record<string, Note>;
  proposed: Record<string, Proposed>;
  back: boolean;
  forward: boolean;
  // what each thing has of a property that things do not say themselves: of what is linked to it, or of the network
  beyond?: { by: string; values: Record<string, string[]> };
}

// One thing of the chart, from the sources or proposed by somebody.
export interface Item extends Thing {
  proposed: Proposed | null;
  spot: Spot;
  // when it began, as far as that is said
  span: Span | null;
  // all the time that it took, or in which it may have happened
  during: Span | null;
  notes: Note[];
  look: Look;
  // the styles that fit it or a link of it
  marked: readonly string[];
}

// One link of the chart, from the sources or proposed by somebody.
export interface Tie extends Bond {
  key: string;
  proposed: Proposed | null;
  // the time for which the link is said to hold; null where nothing is said
  span: Span | null;
  look: Look;
}

export interface Drawn {
  items: Map<string, Item>;
  ties: Tie[];
}

export const PROPOSED = "proposed";

const NOWHERE: Spot = { x: null, y: null, pinned: false, hidden: false, group: "" };

export function drawn(view: ChartView): Drawn {
  const notes = new Map<string, Note[]>();
  for (const note of Object.values(view.notes)) notes.set(note.on, [...(notes.get(note.on) ?? []), note]);
  const items = new Map<string, Item>();
  for (const thing of view.drawing.things) {
    const spot = view.spots[thing.id] ?? { ...NOWHERE };
    const beyond = view.beyond?.values[thing.id];
    items.set(thing.id, {
      ...thing,
      values: view.beyond && beyond ? { ...thing.values, [view.beyond.by]: beyond } : thing.values,
      proposed: null,
      spot,
      ...dated(thing),
      notes: notes.get(thing.id) ?? [],
      look: lookOf(thing.styles, view.drawing.styles),
      marked: thing.styles,
    });
  }
  const ties: Tie[] = keyed(view.drawing.bonds).map(([key, bond]) => ({
    ...bond,
    key,
    proposed: null,
    span: during(bond),
    look: lookOf(bond.styles, view.drawing.styles),
  }));
  for (const tie of ties) {
    if (!tie.styles.length) continue;
    for (const end of [items.get(tie.one), items.get(tie.other)]) if (end) end.marked = [...end.marked, ...tie.styles];
  }
  for (const [key, idea] of Object.entries(view.proposed)) {
    if (!idea.one) items.set(key, { ...proposedThing(key, idea), notes: notes.get(key) ?? [] });
    else ties.push(proposedTie(key, idea));
  }
  return { items, ties: ties.filter((tie) => items.has(tie.one) && items.has(tie.other)) };
}

// The same link has the same key every time that the chart is loaded.
function keyed(bonds: readonly Bond[]): [string, Bond][] {
  const before = new Map<string, number>();
  return bonds.map((bond) => {
    const key = [bond.one, bond.other, bond.type, bond.role, bond.from_date, bond.to_date].join(" ");
    const number = before.get(key) ?? 0;
    before.set(key, number + 1);
    return [`${key} ${number}`, bond];
  });
}

function proposedThing(id: string, idea: Proposed): Item {
  const about = `${idea.type ? `${idea.type}; ` : ""}proposed by ${idea.user}: ${idea.reason}`;
  return {
    id,
    about,
    type: PROPOSED,
    label: "Proposed",
    kind: PROPOSED,
    caption: idea.label,
    values: {},
    when: "",
    until: "",
    lasts: false,
    points: [],
    precision: "",
    sources: [],
    markings: [],
    styles: [],
    look: PLAIN,
    marked: [],
    proposed: idea,
    spot: { ...NOWHERE },
    span: null,
    during: null,
    notes: [],
  };
}

function proposedTie(key: string, idea: Proposed): Tie {
  return {
    key,
    one: idea.one,
    other: idea.other,
    type: PROPOSED,
    label: idea.label,
    role: "",
    category: "",
    from_date: "",
    to_date: "",
    basis: PROPOSED,
    doubtful: false,
    sources: [],
    styles: [],
    look: PLAIN,
    proposed: idea,
    span: null,
  };
}

// What lasts began when it is said to; what does not may have happened at any moment until the last that is said.
function dated(thing: Thing): { span: Span | null; during: Span | null } {
  const begun = span(thing.when);
  const end = span(thing.until)?.to ?? 0;
  if (!begun || end <= begun.to) return { span: begun, during: begun };
  const during = { from: begun.from, to: end, exact: false };
  return { span: thing.lasts ? begun : during, during };
}

function during(bond: Bond): Span | null {
  const first = span(bond.from_date);
  const last = span(bond.to_date);
  if (!first && !last) return null;
  return { from: first?.from ?? -Infinity, to: last?.to ?? Infinity, exact: false };
}
