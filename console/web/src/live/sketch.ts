// What is drawn with the mouse goes to the draft that is being filed.
import { signal } from "@preact/signals";
import type { LonLat } from "../map/geodesic";

export type Tool = "circle" | "corridor" | "polygon";

/** drawing is the tool in hand, or null. */
export const drawing = signal<Tool | null>(null);

export type Sketch = { tool: Tool; positions: LonLat[]; radiusM?: number };
/** sketch is what was drawn last. */
export const sketch = signal<Sketch | null>(null);
