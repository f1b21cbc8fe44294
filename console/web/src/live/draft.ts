// The notice that is being written: a new one, or an own one as it is to stand. The address says which.
import { computed, signal } from "@preact/signals";
import type { Notice } from "../api/schema.gen";
import { draftOf } from "./drafts";
import { base, type Base } from "./amend";
import { route } from "./route";
import type { Sketch } from "./sketch";
import type { LonLat } from "../map/geodesic";
import { find, line, now } from "./store";
import { at, instant } from "./typed";

export type Draft = {
  kind: "flight" | "movement" | "area" | "hazard" | "site";
  shape: "circle" | "corridor" | "polygon";
  id: string;
  title: string;
  start: string;
  end: string;
  positions: string; // a line each: latitude longitude, degrees
  radiusM: string; // of a circle, or the half width of a corridor
  lowerFt: string;
  upperFt: string;
};

export const blank: Draft = { kind: "flight", shape: "circle", id: "", title: "", start: "", end: "", positions: "", radiusM: "", lowerFt: "", upperFt: "" };

/** amends is the key of the notice that the form changes, "" where it writes a new one. */
export const amends = computed(() => (route.value.page === "file" ? route.value.id : ""));

const bases = signal<Record<string, Base>>({});

/** from is what the form begins with. */
export const from = computed((): Base | null => bases.value[amends.value] ?? null);

/** beginWith gives the form the notice that it changes, as it was told. */
export function beginWith(key: string, n: Notice): void {
  bases.value = { ...bases.value, [key]: base(n, blank) };
}

const form = () => draftOf(amends.value ? `notice ${amends.value}` : "notice", from.value?.fields ?? blank);

export const draft = computed(() => form().value);

export function change(fields: Partial<Draft>): void {
  form().set(fields);
}

export function discard(): void {
  form().clear();
}

export function drawn(s: Sketch): void {
  change({
    shape: s.tool,
    positions: s.positions.map(([lon, lat]) => `${lat} ${lon}`).join("\n"),
    ...(s.radiusM === undefined ? {} : { radiusM: String(s.radiusM) }),
  });
}

/** suggested is the name of a notice to which nobody gave one: of which party, and when it was written. */
export function suggested(): string {
  const party = line.peek()?.party ?? "notice";
  const stem = `${party}-${new Date(now.peek()).toISOString().slice(8, 16).replace(/[T:]/g, "")}`;
  let id = stem;
  for (let n = 2; find(id, party); n++) id = `${stem}-${n}`;
  return id;
}

/** positionsOf reads the lines of a draft. What is no position is for the node to refuse, with its words. */
function positionsOf(text: string): LonLat[] {
  return text
    .split("\n")
    .map((l) => l.trim())
    .filter(Boolean)
    .map((l) => {
      const [lat = NaN, lon = NaN] = l.split(/[\s,;]+/).map(Number);
      return [lon, lat];
    });
}

/** begin is what an end comes after. */
function begin(d: Draft): number {
  const start = at(d.start);
  return Number.isFinite(start) ? start : now.peek();
}

/** plan is a draft as a plan file, which the node reads as it reads any other. */
export function plan(d: Draft): object {
  const at = positionsOf(d.positions);
  const was = from.peek();
  const id = d.id.trim() || suggested();
  const geometry =
    d.shape === "circle"
      ? { type: "Point", coordinates: at[0] ?? [] }
      : d.shape === "corridor"
        ? { type: "LineString", coordinates: at }
        : { type: "Polygon", coordinates: [at.length > 0 ? [...at, at[0]] : []] };
  const feet = (v: string) => (v.trim() === "" ? {} : { value: Number(v), unit: "ft", reference: "AMSL" });
  const radius = d.shape === "polygon" ? {} : { [d.shape === "circle" ? "radius_m" : "half_width_m"]: Number(d.radiusM) };
  return {
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        id,
        geometry,
        properties: {
          ...was?.keeps,
          kind: d.kind,
          notice: id,
          ...(d.title ? { title: d.title } : {}),
          ...(d.start === was?.fields.start ? {} : { start: d.start ? instant(d.start, now.peek()) : undefined }),
          ...(d.end === was?.fields.end ? {} : { end: d.end ? instant(d.end, begin(d)) : undefined }),
          ...radius,
          ...(d.lowerFt.trim() ? { lower: feet(d.lowerFt) } : {}),
          ...(d.upperFt.trim() ? { upper: feet(d.upperFt) } : {}),
        },
      },
    ],
  };
}
