// Which labels show. As many as fit beside each other, those that matter most to the reader first: what the keyboard is
// at, what is chosen, then what is linked most. Where the graph is small on the screen, letters stay as large as can be
// read, and where it is large they stay small, so that to go nearer is to see more of them. It is worked out anew when
// the view, the layout or the choice has come to rest; panning hardly changes which dots have labels.

import type { Core, EdgeSingular, NodeSingular } from "cytoscape";
import type { Board } from "../board/board.js";
import { FONT } from "../board/colours.js";
import type { Dot, Scene } from "./scene.js";

export interface Labels {
  settle: () => void;
}

// Letters of dots and lines at a zoom of 1, the least and the most on the screen, and the longest label; all in pixels.
export const LETTERS = { node: 12, edge: 11 };
const LEAST = 11;
const MOST = 15;
export const LONGEST = 130;
// A line's label is shown from this zoom on, or where the line leads to something chosen; of more lines only there.
const NEAR_ENOUGH = 0.75;
const MOST_LINES = 1_500;
// One cell of the grid, in pixels of the screen.
const CELL = 6;
const REST = 150;
// So many links are few.
const FEW = 2;
// Free around a label.
const GAP = 5;

export function labels(board: Board, cy: Core, drawn: () => Scene): Labels {
  const measure = measuring();
  let timer = 0;

  const settle = (): void => {
    clearTimeout(timer);
    const zoom = cy.zoom();
    const grid = new Grid();
    const wide = enlarged(zoom);
    // all is looked at before anything is changed, as each change would have the drawing worked out again
    const dotted = dots(board, cy, drawn(), grid, zoom, wide, measure);
    const lined = lines(cy, grid, zoom, wide, measure);
    cy.batch(() => {
      for (const [node, said] of dotted) show(node, said, wide, LETTERS.node);
      for (const [edge, said] of lined) show(edge, said, wide, LETTERS.edge);
    });
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(settle, REST);
  };
  const hover = (node: NodeSingular): void => {
    fit(node, enlarged(cy.zoom()), LETTERS.node);
    node.addClass("hover");
  };
  cy.on("mouseover", "node", (event) => hover(event.target as NodeSingular));
  cy.on("mouseout", "node", (event) => void event.target.removeClass("hover"));
  // while another view shows, nothing here is in sight
  cy.on("viewport resize", later);
  cy.on("dragfree", "node", later);
  board.on("selected", later);
  board.on("focus", () => {
    const node = cy.getElementById(board.focus);
    if (node.nonempty()) fit(node, enlarged(cy.zoom()), LETTERS.node);
    later();
  });
  return { settle };
}

// How many times as large as at a zoom of 1 letters are.
function enlarged(zoom: number): number {
  return Math.min(Math.max(1, LEAST / LETTERS.node / zoom), MOST / LETTERS.node / zoom);
}

// What is on the screen or comes onto it when the view is moved by half of it.
function sight(cy: Core): (place: { x: number; y: number }) => boolean {
  const { x1, x2, y1, y2, w, h } = cy.extent();
  return ({ x, y }) => x > x1 - w / 2 && x < x2 + w / 2 && y > y1 - h / 2 && y < y2 + h / 2;
}

type Measured = (text: string) => number;
type Said<Element> = [Element, boolean][];

function dots(
  board: Board,
  cy: Core,
  scene: Scene,
  grid: Grid,
  zoom: number,
  wide: number,
  measure: Measured,
): Said<NodeSingular> {
  const found: Said<NodeSingular> = [];
  // cell -> the dot that is drawn there
  const bodies = new Map<number, string>();
  const seen = sight(cy);
  // what a layout is still looking for a place for is not drawn yet
  const drawn = scene.dots.filter((dot) => cy.getElementById(dot.id).nonempty());
  for (const dot of drawn) {
    const node = cy.getElementById(dot.id);
    if (seen(node.position())) for (const cell of body(node, zoom)) bodies.set(cell, dot.id);
  }
  const ranked = drawn.map((dot) => ({ dot, rank: rank(board, cy, dot) }));
  ranked.sort((one, other) => other.rank - one.rank || (one.dot.id < other.dot.id ? -1 : 1));
  for (const { dot, rank } of ranked) {
    const node = cy.getElementById(dot.id);
    const { x, y } = node.position();
    const rows = dot.label.split("\n");
    const long = Math.max(...rows.map((row) => Math.min(LONGEST, measure(row)))) * wide * zoom;
    const top = (y + node.height() / 2 + 4) * zoom;
    const high = 1.25 * LETTERS.node * wide * zoom * rows.length;
    const [left, right] = [x * zoom - long / 2, x * zoom + long / 2];
    // what is linked to little is named only where that hides nothing
    const clear = rank > FEW || box(left, top, right, top + high).every((cell) => (bodies.get(cell) ?? dot.id) === dot.id);
    const said = clear && grid.take(box(left - GAP, top - GAP, right + GAP, top + high));
    if (seen({ x, y })) found.push([node, said]);
  }
  return found;
}

