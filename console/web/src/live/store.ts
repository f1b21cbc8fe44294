// What the page knows of the node, and how fresh that is. Everything shown comes from here.
import { computed, signal } from "@preact/signals";
import type { Alarm, Call, Conflict, Line, Notice, Status } from "../api/schema.gen";

export const status = signal<Status | null>(null);
export const lines = signal<Line[]>([]);
export const notices = signal<ReadonlyMap<string, Notice>>(new Map());
export const conflicts = signal<Conflict[]>([]);
export const calls = signal<Call[]>([]);
export const alarms = signal<Alarm[]>([]);

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

export const line = computed(() => lines.value[0] ?? null);

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

/** loudest is the level of the worst alarm that nobody has seen; 0 where there is none. */
export const loudest = computed(() => {
  const unseen = alarms.value.filter((a) => !a.acknowledged);
  return unseen.length === 0 ? 0 : Math.min(...unseen.map((a) => a.level));
});

export function at(time: string | undefined | null): number {
  return time ? Date.parse(time) : Number.POSITIVE_INFINITY;
}

/** find returns the notice that an alarm or a conflict means by its id. */
export function find(id: string, party?: string): Notice | undefined {
  for (const n of notices.value.values()) {
    if (n.id === id && (party === undefined || n.party === party)) return n;
  }
  return undefined;
}
