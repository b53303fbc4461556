// The layouts by the names that a chart knows (`LAYOUTS` of session/changes.py).

import { circle } from "./circle.js";
import { force } from "./force.js";
import { hierarchy } from "./hierarchy.js";
import type { Layout } from "./layout.js";
import { place } from "./place.js";
import { time } from "./time.js";

export const LAYOUTS: Record<string, Layout> = { force, hierarchy, circle, place, time, free: force };
