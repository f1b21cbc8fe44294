// The colours of the map, from the page's style sheet, so that day and night are in one place.
export type Colours = {
  sea: string;
  land: string;
  coast: string;
  border: string;
  text: string;
  halo: string;
  own: string;
  other: string;
  conflict: string;
  call: string;
  dim: string;
};

const names: (keyof Colours)[] = ["sea", "land", "coast", "border", "text", "halo", "own", "other", "conflict", "call", "dim"];

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((n) => [n, style.getPropertyValue(`--map-${n}`).trim()])) as Colours;
}

/** letters is by how much the letters of the page are larger than usual: those of the map are so too. */
export function letters(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}
