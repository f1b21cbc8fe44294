// The draft as the node would compare it: checked a moment after the last key, and shown on the map and in
// words before anybody files it.
import { computed, effect, signal } from "@preact/signals";
import { api, got, language, raw, said } from "../api/client";
import type { Checked, WouldConflict } from "../api/schema.gen";
import { line, now, partsOf } from "./store";
import { typed } from "./typed";
import { amends, draft, from, plan, type Draft } from "./draft";
import { draftOf } from "./drafts";

export type Source = { type: "application/geo+json" | "text/plain"; text: string };

const nothing = { type: "", text: "" };

const file = () => draftOf(amends.value ? `file ${amends.value}` : "file", from.value?.text ? { type: "application/geo+json", text: from.value.text } : nothing);

/** dropped is a file that is filed instead of what was typed. */
export const dropped = computed((): Source | null => {
  const { type, text } = file().value;
  return type === "application/geo+json" || type === "text/plain" ? { type, text } : null;
});

export function putFile(s: Source | null): void {
  if (s) file().set(s);
  else file().clear();
}

/** checked is what the node said of the draft as it is now; null while it has not been asked. */
export const checked = signal<Checked | null>(null);
export const checking = signal<{ busy: boolean; why: string }>({ busy: false, why: "" });

/** filing says that the form is open: only then is the draft on the map. */
export const filing = signal(false);

/** How long the keys rest before the node is asked. */
const restMs = 1_000;

export function source(): Source {
  return dropped.value ?? { type: "application/geo+json", text: JSON.stringify(plan(draft.value)) };
}

/** send asks the node to check or to file what is there; to file it as a new version of an own notice, where amends
 * says of which. */
export function send(path: "/v1/notices/check" | "/v1/notices", s: Source, drill = false): Promise<unknown> {
  const { line: of, id } = partsOf(amends.peek());
  const query = { ...(of || line.peek() ? { line: of || line.peek()?.id } : {}), ...(drill ? { drill } : {}) } as { line: string };
  const as = raw(s.text, s.type);
  const asked =
    of && path === "/v1/notices"
      ? api.PUT("/v1/notices/{id}", { params: { path: { id }, query }, ...as })
      : api.POST(path, { params: { query }, ...as });
  return got(asked as Promise<{ data?: unknown; error?: unknown; response: Response }>);
}

let asked = 0;

/** check asks the node now. What changes meanwhile makes its answer void. */
export async function check(): Promise<void> {
  const mine = ++asked;
  checking.value = { busy: true, why: "" };
  try {
    const out = (await send("/v1/notices/check", source())) as Checked;
    if (mine === asked) checked.value = out;
    if (mine === asked) checking.value = { busy: false, why: "" };
  } catch (e) {
    if (mine === asked) checking.value = { busy: false, why: said(e) };
  }
}

/** whole says that a draft has all that the node needs to compare it. */
function whole(d: Draft): boolean {
  const end = typed(d.end, now.peek()) !== "" || (d.end === "" && d.kind === "site");
  return d.positions.trim() !== "" && typed(d.start, now.peek()) !== "" && end && (d.shape === "polygon" || d.radiusM.trim() !== "");
}

/** tryOut keeps the check current while the form is open. */
export function tryOut(): () => void {
  filing.value = true;
  let timer = 0;
  const stop = effect(() => {
    const ready = dropped.value !== null || whole(draft.value);
    void language.value;
    asked++;
    checked.value = null;
    if (checking.peek().busy !== ready || checking.peek().why !== "") checking.value = { busy: ready, why: "" };
    window.clearTimeout(timer);
    if (ready) timer = window.setTimeout(() => void check(), restMs);
  });
  return () => {
    stop();
    window.clearTimeout(timer);
    asked++;
    filing.value = false;
    checked.value = null;
  };
}

/** would are the conflicts that filing the draft would bring about. */
export function would(c: Checked | null): WouldConflict[] {
  return (c?.notices ?? []).flatMap((n) => n.conflicts);
}

const none = "[]";

/** outline is the draft's volumes as text: of the same value, and so not drawn anew, while only words are typed. */
const outline = computed(() => {
  const s = dropped.value;
  if (s && s.type !== "application/geo+json") return none;
  try {
    const read = JSON.parse(s ? s.text : JSON.stringify(plan(draft.value))) as { features?: unknown };
    return Array.isArray(read.features) ? JSON.stringify(read.features.map(volumeOf)) : none;
  } catch {
    return none;
  }
});

/** volumeOf leaves of a feature what is drawn of it. */
function volumeOf(f: unknown): unknown {
  const { geometry, properties } = (f ?? {}) as { geometry?: unknown; properties?: { radius_m?: unknown; half_width_m?: unknown } | null };
  return { geometry, properties: { radius_m: properties?.radius_m, half_width_m: properties?.half_width_m } };
}

/** features are the volumes of the draft, as far as they can be drawn. */
export function features(): unknown[] {
  return JSON.parse(outline.value) as unknown[];
}
