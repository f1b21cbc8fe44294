// Shapes with few points, for where they are drawn so small that nobody sees more. They are reckoned on the
// plane that touches the ellipsoid: within the bounds here they are less than a hundredth of their size off.
import type { LonLat } from "./geodesic";

/** The largest radius, the longest edge and the highest latitude for which the plane will do. */
const radiusMostM = 20_000;
const edgeMostDeg = 0.25;
const latMost = 70;

const rad = Math.PI / 180;
const semiMajorM = 6_378_137;
const e2 = 0.00669437999014;

/** scale is how many metres a degree of latitude and of longitude are. */
function scale(lat: number): [number, number] {
  const s = Math.sin(lat * rad);
  const w = 1 - e2 * s * s;
  return [((semiMajorM * (1 - e2)) / (w * Math.sqrt(w))) * rad, (semiMajorM / Math.sqrt(w)) * Math.cos(lat * rad) * rad];
}

/** moved is a position some metres east and north of another. */
function moved([lon, lat]: LonLat, east: number, north: number): LonLat {
  const [ofLat] = scale(lat);
  const [, ofLon] = scale(lat + north / ofLat / 2);
  return [lon + east / ofLon, lat + north / ofLat];
}

const steps = 24;

/** roughCircle is a circle of few points, or null where the plane will not do. */
export function roughCircle(middle: LonLat, radiusM: number): LonLat[] | null {
  if (!(radiusM <= radiusMostM) || !(Math.abs(middle[1]) <= latMost)) return null;
  const out: LonLat[] = [];
  for (let i = 0; i <= steps; i++) out.push(moved(middle, radiusM * Math.sin((2 * Math.PI * i) / steps), radiusM * Math.cos((2 * Math.PI * i) / steps)));
  return out;
}

/** roughCorridor is the outline of a corridor, round at the ends and at the outer side of each bend, or null. */
export function roughCorridor(line: LonLat[], halfWidthM: number): LonLat[] | null {
  if (line.length < 2 || !(halfWidthM <= radiusMostM) || line.some((v) => !(Math.abs(v[1]) <= latMost))) return null;
  const ways: number[] = [];
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1] as LonLat, line[i] as LonLat];
    if (!(Math.abs(b[0] - a[0]) + Math.abs(b[1] - a[1]) <= edgeMostDeg)) return null;
    const [ofLat, ofLon] = scale((a[1] + b[1]) / 2);
    ways.push(Math.atan2((b[0] - a[0]) * ofLon, (b[1] - a[1]) * ofLat));
  }
  const out: LonLat[] = [];
  const beside = (v: LonLat, way: number) => out.push(moved(v, halfWidthM * Math.sin(way - Math.PI / 2), halfWidthM * Math.cos(way - Math.PI / 2)));
  /** side goes along one side, with what is left of each edge, and round the end. */
  const side = (vertices: LonLat[], along: number[]) => {
    along.forEach((way, i) => {
      beside(vertices[i] as LonLat, way);
      const end = vertices[i + 1] as LonLat;
      beside(end, way);
      const next = along[i + 1] ?? way + Math.PI;
      const bend = Math.atan2(Math.sin(next - way), Math.cos(next - way));
      const turn = i === along.length - 1 ? Math.PI : bend;
      for (let a = Math.PI / 4; a < turn; a += Math.PI / 4) beside(end, way + a);
    });
  };
  side(line, ways);
  side([...line].reverse(), [...ways].reverse().map((w) => w + Math.PI));
  out.push(out[0] as LonLat);
  return out;
}
