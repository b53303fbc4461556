// The marks of things: the shape and colour of the kind with the picture of the type, as in the graph and the key.

import type { Map as Chart } from "maplibre-gl";
import type { Board } from "../board/board.js";
import type { Colours } from "../board/colours.js";
import type { Item } from "../board/drawing.js";
import { icon, sign } from "../board/icons.js";
import { PLAIN } from "../board/styles.js";
import { pictureName } from "./features.js";

const SIZE = 26;
const LARGE = 34;
// of a picture that a style changes, and of a sign
const BOX = 44;
const SIGN = 14;
const SHARP = 2;

export async function pictures(map: Chart, board: Board, colour: Colours): Promise<void> {
  const wanted = new Map([...board.items.values()].map((item) => [pictureName(item), item]));
  const signs = new Set([...wanted.values()].map((item) => item.look.badge).filter(Boolean));
  const made = [
    ...[...wanted].map(async ([name, item]) => [name, await picture(item, colour)] as const),
    ...[...signs].map(async (name) => [`sign-${name}`, await drawn(SIGN, [[sign(name), 0, 0, SIGN * SHARP]])] as const),
  ];
  for (const [name, data] of await Promise.all(made)) {
    if (!data) continue;
    if (map.hasImage(name)) map.updateImage(name, data);
    else map.addImage(name, data, { pixelRatio: SHARP });
  }
}

// What a style changes may need room around.
async function picture(item: Item, colour: Colours): Promise<ImageData | null> {
  const { kind, look } = item;
  const box = look === PLAIN ? SIZE : BOX;
  const side = box * SHARP;
  const far = ((look.size ? LARGE : SIZE) / 2) * SHARP - 2;
  const inner = far * (kind === "event" ? 1 : 1.3);
  const pictures: Placed[] = [[icon(item.type, kind), (side - inner) / 2, (side - inner) / 2, inner]];
  if (look.badge) pictures.push([sign(look.badge), side / 2 + far * 0.3, side / 2 - far - 6, SIGN * SHARP]);
  return drawn(box, pictures, (context) => {
    context.fillStyle = colour(look.colour ? `style-${look.colour}` : `kind-${kind}`) || colour("paper");
    context.strokeStyle = colour("paper");
    context.lineWidth = 2;
    shape(context, kind, side / 2, far);
    context.fill();
    context.stroke();
    if (!look.outline) return;
    context.strokeStyle = colour("ink");
    context.lineWidth = 3;
    context.setLineDash(look.outline === "dashed" ? [8, 5] : []);
    shape(context, kind, side / 2, far + 5);
    context.stroke();
  });
}

// address, left, top, side
type Placed = readonly [string, number, number, number];

async function drawn(
  size: number,
  pictures: readonly Placed[],
  below: (context: CanvasRenderingContext2D) => void = () => undefined,
): Promise<ImageData | null> {
  const side = size * SHARP;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) return null;
  below(context);
  context.setLineDash([]);
  for (const [address, left, top, wide] of pictures) {
    const loaded = new Image();
    loaded.src = address;
    await loaded.decode();
    context.drawImage(loaded, left, top, wide, wide);
  }
  return context.getImageData(0, 0, side, side);
}

function shape(context: CanvasRenderingContext2D, kind: string, middle: number, far: number): void {
  context.beginPath();
  if (kind === "person") context.arc(middle, middle, far, 0, 2 * Math.PI);
  else if (kind === "event") corners(context, middle, far, 4, 0);
  else if (kind === "location") corners(context, middle, far, 6, 0);
  else context.roundRect(middle - far + 3, middle - far + 3, 2 * far - 6, 2 * far - 6, 8);
}

function corners(context: CanvasRenderingContext2D, middle: number, far: number, number: number, from: number): void {
  for (let at = 0; at < number; at++) {
    const turn = from + (at / number) * 2 * Math.PI;
    context.lineTo(middle + far * Math.cos(turn), middle + far * Math.sin(turn));
  }
  context.closePath();
}
