// The lists of sites of both parties: what is in force until when, what came and went apart, and for the own ones
// that they still are so, and a list from a file.
import { useState } from "preact/hooks";
import { api, got } from "../api/client";
import type { Site, SiteChange, SiteList } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { keyOf, now } from "../live/store";
import { instant } from "../live/typed";
import { may, useAsk } from "../live/ask";
import { to } from "../live/route";
import { t, unit, word } from "../words/say";
import { Do, Moment, More, Name, Said, Text, useDo, useMore } from "../parts/bits";
import { SiteImport } from "../parts/SiteImport";
import { SiteCopies } from "../parts/SiteCopies";
import { Zulu } from "../parts/Zulu";

/** How far back changes are listed, in days. */
const spans = [1, 7, 30, 90];
const dayMs = 86_400_000;

/** back is an instant so many days before now. */
const back = (days: number) => new Date(now.value - days * dayMs).toISOString();

export function SitesPage() {
  const [span, setSpan] = useState({ days: 7, since: back(7) });
  const { value, why } = useAsk(() => got(api.GET("/v1/sites", { params: { query: { since: span.since } } })), `sites ${span.since}`);
  return (
    <article class="sites">
      <h2>{t("sites")}</h2>
      <label>
        {t("sites.since")}
        <select value={span.days} onChange={(e) => setSpan({ days: Number(e.currentTarget.value), since: back(Number(e.currentTarget.value)) })}>
          {spans.map((d) => (
            <option key={d} value={d}>{unit(d, "d")}</option>
          ))}
        </select>
      </label>
      {why && <p class="warn"><Text>{why}</Text></p>}
      {value?.lists.map((l) => (
        <ListBox key={l.line + l.party} list={l} since={span.since} />
      ))}
      {may("planner", "duty", "supervisor") && value?.lists.filter((l) => l.own).map((l) => <SiteImport key={l.line} line={l.line} party={l.party} />)}
      {may("supervisor", "auditor") && value?.lists.filter((l) => l.own).map((l) => <SiteCopies key={l.line} line={l.line} />)}
    </article>
  );
}

function ListBox({ list: l, since }: { list: SiteList; since: string }) {
  const shown = useMore(l.sites, 40);
  const confirm = useConfirm(l);
  const files = l.own && may("planner", "duty", "supervisor");
  return (
    <section class="proposal">
      <h3>
        <Text>{l.party}</Text>: {t(l.own ? "sites.own" : "sites.theirs")} <span class="count">{l.sites.length}</span>
      </h3>
      {l.hidden > 0 && <p class="warn">{t("sites.hidden", { n: l.hidden })}</p>}
      {l.sites.length === 0 && <p class="none">{t("now.none")}</p>}
      {files && l.sites.length > 0 && confirm.form}
      {!l.own && <Receive list={l} since={since} />}
      <ul class="list">
        {shown.list.map((s) => (
          <SiteRow key={s.first} site={s} list={l} confirm={files ? confirm : null} />
        ))}
      </ul>
      <More of={shown} />
      <Changes name="added" list={l.added} of={l} />
      <Changes name="changed" list={l.changed} of={l} />
      <Changes name="removed" list={l.removed} of={l} />
      <Changes name="revalidated" list={l.revalidated} of={l} />
    </section>
  );
}

type Confirm = { form: preact.JSX.Element; busy: boolean; one: (id: string) => Promise<boolean> };

/** useConfirm says of own sites that they still are so: of one, or of all that must be confirmed soon. */
function useConfirm(l: SiteList): Confirm {
  const d = draftOf(`confirm ${l.line}`, { remark: "", until: "" });
  const { busy, outcome, run } = useDo();
  const say = (which: { ids: string[] } | { all_due: boolean }) => {
    const body = { ...which, ...(d.value.remark ? { remark: d.value.remark } : {}), ...(d.value.until ? { until: instant(d.value.until, now.value) } : {}) };
    return run(() => got(api.POST("/v1/sites/revalidate", { params: { query: { line: l.line } }, body }))).then((ok) => (ok && d.clear(), ok));
  };
  return {
    busy,
    one: (id) => say({ ids: [id] }),
    form: (
      <div class="stepsbox">
        <p class="quiet">{t("sites.confirm-how")}</p>
        <div class="two">
          <label>{t("remark")}<input value={d.value.remark} onInput={(e) => d.set({ remark: e.currentTarget.value })} dir="auto" /></label>
          <Zulu label={t("sites.until")} value={d.value.until} set={(until) => d.set({ until })} />
        </div>
        <Do label={t("sites.confirm-due")} busy={busy} run={() => say({ all_due: true })} />
        <Said outcome={outcome} />
      </div>
    ),
  };
}

