// A layout gives each dot its place; those in `fixed` keep theirs. The same chart gives the same picture every time.

import type { Place } from "../../board/nearest.js";
import type { Dot, Line } from "../scene.js";

export type { Place };

export interface Given {
  dots: readonly Dot[];
  lines: readonly Line[];
  fixed: ReadonlyMap<string, Place>;
  // whether nobody waits for the answer any more
  stale: () => boolean;
  // takes places to draw at until the answer is there, where that takes long
  early: (places: Places) => void;
}

export type Places = Map<string, Place>;
export type Layout = (given: Given) => Places | Promise<Places>;

// How far apart two dots stand so that their labels can be read.
export const APART = 110;
// In rows of dots that have no links, so far apart that the longest label of each shows.
export const BESIDE = 150;

export function neighbours(given: Given): Map<string, string[]> {
  const near = new Map<string, string[]>(given.dots.map((dot) => [dot.id, []]));
  for (const line of given.lines) {
    near.get(line.one)?.push(line.other);
    near.get(line.other)?.push(line.one);
  }
  return near;
}

// In rows of equal length, from a corner; where a layout has nothing to say of some dots.
export function rows(dots: readonly Dot[], left: number, top: number, across: number): Places {
  return new Map(
    dots.map((dot, at) => [dot.id, { x: left + (at % across) * BESIDE, y: top + Math.floor(at / across) * APART * 0.8 }]),
  );
}
