// Draws lanes on a canvas: points for what is said to the minute, bars for the time that something less exact may mean.

import { FONT, type Colours } from "../board/colours.js";
import { sign } from "../board/icons.js";
import { PLAIN, WIDTHS, type Look } from "../board/styles.js";
import type { Box, Packed, Strip } from "./pack.js";
import { place, ticks, type Scale } from "./scale.js";

export interface Picture {
  scale: Scale;
  packed: readonly Packed[];
  width: number;
  height: number;
  // where lanes begin, below the marks of the axis
  top: number;
  wide: boolean;
  selected: (id: string) => boolean;
  focus: Box | null;
  // to draw again when a sign has loaded
  again: () => void;
}

const SIGN = 12;

export const SMALL = `12px ${FONT}`;

export function paint(context: CanvasRenderingContext2D, picture: Picture, colour: Colours): void {
  context.clearRect(0, 0, picture.width, picture.height);
  context.textBaseline = "middle";
  axis(context, picture, colour);
  for (const lane of picture.packed) {
    heading(context, picture, lane, colour);
    context.save();
    context.beginPath();
    context.rect(picture.scale.left - 6, lane.top, picture.scale.right - picture.scale.left + 12, lane.height);
    context.clip();
    for (const box of lane.boxes) draw(context, picture, box, colour);
    for (const strip of lane.strips) stretch(context, strip, strip.stretch.ids.every(picture.selected), colour);
    context.restore();
  }
}

// A gap is a dotted line between two ends; what overlaps a bar, whole where it is sure and open where it may be.
function stretch(context: CanvasRenderingContext2D, { x, y, width, stretch: { kind, words } }: Strip, chosen: boolean, colour: Colours): void {
  const drawn = colour(kind === "gap" ? "quiet" : "warning");
  context.strokeStyle = drawn;
  context.fillStyle = drawn;
  context.lineWidth = chosen ? 2 : 1;
  if (kind === "sure") context.fillRect(x, y - 2.5, width, 5);
  else {
    context.setLineDash(kind === "gap" ? [1, 3] : [4, 2]);
    if (kind === "gap") line(context, x + 3, y + 0.5, x + width - 3, y + 0.5);
    else context.strokeRect(x + 0.5, y - 2.5, Math.max(2, width - 1), 5);
    context.setLineDash([]);
    if (kind === "gap") for (const end of [x + 2.5, x + width - 2.5]) line(context, end, y - 4, end, y + 5);
  }
  if (chosen) {
    context.strokeStyle = colour("focus-ring");
    context.strokeRect(x - 1, y - 6, width + 2, 12);
  }
  context.lineWidth = 1;
  context.font = SMALL;
  const room = context.measureText(words).width;
  if (kind !== "gap" || width < room + 40) return;
  context.fillStyle = colour("paper");
  context.fillRect(x + width / 2 - room / 2 - 4, y - 6, room + 8, 12);
  context.fillStyle = drawn;
  context.fillText(words, x + width / 2 - room / 2, y + 1);
}

function line(context: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}

function axis(context: CanvasRenderingContext2D, picture: Picture, colour: Colours): void {
  context.font = SMALL;
  for (const tick of ticks(picture.scale, 84)) {
    const x = Math.round(place(picture.scale, tick.at)) + 0.5;
    context.strokeStyle = colour("rule");
    context.beginPath();
    context.moveTo(x, picture.top - 6);
    context.lineTo(x, picture.height);
    context.stroke();
    context.fillStyle = colour("quiet");
    context.fillText(tick.words, x, picture.top - 14);
  }
}

function heading(context: CanvasRenderingContext2D, picture: Picture, { lane, top }: Packed, colour: Colours): void {
  context.strokeStyle = colour("rule");
  context.beginPath();
  context.moveTo(0, Math.round(top) + 0.5);
  context.lineTo(picture.width, Math.round(top) + 0.5);
  context.stroke();
  context.font = `600 ${SMALL}`;
  context.fillStyle = colour("ink");
  const room = picture.wide ? picture.scale.left - 16 : picture.width - 8;
  context.fillText(cut(context, lane.title, room), 4, top + 14);
  if (!picture.wide) return;
  context.font = SMALL;
  context.fillStyle = colour("quiet");
  context.fillText(lane.marks.length.toLocaleString("en-GB"), 4, top + 30);
}

