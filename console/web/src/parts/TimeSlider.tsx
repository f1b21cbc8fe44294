// The moment that the map shows: now, or another between the past and what is planned.
import { computed, effect, signal } from "@preact/signals";
import { api, got } from "../api/client";
import type { Notice, PastNotice } from "../api/schema.gen";
import { keyOf, line, notices, now } from "../live/store";
import { local, stamp } from "../live/time";
import { t } from "../words/say";

/** picked is the moment that an officer chose; null follows the clock. */
export const picked = signal<number | null>(null);
export const moment = computed(() => picked.value ?? Math.floor(now.value / 10_000) * 10_000);

/** shown are the notices of the moment: those of now, or what the node held then and no more. */
export const shown = signal<{ notices: Notice[]; past: boolean; waiting: boolean }>({ notices: [], past: false, waiting: false });

/** How long the slider rests before the node is asked. */
const restMs = 250;

/** replay keeps what is shown at the moment that is picked, until the map is left. */
export function replay(): () => void {
  let timer = 0;
  let asked = 0;
  return effect(() => {
    const at = picked.value;
    window.clearTimeout(timer);
    asked++;
    if (at === null || at >= Date.now()) {
      shown.value = { notices: [...notices.value.values()], past: false, waiting: false };
      return;
    }
    const mine = asked;
    const ln = line.peek();
    shown.value = { ...shown.peek(), past: true, waiting: true };
    timer = window.setTimeout(() => {
      void got(api.GET("/v1/past", { params: { query: { at: new Date(at).toISOString(), ...(ln ? { line: ln.id } : {}) } } }))
        .then((p) => {
          if (mine === asked) shown.value = { notices: p.notices.map(asNotice), past: true, waiting: false };
        })
        .catch(() => {
          if (mine === asked) shown.value = { notices: [], past: true, waiting: false };
        });
    }, restMs);
  });
}

/** asNotice is a notice of the past as the map draws one. */
function asNotice(n: PastNotice): Notice {
  const now = notices.peek().get(keyOf(n));
  return { ...(now ?? ({} as Notice)), ...(n as unknown as Notice), conflicts: n.conflicting ? ["then"] : [] };
}

const hour = 3_600_000;
const stepMs = 5 * 60_000;

/** span reaches a day back, and ahead as far as something is planned, at least a day and at most a week. */
const span = computed(() => {
  const n = Math.floor(now.value / stepMs) * stepMs;
  let last = n + 24 * hour;
  for (const x of notices.value.values()) {
    const end = x.end ? Date.parse(x.end) : 0;
    if (end > last && x.kind !== "site") last = end;
  }
  return { from: n - 24 * hour, to: Math.min(last, n + 7 * 24 * hour) };
});

export function TimeSlider() {
  const { from, to } = span.value;
  const at = moment.value;
  const past = picked.value !== null && at < now.value - stepMs;
  return (
    <div class={`timeslider ${picked.value === null ? "" : "other"}`}>
      <button type="button" aria-pressed={picked.value === null} onClick={() => (picked.value = null)}>
        {t("time.now")}
      </button>
      <input
        type="range"
        min={from}
        max={to}
        step={stepMs}
        value={at}
        aria-label={t("time.moment")}
        aria-valuetext={stamp(at)}
        onInput={(e) => (picked.value = Number(e.currentTarget.value))}
      />
      <output>
        <strong><bdi dir="ltr">{stamp(at)}</bdi></strong> <bdi dir="ltr">{local(at)}</bdi>
        {picked.value !== null && <em> {shown.value.waiting ? t("time.wait") : past ? t("time.past") : t("time.ahead")}</em>}
      </output>
    </div>
  );
}
