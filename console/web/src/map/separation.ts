// What notices of the other party must keep from one, as the agreement says: in words, and as rings round it.
import clipping from "polygon-clipping";
import type { Notice } from "../api/schema.gen";
import { volumesOf } from "./volumes";
import { inUse, onMap } from "./polar";
import type { LonLat } from "./geodesic";

/** Term is a row of the agreement's table of separations. */
export type Term = {
  kinds: [string, string];
  when: "" | "small-uncrewed" | "sea";
  lateral_m: number;
  vertical_m: number;
  time_s: number;
  any_altitude: boolean;
  flight_below_ft: number;
  not_deconflicted: boolean;
};

/** termsOf reads the table from a signed agreement: its type, its terms as JSON, and the signatures. */
export function termsOf(note: string): Term[] {
  const text = note.slice(note.indexOf("\n") + 1, note.lastIndexOf("\n\n") + 1);
  return (JSON.parse(text) as { separations?: Term[] }).separations ?? [];
}

/** Kept is what one sort of notices keeps from a notice. */
export type Kept = { kind: string; when: Term["when"]; term: Term };

/** keptFrom are the rows for a notice. Where the notice itself meets a condition, the row with it is the one that counts. */
export function keptFrom(n: Notice, terms: Term[]): Kept[] {
  const self = n.kind ?? "";
  const meets = (x: Term) => (x.when === "small-uncrewed" ? n.class === "small-uncrewed" : x.when === "sea" && self === "movement" && n.domain === "sea");
  const other = ([a, b]: Term["kinds"]) => (a === self ? b : a);
  const rows = terms.filter((x) => x.kinds.includes(self));
  const out: Kept[] = [];
  for (const kind of new Set(rows.map((x) => other(x.kinds)))) {
    const pair = rows.filter((x) => other(x.kinds) === kind);
    const mine = pair.find(meets);
    if (mine) out.push({ kind, when: "", term: mine });
    // A condition that only the other can meet names the other: a small uncrewed flight, a movement at sea.
    else out.push(...pair.filter((x) => x.when === "" || kind === (x.when === "sea" ? "movement" : "flight")).map((term) => ({ kind, when: term.when, term })));
  }
  return out.sort((x, y) => Number(x.term.not_deconflicted) - Number(y.term.not_deconflicted) || y.term.lateral_m - x.term.lateral_m);
}

export type Ring = { lateralM: number; kept: Kept[]; /** In the metres of the map. */ polygons: number[][][][] };

/** ringsOf are the outlines at each distance that is kept from a notice, the farthest first. */
export function ringsOf(n: Notice, kept: Kept[]): Ring[] {
  const distances = [...new Set(kept.filter((k) => !k.term.not_deconflicted).map((k) => k.term.lateral_m))].filter((m) => m > 0);
  return distances.map((lateralM) => {
    const pieces = volumesOf(n).flatMap((v) => v.grown(lateralM));
    const [first, ...rest] = pieces.map((polygon) => polygon.map((r) => flat(r)));
    const polygons = first ? (clipping.union(first as never, ...(rest as never[])) as number[][][][]) : [];
    return { lateralM, kept: kept.filter((k) => k.term.lateral_m === lateralM && !k.term.not_deconflicted), polygons };
  });
}

/** flat is a ring on the map. One that runs round a pole was closed along it, which a polar view has no need of. */
export function flat(ring: LonLat[]): [number, number][] {
  return withoutPole(ring).map((p) => onMap(p));
}

export function withoutPole(ring: LonLat[]): LonLat[] {
  const lons = ring.map((p) => p[0]);
  if (!inUse.peek().pole || Math.max(...lons) - Math.min(...lons) < 359) return ring;
  return ring.filter((p) => Math.abs(p[1]) < 90);
}

/** distanceText is a distance as it was agreed: in nautical miles where it is whole ones, else in metres. */
export function distanceText(m: number): string {
  const miles = m / 1852;
  if (m > 0 && Math.abs(miles - Math.round(miles)) < 1e-6) return `${Math.round(miles)} NM`;
  return m % 1000 === 0 && m > 0 ? `${m / 1000} km` : `${Math.round(m)} m`;
}

/** heightText is a height as it was agreed: in feet where it is whole hundreds, else in metres. */
export function heightText(m: number): string {
  const feet = m / 0.3048;
  return Math.abs(feet / 100 - Math.round(feet / 100)) < 1e-6 ? `${Math.round(feet).toLocaleString("en")} ft` : `${Math.round(m)} m`;
}
