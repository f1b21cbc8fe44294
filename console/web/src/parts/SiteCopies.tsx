// Marked copies of the own sites: which were given to whom, and whose copy a list was made from.
import { useState } from "preact/hooks";
import { api, got, raw } from "../api/client";
import type { SiteCopy, WhoseCopy } from "../api/schema.gen";
import { useAsk } from "../live/ask";
import { t, word } from "../words/say";
import { Facts, Moment, Said, Text, useDo } from "./bits";

export function SiteCopies({ line }: { line: string }) {
  const { value, why } = useAsk(() => got(api.GET("/v1/sites/copies", { params: { query: { line } } })), `copies ${line}`);
  const { busy, outcome, run } = useDo();
  const [whose, setWhose] = useState<WhoseCopy | null>(null);
  const ask = (files: FileList | null) =>
    run(async () => {
      const file = files?.[0];
      setWhose(null);
      if (!file) return;
      setWhose(await got(api.POST("/v1/sites/whose-copy", { params: { query: { line } }, ...raw(await file.text(), "text/plain") })));
    }, "");
  return (
    <details>
      <summary>{t("copies")} {value && <span class="count">{value.copies.length}</span>}</summary>
      {why && <p class="warn"><Text>{why}</Text></p>}
      {value?.copies.length === 0 && <p class="none">{t("now.none")}</p>}
      <ul class="list">{value?.copies.map((c) => <li key={c.id}><Copy copy={c} /></li>)}</ul>
      <label class="filepick">
        {t("copies.whose")}
        <input type="file" disabled={busy} onChange={(e) => void ask(e.currentTarget.files)} />
      </label>
      {outcome && !outcome.ok && <Said outcome={outcome} />}
      {whose && (
        <section role="status">
          {whose.named.length === 0 && !whose.same && <p class="warn">{t("copies.none")}</p>}
          <ul class="list">
            {whose.same && <li><Copy copy={whose.same} /></li>}
            {whose.named.map((x) => <li key={x.copy.id}><Copy copy={x.copy} /> <bdi dir="ltr">{x.matched} / {x.sites}</bdi></li>)}
          </ul>
          <Facts rows={[[t("copies.compared"), String(whose.copies)], [t("copies.near"), String(whose.sites)], [t("copies.as-held"), String(whose.as_held)]]} />
        </section>
      )}
    </details>
  );
}

function Copy({ copy: c }: { copy: SiteCopy }) {
  return (
    <>
      <strong><Text>{c.for}</Text></strong> {word("givenlevel", c.level)}, {t("sites")}: {c.sites} <Moment at={c.time} />{" "}
      <Text>{[`${c.officer} (${word("role", c.role)})`, c.released_by].filter(Boolean).join(", ")}</Text> <bdi dir="ltr" class="id">{c.id}</bdi>
    </>
  );
}