function rank(board: Board, cy: Core, dot: Dot): number {
  if (dot.cluster) return 1e6 + dot.cluster.members.length;
  const first = board.focus === dot.id ? 2e9 : cy.getElementById(dot.id).selected() ? 1e9 : 0;
  return first + board.near(dot.id).length;
}

function lines(cy: Core, grid: Grid, zoom: number, wide: number, measure: Measured): Said<EdgeSingular> {
  const close = zoom >= NEAR_ENOUGH && cy.edges().length <= MOST_LINES;
  const near = cy.edges(".near");
  const ended = close ? [] : (cy.edges(".said").not(near).toArray() as EdgeSingular[]);
  const found: Said<EdgeSingular> = ended.map((edge) => [edge, false]);
  const seen = sight(cy);
  if (close) cy.nodes(":childless").forEach((node) => void (seen(node.position()) && grid.fill(body(node, zoom))));
  const inOrder = [...near.toArray(), ...(close ? cy.edges().not(near).toArray() : [])];
  for (const edge of inOrder as EdgeSingular[]) {
    const [one, other] = [edge.source(), edge.target()];
    const [from, to] = [one.position(), other.position()];
    if (!seen({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 })) continue;
    const room = (Math.hypot(to.x - from.x, to.y - from.y) - (one.width() + other.width()) / 2) * zoom;
    const long = (measure(String(edge.data("label"))) * wide * zoom * LETTERS.edge) / LETTERS.node;
    const middle = long < room ? edge.midpoint() : null;
    const turn = Math.atan2(to.y - from.y, to.x - from.x);
    const high = LETTERS.edge * wide * zoom;
    found.push([edge, middle !== null && grid.take(slanted(middle.x * zoom, middle.y * zoom, turn, long, high))]);
  }
  return found;
}

function show(element: NodeSingular | EdgeSingular, said: boolean, wide: number, letters: number): void {
  if (said) fit(element, wide, letters);
  if (element.hasClass("said") !== said) element.toggleClass("said", said);
}

// Letters so many times as large as they are at a zoom of 1.
function fit(element: NodeSingular | EdgeSingular, wide: number, letters: number): void {
  if (element.data("letters") !== letters * wide) element.data({ letters: letters * wide, room: LONGEST * wide });
}

function measuring(): Measured {
  const context = document.createElement("canvas").getContext("2d");
  const known = new Map<string, number>();
  if (context) context.font = `${LETTERS.node}px ${FONT}`;
  return (text) => {
    const found = known.get(text) ?? context?.measureText(text).width ?? 0;
    known.set(text, found);
    return found;
  };
}

// Which cells of the drawing have something in them already.
class Grid {
  #taken = new Set<number>();

  // Takes the cells if all of them are free.
  take(cells: readonly number[]): boolean {
    if (cells.some((cell) => this.#taken.has(cell))) return false;
    this.fill(cells);
    return true;
  }

  fill(cells: readonly number[]): void {
    for (const cell of cells) this.#taken.add(cell);
  }
}

function cell(x: number, y: number): number {
  return Math.floor(x / CELL) * 0x1000000 + Math.floor(y / CELL);
}

function box(left: number, top: number, right: number, bottom: number): number[] {
  const cells: number[] = [];
  for (let x = left; x < right + CELL; x += CELL)
    for (let y = top; y < bottom + CELL; y += CELL) cells.push(cell(Math.min(x, right), Math.min(y, bottom)));
  return cells;
}

function body(node: NodeSingular, zoom: number): number[] {
  const [{ x, y }, half] = [node.position(), node.width() / 2];
  return box((x - half) * zoom, (y - half) * zoom, (x + half) * zoom, (y + half) * zoom);
}

// Along a line through the middle.
function slanted(x: number, y: number, turn: number, long: number, high: number): number[] {
  const cells: number[] = [];
  const [right, down] = [Math.cos(turn), Math.sin(turn)];
  for (let along = -long / 2; along <= long / 2; along += CELL)
    for (const across of [-high / 2, 0, high / 2]) cells.push(cell(x + along * right - across * down, y + along * down + across * right));
  return cells;
}