function draw(context: CanvasRenderingContext2D, picture: Picture, box: Box, colour: Colours): void {
  const [mark] = box.marks;
  if (!mark) return;
  const chosen = box.marks.filter((each) => each.ids.every(picture.selected)).length;
  const look = box.column ? PLAIN : (mark.item ?? mark.tie)?.look ?? PLAIN;
  const fill = colour(look.colour ? `style-${look.colour}` : `kind-${mark.item?.kind ?? ""}`) || colour("quiet");
  context.fillStyle = fill;
  context.strokeStyle = fill;
  if (box.column) column(context, box, chosen / box.marks.length, colour);
  else if (mark.span.exact) point(context, box, look.size ? 3 : 1);
  else bar(context, box, mark.lasts, mark.tie?.doubtful ?? false, WIDTHS[look.width] ?? 1);
  if (look.outline) outline(context, box, look, mark.span.exact, colour("ink"));
  if (look.badge) badge(context, box, look.badge, picture.again);
  if (chosen && !box.column) ring(context, box, colour("focus-ring"), 2);
  if (box === picture.focus) ring(context, box, colour("focus-ring"), 4);
  if (box.label) words(context, box, mark.span.exact, look.badge ? SIGN - 2 : 0, colour);
}

function point(context: CanvasRenderingContext2D, box: Box, more: number): void {
  diamond(context, box, more);
  context.fill();
}

function diamond(context: CanvasRenderingContext2D, box: Box, more: number): void {
  const [x, y, half] = [box.x + box.width / 2, box.y + box.height / 2, Math.min(box.width, box.height) / 2 + more];
  context.beginPath();
  context.moveTo(x, y - half);
  context.lineTo(x + half, y);
  context.lineTo(x, y + half);
  context.lineTo(x - half, y);
  context.closePath();
}

function outline(context: CanvasRenderingContext2D, box: Box, look: Look, exact: boolean, ink: string): void {
  context.strokeStyle = ink;
  context.setLineDash(look.outline === "dashed" ? [3, 2] : []);
  if (exact) diamond(context, box, look.size ? 6 : 4);
  else {
    context.beginPath();
    context.rect(box.x - 1.5, box.y - 1.5, box.width + 3, box.height + 3);
  }
  context.stroke();
  context.setLineDash([]);
}

const signs = new Map<string, HTMLImageElement>();

// Behind a point, before its words; in the corner of a bar.
function badge(context: CanvasRenderingContext2D, box: Box, name: string, again: () => void): void {
  let loaded = signs.get(name);
  if (!loaded) {
    loaded = new Image();
    loaded.src = sign(name);
    loaded.addEventListener("load", again);
    signs.set(name, loaded);
  }
  const size = Math.min(SIGN, box.height + 4);
  const y = box.y + box.height / 2 - size / 2;
  if (loaded.complete && loaded.naturalWidth) context.drawImage(loaded, box.x + box.width + 2, y, size, size);
}

function bar(context: CanvasRenderingContext2D, box: Box, lasts: boolean, doubtful: boolean, width: number): void {
  context.globalAlpha = lasts ? 0.55 : 0.22;
  context.fillRect(box.x, box.y, box.width, box.height);
  context.globalAlpha = 1;
  context.setLineDash(doubtful ? [5, 3] : []);
  context.lineWidth = width;
  context.strokeRect(Math.round(box.x) + 0.5, Math.round(box.y) + 0.5, Math.round(box.width) - 1, Math.round(box.height) - 1);
  context.setLineDash([]);
  context.lineWidth = 1;
}

function column(context: CanvasRenderingContext2D, box: Box, chosen: number, colour: Colours): void {
  context.fillRect(box.x, box.y, box.width, box.height);
  if (!chosen) return;
  context.fillStyle = colour("focus");
  const high = Math.max(3, box.height * chosen);
  context.fillRect(box.x, box.y + box.height - high, box.width, high);
}

function ring(context: CanvasRenderingContext2D, box: Box, colour: string, far: number): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(box.x - far, box.y - far, box.width + 2 * far, box.height + 2 * far);
  context.lineWidth = 1;
}

// `past`: how far behind the mark words begin.
function words(context: CanvasRenderingContext2D, box: Box, exact: boolean, past: number, colour: Colours): void {
  context.font = SMALL;
  const inside = !exact && context.measureText(box.label).width + 8 < box.width;
  context.fillStyle = colour("ink");
  context.fillText(
    cut(context, box.label, inside ? box.width - 8 : 190),
    inside ? box.x + 4 : box.x + box.width + 5 + past,
    box.y + box.height / 2 + 1,
  );
}

function cut(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let short = text.slice(0, Math.max(1, Math.floor((text.length * room) / context.measureText(text).width)));
  while (short.length > 1 && context.measureText(`${short}…`).width > room) short = short.slice(0, -1);
  return `${short.trimEnd()}…`;
}
