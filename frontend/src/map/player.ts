// Goes through time: a slider, how much time shows at once, and a button that plays it. Who asked their machine for less
// motion gets one step for each press.

import type { Board } from "../board/board.js";
import { calm } from "../board/colours.js";
import { DAY, dayWords } from "../board/when.js";
import { extent } from "../board/window.js";

const EVERY = 700;

export function player(board: Board, pane: HTMLElement): void {
  const slider = pane.querySelector<HTMLInputElement>("[data-slider]");
  const long = pane.querySelector<HTMLSelectElement>("[data-long]");
  const button = pane.querySelector<HTMLButtonElement>("[data-play]");
  const said = pane.querySelector<HTMLOutputElement>("[data-play-at]");
  if (!slider || !long || !button) return;
  let timer = 0;

  const days = (): number => Number(long.value);
  const all = (): { from: number; days: number } => {
    const found = extent(board);
    const from = found ? Math.floor(found.from / DAY) * DAY : 0;
    return { from, days: found ? Math.max(1, Math.ceil((found.to - from) / DAY)) : 1 };
  };
  const measure = (): void => {
    slider.max = String(Math.max(0, Math.ceil(all().days / Math.abs(days())) - 1));
    if (!board.filter.window && said) said.textContent = "All time";
  };
  const show = (): void => {
    const { from } = all();
    const at = Number(slider.value) * Math.abs(days()) * DAY;
    // less than nothing: all up to then
    const window = days() < 0 ? { from, to: from + at - days() * DAY } : { from: from + at, to: from + at + days() * DAY };
    board.filter.window = window;
    board.refilter();
    const words = `${dayWords(window.from)} to ${dayWords(window.to - DAY)}`;
    if (said) said.textContent = words;
    slider.setAttribute("aria-valuetext", words);
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = 0;
    button.textContent = calm() ? "Next" : "Play";
  };
  const step = (): void => {
    const last = Number(slider.value) >= Number(slider.max);
    if (last && timer) return stop();
    slider.value = String(last ? 0 : board.filter.window ? Number(slider.value) + 1 : 0);
    show();
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    step();
    if (calm()) return;
    timer = window.setInterval(step, EVERY);
    button.textContent = "Stop";
  });
  slider.addEventListener("input", show);
  long.addEventListener("change", () => {
    measure();
    slider.value = "0";
    show();
  });
  board.root.addEventListener("view", stop);
  board.on("drawing", measure);
  board.on("shown", measure);
  measure();
  stop();
}
