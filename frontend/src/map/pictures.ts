// The marks of things: the shape and colour of the kind with the picture of the type, as in the graph and the key.

import type { Map as Chart } from "maplibre-gl";
import type { Board } from "../board/board.js";
import type { Colours } from "../board/colours.js";
import { icon } from "../board/icons.js";

const SIZE = 26;
const SHARP = 2;

export async function pictures(map: Chart, board: Board, colour: Colours): Promise<void> {
  const types = new Map([...board.items.values()].map((item) => [item.type, item.kind]));
  await Promise.all(
    [...types].map(async ([type, kind]) => {
      const name = `thing-${type}`;
      const made = await picture(icon(type, kind), kind, colour);
      if (!made) return;
      if (map.hasImage(name)) map.updateImage(name, made);
      else map.addImage(name, made, { pixelRatio: SHARP });
    }),
  );
}

async function picture(address: string, kind: string, colour: Colours): Promise<ImageData | null> {
  const sign = new Image();
  sign.src = address;
  await sign.decode();
  const side = SIZE * SHARP;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.fillStyle = colour(`kind-${kind}`) || colour("paper");
  context.strokeStyle = colour("paper");
  context.lineWidth = 2;
  shape(context, kind, side / 2, side / 2 - 2);
  context.fill();
  context.stroke();
  const inner = side * (kind === "event" ? 0.46 : 0.6);
  context.drawImage(sign, (side - inner) / 2, (side - inner) / 2, inner, inner);
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
