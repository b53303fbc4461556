// Brings what Cytoscape holds in line with the scene: what is new comes, what is gone goes, the rest keeps its place.

import type { Core, ElementDefinition, NodeSingular } from "cytoscape";
import { colours, type Colours } from "../board/colours.js";
import { icon, sign } from "../board/icons.js";
import type { Look } from "../board/styles.js";
import { LETTERS, LONGEST } from "./labels.js";
import type { Place, Places } from "./layouts/layout.js";
import type { Dot, Line, Scene } from "./scene.js";

// Beyond this many links lines are straight and have no arrows.
const MANY_LINES = 1_500;

export function bring(cy: Core, scene: Scene, places: Places): void {
  const wanted = new Map<string, ElementDefinition>();
  const colour = colours();
  for (const dot of scene.dots) wanted.set(dot.id, node(dot, places.get(dot.id), colour));
  for (const line of scene.lines) wanted.set(line.id, edge(line, scene.lines.length, colour));
  const groups = new Set(
    scene.dots
      .map((dot) => dot.group)
      .filter(Boolean)
      .map(groupId),
  );
  cy.batch(() => {
    for (const group of groups) if (cy.getElementById(group).empty()) cy.add(parent(group));
    const fresh: ElementDefinition[] = [];
    for (const [id, made] of wanted) {
      const held = cy.getElementById(id);
      if (held.empty()) fresh.push(made);
      else renew(held, made);
    }
    // only now, as whatever were still in a group would go with it
    for (const element of cy.elements().toArray()) if (!wanted.has(element.id()) && !groups.has(element.id())) element.remove();
    cy.add(fresh);
    cy.nodes().unlock();
    cy.nodes(".pinned").lock();
  });
}

function renew(held: ReturnType<Core["getElementById"]>, made: ElementDefinition): void {
  held.data(made.data);
  held.classes(made.classes ?? "");
  if (!held.isNode()) return;
  const node = held as unknown as NodeSingular;
  if (made.position) node.unlock().position(made.position);
  const group: string | null = made.data["parent"] ?? null;
  if ((node.parent().first().id() ?? null) !== group) node.move({ parent: group });
}

function groupId(group: string): string {
  return `group ${group}`;
}

function parent(id: string): ElementDefinition {
  return { group: "nodes", data: { id, label: id.slice(groupId("").length) }, classes: "group", selectable: false };
}

function node(dot: Dot, at: Place | undefined, colour: Colours): ElementDefinition {
  const { item, cluster } = dot;
  const kind = item?.kind ?? cluster?.kind ?? "";
  const data: ElementDefinition["data"] = {
    id: dot.id,
    label: dot.label,
    letters: LETTERS.node,
    room: LONGEST,
    kind,
    icon: icon(item?.type ?? cluster?.type ?? "", kind),
  };
  const worn = item ? wear(data, item.look, colour) : [];
  if (item?.look.badge) data["icons"] = [data["icon"], sign(item.look.badge)];
  if (dot.group) data["parent"] = groupId(dot.group);
  if (cluster) data["size"] = 40 + Math.min(60, Math.sqrt(cluster.members.length) * 2);
  const classes = [cluster ? "cluster" : "", item?.spot.pinned ? "pinned" : "", ...worn].filter(Boolean).join(" ");
  return { group: "nodes", data, classes, position: { x: at?.x ?? 0, y: at?.y ?? 0 } };
}

// The classes of a look, with its colour in the data.
function wear(data: ElementDefinition["data"], look: Look, colour: Colours): string[] {
  if (look.colour) data["worn"] = colour(`style-${look.colour}`);
  return (["colour", "outline", "badge", "size", "width", "dash"] as const).flatMap((part) =>
    look[part] ? [part === "colour" || part === "badge" ? part : `${part}-${look[part]}`] : [],
  );
}

function edge(line: Line, all: number, colour: Colours): ElementDefinition {
  const data: ElementDefinition["data"] = { id: line.id, source: line.one, target: line.other, label: line.label, letters: LETTERS.edge };
  const classes = [...line.classes, ...wear(data, line.look, colour)];
  if (all > MANY_LINES) classes.push("haystack");
  return {
    group: "edges",
    data,
    classes: classes.join(" "),
  };
}
