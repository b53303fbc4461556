// Keeps the page in step with the chart: asks every few seconds whether somebody changed it, and loads what did change.
// Parts of the page with data-live are filled again from the address that it names.

import { get, html } from "./ask.js";
import type { Board } from "./board.js";
import type { ChartView } from "./drawing.js";

// `known`: the board holds the change already, so only the page's other parts are filled again.
export type Follow = (known?: boolean) => Promise<void>;

const EVERY = 4_000;

export function watch(board: Board): Follow {
  const follow: Follow = async (known = false) => {
    if (!known) board.take(await get<ChartView>(`${board.address}/drawing?${new URLSearchParams({ by: board.by })}`));
    await refill(board);
  };
  // a fault that lasts is told once
  let fault = "";
  const look = async (): Promise<void> => {
    if (document.visibilityState !== "visible") return;
    try {
      const before = board.head;
      const { head } = await get<{ head: string }>(`${board.address}/head`);
      fault = "";
      if (head === before || board.head !== before) return;
      await follow();
      board.say("Somebody changed the chart; it shows as it is now");
    } catch (error) {
      const said = error instanceof Error ? error.message : "";
      if (said !== fault) board.say(said, true);
      fault = said;
    }
  };
  const again = (): void => void setTimeout(() => void look().then(again), EVERY);
  again();
  document.addEventListener("visibilitychange", () => void look());
  return follow;
}

async function refill(board: Board): Promise<void> {
  for (const part of board.root.querySelectorAll<HTMLElement>("[data-live]")) {
    const page = new DOMParser().parseFromString(await html(part.dataset["live"] ?? ""), "text/html");
    const at = part.contains(document.activeElement) ? (document.activeElement?.id ?? "") : "";
    part.replaceChildren(...page.body.childNodes);
    if (at) document.getElementById(at)?.focus();
  }
  board.root.dispatchEvent(new CustomEvent("live"));
}
