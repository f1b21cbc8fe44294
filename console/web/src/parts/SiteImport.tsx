// A list of own sites from a file, CSV or GeoJSON: what would come of each row, and then what came of it.
import { useState } from "preact/hooks";
import { api, got, raw } from "../api/client";
import type { SiteImport as Report } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { t, word } from "../words/say";
import { Do, More, Name, Said, Text, useDo, useMore } from "./bits";

export function SiteImport({ line, party }: { line: string; party: string }) {
  const d = draftOf(`sites ${line}`, { name: "", rows: "", remove: false as boolean, reason: "" });
  const { busy, outcome, run } = useDo();
  const [report, setReport] = useState<Report | null>(null);
  const [open, setOpen] = useState(d.begun);
  const f = d.value;
  const choose = async (files: FileList | null) => {
    const file = files?.[0];
    setReport(null);
    if (file) d.set({ name: file.name, rows: await file.text() });
  };
  const send = (dry: boolean) =>
    run(async () => {
      setReport(null);
      const query = { line, dry_run: dry, ...(f.remove ? { remove_missing: true, ...(f.reason ? { reason: f.reason } : {}) } : {}) };
      const type = /\.(geo)?json$/i.test(f.name) ? "application/geo+json" : "text/csv";
      const out = await got(api.POST("/v1/sites/import", { params: { query }, ...raw(f.rows, type) }));
      setReport(out);
      if (!dry && !out.rows.some((r) => r.outcome === "refused")) d.clear();
    }, "");
  return (
    <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("sites.import", { party })}</summary>
      <label class="filepick">
        {t("sites.file")}
        <input type="file" accept=".csv,.json,.geojson,text/csv,application/geo+json" onChange={(e) => void choose(e.currentTarget.files)} />
      </label>
      {f.rows && <p><Name>{f.name}</Name> <Do label={t("file.clear")} kind="plain" busy={busy} run={() => (d.clear(), setReport(null))} /></p>}
      <label class="inline">
        <input type="checkbox" checked={f.remove} onChange={(e) => d.set({ remove: e.currentTarget.checked })} /> {t("sites.remove")}
      </label>
      {f.remove && <label>{t("reason")}<input value={f.reason} onInput={(e) => d.set({ reason: e.currentTarget.value })} dir="auto" /></label>}
      <p class="steps">
        <Do label={t("file.check")} busy={busy} run={() => send(true)} disabled={!f.rows} />
        <Do label={t("sites.import-do")} kind="loud" busy={busy} run={() => send(false)} disabled={!f.rows} />
      </p>
      {outcome && !outcome.ok && <Said outcome={outcome} />}
      {report && <Rows report={report} />}
    </details>
  );
}

const outcomeOf = (outcome: string) => word("row", outcome.replaceAll(" ", "-"));

function Rows({ report: r }: { report: Report }) {
  const shown = useMore(r.rows, 60);
  return (
    <section role="status">
      {r.dry_run && <p class="warn">{t("file.checked")}</p>}
      <p>{Object.entries(r.counts).map(([outcome, n]) => <span class="chip" key={outcome}>{outcomeOf(outcome)}: {n}</span>)}</p>
      <ol class="list">
        {shown.list.map((row) => (
          <li key={`${row.row} ${row.id}`} class={row.outcome === "refused" ? "refused" : ""}>
            {row.row !== undefined && <><span class="count">{row.row}</span>{" "}</>}<Name>{row.id}</Name> <strong class={row.outcome === "refused" ? "bad" : ""}>{outcomeOf(row.outcome)}</strong>{" "}
            <small><Text>{[row.where, (row.fields ?? []).join(", ")].filter(Boolean).join("; ")}</Text></small>
            {(row.problems ?? []).map((p) => (
              <p class="bad" key={p.field + p.rule}><Text>{`${p.field}${p.value ? ` "${p.value}"` : ""}: ${p.rule}${p.mend ? `; ${p.mend}` : ""}`}</Text></p>
            ))}
            {(row.warnings ?? []).map((w) => (
              <p class="warn" key={w.text}>⚠ <Text>{w.text}</Text></p>
            ))}
          </li>
        ))}
      </ol>
      <More of={shown} />
    </section>
  );
}
