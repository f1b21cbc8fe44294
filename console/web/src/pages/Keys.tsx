// The keys of both parties as the versions of the agreement have them, what is to be replaced, who compared it by
// voice and when, and where an officer enters what was heard.
import { api, got } from "../api/client";
import type { KeyChange, Line } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { may, useAsk } from "../live/ask";
import { keysOf } from "../live/keys";
import { t } from "../words/say";
import { Do, Moment, Said, Text, useDo } from "../parts/bits";

export function Keys({ line: l }: { line: Line }) {
  const { value, why } = useAsk(() => got(api.GET("/v1/agreement", { params: { query: { line: l.id } } })), `agreement ${l.id}`);
  const { busy, outcome, run } = useDo();
  const notes = (value?.agreements ?? []).map((a) => a.note);
  const waiting = l.key_changes ?? [];
  const compare = (c: KeyChange, heard: string, by: string) =>
    run(() => got(api.POST("/v1/lines/{line}/compare-key", { params: { path: { line: l.id } }, body: { version: c.version, heard, with: by } })));
  return (
    <details open={waiting.length > 0}>
      <summary>{t("keys")}{waiting.length > 0 && ` (${waiting.length})`}</summary>
      {why && <p class="warn"><Text>{why}</Text></p>}
      {waiting.map((c) => (
        <Waiting key={c.agreement} change={c} busy={busy} compare={compare} />
      ))}
      <Said outcome={outcome} />
      {[l.party, l.peer].map((party) => (
        <table class="keys" key={party}>
          <caption><Text>{party}</Text></caption>
          <thead>
            <tr><th scope="col">{t("keys.kind")}</th><th scope="col">{t("keys.key")}</th><th scope="col">{t("starts")}</th><th scope="col">{t("state")}</th></tr>
          </thead>
          <tbody>
            {keysOf(party, notes).map((k) => (
              <tr key={k.kind + k.key}>
                <td>{t(`keys.${k.kind}`)}</td>
                <td><code dir="ltr">{k.key}</code></td>
                <td><Moment at={k.from} /></td>
                <td>{k.how ? <strong>{t(`keys.${k.how}`)} <Moment at={k.until} /></strong> : t("keys.counts")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </details>
  );
}

/** Waiting is a version that replaces a party key: it counts when both signed it and an officer of each side compared it. */
function Waiting({ change: c, busy, compare }: { change: KeyChange; busy: boolean; compare: (c: KeyChange, heard: string, by: string) => Promise<boolean> }) {
  const d = draftOf(`key ${c.agreement}`, { heard: "", by: "" });
  const { heard, by } = d.value;
  const enter = () => compare(c, heard, by).then((ok) => ok && d.clear());
  return (
    <section class="proposal">
      <h4>{t("keys.waits", { party: c.party, n: c.version })}</h4>
      <p>{t("keys.signed")} <Text>{c.signers.join(", ")}</Text></p>
      {c.compared.length === 0 && <p class="warn">{t("keys.nobody")}</p>}
      <ul class="list">
        {c.compared.map((x) => (
          <li key={x.party + x.time}><Text>{`${x.party}: ${x.officer} ↔ ${x.with}`}</Text> <Moment at={x.time} seconds /></li>
        ))}
      </ul>
      {may("supervisor") && (
        <form onSubmit={(e) => (e.preventDefault(), void enter())}>
          <label>{t("keys.heard")}<input value={heard} onInput={(e) => d.set({ heard: e.currentTarget.value })} dir="ltr" autocomplete="off" /></label>
          <label>{t("keys.with")}<input value={by} onInput={(e) => d.set({ by: e.currentTarget.value })} dir="auto" /></label>
          <Do label={t("keys.enter")} busy={busy} run={enter} disabled={!heard || !by} />
        </form>
      )}
    </section>
  );
}
