// Statements: which there are, and one with its texts, who signed it, and the step that follows. The party key
// is never in a browser: what is signed comes here as a file.
import { useState } from "preact/hooks";
import { api, got, raw } from "../api/client";
import type { Statement } from "../api/schema.gen";
import { status } from "../live/store";
import { may, save, useAsk } from "../live/ask";
import { to } from "../live/route";
import { t, word } from "../words/say";
import { Ask, Do, Facts, Moment, Ref, Said, shortEntry, Text, useDo } from "../parts/bits";
import { Verify } from "../parts/Verify";

export function StatementList() {
  const [text, setText] = useState("");
  const { value, why } = useAsk(() => got(api.GET("/v1/statements", { params: { query: text ? { text } : {} } })), `statements ${text}`);
  const { busy, outcome, run } = useDo();
  return (
    <section>
      <h3>{t("statements")}</h3>
      <label>
        {t("statement.find")}
        <input value={text} onInput={(e) => setText(e.currentTarget.value)} dir="auto" />
      </label>
      {why && <p class="warn"><Text>{why}</Text></p>}
      <ul class="list">
        {(value?.statements ?? []).map((s) => (
          <li key={s.id}>
            <a href={to("statement", s.id)}><Text>{s.title}</Text></a> <strong>{word("statement", s.state)}</strong> <Moment at={s.since} />
          </li>
        ))}
      </ul>
      {(value?.flawed ?? []).map((f) => (
        <p class="warn" key={f.entry}><Text>{`${f.party} ${shortEntry(f.entry)} ${f.title ?? ""}: ${f.why}`}</Text></p>
      ))}
      {value?.answer && <p class="compared"><Text>{value.answer}</Text></p>}
      {may("duty", "supervisor") && <PutSigned label={t("statement.put")} busy={busy} run={run} />}
      <Said outcome={outcome} />
    </section>
  );
}

type Run = ReturnType<typeof useDo>["run"];

/** PutSigned takes a signed file and puts it on the line; where it takes two, a second officer releases it. */
function PutSigned({ label, busy, run }: { label: string; busy: boolean; run: Run }) {
  const put = (f: File | undefined) =>
    f &&
    run(async () => {
      const note = await f.text();
      return got(api.POST("/v1/statements", { params: { query: {} }, ...raw(note, "text/plain") }));
    });
  return (
    <label class="filepick">
      {label}
      <input type="file" disabled={busy} onChange={(e) => void put(e.currentTarget.files?.[0])} />
    </label>
  );
}

export function StatementPage({ id }: { id: string }) {
  const { value, why } = useAsk(() => got(api.GET("/v1/statements/{id}", { params: { path: { id }, query: {} } })), id);
  const { busy, outcome, run } = useDo();
  if (!value) return <p><Text>{why || id}</Text></p>;
  const s = value;
  return (
    <article>
      <h2>
        {t("statement")}: <Text>{s.title}</Text> <span class={`chip statement-${s.state}`}>{word("statement", s.state)}</span>
      </h2>
      <p class="lead"><Text>{s.standing}</Text></p>
      {(s.flags ?? []).map((f) => <p class="warn" key={f}>⚠ <Text>{f}</Text></p>)}
      {s.texts.map((x) => (
        <blockquote key={x.language} lang={x.language} dir="auto">
          <p class="whole"><Text>{x.text}</Text></p>
          <footer>{x.language}</footer>
        </blockquote>
      ))}
      <Facts
        rows={[
          [t("statement.drafted"), <Moment at={s.date} />],
          [t("about"), s.about.length > 0 ? <Text>{s.about.map((a) => (a.startsWith("parley/") ? shortEntry(a) : a)).join(", ")}</Text> : ""],
          [t("statement.corrects"), s.corrects ? <a href={to("statement", s.corrects)}>{s.corrects.slice(0, 12)}</a> : ""],
          [t("statement.withdraws"), s.withdraws ? <a href={to("statement", s.withdraws)}>{s.withdraws.slice(0, 12)}</a> : ""],
          [t("statement.waits"), s.waits ? <Text>{s.waits}</Text> : ""],
          [t("file.id"), <code class="id">{s.id}</code>],
        ]}
      />
      <Signed s={s} />
      <Next s={s} busy={busy} run={run} />
      <Said outcome={outcome} />
      <Verify about={s.id} line={s.line} note={s.note ?? ""} />
    </article>
  );
}

function Signed({ s }: { s: Statement }) {
  return (
    <section>
      <h3>{t("statement.signed")}</h3>
      <ul>
        {s.signatures.map((x) => (
          <li key={x.entry}>
            ✓ <strong><Text>{x.party}</Text></strong> <Moment at={x.time} seconds /> <Text>{[`${x.officer} (${word("role", x.role)})`, x.released_by].filter(Boolean).join(", ")}</Text> · <Ref of={x.entry} />
          </li>
        ))}
        {s.refusals.map((x) => (
          <li key={x.entry} class="bad">
            ✗ <strong><Text>{x.party}</Text></strong> {word("statement", "refused")} <Moment at={x.time} seconds /> <Text>{`${x.officer} (${word("role", x.role)}): ${x.reason}`}</Text>
          </li>
        ))}
        {[...s.corrected_by, ...s.withdrawn_by].map((x) => (
          <li key={x.id}>
            → <a href={to("statement", x.id)}>{x.id.slice(0, 12)}</a> <Text>{x.by.join(", ")}</Text> <strong>{word("statement", x.state)}</strong> <Moment at={x.time} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Next({ s, busy, run }: { s: Statement; busy: boolean; run: Run }) {
  const own = status.value?.party ?? "";
  const mine = s.waits === own;
  const path = { params: { path: { id: s.id }, query: { line: s.line } } };
  return (
    <section class="stepsbox">
      {s.note && <Do label={t("statement.note")} busy={busy} run={() => save(`statement-${s.id.slice(0, 12)}.note`, new Blob([s.note ?? ""], { type: "text/plain" }))} />}
      {mine && (
        <>
          <p>{t("statement.how")}<code dir="ltr">{`parley statement agree ${s.id.slice(0, 12)}`}</code></p>
          {may("duty", "supervisor") && <PutSigned label={t("statement.put")} busy={busy} run={run} />}
          {may("supervisor") && <Ask draft={`refuse ${s.id}`} label={t("reason")} button={t("refuse")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/statements/{id}/refuse", { ...path, body: { reason } })))} />}
        </>
      )}
    </section>
  );
}

/** RecordOf is where a notice or a conflict is spoken of: statements that name it. */
export function StatementsAbout({ about }: { about: string }) {
  const { value } = useAsk(() => got(api.GET("/v1/statements", { params: { query: { about } } })), `about ${about}`);
  if (!value || value.statements.length === 0) return null;
  return (
    <section>
      <h3>{t("statements")}</h3>
      <ul class="list">
        {value.statements.map((s) => (
          <li key={s.id}>
            <a href={to("statement", s.id)}><Text>{s.title}</Text></a> <strong>{word("statement", s.state)}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}
