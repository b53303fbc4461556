// The page's address says what is looked at: the board begins as it says, and it follows what the board is narrowed to.
// So it can be kept, sent, told, and loaded again.

import type { Board } from "./board.js";
import { frameOf, say } from "./frame.js";
import { asked, NAMES, narrowTo, query } from "./look.js";
import { isOpen } from "./views.js";

const WAIT = 300;
// As many selected things as a passage holds.
const MOST_CHOSEN = 200;

export function addressed(board: Board): void {
  const wanted = asked(new URLSearchParams(location.search));
  narrowTo(board, wanted);
  board.frame = frameOf({ ...wanted, view: board.root.dataset["view"] ?? "" });
  const now = (): string => query(board, new URLSearchParams(location.search)).toString();
  const begun = narrowing(now());
  const paged = board.root.querySelector('[data-pane="table"] :is([rel="prev"], [rel="next"])');
  let timer = 0;
  // whether the form that is sent tells the view
  let telling = false;
  const follow = (): void => {
    const narrowed = query(board, new URLSearchParams(location.search));
    const changed = narrowing(narrowed.toString()) !== begun;
    // other rows have other pages
    if (changed) narrowed.delete("page");
    const said = narrowed.toString();
    history.replaceState(history.state, "", `${location.pathname}${said && `?${said}`}${location.hash}`);
    // a table that the address narrowed holds no more rows than that, and one of several pages not all
    if (changed && (begun || paged) && isOpen(board, "table")) location.reload();
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(follow, WAIT);
  };
  board.on("shown", later);
  board.root.addEventListener("view", later);
  board.root.addEventListener("formdata", (event) => {
    if (event.formData.has("back")) event.formData.set("back", telling ? withFrame(board, now()) : now());
  });
  board.root.addEventListener("submit", (event) => {
    telling = event.submitter?.matches("[data-tell]") ?? false;
    if (!telling || board.selected.size <= MOST_CHOSEN) return;
    event.preventDefault();
    board.say(`A passage holds at most ${MOST_CHOSEN} selected things; select fewer, or none for all that shows`, true);
  });
}

function withFrame(board: Board, said: string): string {
  const sight = board.sights.get(board.root.dataset["view"] ?? "");
  // a view that could not be drawn is told as the address has it
  return sight ? say(new URLSearchParams(said), sight()).toString() : said;
}

function narrowing(said: string): string {
  return [...new URLSearchParams(said)]
    .filter(([name]) => NAMES.includes(name))
    .join(" ");
}
