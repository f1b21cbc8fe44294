// The log of the two transcripts in their woven order, and the audit log of this node. Reading either is itself on the
// audit log, so that they are read when somebody asks, and not with everything that happens.
import { useEffect, useState } from "preact/hooks";
import { api, got, said } from "../api/client";
import type { AuditKind, AuditRecord, Entry } from "../api/schema.gen";
import { find, keyOf, line } from "../live/store";
import { may } from "../live/ask";
import { to } from "../live/route";
import { t, word } from "../words/say";
import { Do, Moment, Name, Ref, Text } from "../parts/bits";

const pageSize = 100;
/** A jump to the end reads as much at once as the node gives. */
const mostAtOnce = 1000;

type Read<T> = { list: T[]; next: string; done: boolean; busy: boolean; why: string };
const unread = { list: [], next: "", done: false, busy: false, why: "" };

/** usePages reads page after page of something, from the beginning when what is asked for changes. */
function usePages<T>(key: string, ask: (after: string, limit: number) => Promise<{ list: T[]; next: string; done: boolean }>) {
  const [read, setRead] = useState<Read<T> & { key: string }>({ ...unread, key });
  const fresh = read.key === key ? read : { ...unread, key };
  const more = async (was: Read<T>, toEnd = false) => {
    setRead({ ...was, key, busy: true, why: "" });
    try {
      let { list, next, done } = was;
      do {
        const page = await ask(next, toEnd ? mostAtOnce : pageSize);
        list = toEnd ? [...list, ...page.list].slice(-pageSize) : [...list, ...page.list];
        ({ next, done } = page);
      } while (toEnd && !done);
      setRead({ key, list, next, done, busy: false, why: "" });
    } catch (e) {
      setRead({ ...was, key, busy: false, why: said(e) });
    }
  };
  useEffect(() => void more({ ...unread }), [key]);
  return { ...fresh, more: () => more(fresh), end: () => more({ ...unread }, true) };
}

export function LogPage() {
  const [party, setParty] = useState("");
  const ln = line.value;
  const read = usePages<Entry>(`${ln?.id ?? ""} ${party}`, async (after, limit) => {
    const query = { limit, ...(ln ? { line: ln.id } : {}), ...(party ? { party } : {}), ...(after ? { after } : {}) };
    const { entries, next } = await got(api.GET("/v1/log", { params: { query } }));
    return { list: entries, next, done: entries.length < limit };
  });
  return (
    <article>
      <h2>{t("log")}</h2>
      <p class="quiet">{t("log.how")}</p>
      <label>
        {t("party")}
        <select value={party} onChange={(e) => setParty(e.currentTarget.value)}>
          <option value="">{t("log.both")}</option>
          {[ln?.party, ln?.peer].filter((x) => x !== undefined).map((p) => <option key={p} value={p}>{p}</option>)}
        </select>
      </label>
      <ol class="list log">
        {read.list.map((e) => <EntryRow key={e.entry} e={e} />)}
      </ol>
      {read.why && <p class="warn"><Text>{read.why}</Text></p>}
      <p class="steps">
        <Do label={t(read.done ? "log.new" : "log.more")} busy={read.busy} run={read.more} />
        {!read.done && <Do label={t("log.end")} busy={read.busy} run={read.end} />}
      </p>
      {may("auditor", "supervisor") && <p><a href={to("audit")}>{t("audit")}</a></p>}
    </article>
  );
}

