// The towns of the gazetteer with 50,000 people and more (GeoNames, CC BY 4.0), to find one's way and to say a
// position in words. The echo of a notice comes from the node, which knows smaller ones too.
import { onMap } from "./polar";
import file from "./towns.gen.json?url";
import { letters, type Colours } from "./colours";
import { measure, type LonLat } from "./geodesic";
import { boxOfHeld, turns, type Held } from "./held";
import type { Box } from "./shapes";

export type Town = { name: string; at: LonLat; size: number };

/** The largest come first, in the order in which they get their room. */
let towns: Town[] = [];
/** Where they are on the map, two numbers each. */
let places = new Float64Array();

/** The zoom from which towns of each size are drawn, the smallest first. */
const fromZoom = [8.5, 7.5, 6.5, 5.5, 4.5, 3];

const zoomOf = (resolution: number) => Math.log2(156_543.03 / resolution);

export async function loadTowns(): Promise<void> {
  const lines = ((await (await fetch(file)).json()) as string).split("\n");
  let lat = -9000;
  towns = lines
    .map((l): Town => {
      const [name = "", north, lon, size] = l.split("\t");
      lat += Number(north);
      return { name, at: [Number(lon) / 100, lat / 100], size: Number(size) };
    })
    .sort((a, b) => b.size - a.size);
  placeTowns();
}

/** placeTowns puts them on the projection of the map. */
export function placeTowns(): void {
  places = new Float64Array(2 * towns.length);
  towns.forEach((x, i) => places.set(onMap(x.at), 2 * i));
}

/** writeTowns writes those that are large enough for the zoom, and for whose name there is room. */
export function writeTowns(g: CanvasRenderingContext2D, h: Held, c: Colours): void {
  const zoom = zoomOf(h.resolution);
  const view = boxOfHeld(h);
  const large = letters();
  const taken: Box[] = [];
  g.textAlign = "center";
  g.textBaseline = "middle";
  g.lineJoin = "round";
  g.lineWidth = 3 * large;
  g.strokeStyle = c.halo;
  g.setLineDash([]);
  for (const [i, town] of towns.entries()) {
    if (zoom < (fromZoom[town.size] ?? 0)) break; // smaller ones follow
    const [px, py] = [places[2 * i] as number, places[2 * i + 1] as number];
    for (const shift of turns([px, py, px, py], view)) {
      const [x, y] = [(px + shift - h.x) / h.resolution, (h.y - py) / h.resolution];
      g.font = `${(10 + town.size) * large}px system-ui, sans-serif`;
      const half = g.measureText(town.name).width / 2 + 2;
      const box: Box = [x - half, y - 17 * large, x + half, y + 3];
      if (taken.some((b) => b[0] < box[2] && box[0] < b[2] && b[1] < box[3] && box[1] < b[3])) continue;
      taken.push(box);
      g.fillStyle = c.coast;
      g.beginPath();
      g.arc(x, y, 2.5 * large, 0, 7);
      g.fill();
      g.fillStyle = `${c.text}b0`;
      g.strokeText(town.name, x, y - 9 * large);
      g.fillText(town.name, x, y - 9 * large);
    }
  }
}

/** How far a town is looked for, in degrees of latitude. */
const reachDeg = 3;

/** nearest is the town next to a position, with how far and in which of eight directions it is seen from there. */
export function nearest([lon, lat]: LonLat): { town: Town; km: number; from: number } | null {
  const l = ((((lon + 180) % 360) + 360) % 360) - 180;
  const squeeze = Math.cos((lat * Math.PI) / 180);
  let best: Town | null = null;
  let least = reachDeg * reachDeg;
  for (const x of towns) {
    const dy = x.at[1] - lat;
    if (dy > reachDeg || dy < -reachDeg) continue;
    const dx = (Math.abs(x.at[0] - l) > 180 ? 360 - Math.abs(x.at[0] - l) : x.at[0] - l) * squeeze;
    if (dx * dx + dy * dy < least) {
      least = dx * dx + dy * dy;
      best = x;
    }
  }
  if (!best) return null;
  const way = measure(best.at, [l, lat]);
  return { town: best, km: way.distanceM / 1000, from: Math.round(way.bearingDeg / 45) % 8 };
}
