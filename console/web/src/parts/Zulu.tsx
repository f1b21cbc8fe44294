// A field for a time in UTC: typed as officers write it, and said back as it was understood.
import { now } from "../live/store";
import { lasting, zulu } from "../live/time";
import { at, typed } from "../live/typed";
import { t } from "../words/say";

/** Zulu keeps what is typed until it is left, and then the time that it means. after is what the time comes after; happened says that it is past. */
export function Zulu({ label, value, set, after, happened = false }: { label: string; value: string; set: (v: string) => void; after?: string; happened?: boolean }) {
  const first = after ? at(after) : NaN;
  const from = Number.isFinite(first) ? first : now.value;
  const time = typed(value, from, happened);
  return (
    <label>
      {label}
      <input
        type="text"
        dir="ltr"
        inputMode="text"
        autocomplete="off"
        placeholder={zulu(now.value).replace(":", "")}
        value={value.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)$/, "$1 $2Z")}
        onInput={(e) => set(e.currentTarget.value)}
        onChange={(e) => set(typed(e.currentTarget.value, from, happened) || e.currentTarget.value)}
      />
      {value !== "" && <small class={time ? "quiet" : "bad"}>{time ? said(time) : t("file.no-time")}</small>}
    </label>
  );
}

function said(time: string): string {
  const ms = at(time) - now.value;
  return t(ms >= 0 ? "file.in" : "file.ago", { time: time.replace("T", " ") + "Z", in: lasting(ms) });
}
