// One polite live region: what happened, or why something could not be done.

export type Say = (text: string, bad?: boolean) => void;

export function saying(bench: HTMLElement): Say {
  const region = bench.querySelector<HTMLElement>("[data-said]");
  return (text, bad = false) => {
    if (!region) return;
    region.classList.toggle("bl-said--bad", bad);
    // the same words twice are told twice
    if (region.textContent === text) region.textContent = "";
    region.textContent = text;
  };
}
