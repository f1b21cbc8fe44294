// A position as officers type it: 35.41 N 35.95 E, 35 24.6 N 035 57.0 E, 35 24 36 N 035 57 00 E, degrees alone,
// latitude first, or MGRS.
import { toPoint } from "mgrs";
import type { LonLat } from "../map/geodesic";

/** position reads one; null where the text is none. */
export function position(text: string): LonLat | null {
  const s = text.trim().toUpperCase().replace(/[°º′'’″"”,;]/g, " ");
  if (/^\d{1,2}\s*[C-X]\s*[A-Z]{2}\s*(\d{4}|\d{6}|\d{8}|\d{10}|\d+ \d+)$/.test(s)) return grid(s.replace(/\s/g, ""));
  const plain = /^(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)$/.exec(s);
  if (plain) return within(Number(plain[1]), Number(plain[2]));
  const part = String.raw`(\d+(?:\.\d+)?)(?:\s+(\d+(?:\.\d+)?))?(?:\s+(\d+(?:\.\d+)?))?\s*`;
  const whole = new RegExp(`^${part}([NS])\\s+${part}([EW])$`).exec(s);
  if (!whole) return null;
  const lat = degrees(whole.slice(1, 4), whole[4] === "S");
  const lon = degrees(whole.slice(5, 8), whole[8] === "W");
  return lat === null || lon === null ? null : within(lat, lon);
}

/** degrees of degrees, minutes and seconds, of which only the last may have a part. */
function degrees(parts: (string | undefined)[], negative: boolean): number | null {
  const said = parts.filter((p) => p !== undefined);
  if (said.slice(0, -1).some((p) => p.includes(".")) || said.slice(1).some((p) => Number(p) >= 60)) return null;
  const sum = said.reduce((all, p, i) => all + Number(p) / 60 ** i, 0);
  return negative ? -sum : sum;
}

function within(lat: number, lon: number): LonLat | null {
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : null;
}

function grid(text: string): LonLat | null {
  try {
    const [lon, lat] = toPoint(text);
    return within(lat, lon);
  } catch {
    return null; // no such square
  }
}
