// Filing a notice: drawn, typed or dropped; said back in words before it goes.
import { useEffect, useState } from "preact/hooks";
import type { Checked, Filings, WouldConflict } from "../api/schema.gen";
import { find, keyOf, notices } from "../live/store";
import { amends, beginWith, change, discard, draft, drawn, from, suggested, type Draft } from "../live/draft";
import { check, checked, checking, dropped, putFile, send, source, tryOut, type Source } from "../live/trial";
import { drawing, sketch, type Tool } from "../live/sketch";
import { go, to } from "../live/route";
import { readNotice, useAsk } from "../live/ask";
import { draftOf } from "../live/drafts";
import type { Altitude } from "../map/volumes";
import { t, word } from "../words/say";
import { Zulu } from "../parts/Zulu";
import { Do, Echo, Moment, Said, Text, useDo } from "../parts/bits";

export function FilePage({ changes }: { changes: string }) {
  const [filed, setFiled] = useState<Filings | null>(null);
  const { busy, outcome, run } = useDo();
  const drill = draftOf(`exercise ${changes}`, { on: false as boolean });
  useSketch();
  useEffect(tryOut, [changes]);
  useChanged(changes);
  const file = () =>
    run(async () => {
      const out = await send("/v1/notices", source(), drill.value.on);
      drill.clear();
      if (changes) {
        go("notice", changes);
        discard();
        putFile(null);
        return;
      }
      setFiled(out as Filings);
      if ((out as Filings).filed.length > 0) {
        discard();
        putFile(null);
      }
    }, "");
  const now = checking.value;
  if (changes && !from.value) return null;
  return (
    <article
      class="filing"
      onDragOver={(e) => e.preventDefault()}
      onDrop={(e) => {
        e.preventDefault();
        void drop(e.dataTransfer?.files[0]);
      }}
    >
      <h2>{changes ? <Text>{t("file.change", { id: draft.value.id })}</Text> : t("file")}</h2>
      {changes && <p class="quiet">{t("file.change-how")}</p>}
      <p class="quiet">{t("file.intro")}</p>
      <label class="filepick">
        {t("file.choose")}
        <input type="file" accept=".geojson,.json,.notam,.txt" onChange={(e) => void take(e.currentTarget)} />
      </label>
      {!dropped.value ? <Form /> : from.value?.text ? <Whole text={dropped.value.text} /> : <Dropped source={dropped.value} clear={() => putFile(null)} />}
      <label class="inline">
        <input type="checkbox" checked={drill.value.on} onChange={(e) => drill.set({ on: e.currentTarget.checked })} /> {t("file.exercise")}
      </label>
      <section class="checked" aria-live="polite">
        {now.busy && <p class="quiet">{t("file.checking")}</p>}
        {now.why && (
          <p class="warn">
            <Text>{now.why}</Text>
          </p>
        )}
        {checked.value && <CheckedBox checked={checked.value} />}
      </section>
      <p class="steps">
        <Do label={t("file.check")} busy={busy} run={() => void check()} />
        <Do label={t(changes ? "file.change-do" : "file.do")} kind="loud" busy={busy} run={file} />
      </p>
      <Said outcome={outcome} />
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

/** useChanged reads the notice that the form changes, and again when it has another version. */
function useChanged(key: string): void {
  const entry = notices.value.get(key)?.entry;
  const { value: told } = useAsk(async () => (key ? await readNotice(key) : null), key, entry ?? "");
  useEffect(() => {
    if (told) beginWith(key, told);
  }, [key, told]);
}

/** Whole is a notice whose parts the form has no fields for. */
function Whole({ text }: { text: string }) {
  return (
    <label>
      {t("file.whole")}
      <textarea rows={16} dir="ltr" spellcheck={false} value={text} onInput={(e) => putFile({ type: "application/geo+json", text: e.currentTarget.value })} />
    </label>
  );
}

async function drop(f: File | undefined): Promise<void> {
  if (!f) return;
  const text = await f.text();
  putFile({ type: text.trimStart().startsWith("{") ? "application/geo+json" : "text/plain", text });
}

/** take reads the file that was chosen, and forgets its name, so that the same file can be chosen again. */
async function take(from: HTMLInputElement): Promise<void> {
  await drop(from.files?.[0]);
  from.value = "";
}

function Dropped({ source, clear }: { source: Source; clear: () => void }) {
  return (
    <>
      <pre class="dropped" dir="ltr" tabIndex={0}><bdi class="typed">{source.text.slice(0, 4000)}</bdi></pre>
      <Do label={t("file.clear")} kind="plain" busy={false} run={clear} />
    </>
  );
}

const kinds: Draft["kind"][] = ["flight", "movement", "area", "hazard", "site"];
const tools: Tool[] = ["circle", "corridor", "polygon"];

const inputs = {
  text: { type: "text", dir: "auto" },
  number: { type: "number", dir: "ltr" },
} as const;

function Form() {
  const d = draft.value;
  const field = (name: keyof Draft, label: string, type: keyof typeof inputs = "text", placeholder = "") => (
    <label>
      {label}
      <input {...inputs[type]} placeholder={placeholder} value={d[name]} onInput={(e) => change({ [name]: e.currentTarget.value })} />
    </label>
  );
  return (
    <form class="form" onSubmit={(e) => e.preventDefault()}>
      <label>
        {t("kind")}
        <select value={d.kind} disabled={amends.value !== ""} onChange={(e) => change({ kind: e.currentTarget.value as Draft["kind"] })}>
          {kinds.map((k) => (
            <option key={k} value={k}>
              {word("kind", k)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("file.id")}
        <input type="text" dir="auto" value={d.id} readOnly={amends.value !== ""} placeholder={suggested()} onInput={(e) => change({ id: e.currentTarget.value })} />
      </label>
      {field("title", t("file.title"))}
      <div class="two">
        <Zulu label={t("file.start")} value={d.start} set={(start) => change({ start })} />
        <Zulu label={t("file.end")} value={d.end} set={(end) => change({ end })} after={d.start} />
      </div>
      <fieldset class="choice">
        <legend>{t("map.draw")}</legend>
        {tools.map((x) => (
          <button key={x} type="button" aria-pressed={drawing.value === x} onClick={() => ((drawing.value = drawing.value === x ? null : x), change({ shape: x }))}>
            {t(`map.${x}`)}
          </button>
        ))}
      </fieldset>
      <label>
        {t("file.positions")}
        <textarea rows={4} value={d.positions} onInput={(e) => change({ positions: e.currentTarget.value })} dir="ltr" />
      </label>
      {d.shape !== "polygon" && field("radiusM", d.shape === "circle" ? t("file.radius") : t("file.width"), "number")}
      <div class="two">
        {field("lowerFt", t("file.lower"), "number", kept("lower"))}
        {field("upperFt", t("file.upper"), "number", kept("upper"))}
      </div>
      <p class="quiet">{t("file.draft")}</p>
      <Do label={t("file.clear")} kind="plain" busy={false} run={discard} />
    </form>
  );
}

/** kept is an altitude that was told in another unit, and stays unless one is typed. */
function kept(side: "lower" | "upper"): string {
  const a = from.value?.keeps[side] as Altitude | undefined;
  return a ? `${a.unit === "FL" ? "FL " : ""}${a.value}${a.unit === "FL" ? "" : ` ${a.unit} ${a.reference}`}` : "";
}

/** CheckedBox says the conflicts first: they are why anybody looks before filing. */
function CheckedBox({ checked: c }: { checked: Checked }) {
  return (
    <>
      {c.refused.map((r) => (
        <p class="bad" key={r.item + r.reason}>
          <Text>{`${r.source_id || r.item}: ${r.words ?? r.reason}`}</Text>
        </p>
      ))}
      {c.notices.map((n) => (
        <div key={n.id}>
          <Would list={n.conflicts} />
          <Echo lines={n.echo} />
          {n.warnings.map((w) => (
            <p class="warn" key={w.text}>
              ⚠ <Text>{w.text}</Text>
            </p>
          ))}
        </div>
      ))}
      <p>{t("file.checked")}</p>
      {c.compared && (
        <p class="compared">
          <Text>{c.compared.text}</Text>
        </p>
      )}
    </>
  );
}

function Would({ list }: { list: WouldConflict[] }) {
  if (list.length === 0) return <p>{t("file.none")}</p>;
  return (
    <div class="would">
      <p class="bad">
        ⚡ {t("file.would")} ({list.length})
      </p>
      <ul>
        {list.map((c) => (
          <li key={c.with.first}>
            <Text>{c.text}</Text>
            <br />
            <Moment at={c.from} /> – <Moment at={c.until} /> · <Text>{c.where}</Text>
            <br />
            <Other c={c} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Other({ c }: { c: WouldConflict }) {
  const n = find(c.with.notice, c.with.party);
  return (
    <>
      {n && (
        <a href={to("notice", keyOf(n))}>
          <Text>{`${c.with.party}: ${c.with.notice}`}</Text>
        </a>
      )}
      {c.conflict && (
        <>
          {" "}
          <a href={to("conflict", c.conflict)}>{t("file.held")}</a>
        </>
      )}
    </>
  );
}

function FiledBox({ filed }: { filed: Filings }) {
  return (
    <section aria-live="polite">
      {filed.refused.map((r) => (
        <p class="bad" key={r.item + r.reason}>
          <Text>{`${r.source_id || r.item}: ${r.words ?? r.reason}`}</Text>
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
