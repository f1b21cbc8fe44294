// The channels that tell alarms to people beside the console: how each stands, and a test of it.
import { useState } from "preact/hooks";
import { api, got } from "../api/client";
import type { AlertChannel } from "../api/schema.gen";
import { may, useAsk } from "../live/ask";
import { t, word } from "../words/say";
import { Do, Facts, Moment, Said, Text, useDo } from "./bits";

export function AlertChannels() {
  const { value, why } = useAsk(() => got(api.GET("/v1/alerts")), "alerts");
  return (
    <section>
      <h3>{t("channels")}</h3>
      {why && <p class="warn"><Text>{why}</Text></p>}
      {value?.channels.length === 0 && <p class="warn">{t("channels.none")}</p>}
      {value?.channels.map((c) => <Channel key={c.name} c={c} />)}
    </section>
  );
}

type Tested = { ok: boolean; error?: string };

function Channel({ c }: { c: AlertChannel }) {
  const { busy, outcome, run } = useDo();
  const [tested, setTested] = useState<Tested | null>(null);
  const test = () =>
    run(async () => {
      setTested(null);
      setTested(await got(api.POST("/v1/alerts/test", { body: { channel: c.name } })));
    }, "");
  return (
    <section class="proposal channel">
      <h4><Text>{c.name}</Text>{c.observer && <>: {word("role", "observer")} <Text>{c.observer}</Text></>}</h4>
      <Facts
        rows={[
          [t("channels.delivered"), c.delivered_at ? <Moment at={c.delivered_at} seconds /> : t("channels.never")],
          [t("channels.failed"), c.failed_at ? <Moment at={c.failed_at} seconds /> : ""],
          [t("reason"), c.error ? <strong class="bad"><Text>{c.error}</Text></strong> : ""],
          [t("remark.was"), c.remark ? <Text>{c.remark}</Text> : ""],
          [t("channels.told"), String(c.told)],
          [t("channels.waiting"), c.waiting > 0 ? <strong class="bad">{c.waiting}</strong> : ""],
        ]}
      />
      {c.failing.length > 0 && (
        <ul class="list">
          {c.failing.map((f) => (
            <li key={f.alarm} class="bad"><Text>{`${f.alarm}: ${f.error}`}</Text> ({word("channel", f.elsewhere ? "elsewhere" : "nowhere")})</li>
          ))}
        </ul>
      )}
      {may("duty", "supervisor") && <Do label={t("channels.test", { name: c.name })} busy={busy} run={test} />}
      {tested && (
        <p class={`outcome ${tested.ok ? "ok" : "bad"}`} role="status">
          {tested.ok ? t("channels.ok") : <><Text>{t("channels.bad", { why: tested.error ?? "" })}</Text></>}
        </p>
      )}
      {outcome && !outcome.ok && <Said outcome={outcome} />}
    </section>
  );
}
