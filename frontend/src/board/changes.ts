// Changes to the chart: a button with data-change does that to what is chosen, a form with data-change also says what
// its fields say, and data-walk goes back and forward. They go to the server one after the other.

import { post } from "./ask.js";
import type { Board } from "./board.js";
import { count } from "./words.js";
import type { Follow } from "./watch.js";

// What is sent twice with the same last word is done once.
export type Do = (kind: string, said: Record<string, unknown>, sent?: string) => Promise<boolean>;

const DONE: Record<string, string> = {
  hide: "Hidden",
  show: "Shown again",
  pin: "Pinned",
  unpin: "Free to move",
  group: "Grouped",
  ungroup: "Taken out of the group",
  remove: "Taken off the chart",
  put: "Moved",
};

export function changes(board: Board, follow: Follow): Do {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (task: () => Promise<void>): Promise<boolean> => {
    const done = last.then(task).then(
      () => true,
      async (error: unknown) => {
        await follow();
        board.say(error instanceof Error ? error.message : "That could not be done.", true);
        return false;
      },
    );
    last = done;
    return done;
  };
  const change: Do = (kind, said, sent = "") =>
    inTurn(async () => {
      const made = await post<{ head: string; before?: string }>(`${board.address}/change`, { kind, said, sent });
      const alone = made.before === board.head;
      board.head = made.head;
      await follow(alone && applied(board, kind, said));
      const ids = Array.isArray(said["ids"])
        ? said["ids"].length
        : Object.keys((said["places"] as object | undefined) ?? {}).length;
      board.say(DONE[kind] ? `${DONE[kind]}: ${count(ids, "thing")}` : "Done");
    });
  const walk = (to: string): Promise<boolean> =>
    inTurn(async () => {
      await post(`${board.address}/walk`, { to });
      await follow();
      board.say("The chart stands at another of its changes");
    });

  board.root.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-change], button[data-walk]");
    if (!button || (event as MouseEvent).defaultPrevented) return;
    if (button.dataset["walk"]) {
      event.preventDefault();
      void walk(button.dataset["walk"]);
    } else if (button.dataset["change"]) {
      event.preventDefault();
      const kind = button.dataset["change"];
      const ids = kind === "show" ? hidden(board) : chosen(board);
      // what a group is called stands in a field of the form that the button sends
      const field = button.form?.elements.namedItem("name") as HTMLInputElement | null | undefined;
      if (ids.length) void change(kind, { ids, name: field?.value }).then((done) => done && field && (field.value = ""));
      else board.say(kind === "show" ? "Nothing is hidden" : "Choose at least one thing first");
    }
  });
  board.root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const kind = form.dataset["change"];
    if (!kind) return;
    event.preventDefault();
    const said: Record<string, unknown> = { ids: chosen(board), ...Object.fromEntries(new FormData(form)) };
    if (form.hasAttribute("data-ends")) [said["one"], said["other"]] = [...board.selected];
    if (form.hasAttribute("data-on")) said["on"] ||= [...board.selected][0] ?? "";
    // a second click comes before the chart stands elsewhere
    void change(kind, said, board.head || "first").then((done) => done && form.reset());
  });
  board.root.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    event.preventDefault();
    void walk(event.shiftKey ? "forward" : "back");
  });
  return change;
}

// What is proposed is no thing of a source: it cannot be hidden or pinned.
export function chosen(board: Board): string[] {
  return [...board.selected].filter((id) => !board.items.get(id)?.proposed);
}

function hidden(board: Board): string[] {
  return [...board.items.values()].filter((item) => item.spot.hidden).map((item) => item.id);
}

// Whether a change is known here to the full, so that nothing need be asked again; it is done to the board then.
function applied(board: Board, kind: string, said: Record<string, unknown>): boolean {
  const ids = (said["ids"] ?? []) as string[];
  const spots = ids.flatMap((id) => board.items.get(id)?.spot ?? []);
  if (kind === "hide" || kind === "show") spots.forEach((spot) => (spot.hidden = kind === "hide"));
  else if (kind === "pin" || kind === "unpin") spots.forEach((spot) => (spot.pinned = kind === "pin"));
  else if (kind === "put") {
    for (const [id, [x, y]] of Object.entries(said["places"] as Record<string, [number, number]>)) {
      const item = board.items.get(id);
      if (item) item.spot = { ...item.spot, x, y, pinned: item.spot.pinned || said["pinned"] === true };
    }
  } else return false;
  board.refilter();
  return true;
}
