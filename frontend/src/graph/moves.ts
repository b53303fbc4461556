// Moving things, by drag, key or button. One change is sent for all that moved together, when it has come to rest.

import type { Core, NodeSingular } from "cytoscape";
import type { Board } from "../board/board.js";
import { chosen, type Do } from "../board/changes.js";
import type { Places } from "./layouts/layout.js";

const REST = 700;

export class Moves {
  #moved = new Set<string>();
  #timer = 0;

  constructor(
    readonly board: Board,
    readonly cy: Core,
    readonly places: Places,
    readonly change: Do,
  ) {
    cy.on("dragfree", "node", (event) => {
      const node = event.target as NodeSingular;
      for (const one of node.isParent() ? node.descendants().toArray() : [node]) this.#note(one as NodeSingular);
      this.#later(0);
    });
  }

  // Move what is chosen, or where nothing is, what the keyboard is at.
  by(x: number, y: number): void {
    const ids = chosen(this.board).length ? chosen(this.board) : [this.board.focus];
    const nodes = ids.map((id) => this.cy.getElementById(id)).filter((node) => node.nonempty() && !node.locked());
    for (const node of nodes) {
      node.position({ x: node.position().x + x, y: node.position().y + y });
      this.#note(node as unknown as NodeSingular);
    }
    if (nodes.length) this.#later(REST);
    else this.board.say("Choose a thing that is not pinned first");
  }

  #note(node: NodeSingular): void {
    this.places.set(node.id(), { ...node.position() });
    if (this.board.items.get(node.id())?.proposed === null) this.#moved.add(node.id());
  }

  #later(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#send(), wait);
  }

  #send(): void {
    const rounded = (id: string): number[] => {
      const at = this.places.get(id) ?? { x: 0, y: 0 };
      return [Math.round(at.x * 10) / 10, Math.round(at.y * 10) / 10];
    };
    const places = Object.fromEntries([...this.#moved].map((id) => [id, rounded(id)]));
    this.#moved.clear();
    if (Object.keys(places).length) void this.change("put", { places });
  }
}
