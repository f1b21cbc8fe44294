// A layer that is drawn on a canvas when the map rests, larger than the view, and moved as it is drawn while the
// map is moved.
import Layer from "ol/layer/Layer.js";
import ViewHint from "ol/ViewHint.js";
import type { FrameState } from "ol/Map";
import { around } from "./polar";
import type { Box } from "./shapes";

/** How much more than the view is drawn, so that it can be moved a little. */
const margin = 1.3;

/** Held is what is drawn: its upper left corner in the map's metres, metres to a pixel, and its size in pixels. */
export type Held = { x: number; y: number; resolution: number; width: number; height: number; ratio: number };

export const boxOfHeld = (h: Held): Box => [h.x, h.y - h.height * h.resolution, h.x + h.width * h.resolution, h.y];

/** turns are the turns of the world, in metres, by which a box is seen within another. */
export function turns(box: Box, within: Box): number[] {
  const out: number[] = [];
  if (box[1] > within[3] || box[3] < within[1]) return out;
  const wide = around();
  for (let turn = Math.ceil((within[0] - box[2]) / wide); box[0] + turn * wide <= within[2]; turn++) out.push(turn * wide);
  return out;
}

/** moving says whether the map is being moved. */
export const moving = (f: FrameState): boolean => Boolean(f.viewHints[ViewHint.ANIMATING] || f.viewHints[ViewHint.INTERACTING]);

/** cornerOf is the upper left corner of the view. */
function cornerOf(f: FrameState): [number, number] {
  const { resolution, center } = f.viewState;
  const [width = 0, height = 0] = f.size;
  return [(center[0] ?? 0) - (width / 2) * resolution, (center[1] ?? 0) + (height / 2) * resolution];
}

/** reaches says whether what is drawn covers the view, in its scale. */
export function reaches(h: Held, f: FrameState): boolean {
  const { resolution } = f.viewState;
  const [width = 0, height = 0] = f.size;
  const [x, y] = cornerOf(f);
  return h.ratio === f.pixelRatio && h.resolution === resolution && h.x <= x && h.y >= y && h.x + h.width * resolution >= x + width * resolution && h.y - h.height * resolution <= y - height * resolution;
}

/** toHold is what is to be drawn: the view, and something round it. */
export function toHold(f: FrameState): Held {
  const { resolution, center } = f.viewState;
  const [width, height] = [(f.size[0] ?? 0) * margin, (f.size[1] ?? 0) * margin];
  return { x: (center[0] ?? 0) - (width / 2) * resolution, y: (center[1] ?? 0) + (height / 2) * resolution, resolution, width, height, ratio: f.pixelRatio };
}

/** sized makes a canvas, which it empties, as large as what is to be drawn. */
export function sized(canvas: HTMLCanvasElement, h: Held): void {
  canvas.width = Math.ceil(h.width * h.ratio);
  canvas.height = Math.ceil(h.height * h.ratio);
  canvas.style.width = `${h.width}px`;
  canvas.style.height = `${h.height}px`;
  canvas.getContext("2d")?.scale(h.ratio, h.ratio);
}

/** place moves what is drawn to where it is in the view. */
export function place(element: HTMLElement, h: Held, f: FrameState): void {
  const { resolution } = f.viewState;
  const [x, y] = cornerOf(f);
  element.style.transform = `translate(${(h.x - x) / resolution}px, ${(y - h.y) / resolution}px) scale(${h.resolution / resolution})`;
}

export class HeldLayer {
  readonly layer: Layer;
  private readonly box = document.createElement("div");
  private readonly g = document.createElement("canvas").getContext("2d");
  private held: Held | null = null;
  private stale = true;

  constructor(zIndex: number, private readonly drawn: (h: Held, g: CanvasRenderingContext2D) => void) {
    this.box.className = "held-layer";
    if (this.g) this.box.append(this.g.canvas);
    this.layer = new Layer({ render: (f) => this.render(f), zIndex });
  }

  /** changed says that it is to be drawn anew. */
  changed(): void {
    this.stale = true;
    this.layer.changed();
  }

  private render(f: FrameState): HTMLElement {
    if (!this.held || (!moving(f) && (this.stale || !reaches(this.held, f)))) {
      this.held = toHold(f);
      this.stale = false;
      if (this.g) {
        sized(this.g.canvas, this.held);
        this.drawn(this.held, this.g);
      }
    }
    place(this.box, this.held, f);
    return this.box;
  }
}

/** trace puts a line on a path, without the points that fall on the one before. */
export function trace(path: Path2D, r: Float64Array, h: Held, shift: number, closed: boolean): void {
  let px = NaN;
  let py = NaN;
  for (let i = 0; i < r.length; i += 2) {
    const x = ((r[i] as number) + shift - h.x) / h.resolution;
    const y = (h.y - (r[i + 1] as number)) / h.resolution;
    if (i === 0) path.moveTo(x, y);
    else if (Math.abs(x - px) + Math.abs(y - py) < 1 && i < r.length - 2) continue;
    else if (!closed && beyond(px, x, h.width) + beyond(py, y, h.height) > 0) path.moveTo(x, y);
    else path.lineTo(x, y);
    px = x;
    py = y;
  }
  if (closed) path.closePath();
}

/** How far beside what is drawn a line may still be seen, by its breadth. */
const besidePx = 10;

/** beyond is 1 where two points are both on one side of what is drawn. */
const beyond = (a: number, b: number, end: number) => Number((a < -besidePx && b < -besidePx) || (a > end + besidePx && b > end + besidePx));
