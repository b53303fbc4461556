// Declared styles: which fit a thing or a link is worked out by the server, of what its reader sees. The first that says
// a part of a look decides it.

export interface Look {
  colour: string;
  outline: string;
  badge: string;
  size: string;
  width: string;
  dash: string;
}

export interface StyleLine {
  name: string;
  label: string;
  // of what it is for; "" of links
  type: string;
  kind: string;
  look: Look;
}

const PARTS = ["colour", "outline", "badge", "size", "width", "dash"] as const;

export const PLAIN: Look = { colour: "", outline: "", badge: "", size: "", width: "", dash: "" };

// The dashes of a line, for what draws lines; doubt and proposals have their own.
export const DASHES: Record<string, number[]> = { long: [14, 5], "dash-dot": [10, 4, 2, 4] };
export const WIDTHS: Record<string, number> = { thick: 3, heavy: 5 };

export function lookOf(names: readonly string[], key: readonly StyleLine[]): Look {
  if (!names.length) return PLAIN;
  const fitting = key.filter((style) => names.includes(style.name));
  const look = { ...PLAIN };
  for (const part of PARTS) look[part] = fitting.find((style) => style.look[part])?.look[part] ?? "";
  return look;
}

// "red--alert-", a name for what is drawn of it; "" for a plain look
export function lookName(look: Look): string {
  return look === PLAIN ? "" : [look.colour, look.outline, look.badge, look.size].join("-");
}
