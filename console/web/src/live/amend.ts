// An own notice as the form that changes it begins: in its fields where they can say all of it, else as a plan file.
import type { Notice } from "../api/schema.gen";
import type { Altitude } from "../map/volumes";
import type { Draft } from "./draft";

export type Base = {
  fields: Draft;
  /** keeps are the properties that the form has no field for. */
  keeps: Record<string, unknown>;
  /** text is the whole as a plan file, where the fields cannot say it: "" where they can. */
  text: string;
};

type Volume = { type: string; geometry: { type: string; coordinates: unknown }; properties: Record<string, unknown> };

/** What a body has that a plan file says otherwise, or not at all. */
const notPlan = new Set(["id", "version", "kind", "title", "volumes", "source", "sector", "window", "band"]);

export function base(n: Notice, blank: Draft): Base {
  const body = (n.body ?? {}) as Record<string, unknown>;
  const volumes = (Array.isArray(body.volumes) ? body.volumes : []) as Volume[];
  const more = Object.fromEntries(Object.entries(body).filter(([k]) => !notPlan.has(k)));
  const said = { ...blank, kind: n.kind ?? blank.kind, id: n.id, title: String(body.title ?? "") };
  const [one] = volumes;
  const simple = volumes.length === 1 && one ? inFields(one) : null;
  if (simple) return { fields: { ...said, ...simple.fields }, keeps: { ...more, ...simple.keeps }, text: "" };
  return { fields: said, keeps: more, text: JSON.stringify(file(n.id, { ...more, kind: said.kind, title: said.title }, volumes), null, 1) };
}

function file(id: string, of: Record<string, unknown>, volumes: Volume[]): object {
  return { type: "FeatureCollection", features: volumes.map((v, i) => ({ ...v, id: `${id}-${i + 1}`, properties: { ...of, notice: id, ...v.properties } })) };
}

type Part = { fields: Partial<Draft>; keeps: Record<string, unknown> };

/** inFields is one volume in the form's fields; null where they cannot say it exactly. */
function inFields(v: Volume): Part | null {
  const place = placeOf(v);
  const { start, end, lower, upper, radius_m: radius, half_width_m: half, ...keeps } = v.properties;
  if (!place) return null;
  const low = feet(lower);
  const high = feet(upper);
  return {
    fields: { ...place, start: minute(start), end: minute(end), radiusM: String(radius ?? half ?? ""), lowerFt: low ?? "", upperFt: high ?? "" },
    keeps: { ...keeps, ...(start ? { start } : {}), ...(end ? { end } : {}), ...(low === null ? { lower } : {}), ...(high === null ? { upper } : {}) },
  };
}

function placeOf(v: Volume): Partial<Draft> | null {
  const lines = (list: unknown) => (list as number[][]).map(([lon, lat]) => `${lat} ${lon}`).join("\n");
  const { type, coordinates } = v.geometry;
  if (type === "Point" && "radius_m" in v.properties) return { shape: "circle", positions: lines([coordinates]) };
  if (type === "LineString" && "half_width_m" in v.properties) return { shape: "corridor", positions: lines(coordinates) };
  const rings = coordinates as unknown[][];
  if (type === "Polygon" && rings.length === 1) return { shape: "polygon", positions: lines(rings[0]?.slice(0, -1)) };
  return null;
}

/** minute is a time as the form has it. Its seconds stay where nobody types another. */
function minute(at: unknown): string {
  return typeof at === "string" ? at.slice(0, 16) : "";
}

/** feet is an altitude in the form's unit: "" for an open side, null for what was told in another. */
function feet(at: unknown): string | null {
  if (at === undefined || at === null) return "";
  const a = at as Altitude;
  return a.unit === "ft" && a.reference === "AMSL" ? String(a.value) : null;
}
