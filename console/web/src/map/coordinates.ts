// A position in decimal degrees, in degrees, minutes and seconds, and in MGRS.
import { forward } from "mgrs";
import type { LonLat } from "./geodesic";

function dms(deg: number, positive: string, negative: string, digits: number): string {
  const tenths = Math.round(Math.abs(deg) * 36_000);
  const d = Math.floor(tenths / 36_000);
  const m = Math.floor((tenths % 36_000) / 600);
  const s = (tenths % 600) / 10;
  return `${String(d).padStart(digits, "0")}°${String(m).padStart(2, "0")}′${s.toFixed(1).padStart(4, "0")}″${deg < 0 ? negative : positive}`;
}

/** inWords is a position in every way in which officers say it. MGRS ends at 80° S and 84° N. */
export function inWords([lon, lat]: LonLat): string[] {
  const l = ((((lon + 180) % 360) + 360) % 360) - 180;
  const out = [`${Math.abs(lat).toFixed(5)}${lat < 0 ? "S" : "N"} ${Math.abs(l).toFixed(5)}${l < 0 ? "W" : "E"}`, `${dms(lat, "N", "S", 2)} ${dms(l, "E", "W", 3)}`];
  if (lat > -80 && lat < 84) out.push(forward([l, lat], 5).replace(/^(\d+\w)(\w\w)(\d{5})(\d{5})$/, "$1 $2 $3 $4"));
  return out;
}
