// The layer of notices. It draws thousands on one canvas: those that look alike together, small ones with
// few points. What changes is drawn anew where it is, and no more. While the map is moved it moves what was
// drawn, and draws anew when the map rests.
import Layer from "ol/layer/Layer";
import type { FrameState } from "ol/Map";
import { letters, type Colours } from "./colours";
import { boxOfHeld, moving, place, reaches, sized, toHold, trace, type Held } from "./held";
import { around } from "./polar";
import { forget, isAt, shapesOf, type Box, type Shapes } from "./shapes";
import { lookOf, pattern, type Drawn, type Look } from "./styles";
import { symbol } from "./symbol";

/** How far a line reaches beyond its shape. */
const reachPx = 5;
/** So many changes at once are not worth to be drawn one by one. */
const patchesMost = 300;
/** Below this size on the screen a shape is drawn with few points, below the other as a dot. */
const smallPx = 50;
const dotPx = 4;
/** A shape of this size bears its name. */
const namedPx = 30;
const namesMost = 250;
/** Where a name that matters goes when there is no room for it, in pixels. */
const beside = [0, 18, -18, 36, -36];

type Placed = { drawn: Drawn; shapes: Shapes; shift: number };

export class NoticeLayer {
  readonly layer: Layer;
  private readonly all = new Map<string, Drawn>();
  private readonly box = document.createElement("div");
  private readonly canvas = document.createElement("canvas");
  private readonly written = document.createElement("canvas"); // the names, over all shapes
  private held: Held | null = null;
  /** What is to be drawn anew: the boxes of what changed, or null for everything. */
  private stale: Box[] | null = null;
  /** By how much lines and letters are larger than usual: on a wall. */
  private size = 1;

  constructor(zIndex: number, private colours: Colours) {
    this.box.className = "notices-layer";
    this.box.append(this.canvas, this.written);
    this.layer = new Layer({ render: (f) => this.render(f), zIndex });
  }

  repaint(c: Colours): void {
    this.colours = c;
    this.stale = null;
    this.layer.changed();
  }

  /** reproject draws everything anew, on another projection. */
  reproject(): void {
    forget();
    this.held = null;
    this.stale = null;
    this.layer.changed();
  }

  /** set takes all that is to be drawn, and draws anew what of it is new. */
  set(all: Map<string, Drawn>): void {
    const changed: Box[] = [];
    const note = (d: Drawn) => changed.push(shapesOf(d.notice, true).box);
    all.forEach((d, key) => {
      const was = this.all.get(key);
      if (was && was.notice === d.notice && was.chosen === d.chosen && was.conflicting === d.conflicting && was.past === d.past) return;
      if (was) note(was);
      note(d);
    });
    this.all.forEach((d, key) => {
      if (!all.has(key)) note(d);
    });
    if (changed.length === 0) return;
    this.all.clear();
    all.forEach((d, key) => this.all.set(key, d));
    this.stale = this.stale && this.stale.length + changed.length < patchesMost ? [...this.stale, ...changed] : null;
    this.layer.changed();
  }

  /** boxOf is what one notice or all of them cover, or null. */
  boxOf(key?: string): Box | null {
    const out: Box = [Infinity, Infinity, -Infinity, -Infinity];
    this.all.forEach((d, k) => {
      if (key !== undefined && k !== key) return;
      const b = shapesOf(d.notice, true).box;
      out[0] = Math.min(out[0], b[0]);
      out[1] = Math.min(out[1], b[1]);
      out[2] = Math.max(out[2], b[2]);
      out[3] = Math.max(out[3], b[3]);
    });
    return out[0] <= out[2] ? out : null;
  }

  /** at returns the names of the notices at a place, those drawn on top first. */
  at(x: number, y: number, within: number): string[] {
    const out: [string, number][] = [];
    this.all.forEach((d, key) => {
      const s = shapesOf(d.notice, true);
      const turn = Math.round((x - (s.box[0] + s.box[2]) / 2) / around()) * around();
      if (isAt(s, x - turn, y, within) && isAt(shapesOf(d.notice, false), x - turn, y, within)) out.push([key, lookOf(d, this.colours).order]);
    });
    return out.sort((a, b) => b[1] - a[1]).map(([key]) => key);
  }

  private render(f: FrameState): HTMLElement {
    if (!this.held || (!moving(f) && (this.stale === null || !reaches(this.held, f)))) {
      this.held = toHold(f);
      this.draw(this.held);
    } else if (!moving(f) && this.stale !== null && this.stale.length > 0) {
      this.patch(this.held, this.stale);
    }
    place(this.box, this.held, f);
    return this.box;
  }

  private draw(h: Held): void {
    this.size = letters();
    for (const c of [this.canvas, this.written]) sized(c, h);
    const g = this.canvas.getContext("2d");
    const buckets = this.buckets(h, [boxOfHeld(h)]);
    if (g) for (const [look, placed] of buckets) this.bucket(g, h, look, placed);
    this.write(h, buckets);
    this.stale = [];
  }

