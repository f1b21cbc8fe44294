// The numbered phrases that both sides agreed on beforehand: the number means the same in every language.
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { api, got, language } from "../api/client";
import type { Phrases } from "../api/schema.gen";
import { useAsk } from "../live/ask";
import { t } from "../words/say";

type Use = Phrases["phrases"][number]["uses"][number];

/** usePhrases are all phrases in the officer's language. */
function usePhrases(): Phrases["phrases"] {
  const tag = language.value;
  return useAsk(() => got(api.GET("/v1/phrases", { params: { query: { language: tag } } })), "phrases", "").value?.phrases ?? [];
}

/** InWords is a phrase in the officer's language. */
export function InWords({ phrase }: { phrase: number }): JSX.Element | null {
  const p = usePhrases().find((x) => x.number === phrase);
  if (!p) return null;
  return (
    <p class="shown" lang={p.language} dir="auto">
      {`${p.number}. ${p.text}`} {!p.reviewed && <small>{t("unreviewed")}</small>}
    </p>
  );
}

/** Phrase offers those of some uses. value is a number as text, or "" for none. */
export function Phrase({ uses, value, set }: { uses: Use[]; value: string; set: (v: string) => void }): JSX.Element | null {
  const id = useId();
  const list = usePhrases().filter((p) => p.uses.some((u) => uses.includes(u)));
  if (list.length === 0) return null;
  const picked = list.find((p) => String(p.number) === value);
  return (
    <div class="field">
      <label for={id}>{t("phrase")}</label>
      <select id={id} value={picked ? value : ""} onChange={(e) => set(e.currentTarget.value)}>
        <option value="">{t("phrase.none")}</option>
        {list.map((p) => (
          <option key={p.number} value={String(p.number)} lang={p.language}>
            {`${p.number}. ${p.text}`}
          </option>
        ))}
      </select>
      {picked && !picked.reviewed && <small class="quiet">{t("unreviewed")}</small>}
    </div>
  );
}
