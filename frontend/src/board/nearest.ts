// Which mark lies next in a direction: not far, and rather straight ahead than aside.

export interface Place {
  x: number;
  y: number;
}

export const WAYS: Record<string, Place> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export function nearest(from: Place, way: Place, places: Iterable<[string, Place]>): string | null {
  let best: string | null = null;
  let least = Infinity;
  for (const [id, at] of places) {
    const [x, y] = [at.x - from.x, at.y - from.y];
    const along = x * way.x + y * way.y;
    const aside = Math.abs(x * way.y) + Math.abs(y * way.x);
    if (along <= 1 || aside > 2 * along) continue;
    const cost = along + 2 * aside;
    if (cost < least) [best, least] = [id, cost];
  }
  return best;
}