  /** patch draws anew what lies in some boxes, which become whole pixels, so that no seam is seen. */
  private patch(h: Held, boxes: Box[]): void {
    this.stale = [];
    const g = this.canvas.getContext("2d");
    if (!g) return;
    const areas: Box[] = [];
    g.save();
    g.beginPath();
    for (const b of boxes) {
      for (let turn = Math.ceil((h.x - b[2]) / around()); b[0] + turn * around() <= h.x + h.width * h.resolution; turn++) {
        const x0 = Math.floor((b[0] + turn * around() - h.x) / h.resolution - reachPx * this.size);
        const x1 = Math.ceil((b[2] + turn * around() - h.x) / h.resolution + reachPx * this.size);
        const y0 = Math.floor((h.y - b[3]) / h.resolution - reachPx * this.size);
        const y1 = Math.ceil((h.y - b[1]) / h.resolution + reachPx * this.size);
        if (x1 < 0 || y1 < 0 || x0 > h.width || y0 > h.height) continue;
        g.rect(x0, y0, x1 - x0, y1 - y0);
        areas.push([h.x + x0 * h.resolution, h.y - y1 * h.resolution, h.x + x1 * h.resolution, h.y - y0 * h.resolution]);
      }
    }
    g.clip();
    g.clearRect(0, 0, h.width, h.height);
    for (const [look, placed] of this.buckets(h, areas)) this.bucket(g, h, look, placed);
    g.restore();
    this.write(h, this.buckets(h, [boxOfHeld(h)]));
  }

  /** buckets are the notices in some boxes by how they look, those on top last. */
  private buckets(h: Held, areas: Box[]): [Look, Placed[]][] {
    const out = new Map<string, [Look, Placed[]]>();
    const reach = reachPx * this.size * h.resolution;
    const left = Math.min(...areas.map((a) => a[0])) - reach;
    const right = Math.max(...areas.map((a) => a[2])) + reach;
    for (const d of this.all.values()) {
      const rough = shapesOf(d.notice, true);
      const [x0, y0, x1, y1] = rough.box;
      const size = Math.max(x1 - x0, y1 - y0) / h.resolution;
      for (let turn = Math.ceil((left - x1) / around()); x0 + turn * around() <= right; turn++) {
        const shift = turn * around();
        if (!areas.some((a) => x0 + shift <= a[2] + reach && x1 + shift >= a[0] - reach && y0 <= a[3] + reach && y1 >= a[1] - reach)) continue;
        const look = lookOf(d, this.colours);
        const name = `${look.order} ${look.colour} ${look.kind} ${look.own} ${look.width} ${look.dash}`;
        let bucket = out.get(name);
        if (!bucket) out.set(name, (bucket = [look, []]));
        bucket[1].push({ drawn: d, shapes: size > smallPx ? shapesOf(d.notice, false) : rough, shift });
      }
    }
    return [...out.entries()].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, b]) => b);
  }

  private bucket(g: CanvasRenderingContext2D, h: Held, look: Look, placed: Placed[]): void {
    const outline = new Path2D();
    const middle = new Path2D();
    for (const p of placed) {
      const [x0, y0, x1, y1] = p.shapes.box;
      if (Math.max(x1 - x0, y1 - y0) / h.resolution < dotPx * this.size) {
        const dot = dotPx * this.size;
        outline.rect(((x0 + x1) / 2 + p.shift - h.x) / h.resolution - dot / 2, (h.y - (y0 + y1) / 2) / h.resolution - dot / 2, dot, dot);
        continue;
      }
      for (const r of p.shapes.rings) trace(outline, r, h, p.shift, true);
      for (const l of p.shapes.lines) trace(middle, l, h, p.shift, false);
    }
    const size = this.size;
    const fill = pattern(look.kind, look.colour, size);
    if (fill) {
      g.fillStyle = fill;
      g.fill(outline);
    }
    const stroke = (path: Path2D, colour: string, width: number) => {
      g.strokeStyle = colour;
      g.lineWidth = width * size;
      g.setLineDash(path === outline && colour !== look.colour ? [] : look.dash.map((d) => d * size));
      g.stroke(path);
    };
    stroke(middle, look.colour, 1.2);
    stroke(outline, look.colour, look.own ? look.width : look.width + 3);
    if (!look.own) stroke(outline, this.colours.halo, Math.max(1, look.width - 1.5));
  }

  /** write writes the names of what is large enough or matters, where there is room. */
  private write(h: Held, buckets: [Look, Placed[]][]): void {
    const g = this.written.getContext("2d");
    if (!g) return;
    g.clearRect(0, 0, h.width, h.height);
    const taken: Box[] = [];
    const size = this.size;
    g.font = `600 ${13 * size}px system-ui, sans-serif`;
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.lineJoin = "round";
    g.setLineDash([]);
    for (const p of buckets.flatMap(([, placed]) => placed).reverse()) {
      const [x0, y0, x1, y1] = p.shapes.box;
      const matters = p.drawn.chosen || p.drawn.conflicting;
      if (taken.length >= namesMost || (!matters && Math.max(x1 - x0, y1 - y0) / h.resolution < namedPx)) continue;
      const x = ((x0 + x1) / 2 + p.shift - h.x) / h.resolution;
      const middle = (h.y - (y0 + y1) / 2) / h.resolution;
      const text = `${symbol(p.drawn.notice)} ${short(p.drawn.notice.id)}`;
      const half = (4 + text.length * 4) * size;
      const free = (y: number) => !taken.some((b) => b[0] < x + half && x - half < b[2] && b[1] < y + 9 * size && y - 9 * size < b[3]);
      const y = (matters ? beside : [0]).map((up) => middle + up * size).find(free);
      if (y === undefined) continue;
      taken.push([x - half, y - 9 * size, x + half, y + 9 * size]);
      g.strokeStyle = this.colours.halo;
      g.lineWidth = 3 * size;
      g.strokeText(text, x, y);
      g.fillStyle = p.drawn.past ? this.colours.dim : this.colours.text;
      g.fillText(text, x, y);
    }
  }
}

/** Marks that turn the direction of what follows, or that are not seen. */
const turning = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/** short is as much of a name as the map has room for. */
export function short(id: string): string {
  const letters = [...id.replace(turning, "")];
  return letters.length > 40 ? letters.slice(0, 39).join("") + "…" : id;
}
