// The evidence of what a page shows: fetched from the node as the file that anybody could be given, and judged
// here by the verifier, which trusts the node in nothing.
import { useEffect, useState } from "preact/hooks";
import { api, got, language, Refused } from "../api/client";
import { draftOf } from "../live/drafts";
import { verify, type Row, type Verdict } from "../live/verifier";
import { may, save } from "../live/ask";
import { t, word } from "../words/say";
import { Do, Ref, Said, Text, useDo } from "./bits";

type Props = { about: string; line: string; entry?: boolean; whole?: boolean; note?: string };
type Judged = { verdict: Verdict; rows: Row[]; file: Blob; name: string };

export function Verify(p: Props) {
  const { busy, outcome, run } = useDo();
  const [judged, setJudged] = useState<Judged | null>(null);
  const d = draftOf(`keys ${p.line}`, { trust: "" });
  const { trust } = d.value;
  useEffect(() => setJudged(null), [p.about]);
  const judge = () =>
    run(async () => {
      const { file, name } = await evidence(p);
      setJudged({ ...(await verify(file, trust)), file, name });
    }, "");
  return (
    <section class="verify">
      <h3>{t("verify")}</h3>
      <details>
        <summary>{t("verify.keys")}</summary>
        <label>
          {t("verify.keys-how")}
          <textarea rows={2} value={trust} onInput={(e) => d.set({ trust: e.currentTarget.value })} placeholder="blue SHA256:…" dir="ltr" />
        </label>
      </details>
      <p class="steps">
        <Do label={t("verify.do")} busy={busy} run={judge} />
        {judged && <Do label={t("verify.save")} busy={busy} run={() => save(judged.name, judged.file)} />}
      </p>
      {outcome && !outcome.ok && <Said outcome={outcome} />}
      {busy && <p class="quiet" role="status">{t("verify.busy")}</p>}
      {judged && <Shown j={judged} />}
    </section>
  );
}

/** evidence is the file: a signed statement, the part about one thing, or all of the line where that is asked for or no part may be had. */
async function evidence(p: Props): Promise<{ file: Blob; name: string }> {
  if (p.note) return { file: new Blob([p.note], { type: "text/plain" }), name: "statement.note" };
  const query = { line: p.line };
  if (p.whole || !may("supervisor", "reviewer")) {
    return { file: await blob(api.GET("/v1/export", { params: { query }, parseAs: "blob" })), name: "line.bundle" };
  }
  const body = { ...(p.entry ? { entries: [p.about] } : { about: [p.about] }), fields: ["*"] };
  return { file: await blob(api.POST("/v1/disclose", { params: { query }, body, parseAs: "blob" })), name: "part.bundle" };
}

async function blob(call: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<Blob> {
  const data = await got(call);
  if (data instanceof Blob) return data;
  throw new Refused(502, { code: "unavailable", rule: t("verify.none") });
}

function Shown({ j }: { j: Judged }) {
  const v = j.verdict;
  const h = v.headlines.find((x) => x.language === language.value) ?? v.headlines[0];
  return (
    <div class={`verdict tone-${v.tone}`} role="status">
      {h && (
        <div lang={h.language} dir={h.rtl ? "rtl" : "ltr"}>
          <h4>{h.head}</h4>
          {h.means.map((m) => (
            <p key={m}>{m}</p>
          ))}
          {!h.reviewed && h.language !== "en" && <p class="quiet">{t("unreviewed")}</p>}
        </div>
      )}
      <p class="quiet" dir="ltr">
        <code><bdi class="typed">{v.verdict}</bdi></code>
      </p>
      {v.wrong.map((w) => (
        <p class="bad" key={w.name + w.entry}>
          <Text>{`${w.name} ${w.entry}: ${w.why}`}</Text>
        </p>
      ))}
      {v.stated && <pre class="echo" dir="auto" tabIndex={0}><bdi class="typed">{v.stated.trim()}</bdi></pre>}
      <details>
        <summary>{t("verify.entries", { n: j.rows.length })}</summary>
        <ol class="list rows" tabIndex={0}>
          {j.rows.map((r) => (
            <li key={r.party + r.entry}>
              <strong>
                <Text>{r.party}</Text>
              </strong>{" "}
              {word("entry", r.kind.replaceAll(".", "-"))} <small><Ref of={r.entry} /></small> {r.remark && <em>{r.remark}</em>}
              {r.times.map((x) => (
                <span class="quiet" key={x.what}>
                  <br />
                  {x.what} <bdi>{x.time}</bdi> ({x.clock})
                </span>
              ))}
            </li>
          ))}
        </ol>
      </details>
      <p class="quiet">
        <a href={`/verify#${language.value}`} target="_blank" rel="noreferrer">
          {t("verify.page")}
        </a>
      </p>
    </div>
  );
}
