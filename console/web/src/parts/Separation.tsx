// What is kept from the notice that somebody looks at: under the mouse, at a link that has the focus, gone to on
// the map by keys, or opened. The map draws it as rings; here it is said in words.
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, got } from "../api/client";
import { useAsk } from "../live/ask";
import { line, notices } from "../live/store";
import { route } from "../live/route";
import { short } from "../map/layer";
import { distanceText, heightText, keptFrom, termsOf, type Kept, type Term } from "../map/separation";
import { t, unit, word } from "../words/say";

/** hovered is the notice under the mouse, linked that of a link with the mouse or the focus, stepped that of the map's keys. */
export const hovered = signal<string | null>(null);
export const linked = signal<string | null>(null);
export const stepped = signal<string | null>(null);

const opened = computed(() => (route.value.page === "notice" ? route.value.id : null));
const looked = computed(() => hovered.value ?? linked.value ?? stepped.value ?? opened.value);

const terms = signal<Term[]>([]);
const lineID = computed(() => line.value?.id ?? "");
const agreement = computed(() => line.value?.agreement ?? "");

/** around is the notice that is looked at, and what is kept from it. */
export const around = computed(() => {
  const n = looked.value === null ? undefined : notices.value.get(looked.value);
  return n ? { notice: n, kept: keptFrom(n, terms.value) } : null;
});

/** look begins to follow links to notices. */
export function look(): () => void {
  const of = (e: Event) => {
    const a = e.target instanceof Element ? e.target.closest("a[href^='#/notice/']") : null;
    return a ? decodeURIComponent((a.getAttribute("href") ?? "").slice("#/notice/".length)) : null;
  };
  const on = (e: Event) => (linked.value = of(e));
  const off = () => (linked.value = null);
  const pairs = [["focusin", on], ["focusout", off], ["pointerover", on]] as const;
  for (const [name, f] of pairs) document.addEventListener(name, f);
  return () => {
    for (const [name, f] of pairs) document.removeEventListener(name, f);
  };
}

/** useTerms keeps what the agreement in force says of separation. */
function useTerms(): void {
  const [of, id] = [lineID.value, agreement.value];
  const { value } = useAsk(async () => {
    if (!id) return null;
    const note = (await got(api.GET("/v1/agreement", { params: { query: { line: of } } }))).agreements.find((a) => a.id === id)?.note;
    return note ? termsOf(note) : null;
  }, `${of} ${id}`, "");
  useEffect(() => {
    if (value) terms.value = value;
  }, [value]);
}

export function Separation() {
  useTerms();
  const a = around.value;
  if (!a || a.kept.length === 0) return null;
  const byKeys = hovered.value === null;
  return (
    <div class="separation" role="status" aria-live={byKeys ? "polite" : "off"}>
      <p>
        <strong>{t("ring.of", { id: `${a.notice.party}: ${short(a.notice.id)}` })}</strong>
      </p>
      <ul>
        {a.kept.map((k) => (
          <li key={k.kind + k.when + String(k.term.lateral_m)}>
            {who(k)}: {what(k.term).map((x, i) => <span key={x}>{i > 0 && " · "}<bdi>{x}</bdi></span>)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function who(k: Kept): string {
  if (k.when === "small-uncrewed") return t("ring.small");
  if (k.when === "sea") return t("ring.sea");
  return word("kind", k.kind);
}

/** what are the parts of it, each to be held in its own place. */
function what(x: Term): string[] {
  if (x.not_deconflicted) return [t("ring.none")];
  const parts = [
    x.lateral_m > 0 ? distanceText(x.lateral_m) : t("ring.overlap"),
    x.any_altitude ? t("ring.any") : x.vertical_m > 0 ? heightText(x.vertical_m) : "",
    x.time_s > 0 ? unit(Math.round(x.time_s / 60), "min") : "",
    x.flight_below_ft > 0 ? t("ring.below", { ft: x.flight_below_ft.toLocaleString("en") }) : "",
  ];
  return parts.filter(Boolean);
}
