// What every page loads: small behaviours, one a file, each on top of a page that works without it.

import { copying } from "./copy.js";
import { dialogs } from "./dialogs.js";
import { focusing } from "./focus.js";
import { judging } from "./judge.js";
import { palette } from "./palette.js";
import { searching } from "./search.js";

for (const behaviour of [focusing, dialogs, searching, palette, copying, judging]) behaviour(document);
