// Filing a notice: drawn, typed or dropped; said back in words before it goes.
import { useEffect, useState } from "preact/hooks";
import { api, got } from "../api/client";
import type { Checked, Filings } from "../api/schema.gen";
import { line } from "../live/store";
import { blank, draft, drawn, plan, type Draft } from "../live/draft";
import { drawing, sketch, type Tool } from "../map/draw";
import { to } from "../live/route";
import { t, word } from "../words/say";
import { Do, Said, Text, useDo } from "../parts/bits";

type Source = { type: "application/geo+json" | "text/plain"; text: string };

export function FilePage() {
  const [checked, setChecked] = useState<Checked | null>(null);
  const [filed, setFiled] = useState<Filings | null>(null);
  const [dropped, setDropped] = useState<Source | null>(null);
  const { busy, outcome, run } = useDo();
  useSketch();
  const source = (): Source => dropped ?? { type: "application/geo+json", text: JSON.stringify(plan(draft.value)) };
  const send = (path: "/v1/notices/check" | "/v1/notices") => {
    const s = source();
    return got(
      api.POST(path, {
        params: { query: line.value ? { line: line.value.id } : {} },
        body: s.text as never,
        bodySerializer: (b: unknown) => b as string,
        headers: { "Content-Type": s.type },
      }) as Promise<{ data?: unknown; error?: unknown; response: Response }>,
    );
  };
  const check = () => run(async () => setChecked((await send("/v1/notices/check")) as Checked), t("file.checked"));
  const file = () =>
    run(async () => {
      const out = (await send("/v1/notices")) as Filings;
      setFiled(out);
      setChecked(null);
      if (out.filed.length > 0) {
        draft.value = blank;
        setDropped(null);
      }
    }, "");
  return (
    <article
      class="filing"
      onDragOver={(e) => e.preventDefault()}
      onDrop={(e) => {
        e.preventDefault();
        void dropFile(e.dataTransfer?.files[0]).then((s) => s && (setDropped(s), setChecked(null)));
      }}
    >
      <h2>{t("file")}</h2>
      <p class="quiet">{t("file.intro")}</p>
      {dropped ? <Dropped source={dropped} clear={() => setDropped(null)} /> : <Form />}
      <p class="steps">
        <Do label={t("file.check")} busy={busy} run={check} />
        <Do label={t("file.do")} kind="loud" busy={busy} run={file} />
      </p>
      <Said outcome={outcome} />
      {checked && <CheckedBox checked={checked} />}
      {filed && <FiledBox filed={filed} />}
    </article>
  );
}

function useSketch(): void {
  useEffect(() => {
    const stop = sketch.subscribe((s) => s && drawn(s));
    return () => {
      stop();
      drawing.value = null;
      sketch.value = null;
    };
  }, []);
}

async function dropFile(f: File | undefined): Promise<Source | null> {
  if (!f) return null;
  const text = await f.text();
  return { type: text.trimStart().startsWith("{") ? "application/geo+json" : "text/plain", text };
}

function Dropped({ source, clear }: { source: Source; clear: () => void }) {
  return (
    <>
      <pre class="dropped" dir="ltr">{source.text.slice(0, 4000)}</pre>
      <Do label={t("file.clear")} kind="plain" busy={false} run={clear} />
    </>
  );
}

const kinds: Draft["kind"][] = ["flight", "movement", "area", "hazard", "site"];
const tools: Tool[] = ["circle", "corridor", "polygon"];

const inputs = {
  text: { type: "text", dir: "auto" },
  number: { type: "number", dir: "ltr" },
  "datetime-local": { type: "datetime-local", dir: "ltr" },
} as const;

function Form() {
  const d = draft.value;
  const set = (change: Partial<Draft>) => (draft.value = { ...draft.value, ...change });
  const field = (name: keyof Draft, label: string, type: keyof typeof inputs = "text") => (
    <label>
      {label}
      <input {...inputs[type]} value={d[name]} onInput={(e) => set({ [name]: e.currentTarget.value })} />
    </label>
  );
  return (
    <form class="form" onSubmit={(e) => e.preventDefault()}>
      <label>
        {t("kind")}
        <select value={d.kind} onChange={(e) => set({ kind: e.currentTarget.value as Draft["kind"] })}>
          {kinds.map((k) => (
            <option key={k} value={k}>
              {word("kind", k)}
            </option>
          ))}
        </select>
      </label>
      {field("id", t("file.id"))}
      {field("title", t("file.title"))}
      <div class="two">
        {field("start", t("file.start"), "datetime-local")}
        {field("end", t("file.end"), "datetime-local")}
      </div>
      <fieldset class="choice">
        <legend>{t("map.draw")}</legend>
        {tools.map((x) => (
          <button key={x} type="button" aria-pressed={drawing.value === x} onClick={() => ((drawing.value = drawing.value === x ? null : x), set({ shape: x }))}>
            {t(`map.${x}`)}
          </button>
        ))}
      </fieldset>
      <label>
        {t("file.positions")}
        <textarea rows={4} value={d.positions} onInput={(e) => set({ positions: e.currentTarget.value })} dir="ltr" />
      </label>
      {d.shape !== "polygon" && field("radiusM", d.shape === "circle" ? t("file.radius") : t("file.width"), "number")}
      <div class="two">
        {field("lowerFt", t("file.lower"), "number")}
        {field("upperFt", t("file.upper"), "number")}
      </div>
      <p class="quiet">{t("file.draft")}</p>
      <Do label={t("file.clear")} kind="plain" busy={false} run={() => (draft.value = blank)} />
    </form>
  );
}

function CheckedBox({ checked }: { checked: Checked }) {
  return (
    <section aria-label={t("echo")}>
      {checked.refused.map((r) => (
        <p class="bad" key={r.item + r.reason}>
          <Text>{`${r.source_id || r.item}: ${r.reason}`}</Text>
        </p>
      ))}
      {checked.notices.map((n) => (
        <div key={n.id}>
          <pre class="echo" dir="ltr">{n.echo.join("\n")}</pre>
          {n.warnings.map((w) => (
            <p class="warn" key={w.text}>
              ⚠ <Text>{w.text}</Text>
            </p>
          ))}
        </div>
      ))}
    </section>
  );
}

function FiledBox({ filed }: { filed: Filings }) {
  return (
    <section aria-live="polite">
      {filed.refused.map((r) => (
        <p class="bad" key={r.item + r.reason}>
          <Text>{`${r.source_id || r.item}: ${r.reason}`}</Text>
        </p>
      ))}
      {filed.filed.map((f) => (
        <div key={f.notice.entry}>
          <p class="outcome ok">
            <Text>{t("file.filed", { id: f.notice.id })}</Text>
          </p>
          <ul>
            {f.conflicts.map((c) => (
              <li key={c.id}>
                ⚡{" "}
                <a href={to("conflict", c.id)}>
                  <Text>{`${c.a.party}: ${c.a.notice} – ${c.b.party}: ${c.b.notice}`}</Text>
                </a>
              </li>
            ))}
          </ul>
          {f.conflicts.length === 0 && <p>{t("file.none")}</p>}
          <p class="compared">
            <Text>{f.compared.text}</Text>
          </p>
        </div>
      ))}
    </section>
  );
}
