// The last searches of this tab. They are in session storage only: gone with the tab, and cleared by signing out.

const KEY = "bluelamp-searches";
const MOST = 8;

export function recentSearches(store: Storage = sessionStorage): string[] {
  try {
    const found: unknown = JSON.parse(store.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((one): one is string => typeof one === "string") : [];
  } catch {
    return [];
  }
}

export function remember(search: string, store: Storage = sessionStorage): void {
  const text = search.trim();
  if (!text) return;
  store.setItem(KEY, JSON.stringify([text, ...recentSearches(store).filter((one) => one !== text)].slice(0, MOST)));
}
