// Times as officers read them: Zulu first, the local time beside it.
import { unit } from "../words/say";
import { now } from "./store";

const pad = (n: number) => String(n).padStart(2, "0");

export function zulu(ms: number, seconds = false): string {
  if (!Number.isFinite(ms)) return "";
  const d = new Date(ms);
  return `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}${seconds ? ":" + pad(d.getUTCSeconds()) : ""}Z`;
}

/** stamp is a time with its day where that is not today. */
export function stamp(time: string | number | undefined | null, seconds = false): string {
  const ms = typeof time === "number" ? time : Date.parse(time ?? "");
  if (!Number.isFinite(ms)) return "";
  const d = new Date(ms);
  const today = new Date(now.value);
  const sameDay = d.toISOString().slice(0, 10) === today.toISOString().slice(0, 10);
  return (sameDay ? "" : `${d.toISOString().slice(0, 10)} `) + zulu(ms, seconds);
}

export function local(ms: number): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZoneName: "short" }).format(ms);
}

/** lasting is a length of time in its two largest units. */
export function lasting(ms: number): string {
  const s = Math.round(Math.abs(ms) / 1000);
  if (s < 90) return unit(s, "s");
  if (s < 90 * 60) return unit(Math.round(s / 60), "min");
  const minutes = Math.round(s / 60);
  const h = Math.floor(minutes / 60);
  if (h < 48) return `${unit(h, "h")} ${unit(pad(minutes % 60), "min")}`;
  return unit(Math.round(h / 24), "d");
}
