// What the page knows of the node, and how fresh that is. Everything shown comes from here.
import { batch, computed, signal } from "@preact/signals";
import type { Alarm, Call, Changes, Conflict, Line, Notice, Rung, Session } from "../api/schema.gen";

/** session is who is signed in, or null where that is not known yet. */
export const session = signal<Session | null>(null);
export const lines = signal<Line[]>([]);
export const notices = signal<ReadonlyMap<string, Notice>>(new Map());
export const conflicts = signal<Conflict[]>([]);
export const calls = signal<Call[]>([]);
export const alarms = signal<Alarm[]>([]);

/** known says that the picture was read: before, an empty list says nothing. */
export const known = signal(false);

/** news counts how often something happened at the node: pages that ask for more ask again. */
export const news = signal(0);

/** How the page hears of what happens: it says so plainly when it does not. */
export type Freshness = { live: boolean; since: number; why?: string };
export const freshness = signal<Freshness>({ live: false, since: Date.now(), why: "" });

/** now ticks once a second, in the node's time as far as it is known. */
export const now = signal(Date.now());
/** By how many milliseconds the node's clock is ahead of this computer's. */
export const skew = signal(0);

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** keyOf names a notice among those of all lines. */
export function keyOf(n: { line: string; party: string; id: string }): string {
  return `${n.line}/${n.party}/${n.id}`;
}

/** partsOf is what keyOf made a key of. */
export function partsOf(key: string): { line: string; party: string; id: string } {
  const [line = "", party = "", ...id] = key.split("/");
  return { line, party, id: id.join("/") };
}

export const line = computed(() => lines.value[0] ?? null);

/** status is who works here, and for whom. */
export const status = computed(() => (session.value && line.value ? { party: line.value.party, officer: session.value } : null));

export function isOver(n: Notice): boolean {
  return n.state === "ended" || n.state === "cancelled";
}

/** first are the kinds that go before everything else of their level. */
const first = (a: Alarm) => Number(!(a.kind.startsWith("hold") || a.kind.startsWith("distress")));

export const alarmsInOrder = computed(() =>
  [...alarms.value].sort(
    (a, b) =>
      Number(Boolean(a.acknowledged)) - Number(Boolean(b.acknowledged)) ||
      first(a) - first(b) ||
      a.level - b.level ||
      at(a.due ?? a.since) - at(b.due ?? b.since),
  ),
);

/** Owed is a step of this party on a notice of the other that is not late yet: then it is an alarm. */
export type Owed = { notice: Notice; rung: Rung };

/** owed are the next steps of this party, by when they are due. */
export const owed = computed(() => {
  const out: Owed[] = [];
  for (const n of notices.value.values()) {
    const rung = n.next;
    if (rung?.due && !n.own && rung.by !== n.party && !rung.missed && !isOver(n)) out.push({ notice: n, rung });
  }
  return out.sort((a, b) => at(a.rung.due) - at(b.rung.due));
});

/** loudest is the level of the worst alarm that nobody has seen; 0 where there is none. */
export const loudest = computed(() => {
  const unseen = alarms.value.filter((a) => !a.acknowledged);
  return unseen.length === 0 ? 0 : Math.min(...unseen.map((a) => a.level));
});

export function at(time: string | undefined | null): number {
  return time ? Date.parse(time) : Number.POSITIVE_INFINITY;
}

const byID = computed(() => {
  const out = new Map<string, Notice[]>();
  for (const n of notices.value.values()) {
    const list = out.get(n.id);
    if (list) list.push(n);
    else out.set(n.id, [n]);
  }
  return out;
});

/** find returns the notice that an alarm or a conflict means by its id. */
export function find(id: string, party?: string): Notice | undefined {
  return byID.value.get(id)?.find((n) => party === undefined || n.party === party);
}

/** take takes what changed of the picture, or the picture. What did not change stays the same object. */
export function take(c: Changes): void {
  batch(() => {
    lines.value = c.lines;
    if (c.whole || c.notices.length > 0 || c.gone.length > 0) {
      const all = new Map(c.whole ? [] : notices.value);
      for (const g of c.gone) all.delete(keyOf(g));
      for (const n of c.notices) all.set(keyOf(n), n);
      notices.value = all;
    }
    conflicts.value = merged(c.whole, conflicts.value, c.conflicts, (x) => x.id, []);
    calls.value = merged(c.whole, calls.value, c.calls, (x) => x.entry, c.gone.map((g) => g.id));
    alarms.value = merged(c.whole, alarms.value, c.alarms, (x) => x.id, c.alarms_over);
    known.value = true;
  });
}

/** merged puts what is new in the place of what was of the same name. */
function merged<T>(whole: boolean, old: T[], changed: T[], name: (x: T) => string, over: string[]): T[] {
  if (whole) return changed;
  if (changed.length === 0 && over.length === 0) return old;
  const all = new Map(old.map((x) => [name(x), x]));
  over.forEach((id) => all.delete(id));
  changed.forEach((x) => all.set(name(x), x));
  return [...all.values()];
}
