// What happened while the page was not live: what it showed when it lost the node, compared with what it
// shows when it has it again.
import { signal } from "@preact/signals";
import { calls, conflicts, notices } from "./store";

export type Happened = { page: "notice" | "conflict" | "call"; id: string; how: "new" | "changed" | "over" };
export type Meanwhile = { from: number; to: number; list: Happened[] };

/** meanwhile is what an officer has not looked at yet of that, or null. */
export const meanwhile = signal<Meanwhile | null>(null);

type Looks = Map<string, { page: Happened["page"]; id: string; look: string }>;

let before: Looks | null = null;

function looks(): Looks {
  const out: Looks = new Map();
  const put = (page: Happened["page"], id: string, look: string) => out.set(`${page} ${id}`, { page, id, look });
  notices.value.forEach((n, key) => put("notice", key, `${n.entry} ${n.state}`));
  conflicts.value.forEach((c) => put("conflict", c.id, `${c.state} ${c.a.version} ${c.b.version}`));
  calls.value.forEach((c) => put("call", c.entry, `${c.state} ${c.answers.length}`));
  return out;
}

/** away notes what is shown when the node is lost. */
export function away(): void {
  before ??= looks();
}

/** back says what is different now. What was shown to an officer before he looked at it stays on the list. */
export function back(since: number): void {
  if (!before) return;
  const was = before;
  before = null;
  const is = looks();
  const list: Happened[] = [];
  is.forEach((x, key) => {
    const old = was.get(key);
    if (old?.look !== x.look) list.push({ page: x.page, id: x.id, how: old ? "changed" : "new" });
  });
  was.forEach((x, key) => {
    if (!is.has(key)) list.push({ page: x.page, id: x.id, how: "over" });
  });
  const earlier = meanwhile.value;
  const seen = new Set(list.map((x) => x.page + x.id));
  meanwhile.value = {
    from: earlier?.from ?? since,
    to: Date.now(),
    list: [...list, ...(earlier?.list ?? []).filter((x) => !seen.has(x.page + x.id))],
  };
}