function SiteRow({ site: s, list: l, confirm }: { site: Site; list: SiteList; confirm: Confirm | null }) {
  return (
    <li class="site">
      <a href={to("notice", keyOf({ line: l.line, party: l.party, id: s.id }))}><Name>{s.title || s.id}</Name></a> {s.title && s.title !== s.id && <Name>{s.id}</Name>}{" "}
      {s.humanitarian && <span class="chip">{t("sites.humanitarian")}</span>}
      <br />
      {[s.type, s.place].filter(Boolean).length > 0 && <><Text>{[s.type, s.place].filter(Boolean).join(", ")}</Text><br /></>}
      <small>
        {t("starts")} <Moment at={s.valid_from} /> ·{" "}
        {s.unverified ? <strong class="bad">{t("sites.unverified")} <Moment at={s.valid_until} /></strong> : <>{t("sites.valid")} <Moment at={s.valid_until} /></>}
        {s.confirmed && <> · {word("field", "confirmed-by")} <Text>{s.confirmed.officer}</Text> <Moment at={s.confirmed.time} /></>}
        {" · "}
        <Who list={s} />
      </small>
      {confirm && <> <Do label={t("sites.confirm", { id: s.id })} busy={confirm.busy} run={() => confirm.one(s.id)} /></>}
    </li>
  );
}

/** Who says who has it: an officer's word, or the machine's that it was delivered. */
function Who({ list: x }: { list: Pick<Site, "received" | "delivered"> }) {
  if (x.received.length > 0) return <>{t("sites.received-by")} <Text>{x.received.map((r) => `${r.officer} (${word("role", r.role)})`).join(", ")}</Text></>;
  return x.delivered ? <>{t("delivered")} <Moment at={x.delivered} /></> : <>{t("delivery-not-shown")}</>;
}

function Changes({ name, list, of: l }: { name: "added" | "changed" | "removed" | "revalidated"; list: SiteChange[]; of: SiteList }) {
  const shown = useMore(list, 40);
  return (
    <details open={name === "removed" && list.length > 0}>
      <summary>{t(`sites.${name}`)} <span class="count">{list.length}</span></summary>
      <ul class="list">
        {shown.list.map((c) => (
          <li key={c.entry}>
            {name === "removed" ? <Name>{c.id}</Name> : <a href={to("notice", keyOf({ line: l.line, party: l.party, id: c.id }))}><Name>{c.id}</Name></a>} <Name>{c.title}</Name>{" "}
            <small>
              <Moment at={c.time} /> <Text>{[c.officer, c.reason].filter(Boolean).join(": ")}</Text> · <Who list={c} />
            </small>
          </li>
        ))}
      </ul>
      <More of={shown} />
    </details>
  );
}

/** Receive says that an officer here has every change of the other party's list since the time that the page shows. */
function Receive({ list: l, since }: { list: SiteList; since: string }) {
  const d = draftOf(`sites received ${l.line}`, { remark: "" });
  const { busy, outcome, run } = useDo();
  const [n, setN] = useState<number | null>(null);
  if (!may("duty", "supervisor")) return null;
  const say = () =>
    run(async () => {
      const { remark } = d.value;
      const { received } = await got(api.POST("/v1/sites/receive", { params: { query: { line: l.line } }, body: { since, ...(remark ? { remark } : {}) } }));
      setN(received);
      d.clear();
    }, "");
  return (
    <div class="stepsbox">
      <label>{t("remark")}<input value={d.value.remark} onInput={(e) => d.set({ remark: e.currentTarget.value })} dir="auto" /></label>
      <Do label={t("sites.receive")} busy={busy} run={say} />
      {n !== null && outcome?.ok && <p class="outcome ok" role="status">{t("sites.got", { n })}</p>}
      {outcome && !outcome.ok && <Said outcome={outcome} />}
    </div>
  );
}
