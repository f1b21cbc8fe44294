// The moment that the map shows: now, or another between the past and what is planned.
import { computed, signal } from "@preact/signals";
import { notices, now } from "../live/store";
import { local, stamp } from "../live/time";
import { t } from "../words/say";

/** picked is the moment that an officer chose; null follows the clock. */
export const picked = signal<number | null>(null);
export const moment = computed(() => picked.value ?? Math.floor(now.value / 10_000) * 10_000);

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
        <strong>{stamp(at)}</strong> {local(at)}
        {picked.value !== null && <em> {past ? t("time.past") : t("time.ahead")}</em>}
      </output>
    </div>
  );
}