function EntryRow({ e }: { e: Entry }) {
  const id = e.fields?.["id"];
  const n = typeof id === "string" ? find(id, e.party) : undefined;
  const fields = Object.entries(e.fields ?? {});
  const [open, setOpen] = useState(false);
  return (
    <li>
      <Moment at={e.time} seconds /> <Ref of={e.entry} /> <Text>{e.party}</Text>: <strong>{word("entry", e.kind.replaceAll(".", "-"))}</strong>{" "}
      {n ? <a href={to("notice", keyOf(n))}><Name>{n.id}</Name></a> : typeof id === "string" && <Name>{id}</Name>}{" "}
      {e.drill && <span class="chip exercise">{t("exercise")}</span>}{" "}
      <small>{e.delivered ? <>{t("delivered")} <Moment at={e.delivered} seconds /></> : t("delivery-not-shown")}</small>
      {fields.length > 0 && (
        <details open={open} onToggle={(x) => setOpen(x.currentTarget.open)}>
          <summary>{t("log.fields", { n: fields.length })}</summary>
          {open && (
            <dl class="facts" dir="ltr">
              {fields.map(([name, value]) => (
                <div key={name}>
                  <dt><code>{name}</code>{e.shown?.[name] === false && <small> <bdi>{t("log.not-told")}</bdi></small>}</dt>
                  <dd><Text>{typeof value === "string" ? value : JSON.stringify(value)}</Text></dd>
                </div>
              ))}
            </dl>
          )}
        </details>
      )}
    </li>
  );
}

const auditKinds: AuditKind[] = ["started", "shown", "refused", "done", "session", "credential", "officers"];

export function AuditPage() {
  const [kind, setKind] = useState<AuditKind | "">("");
  const [officer, setOfficer] = useState("");
  const [asked, setAsked] = useState("");
  const read = usePages<AuditRecord>(`${kind} ${asked}`, async (after, limit) => {
    const query = { limit, newest: true, ...(kind ? { kind } : {}), ...(asked ? { officer: asked } : {}), ...(after ? { after } : {}) };
    const { records, next, done } = await got(api.GET("/v1/audit", { params: { query } }));
    return { list: records, next, done };
  });
  return (
    <article>
      <h2>{t("audit")}</h2>
      <p class="quiet">{t("audit.how")}</p>
      <div class="two">
        <label>
          {t("kind")}
          <select value={kind} onChange={(e) => setKind(auditKinds.find((k) => k === e.currentTarget.value) ?? "")}>
            <option value="">{word("channel", "all")}</option>
            {auditKinds.map((k) => <option key={k} value={k}>{word("audit", k)}</option>)}
          </select>
        </label>
        <label>{t("audit.officer")}<input value={officer} onInput={(e) => setOfficer(e.currentTarget.value)} onChange={(e) => setAsked(e.currentTarget.value.trim())} dir="auto" /></label>
      </div>
      <ol class="list log">
        {read.list.map((r) => <RecordRow key={r.seq} r={r} />)}
      </ol>
      {read.done && read.list.length === 0 && <p class="none">{t("now.none")}</p>}
      {read.why && <p class="warn"><Text>{read.why}</Text></p>}
      {!read.done && <Do label={t("audit.more")} busy={read.busy} run={read.more} />}
    </article>
  );
}

function RecordRow({ r }: { r: AuditRecord }) {
  const about = [...(r.notices ?? []).map((n) => `${n.party}: ${n.id}`), ...(r.ids ?? []).map((id) => id.replace(/^([0-9a-f]{8})[0-9a-f]{56}$/, "$1"))];
  return (
    <li>
      <bdi dir="ltr">{r.seq}</bdi> <Moment at={r.time} seconds /> <strong>{word("audit", r.kind)}</strong>{" "}
      <Text>{r.officer ? `${r.officer} (${word("role", r.role)})` : t("nobody")}</Text>{" "}
      <bdi dir="ltr" class="id">{[r.method, r.route, r.what, r.code, r.field].filter(Boolean).join(" ")}</bdi>{" "}
      {r.whole && <strong>{t("audit.whole")}</strong>} <small><Text>{about.join(", ")}</Text> <bdi dir="ltr">{r.from ?? ""}</bdi></small>{" "}
      {r.count !== undefined && r.count > 1 && <small><bdi dir="ltr">{`× ${r.count}`}</bdi> <Moment at={r.since} /></small>}
    </li>
  );
}
