// How dots and lines look. Kind shows by shape, colour and picture; trust by the kind of line and in words.

import type { StylesheetJson } from "cytoscape";
import { FONT, type Colours } from "../board/colours.js";
import { DASHES, WIDTHS } from "../board/styles.js";

const SHAPES: Record<string, string> = {
  person: "ellipse",
  object: "round-rectangle",
  location: "hexagon",
  event: "diamond",
  proposed: "round-rectangle",
};
const SIZES: Record<string, number> = { person: 34, object: 32, location: 38, event: 42, proposed: 32 };

export function look(colour: Colours): StylesheetJson {
  return [...dots(colour), ...lines(colour)] as StylesheetJson;
}

function dots(colour: Colours): object[] {
  const label = {
    "font-family": FONT,
    "font-size": "data(letters)",
    color: colour("ink"),
    "text-valign": "bottom",
    "text-margin-y": 4,
    "text-wrap": "ellipsis",
    "text-max-width": "data(room)",
    "text-background-color": colour("paper"),
    "text-background-opacity": 0.85,
    "text-background-padding": "1px",
    "min-zoomed-font-size": 8,
  };
  const kinds = Object.keys(SHAPES).map((kind) => ({
    selector: `node[kind = "${kind}"]`,
    style: {
      shape: SHAPES[kind],
      width: SIZES[kind],
      height: SIZES[kind],
      "background-color": colour(`kind-${kind}`) || colour("paper"),
    },
  }));
  return [
    {
      selector: "node",
      style: {
        "border-width": 1,
        "border-color": colour("paper"),
        "overlay-opacity": 0,
      },
    },
    { selector: "node.said, node.hover, node.focus", style: { ...label, label: "data(label)", "z-index": 1 } },
    {
      selector: "node[icon]",
      style: {
        "background-image": "data(icon)",
        "background-width": "18px",
        "background-height": "18px",
        "background-image-crossorigin": "null",
      },
    },
    ...kinds,
    {
      selector: "node[kind = 'proposed']",
      style: {
        "background-color": colour("paper"),
        "border-width": 2,
        "border-style": "dotted",
        "border-color": colour("rule-strong"),
      },
    },
    {
      selector: "node.cluster",
      style: {
        width: "data(size)",
        height: "data(size)",
        "text-wrap": "wrap",
        "border-width": 5,
        "border-style": "double",
        "border-color": colour("paper"),
        "background-width": "40%",
        "background-height": "40%",
      },
    },
    { selector: "node.colour", style: { "background-color": "data(worn)" } },
    {
      selector: "node.badge",
      style: {
        "background-image": "data(icons)",
        "background-width": "18px 16px",
        "background-height": "18px 16px",
        "background-position-x": "50% 110%",
        "background-position-y": "50% -10%",
        "background-clip": "node none",
        "background-image-containment": "inside over",
        "background-image-crossorigin": "null null",
        "bounds-expansion": 8,
      },
    },
    ...Object.entries(SIZES).map(([kind, size]) => ({
      selector: `node.size-large[kind = "${kind}"]`,
      style: { width: size * 1.35, height: size * 1.35 },
    })),
    { selector: "node.pinned", style: { "border-width": 3, "border-style": "solid", "border-color": colour("ink") } },
    {
      selector: "node.outline-double, node.outline-dashed",
      style: { "border-width": 5, "border-color": colour("ink"), "border-position": "outside" },
    },
    { selector: "node.outline-double", style: { "border-style": "double" } },
    { selector: "node.outline-dashed", style: { "border-style": "dashed", "border-width": 3 } },
    { selector: "node.outline-double.pinned, node.outline-dashed.pinned", style: { "border-width": 8 } },
    {
      selector: ":parent",
      style: {
        ...label,
        label: "data(label)",
        "font-size": 12,
        "text-max-width": "300px",
        shape: "round-rectangle",
        "background-color": colour("surface"),
        "background-opacity": 0.6,
        "border-width": 1,
        "border-style": "solid",
        "border-color": colour("rule-strong"),
        padding: "18px",
        "text-valign": "top",
        "text-margin-y": -4,
        "font-weight": 600,
      },
    },
    {
      selector: "node:selected",
      style: {
        "outline-width": 4,
        "outline-color": colour("focus-ring"),
        "outline-offset": 2,
        "font-weight": 700,
        "z-index": 10,
      },
    },
    { selector: "node.hover", style: { "z-index": 12 } },
    {
      selector: "node.part",
      style: { "outline-width": 2, "outline-style": "dashed", "outline-color": colour("focus-ring"), "outline-offset": 2 },
    },
    {
      selector: "node.focus",
      style: { "underlay-color": colour("focus"), "underlay-opacity": 0.75, "underlay-padding": 11, "z-index": 11 },
    },
    { selector: "node.quiet", style: { opacity: 0.35 } },
  ];
}

function lines(colour: Colours): object[] {
  const label = {
    "font-family": FONT,
    "font-size": "data(letters)",
    color: colour("quiet"),
    "text-rotation": "autorotate",
    "text-background-color": colour("paper"),
    "text-background-opacity": 0.9,
    "text-background-padding": "1px",
    "min-zoomed-font-size": 9,
  };
  const arrow = { "target-arrow-shape": "triangle", "arrow-scale": 0.8 };
  return [
    {
      selector: "edge",
      style: {
        width: 1.25,
        "line-color": colour("quiet"),
        "target-arrow-color": colour("quiet"),
        "curve-style": "bezier",
        ...arrow,
        "overlay-padding": 6,
        "overlay-opacity": 0,
      },
    },
    {
      selector: "edge.haystack",
      style: { "curve-style": "haystack", "haystack-radius": 0.3, width: 1, "target-arrow-shape": "none" },
    },
    { selector: "edge.said", style: { ...label, label: "data(label)" } },
    { selector: "edge.merged", style: { width: 3, "target-arrow-shape": "none" } },
    {
      selector: "edge.clusters",
      style: { "curve-style": "haystack", "haystack-radius": 0, "target-arrow-shape": "none", opacity: 0.6 },
    },
    { selector: "edge.colour", style: { "line-color": "data(worn)", "target-arrow-color": "data(worn)" } },
    ...Object.entries(DASHES).map(([name, pattern]) => ({
      selector: `edge.dash-${name}`,
      style: { "line-style": "dashed", "line-dash-pattern": pattern },
    })),
    { selector: "edge.doubtful", style: { "line-style": "dashed", "line-dash-pattern": [6, 4] } },
    // as wide as they are long, dashes would be dots
    { selector: "edge.doubtful.width-thick", style: { "line-dash-pattern": [10, 6] } },
    { selector: "edge.doubtful.width-heavy", style: { "line-dash-pattern": [15, 8] } },
    {
      selector: "edge.proposed",
      style: {
        "line-style": "dotted",
        width: 2,
        "line-color": colour("rule-strong"),
        "target-arrow-color": colour("rule-strong"),
      },
    },
    {
      selector: "edge.near",
      style: { "line-color": colour("focus-ring"), "target-arrow-color": colour("focus-ring"), width: 2, "z-index": 9 },
    },
    ...Object.entries(WIDTHS).map(([name, width]) => ({ selector: `edge.width-${name}`, style: { width } })),
  ];
}
