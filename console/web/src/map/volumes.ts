// The volumes of a notice as they were told, read from its body.
import type { Notice } from "../api/schema.gen";
import { roughCircle, roughCorridor } from "./rough";
import { along, circle, coarse, corridor, fine, pieces, unrolled, type LonLat } from "./geodesic";

export type Altitude = { value: number; unit: "m" | "ft" | "FL"; reference: string };

export type Shape = {
  polygons: LonLat[][][]; // that together are the shape, each an outline and its holes
  line: LonLat[]; // the middle line of a corridor
  pieces?: LonLat[][]; // of a corridor: the rings that together are its shape
};

export type Volume = {
  /** The shape, made when it is asked for: with all its points, or as few as are seen where it is small. */
  shape: (small: boolean) => Shape;
  /** Shapes that together are everything within a distance of it and of what is uncertain about it. */
  grown: (byM: number) => LonLat[][][];
  start: number;
  end: number; // infinite where it has none
  lower: Altitude | null;
  upper: Altitude | null;
};

type Feature = {
  geometry: { type: string; coordinates: unknown } | null;
  properties: { radius_m?: number; half_width_m?: number; uncertainty_m?: number; start?: string; end?: string; lower?: Altitude; upper?: Altitude } | null;
};

const known = new WeakMap<Notice, Volume[]>();

export function volumesOf(n: Notice): Volume[] {
  let out = known.get(n);
  if (!out) {
    const body = n.body as { volumes?: Feature[] } | undefined;
    out = (body?.volumes ?? []).flatMap(volume);
    known.set(n, out);
  }
  return out;
}

function volume(f: Feature): Volume[] {
  if (!f.geometry) return [];
  const p = f.properties ?? {};
  const g = f.geometry;
  const made: [Shape?, Shape?] = [];
  return [
    {
      shape: (small) => (made[Number(small)] ??= (small && rough(g, p.radius_m ?? 0, p.half_width_m ?? 0)) || outline(g, p.radius_m ?? 0, p.half_width_m ?? 0, small ? coarse : fine)),
      grown: (m) => grown(g, p.radius_m ?? 0, p.half_width_m ?? 0, m + (p.uncertainty_m ?? 0)),
      start: p.start ? Date.parse(p.start) : Number.NEGATIVE_INFINITY,
      end: p.end ? Date.parse(p.end) : Number.POSITIVE_INFINITY,
      lower: p.lower ?? null,
      upper: p.upper ?? null,
    },
  ];
}

/** Of an outline no more points are taken for what is drawn round it. */
const grownMost = 400;

function grown(g: NonNullable<Feature["geometry"]>, radiusM: number, halfWidthM: number, byM: number): LonLat[][][] {
  const round = (line: LonLat[], m: number) => {
    const step = Math.ceil(line.length / grownMost);
    return pieces(line.filter((_, i) => i % step === 0 || i === line.length - 1), m, 48).map((r) => [r]);
  };
  const polygon = (p: LonLat[][]) => [rings(p), ...p.flatMap((r) => round(along(r), byM))];
  switch (g.type) {
    case "Point":
      return [[circle(g.coordinates as LonLat, radiusM + byM)]];
    case "MultiPoint":
      return (g.coordinates as LonLat[]).map((p) => [circle(p, radiusM + byM)]);
    case "LineString":
      return round(g.coordinates as LonLat[], halfWidthM + byM);
    case "MultiLineString":
      return (g.coordinates as LonLat[][]).flatMap((l) => round(l, halfWidthM + byM));
    case "Polygon":
      return polygon(g.coordinates as LonLat[][]);
    case "MultiPolygon":
      return (g.coordinates as LonLat[][][]).flatMap(polygon);
    default:
      return [];
  }
}

/** outlines are the shapes of a plan's features. What cannot be drawn yet is left out. */
export function outlines(features: unknown[]): LonLat[][][][] {
  return features.flatMap((f) => {
    try {
      const shape = volume(f as Feature).map((v) => v.shape(false).polygons);
      return shape.filter((p) => p.length > 0 && p.flat(3).every(Number.isFinite));
    } catch {
      return []; // half typed
    }
  });
}

/** rough is a shape with few points, where the plane will do for it, or null. */
function rough(g: NonNullable<Feature["geometry"]>, radiusM: number, halfWidthM: number): Shape | null {
  if (g.type === "Point") {
    const ring = roughCircle(g.coordinates as LonLat, radiusM);
    return ring && { polygons: [[ring]], line: [] };
  }
  if (g.type !== "LineString") return null;
  const ring = roughCorridor(g.coordinates as LonLat[], halfWidthM);
  return ring && { polygons: [[ring]], line: g.coordinates as LonLat[] };
}

function outline(g: NonNullable<Feature["geometry"]>, radiusM: number, halfWidthM: number, points: number): Shape {
  switch (g.type) {
    case "Point":
      return { polygons: [[circle(g.coordinates as LonLat, radiusM, points)]], line: [] };
    case "MultiPoint":
      return { polygons: (g.coordinates as LonLat[]).map((p) => [circle(p, radiusM, points)]), line: [] };
    case "LineString": {
      const line = g.coordinates as LonLat[];
      return { polygons: corridor(line, halfWidthM, points), line: unrolled(along(line)), pieces: pieces(line, halfWidthM, points) };
    }
    case "MultiLineString":
      return { polygons: (g.coordinates as LonLat[][]).flatMap((l) => corridor(l, halfWidthM, points)), line: [], pieces: (g.coordinates as LonLat[][]).flatMap((l) => pieces(l, halfWidthM, points)) };
    case "Polygon":
      return { polygons: [rings(g.coordinates as LonLat[][])], line: [] };
    case "MultiPolygon":
      return { polygons: (g.coordinates as LonLat[][][]).map(rings), line: [] };
    default:
      return { polygons: [], line: [] };
  }
}

function rings(of: LonLat[][]): LonLat[][] {
  return of.map((r) => unrolled(along(r)));
}

/** metres is an altitude for the side view, which only compares heights roughly. */
export function metres(a: Altitude | null, open: number): number {
  if (!a) return open;
  return a.unit === "m" ? a.value : a.unit === "ft" ? a.value * 0.3048 : a.value * 30.48;
}

export function altitudeText(a: Altitude | null): string {
  if (!a) return "";
  return a.unit === "FL" ? `FL${String(a.value).padStart(3, "0")}` : `${Math.round(a.value).toLocaleString("en")} ${a.unit} ${a.reference}`;
}
