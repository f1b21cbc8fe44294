// The page of what an alarm is about.
import type { Alarm } from "../api/schema.gen";
import { calls, conflicts, find, keyOf } from "./store";
import { to } from "./route";

/** Pages of alarms by the beginning of their kind. Of the rest the subject says it. */
const byKind: [RegExp, string][] = [
  [/^(release|handover|rota|watch|undelivered)/, "desk"],
  [/^(undertaking|statement)/, "record"],
  [/^(revalidate|unverified)/, "sites"],
  [/^(by-voice|voice-)/, "voice"],
  [/^taken-back/, "log"],
  [/^(test-|new-key|unwitnessed|witness-)/, "line"],
];

export function pageOf(a: Alarm): string | null {
  const id = a.subject;
  const known = byKind.find(([kind]) => kind.test(a.kind));
  if (known) return to(known[1]);
  if (a.kind === "review-opened" && id) return to("review", id);
  if (!id) return a.line ? to("line") : null;
  if (a.not_told) return to("answers");
  if (conflicts.value.some((c) => c.id === id)) return to("conflict", id);
  if (calls.value.some((c) => c.entry === id)) return to("call", id);
  const n = find(id);
  return n ? to("notice", keyOf(n)) : null;
}
