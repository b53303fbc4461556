// From times to places along a line, and where to put marks with which words.

import { DAY, HOUR, MINUTE } from "../board/when.js";

export interface Scale {
  from: number;
  to: number;
  left: number;
  right: number;
}

export interface Tick {
  at: number;
  words: string;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
// steps in milliseconds up to a day; in months beyond
const SHORT = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY];
const LONG = [1, 3, 6, 12, 24, 60, 120, 240];
const MONTH = 30.44 * DAY;

export function place(scale: Scale, at: number): number {
  return scale.left + ((at - scale.from) / (scale.to - scale.from)) * (scale.right - scale.left);
}

export function time(scale: Scale, x: number): number {
  return scale.from + ((x - scale.left) / (scale.right - scale.left)) * (scale.to - scale.from);
}

export function ticks(scale: Scale, apart: number): Tick[] {
  const least = ((scale.to - scale.from) * apart) / Math.max(1, scale.right - scale.left);
  const step = SHORT.find((each) => each >= least);
  return step ? short(scale, step) : long(scale, LONG.find((each) => each * MONTH >= least) ?? 480);
}

function short(scale: Scale, step: number): Tick[] {
  const found: Tick[] = [];
  for (let at = Math.ceil(scale.from / step) * step; at < scale.to; at += step) {
    const date = new Date(at);
    const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
    found.push({
      at,
      words:
        at % DAY ? date.toISOString().slice(11, 16) : !found.length || day === "1 Jan" ? `${day} ${date.getUTCFullYear()}` : day,
    });
  }
  return found;
}

function long(scale: Scale, months: number): Tick[] {
  const first = new Date(scale.from);
  const found: Tick[] = [];
  const start = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / months) * months;
  for (let month = start; ; month += months) {
    const at = monthStart(month);
    if (at >= scale.to) return found;
    if (at < scale.from) continue;
    const year = Math.floor(month / 12);
    const name = MONTHS[month % 12];
    found.push({
      at,
      words:
        months >= 12 || (month % 12 === 0 && months > 1)
          ? String(year)
          : month % 12 === 0 || !found.length
            ? `${name} ${year}`
            : `${name}`,
    });
  }
}

// Date.UTC takes years below 100 for those of the last century.
function monthStart(month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
  return date.getTime();
}
