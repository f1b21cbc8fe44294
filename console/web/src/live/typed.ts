// Times as officers type them, in UTC whatever the browser's country: 1730, 301730, 2026-11-30 17:30, with or
// without a Z. A browser's own field for dates asks for AM and PM in some countries, and takes six stops.

const dayMs = 86_400_000;
/** A time of the day that is this far past is that of today; farther, of tomorrow. */
const pastMs = 3_600_000;

/** Of something that happened, the day is one of the last four weeks. */
const backMs = 28 * dayMs;

/** typed reads a time as YYYY-MM-DDTHH:MM, the first of those it may mean after a moment, or, of what has happened,
 * within a day or four weeks before it; "" where it is none. */
export function typed(text: string, after: number, happened = false): string {
  const s = text.trim().toUpperCase().replace(/\s*Z$/, "");
  const whole = /^(\d{4})-(\d\d)-(\d\d)[T ]+(\d\d):?(\d\d)$/.exec(s);
  if (whole) return made(...(whole.slice(1).map(Number) as [number, number, number, number, number]));
  const short = /^(\d\d)?\s*(\d\d):?(\d\d)$/.exec(s);
  if (!short) return "";
  const [day, hour, minute] = short.slice(1).map((x) => (x === undefined ? 0 : Number(x))) as [number, number, number];
  const from = new Date(after - (happened ? (day === 0 ? dayMs - 60_000 : backMs) : pastMs));
  if (day === 0) {
    const today = made(from.getUTCFullYear(), from.getUTCMonth() + 1, from.getUTCDate(), hour, minute);
    if (today === "" || at(today) >= from.getTime()) return today;
    return new Date(at(today) + dayMs).toISOString().slice(0, 16);
  }
  for (let month = 0; month < 3; month++) {
    const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + month, 1));
    const then = made(first.getUTCFullYear(), first.getUTCMonth() + 1, day, hour, minute);
    if (then !== "" && at(then) >= from.getTime()) return then;
  }
  return "";
}

/** instant is what was typed as the node reads it. What is no time is for the node to refuse, with its words. */
export function instant(text: string, after: number, happened = false): string {
  const time = typed(text, after, happened);
  return time ? `${time}:00Z` : text;
}

/** at is a time of typed as milliseconds. */
export function at(time: string): number {
  return Date.parse(`${time}:00Z`);
}

/** made is a time that the calendar has. */
function made(year: number, month: number, day: number, hour: number, minute: number): string {
  const out = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const text = Number.isFinite(out.getTime()) ? out.toISOString().slice(0, 16) : "";
  const pad = (n: number) => String(n).padStart(2, "0");
  return text === `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}` ? text : "";
}
