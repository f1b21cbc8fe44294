// The land of the earth, its coasts and borders, read from a TopoJSON topology.
import { letters, type Colours } from "./colours";
import { unrolled, type LonLat } from "./geodesic";
import { boxOfHeld, trace, turns, type Held } from "./held";
import { inUse, onMap } from "./polar";
import type { Box } from "./shapes";

/** Atlas is a TopoJSON topology: arcs of whole numbers, each the difference to the one before, and what is made of them. */
type Geometry = { type: "Polygon"; arcs: number[][] } | { type: "MultiPolygon"; arcs: number[][][] };
export type Atlas = {
  transform: { scale: [number, number]; translate: [number, number] };
  arcs: [number, number][][];
  objects: { land: { geometries: Geometry[] }; countries: { geometries: Geometry[] } };
};

type Line = { points: Float64Array; box: Box };

/** Earth is the land, its coasts and the borders, in degrees and in the metres of the map. */
export class Earth {
  private readonly arcs: LonLat[][];
  private readonly land: number[][][];
  private readonly coasts: LonLat[][];
  private readonly borders: LonLat[][];
  placed: { land: { rings: Float64Array[]; box: Box }[]; coasts: Line[]; borders: Line[]; grid: Line[] } = { land: [], coasts: [], borders: [], grid: [] };

  constructor(a: Atlas) {
    this.arcs = a.arcs.map((arc) => degrees(arc, a.transform));
    const polygons = (g: Geometry) => (g.type === "Polygon" ? [g.arcs] : g.arcs);
    const used = (all: number[][][]) => new Set(all.flat(2).map((i) => (i < 0 ? ~i : i)));
    const named = (i: number) => this.arcs[i] ?? [];
    this.land = a.objects.land.geometries.flatMap(polygons);
    this.coasts = withoutSeams([...used(this.land)].map(named));
    const bounds = new Map<number, number>(); // how many countries an arc bounds
    for (const g of a.objects.countries.geometries) for (const i of used(polygons(g))) bounds.set(i, (bounds.get(i) ?? 0) + 1);
    this.borders = [...bounds].flatMap(([i, n]) => (n > 1 ? [named(i)] : []));
    this.place();
  }

  /** place puts all on the projection of the map. */
  place(): void {
    const line = (l: LonLat[]): Line => withBox(flat(unrolled(l)));
    this.placed = {
      land: this.land.map((p) => {
        const rings = p.map((r) => flat(roundPole(unrolled(this.ring(r)))));
        return { rings, box: withBox(rings[0] ?? new Float64Array()).box };
      }),
      coasts: this.coasts.map(line),
      borders: this.borders.map(line),
      grid: inUse.peek().pole ? graticule().map(line) : [],
    };
  }

  /** ring is what some arcs are, one after the other; one that is named by its complement runs back. */
  private ring(arcs: number[]): LonLat[] {
    return arcs.flatMap((i) => (i < 0 ? [...(this.arcs[~i] ?? [])].reverse() : (this.arcs[i] ?? [])));
  }

  draw(h: Held, g: CanvasRenderingContext2D, c: Colours): void {
    const view = boxOfHeld(h);
    const large = letters();
    const { land, coasts, borders, grid } = this.placed;
    const filled = new Path2D();
    for (const l of land) for (const shift of turns(l.box, view)) for (const r of l.rings) trace(filled, r, h, shift, true);
    g.fillStyle = c.land;
    g.fill(filled, "evenodd");
    const stroke = (lines: Line[], colour: string, width: number, dash: number[]) => {
      const path = new Path2D();
      for (const l of lines) {
        for (const shift of turns(l.box, view)) {
          if (Math.max(l.box[2] - l.box[0], l.box[3] - l.box[1]) < h.resolution) speck(path, l.box, h, shift);
          else trace(path, l.points, h, shift, false);
        }
      }
      g.strokeStyle = colour;
      g.lineWidth = width * large;
      g.setLineDash(dash.map((d) => d * large));
      g.stroke(path);
    };
    stroke(coasts, c.coast, 0.8, []);
    stroke(borders, c.border, 1, [6, 4]);
    stroke(grid, c.dim, 0.5, []);
    g.setLineDash([]);
  }
}

function degrees(arc: [number, number][], { scale, translate }: Atlas["transform"]): LonLat[] {
  let x = 0;
  let y = 0;
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}

function flat(points: LonLat[]): Float64Array {
  const out = new Float64Array(2 * points.length);
  points.forEach((p, i) => out.set(onMap(p), 2 * i));
  return out;
}

/** roundPole closes the ring of a land with a pole in it along the edge of the flat map. */
function roundPole(ring: LonLat[]): LonLat[] {
  const [first, last] = [ring[0], ring.at(-1)];
  if (!first || !last || inUse.peek().pole || Math.abs(last[0] - first[0]) < 180) return ring;
  return [...ring, [last[0], -90], [first[0], -90]];
}

/** speck is an island that is smaller than a pixel. */
function speck(path: Path2D, box: Box, h: Held, shift: number): void {
  const [x, y] = [(box[0] + shift - h.x) / h.resolution, (h.y - box[3]) / h.resolution];
  path.moveTo(x, y);
  path.lineTo(x + 1, y);
}

function withBox(points: Float64Array): Line {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i] as number, points[i + 1] as number];
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return { points, box };
}

/** withoutSeams leaves out where the data was cut open: along the antimeridian and the south pole, where no coast is. */
function withoutSeams(lines: LonLat[][]): LonLat[][] {
  const cut = (p: LonLat) => Math.abs(p[0]) > 179.99 || p[1] < -89.9;
  return lines.flatMap((line) => {
    const out: LonLat[][] = [[]];
    line.forEach((p, i) => {
      if (i > 0 && cut(p) && cut(line[i - 1] as LonLat)) out.push([]);
      out.at(-1)?.push(p);
    });
    return out.filter((l) => l.length > 1);
  });
}

/** graticule is every 30th meridian and every 5th parallel, where there is little land to find one's way by. */
function graticule(): LonLat[][] {
  const s = inUse.peek().pole === "south" ? -1 : 1;
  const lines: LonLat[][] = [];
  for (let lat = 40; lat < 90; lat += 5) lines.push(Array.from({ length: 121 }, (_, i): LonLat => [i * 3 - 180, s * lat]));
  for (let lon = -180; lon < 180; lon += 30) lines.push([[lon, s * 40], [lon, s * (lon % 90 === 0 ? 90 : 85)]]);
  return lines;
}
