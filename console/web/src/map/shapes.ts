// The shapes of a notice in the map's metres, as flat lists of numbers that are drawn and searched fast.
import clipping from "polygon-clipping";
import type { Notice } from "../api/schema.gen";
import { inUse, onMap } from "./polar";
import { flat as ringOnMap } from "./separation";
import { volumesOf } from "./volumes";

export type Box = [number, number, number, number];
export type Shapes = { rings: Float64Array[]; lines: Float64Array[]; box: Box };

let known = [new WeakMap<Notice, Shapes>(), new WeakMap<Notice, Shapes>()] as const;

/** forget lets all shapes be made anew, when the map has another projection. */
export function forget(): void {
  known = [new WeakMap(), new WeakMap()];
}

/** shapesOf returns the outlines of a notice, with few points where it is drawn small. */
export function shapesOf(n: Notice, small: boolean): Shapes {
  const kept = known[small ? 1 : 0];
  let out = kept.get(n);
  if (!out) {
    out = made(n, small);
    kept.set(n, out);
  }
  return out;
}

function made(n: Notice, small: boolean): Shapes {
  const rings: Float64Array[] = [];
  const lines: Float64Array[] = [];
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const v of volumesOf(n)) {
    const s = v.shape(small);
    // A corridor over a pole is one shape only where the pole is a place like another.
    const [first, ...rest] = inUse.peek().pole ? (s.pieces ?? []).map((r) => [ringOnMap(r)]) : [];
    const polygons = first ? (clipping.union(first, ...rest) as [number, number][][][]) : s.polygons.map((p) => p.map(ringOnMap));
    for (const polygon of polygons) polygon.forEach((r, i) => rings.push(wound(flat(r, box), i === 0)));
    if (s.line.length > 0) lines.push(flat(s.line.map((p) => onMap(p)), box));
  }
  return { rings, lines, box };
}

function flat(points: [number, number][], box: Box): Float64Array {
  const out = new Float64Array(2 * points.length);
  points.forEach(([x, y], i) => {
    out[2 * i] = x;
    out[2 * i + 1] = y;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  });
  return out;
}

/** wound turns a ring so that all outlines run one way and all holes the other: shapes that overlap are filled as one. */
function wound(r: Float64Array, outline: boolean): Float64Array {
  let area = 0;
  for (let i = 0; i + 3 < r.length; i += 2) area += (r[i] as number) * (r[i + 3] as number) - (r[i + 2] as number) * (r[i + 1] as number);
  if (area > 0 === outline) return r;
  const out = new Float64Array(r.length);
  for (let i = 0; i < r.length; i += 2) {
    out[i] = r[r.length - 2 - i] as number;
    out[i + 1] = r[r.length - 1 - i] as number;
  }
  return out;
}

/** isAt says whether a place is in some shapes, or no farther from their edges than a distance. */
export function isAt(s: Shapes, x: number, y: number, within: number): boolean {
  if (x < s.box[0] - within || x > s.box[2] + within || y < s.box[1] - within || y > s.box[3] + within) return false;
  let turns = 0;
  for (const r of s.rings) {
    for (let i = 0; i + 3 < r.length; i += 2) {
      const ax = r[i] as number;
      const ay = r[i + 1] as number;
      const bx = r[i + 2] as number;
      const by = r[i + 3] as number;
      if (nearEdge(ax, ay, bx, by, x, y, within)) return true;
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) turns += by > ay ? 1 : -1;
    }
  }
  return turns !== 0;
}

function nearEdge(ax: number, ay: number, bx: number, by: number, x: number, y: number, within: number): boolean {
  const dx = bx - ax;
  const dy = by - ay;
  const along = dx * dx + dy * dy;
  const t = along === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / along));
  return Math.hypot(ax + t * dx - x, ay + t * dy - y) <= within;
}
