// How a notice is drawn: whose it is by the line (own solid, the other's double), its kind by a pattern,
// its state by weight and dashes. Colour only repeats what these say.
import { Circle, Fill, Stroke, Style } from "ol/style";
import type { Notice } from "../api/schema.gen";
import { letters, type Colours } from "./colours";

export type Drawn = { notice: Notice; chosen: boolean; conflicting: boolean; past: boolean };

const patterns = new Map<string, CanvasPattern | null>();

/** pattern is the hatching of a kind: strokes for a flight, a grid for an area, dots for a hazard. */
export function pattern(kind: string, colour: string, scale: number): CanvasPattern | null {
  const key = `${kind} ${colour} ${scale}`;
  const have = patterns.get(key);
  if (have !== undefined) return have;
  const size = Math.round(12 * scale);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const g = tile.getContext("2d");
  if (!g) return null;
  g.strokeStyle = g.fillStyle = colour;
  g.globalAlpha = 0.55;
  g.lineWidth = 1.2 * scale;
  draw(g, kind, size, scale);
  const made = g.createPattern(tile, "repeat");
  patterns.set(key, made);
  return made;
}

function draw(g: CanvasRenderingContext2D, kind: string, n: number, scale: number): void {
  const stroke = (...points: [number, number, number, number][]) => {
    g.beginPath();
    for (const [a, b, c, d] of points) {
      g.moveTo(a, b);
      g.lineTo(c, d);
    }
    g.stroke();
  };
  switch (kind) {
    case "flight":
      return stroke([0, n, n, 0], [-2, 2, 2, -2], [n - 2, n + 2, n + 2, n - 2]);
    case "movement":
      return stroke([0, n / 2, n, n / 2]);
    case "area":
      return stroke([0, n / 2, n, n / 2], [n / 2, 0, n / 2, n]);
    case "hazard":
      g.beginPath();
      g.arc(n / 2, n / 2, 1.8 * scale, 0, 7);
      return g.fill();
    default:
      return stroke([n / 2, n / 4, n / 2, (3 * n) / 4], [n / 4, n / 2, (3 * n) / 4, n / 2]);
  }
}

/** Look is how a notice is drawn. Those of one look are drawn together. */
export type Look = { colour: string; kind: string; own: boolean; width: number; dash: number[]; order: number };

export function lookOf(d: Drawn, c: Colours): Look {
  const n = d.notice;
  return {
    colour: d.past ? c.dim : d.conflicting ? c.conflict : n.own ? c.own : c.other,
    kind: n.kind ?? "",
    own: n.own,
    width: d.chosen ? 4 : d.conflicting ? 3 : 2,
    dash: n.state === "planned" ? [8, 5] : n.state === "overdue" ? [2, 4] : [],
    order: d.chosen ? 2 : d.conflicting ? 1 : 0,
  };
}

export function positionStyle(c: Colours): Style {
  return new Style({
    image: new Circle({ radius: 9 * letters(), stroke: new Stroke({ color: c.call, width: 4 * letters() }), fill: new Fill({ color: c.halo }) }),
    zIndex: 30,
  });
}
