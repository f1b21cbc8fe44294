// The line without a network: files out for the other party, and its files in.
import { useState } from "preact/hooks";
import { api, got, raw, language, Refused } from "../api/client";
import type { CourierTaken, Problem } from "../api/schema.gen";
import { save } from "../live/ask";
import { t, word } from "../words/say";
import { Do, Facts, Ref, Said, useDo } from "./bits";

/** How many files one writing is at most; what is left is written after these were carried. */
const filesAtMost = 50;

export function Courier({ line }: { line: string }) {
  const { busy, outcome, run } = useDo();
  const [taken, setTaken] = useState<CourierTaken[]>([]);
  const [written, setWritten] = useState(0);
  const write = () =>
    run(async () => {
      setWritten(0);
      let after = "";
      for (let n = 1; n <= filesAtMost; n++) {
        const f = await file(line, after);
        save(`for-${f.to}-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, "")}-${n}.courier`, f.data);
        setWritten(n);
        after = f.next;
        if (!after) break;
      }
    });
  const read = (files: FileList | null) =>
    run(async () => {
      setTaken([]);
      for (const f of files ?? []) {
        const data = await f.arrayBuffer();
        const out = await got(
          api.POST("/v1/lines/{line}/courier", { params: { path: { line } }, ...raw(data, "application/vnd.parley.courier") }),
        );
        setTaken((have) => [...have, out]);
      }
    });
  return (
    <section>
      <h3>{t("courier")}</h3>
      <p class="quiet">{t("courier.what")}</p>
      <p class="steps">
        <Do label={t("courier.write")} busy={busy} run={write} />
        {written > 0 && <span>{t("courier.written", { n: written })}</span>}
      </p>
      <label class="filepick">
        {t("courier.read")}
        <input type="file" multiple disabled={busy} onChange={(e) => void read(e.currentTarget.files)} />
      </label>
      <Said outcome={outcome} />
      {taken.map((x) => (
        <Facts
          key={x.written + String(x.part)}
          rows={[
            [t("courier.result"), <strong>{word("courier", x.result)}</strong>],
            [t("courier.new"), `${x.new} / ${x.entries}`],
            [t("line.undelivered"), String(x.undelivered)],
            [t("courier.needs"), x.needs ? <Ref of={x.needs} /> : ""],
            ["", x.asks ? t("courier.asks") : ""],
          ]}
        />
      ))}
    </section>
  );
}

/** file asks for one file; its headers say for whom it is, and where the next begins. */
async function file(line: string, after: string): Promise<{ data: Blob; to: string; next: string }> {
  const query = after ? `?after=${encodeURIComponent(after)}` : "";
  const r = await fetch(`/v1/lines/${encodeURIComponent(line)}/courier${query}`, { headers: { "Accept-Language": language.value } });
  if (!r.ok) throw new Refused(r.status, (await r.json()) as Problem);
  return { data: await r.blob(), to: r.headers.get("Parley-Courier-To") ?? "", next: r.headers.get("Parley-Courier-Next") ?? "" };
}
