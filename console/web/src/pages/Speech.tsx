// What an officer said in a call: the original, which counts, with what helps to read it beside it.
import { api, got, language } from "../api/client";
import type { Call } from "../api/schema.gen";
import { may } from "../live/ask";
import { draftOf } from "../live/drafts";
import { languages, t, word } from "../words/say";
import { InWords } from "../parts/Phrases";
import { Name, Said, Text, useDo } from "../parts/bits";

export type Spoken = Pick<Call, "text" | "language" | "officer" | "role" | "shown" | "translations" | "entry" | "phrase">;

export function Speech({ speech: s, call }: { speech: Spoken; call: Call }) {
  return (
    <blockquote>
      {s.shown && (
        <p class="shown" lang={s.shown.language} dir="auto">
          <Text>{s.shown.text}</Text> {!s.shown.reviewed && <small>{t("unreviewed")}</small>}
        </p>
      )}
      {s.phrase && s.shown?.language !== language.value && s.language !== language.value && <InWords phrase={s.phrase} />}
      <p lang={s.language} dir="auto">
        <Text>{s.text}</Text>
      </p>
      {(s.translations ?? []).map((x) => (
        <p key={x.language + x.translator} lang={x.language} dir="auto">
          <Text>{x.text}</Text> <small><Text>{x.translator}</Text></small>
        </p>
      ))}
      <footer>
        <Name>{`${s.officer} (${word("role", s.role)})`}</Name>
      </footer>
      {s.text !== "" && may("duty", "supervisor", "interpreter") && <Translate speech={s} line={call.line} />}
    </blockquote>
  );
}

/** Translate puts a translation beside the original, with the name of who made it. */
function Translate({ speech: s, line }: { speech: Spoken; line: string }) {
  const { busy, outcome, run } = useDo();
  const into = languages.some((l) => l.tag !== s.language && l.tag === language.value) ? language.value : s.language === "en" ? "fr" : "en";
  const d = draftOf(`translate ${s.entry}`, { language: into, text: "" });
  return (
    <details>
      <summary>{t("translate")}</summary>
      <form
        class="ask"
        onSubmit={(e) => {
          e.preventDefault();
          void run(() => got(api.POST("/v1/calls/translate", { params: { query: { line } }, body: { entry: s.entry, ...d.value } }))).then((ok) => ok && d.clear());
        }}
      >
        <label>
          {t("language")}
          <select value={d.value.language} onChange={(e) => d.set({ language: e.currentTarget.value })}>
            {languages.map((l) => (
              <option key={l.tag} value={l.tag} lang={l.tag}>
                {l.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("translate.text")}
          <textarea rows={2} required lang={d.value.language} dir="auto" value={d.value.text} onInput={(e) => d.set({ text: e.currentTarget.value })} />
        </label>
        <button type="submit" aria-disabled={busy}>
          {t("translate.do")}
        </button>
      </form>
      <Said outcome={outcome} />
    </details>
  );
}
