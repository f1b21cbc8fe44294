// When something is on the screen.

/** afterPaint runs something when what was changed before is on the screen. */
export function afterPaint(run: () => void): void {
  requestAnimationFrame(() => window.setTimeout(run));
}

/** painted notes for measurements when the page showed something for the first time. */
export function painted(what: string): void {
  if (performance.getEntriesByName(what).length === 0) afterPaint(() => performance.mark(what));
}
