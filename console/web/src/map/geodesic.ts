// Shapes of notices as outlines on the WGS 84 ellipsoid, in degrees, drawn as fine as a screen shows.
import geographiclib, { type GeodesicClass } from "geographiclib-geodesic";
import clipping from "polygon-clipping";

export type LonLat = [number, number];

const earth: GeodesicClass = geographiclib.Geodesic.WGS84;

/** How many points a circle has where it is drawn large, and where it is drawn so small that no more is seen. */
export const fine = 120;
export const coarse = 24;
/** How far apart the points of a long edge are, so that a geodesic is seen as the curve that it is. */
const stepM = 25_000;
/** An edge of fewer degrees than this is shorter than that. */
const shortDeg = 0.2;

export function destination(from: LonLat, bearingDeg: number, distanceM: number): LonLat {
  const r = earth.Direct(from[1], from[0], bearingDeg, distanceM);
  return [r.lon2 ?? from[0], r.lat2 ?? from[1]];
}

export function measure(from: LonLat, to: LonLat): { distanceM: number; bearingDeg: number; backDeg: number } {
  const r = earth.Inverse(from[1], from[0], to[1], to[0]);
  return { distanceM: r.s12 ?? 0, bearingDeg: ((r.azi1 ?? 0) + 360) % 360, backDeg: ((r.azi2 ?? 0) + 180) % 360 };
}

/** unrolled makes longitudes run on across the antimeridian instead of jumping by 360. */
export function unrolled(points: LonLat[]): LonLat[] {
  const out: LonLat[] = [];
  let turn = 0;
  let last: number | undefined;
  for (const [lon, lat] of points) {
    if (last !== undefined) {
      if (lon - last > 180) turn -= 360;
      if (lon - last < -180) turn += 360;
    }
    last = lon;
    out.push([lon + turn, lat]);
  }
  return out;
}

/** along returns the points of the geodesics between vertices. */
export function along(vertices: LonLat[]): LonLat[] {
  const out: LonLat[] = [];
  vertices.forEach((v, i) => {
    const next = vertices[i + 1];
    out.push(v);
    if (!next || Math.abs(next[0] - v[0]) + Math.abs(next[1] - v[1]) < shortDeg) return;
    const { distanceM, bearingDeg } = measure(v, next);
    for (let s = stepM; s < distanceM; s += stepM) out.push(destination(v, bearingDeg, s));
  });
  return out;
}

/** circle is every point at a radius round a middle; a radius that reaches over a pole runs round it. */
export function circle(middle: LonLat, radiusM: number, points = fine): LonLat[] {
  const out: LonLat[] = [];
  for (let i = 0; i <= points; i++) out.push(destination(middle, (i * 360) / points, radiusM));
  return overPole(unrolled(out), middle, radiusM);
}

/** overPole closes the outline of a circle with a pole inside along the edge of the map. */
function overPole(ring: LonLat[], middle: LonLat, radiusM: number): LonLat[] {
  const first = ring[0];
  const last = ring[ring.length - 1];
  if (!first || !last || Math.abs(last[0] - first[0]) < 180) return ring;
  const north = measure(middle, [0, 90]).distanceM < radiusM;
  const edge = north ? 90 : -90;
  return [...ring, [last[0], edge], [first[0], edge], first];
}

/** corridor is the outline of everything within a half width of a line, with the holes that it may leave. */
export function corridor(vertices: LonLat[], halfWidthM: number, points = fine): LonLat[][][] {
  const [first, ...rest] = pieces(vertices, halfWidthM, points).map((ring) => [ring]);
  if (!first) return [];
  return clipping.union(first, ...rest) as LonLat[][][];
}

/** pieces are the circles and strips that together are a corridor. */
export function pieces(vertices: LonLat[], halfWidthM: number, points = fine): LonLat[][] {
  const line = unrolled(vertices);
  const parts = line.map((v) => near(circle(v, halfWidthM, points), v));
  line.slice(1).forEach((to, i) => parts.push(strip(line[i] as LonLat, to, halfWidthM)));
  return parts;
}

/** near turns a ring round the earth until it lies where a point does. */
function near(ring: LonLat[], at: LonLat): LonLat[] {
  const turn = Math.round((at[0] - (ring[0]?.[0] ?? at[0])) / 360) * 360;
  return ring.map(([lon, lat]) => [lon + turn, lat]);
}

/** strip is what lies beside one edge of a corridor, to both sides. */
function strip(a: LonLat, b: LonLat, halfWidthM: number): LonLat[] {
  const { distanceM, bearingDeg } = measure(a, b);
  const steps = Math.max(1, Math.ceil(distanceM / stepM));
  const left: LonLat[] = [];
  const right: LonLat[] = [];
  for (let s = 0; s <= steps; s++) {
    const r = earth.Direct(a[1], a[0], bearingDeg, (distanceM * s) / steps);
    const p: LonLat = [r.lon2 ?? a[0], r.lat2 ?? a[1]];
    left.push(destination(p, (r.azi2 ?? bearingDeg) - 90, halfWidthM));
    right.push(destination(p, (r.azi2 ?? bearingDeg) + 90, halfWidthM));
  }
  return near(unrolled([...left, ...right.reverse(), left[0] as LonLat]), a);
}
