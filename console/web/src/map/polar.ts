// The projection that the map is in: the flat one of the whole earth, which has no room for a pole, or the view of
// a pole, with the longitude of the place that is looked at upright, so that north is up there.
import { addCoordinateTransforms, addProjection, get, getTransform, transform, type TransformFunction } from "ol/proj.js";
import Projection from "ol/proj/Projection.js";
import { signal } from "@preact/signals";
import type { LonLat } from "./geodesic";
import { equatorM, stereographic, type Pole } from "./stereographic";

/** The degrees of latitude to which a polar view reaches, and how far that is from the pole in its metres. */
const reachLat = 30;
export const reachM = 7_400_000;

export type { Pole };

/** inUse is the projection of the map. */
export const inUse = signal<{ pole: Pole | null; upright: number; projection: Projection }>({ pole: null, upright: 0, projection: get("EPSG:3857") as Projection });

/** use takes a pole for the map, with a longitude upright, or the flat map of the whole earth. */
export function use(pole: Pole | null, upright: number): void {
  if (!pole) {
    inUse.value = { pole, upright: 0, projection: get("EPSG:3857") as Projection };
    return;
  }
  const code = `parley:${pole}:${upright}`;
  let projection = get(code);
  if (!projection) {
    const s = pole === "north" ? 1 : -1;
    projection = new Projection({ code, units: "m", extent: [-reachM, -reachM, reachM, reachM], worldExtent: [-180, Math.min(s * reachLat, s * 90), 180, Math.max(s * reachLat, s * 90)] });
    addProjection(projection);
    const { to, from } = stereographic(pole, upright);
    addCoordinateTransforms("EPSG:4326", projection, to, from);
    addCoordinateTransforms("EPSG:3857", projection, (p) => to(transform(p, "EPSG:3857", "EPSG:4326")), (p) => transform(from(p), "EPSG:4326", "EPSG:3857"));
  }
  inUse.value = { pole, upright, projection };
}

/** way is the function of the projection in use: to look it up for each point costs more than to call it. */
let way: { of: Projection; to: TransformFunction } | null = null;

/** onMap is a position in the metres of the map, and onEarth the other way. A sum of shapes may be a hair beyond a pole. */
export function onMap([lon, lat]: LonLat): [number, number] {
  const { projection } = inUse.peek();
  if (way?.of !== projection) way = { of: projection, to: getTransform("EPSG:4326", projection) as TransformFunction };
  return way.to([lon, Math.min(90, Math.max(-90, lat))], undefined, 2) as [number, number];
}
export function onEarth(p: number[]): LonLat {
  return transform(p, inUse.peek().projection, "EPSG:4326") as LonLat;
}

/** around is how far it is round the world on the map; a polar view does not repeat. */
export function around(): number {
  return inUse.peek().pole ? 1e12 : 2 * Math.PI * equatorM;
}

/** From which latitude a place is looked at from above its pole, and below which no more. */
const fromLat = 75;
const untilLat = 65;

/** poleFor is the view that suits a latitude, given the one in use. */
export function poleFor(lat: number, now: Pole | null): Pole | null {
  const off = Math.abs(lat);
  if (off >= fromLat || (now && off >= untilLat)) return lat > 0 ? "north" : "south";
  return null;
}
