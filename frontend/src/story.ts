// A chart's story: beside the words of each passage stands its view, the same as on the workbench, narrowed to the passage.

import type { Map as Chart } from "maplibre-gl";
import { get } from "./board/ask.js";
import { Board } from "./board/board.js";
import { colours } from "./board/colours.js";
import { detail } from "./board/detail.js";
import type { ChartView } from "./board/drawing.js";
import { noFilter } from "./board/filter.js";
import { frameOf } from "./board/frame.js";
import { windowOf, type Look } from "./board/look.js";
import { saying, type Say } from "./board/say.js";

interface Told {
  key: string;
  look: Look | null;
}

// `StoryView` of session/telling.py
interface StoryView extends ChartView {
  passages: Told[];
  things: Record<string, string[]>;
}

// Browsers keep some 16 maps alive. So many are drawn at once, the others when they come near.
const MAPS = 10;

const place = document.querySelector<HTMLElement>("[data-story]");
if (place?.querySelector("[data-passage] [data-pane]")) void start(place);

async function start(root: HTMLElement): Promise<void> {
  const say = saying(root);
  let story: StoryView;
  try {
    story = await get<StoryView>(root.dataset["story"] ?? "");
  } catch (error) {
    return say(error instanceof Error ? error.message : "The views could not be loaded.", true);
  }
  const near = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      void draw(target as HTMLElement, story, say);
    }
  });
  let maps = 0;
  for (const passage of root.querySelectorAll<HTMLElement>("[data-passage]")) {
    passage.dataset["boundaries"] = root.dataset["boundaries"] ?? "";
    if (passage.dataset["view"] === "map" && ++maps > MAPS) near.observe(passage);
    else await draw(passage, story, say);
  }
}

async function draw(passage: HTMLElement, story: StoryView, say: Say): Promise<void> {
  const pane = passage.querySelector<HTMLElement>("[data-pane]");
  const told = story.passages.find((each) => each.key === passage.dataset["passage"]);
  if (!pane || !told?.look) return;
  // the wheel goes on through the story; with Ctrl it zooms
  pane.addEventListener("wheel", (event) => event.ctrlKey || event.stopImmediatePropagation(), { capture: true });
  const board = new Board(passage, "", say);
  detail(board);
  board.take(story);
  board.filter = { ...noFilter(), only: new Set(story.things[told.key]), window: windowOf(board, told.look) };
  board.refilter();
  board.select(told.look.only ? [] : told.look.ids);
  board.frame = frameOf(told.look);
  try {
    const map = await opened(told.look.view, board, pane);
    paper(pane, map);
  } catch (error) {
    say(`The ${told.look.view} could not be drawn: ${error instanceof Error ? error.message : "its code did not load"}`, true);
  }
}

async function opened(view: string, board: Board, pane: HTMLElement): Promise<Chart | null> {
  if (view === "map") return (await import("./map/map.js")).map(board, pane);
  if (view === "timeline") (await import("./timeline/timeline.js")).timeline(board, pane);
  // a story is read: what is moved in it is moved for this look only
  else await (await import("./graph/graph.js")).graph(board, pane, () => Promise.resolve(false));
  return null;
}

// What is printed is a picture of the view, as wide as the paper. A map's must be taken as soon as it is drawn.
function paper(pane: HTMLElement, map: Chart | null): void {
  const picture = document.createElement("canvas");
  picture.className = "bl-picture";
  picture.setAttribute("aria-hidden", "true");
  const take = (): void => {
    const drawn = [...pane.querySelectorAll("canvas")].filter((each) => each !== picture && each.width);
    const [first] = drawn;
    const context = picture.getContext("2d");
    if (!first || !context) return;
    picture.width = first.width;
    picture.height = first.height;
    context.fillStyle = colours()("paper");
    context.fillRect(0, 0, picture.width, picture.height);
    for (const each of drawn) context.drawImage(each, 0, 0, picture.width, picture.height);
  };
  if (map) map.on("idle", take);
  else addEventListener("beforeprint", take);
  pane.append(picture);
}
