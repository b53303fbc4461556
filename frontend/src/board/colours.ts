// The colours of the style sheet, for what is drawn on a canvas; told again when they change to dark or light.

export type Colours = (name: string) => string;

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

export function onColours(listener: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener);
}

export const FONT = '"Segoe UI", -apple-system, Roboto, "Noto Sans", "Liberation Sans", "Helvetica Neue", arial, sans-serif';

export function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
