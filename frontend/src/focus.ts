// After a form comes back with problems, the keyboard starts at their list.

export function focusing(page: Document): void {
  page.querySelector<HTMLElement>("[data-focus]")?.focus();
}
