// Keeps the page in step with the chart: asks every few seconds whether somebody changed it, and loads what did change.
// Then the page is asked for as well, and each part with data-part filled as it stands there: the table, the marking.

import { get, html } from "./ask.js";
import type { Board } from "./board.js";
import type { ChartView } from "./drawing.js";

// `known`: the board holds the change already, so only the history is asked for.
export type Follow = (known?: boolean) => Promise<void>;

const EVERY = 4_000;

export function watch(board: Board): Follow {
  // What the reader narrows afterwards is filtered here; the rows of the table stay those of the address that was opened.
  const opened = location.href;
  const follow: Follow = async (known = false) => {
    if (!known) board.take(await get<ChartView>(`${board.address}/drawing?${new URLSearchParams({ by: board.by })}`));
    fill(parsed(await html(known ? `${board.address}/history` : opened)));
    board.root.dispatchEvent(new CustomEvent("live"));
  };
  // a fault that lasts is told once
  let fault = "";
  const look = async (): Promise<void> => {
    if (document.visibilityState !== "visible" || board.bringing) return;
    try {
      const before = board.head;
      const { head } = await get<{ head: string }>(`${board.address}/head`);
      fault = "";
      if (head === before || board.head !== before || board.bringing) return;
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

function parsed(text: string): Document {
  return new DOMParser().parseFromString(text, "text/html");
}

function fill(page: Document): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${CSS.escape(part.dataset["part"] ?? "")}"]`);
    if (!fresh) continue;
    const at = part.contains(document.activeElement) ? named(document.activeElement) : "";
    part.replaceChildren(...fresh.childNodes);
    if (at) part.querySelector<HTMLElement>(at)?.focus();
  }
}

// How what the keyboard is at is found again.
function named(at: Element | null): string {
  if (at?.id) return `#${CSS.escape(at.id)}`;
  const [name, value] = [at?.getAttribute("name"), at?.getAttribute("value")];
  return name && value ? `[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]` : "";
}
