// The desk: who has the watch, the hand-over with what is open, who comes next, and what waits for a second
// officer.
import { useState } from "preact/hooks";
import { api, got, raw } from "../api/client";
import type { HandOver, Release, Rota } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { status } from "../live/store";
import { may, useAsk } from "../live/ask";
import { t, word } from "../words/say";
import { AlertChannels } from "../parts/AlertChannels";
import { Ask, Do, Facts, Moment, Said, Text, useDo } from "../parts/bits";

type Run = ReturnType<typeof useDo>["run"];

export function DeskPage() {
  const { value, why } = useAsk(
    () => Promise.all([got(api.GET("/v1/desk")), got(api.GET("/v1/desk/rota")), got(api.GET("/v1/releases", { params: { query: {} } })), got(api.GET("/v1/desk/handovers"))]),
    "desk",
  );
  const { busy, outcome, run } = useDo();
  if (!value) return <p><Text>{why}</Text></p>;
  const [book, rota, releases, past] = value;
  const w = book.watch;
  const me = status.value?.officer.name ?? "";
  const desk = may("duty", "supervisor");
  return (
    <article>
      <h2>{t("desk")}</h2>
      <Facts
        rows={[
          [t("desk.watch"), w.officer ? <><strong><Text>{`${w.officer}${w.role ? ` (${word("role", w.role)})` : ""}`}</Text></strong> <Moment at={w.since} /></> : <strong>{t("nobody")}</strong>],
          ...book.desks.map((d): [string, preact.ComponentChildren] => [d.party, <>{word("desk", d.state)} <Text>{d.officer ?? ""}</Text> <Moment at={d.last} /></>]),
        ]}
      />
      {desk && (
        <p class="steps">
          <Do label={t("line.presence")} busy={busy} run={() => run(() => got(api.POST("/v1/desk/present")))} />
          <Do label={t("desk.leave")} busy={busy} run={() => run(() => got(api.POST("/v1/desk/leave")))} />
          {!w.officer && <Do label={t("desk.take")} kind="loud" busy={busy} run={() => run(() => got(api.POST("/v1/desk/accept")))} />}
        </p>
      )}
      {w.handover && <HandOverBox h={w.handover} me={me} busy={busy} run={run} />}
      {desk && w.officer === me && !w.handover && <Give rota={rota} me={me} busy={busy} run={run} />}
      <Said outcome={outcome} />
      <Releases list={releases.releases} me={me} busy={busy} run={run} />
      <RotaBox rota={rota} busy={busy} run={run} />
      <AlertChannels />
      {past.handovers.length > 0 && (
        <details>
          <summary>{t("desk.past")}</summary>
          <ul class="list">
            {past.handovers.map((h) => (
              <li key={h.begun + h.to}><Text>{`${h.from} → ${h.to}`}</Text> <strong>{word("handover", h.state)}</strong> <Moment at={h.begun} /></li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}

/** Give hands the watch over; what is open goes with it, so that it is said before. */
function Give({ rota, me, busy, run }: { rota: Rota; me: string; busy: boolean; run: Run }) {
  const next = rota.rows.find((r) => r.officer !== me)?.officer ?? "";
  return (
    <Ask draft="hand-over" label={next ? t("desk.to-next", { officer: next }) : t("desk.to")} button={t("desk.give")} busy={busy} required={next === ""} run={(to) => run(() => got(api.POST("/v1/desk/handover", { body: to || next ? { to: to || next } : {} })))} />
  );
}

function HandOverBox({ h, me, busy, run }: { h: HandOver; me: string; busy: boolean; run: Run }) {
  return (
    <section class="proposal">
      <h3>{t("desk.handover")}: <Text>{`${h.from} → ${h.to}`}</Text></h3>
      <p>{t("now.due-by")} <Moment at={h.due} /></p>
      <p>{t("desk.open", { n: h.open.length + (h.more ?? 0) })}</p>
      <ul>
        {h.open.map((o) => (
          <li key={o.kind + o.id}><Text>{o.text}</Text> {o.due && <Moment at={o.due} />}</li>
        ))}
      </ul>
      <p class="steps">
        {h.to === me && <Do label={t("desk.accept")} kind="loud" busy={busy} run={() => run(() => got(api.POST("/v1/desk/accept")))} />}
        {h.from === me && <Do label={t("desk.keep")} busy={busy} run={() => run(() => got(api.POST("/v1/desk/keep")))} />}
      </p>
    </section>
  );
}

function Releases({ list, me, busy, run }: { list: Release[]; me: string; busy: boolean; run: Run }) {
  return (
    <section>
      <h3>{t("releases")}</h3>
      {list.length === 0 && <p class="none">{t("now.none")}</p>}
      {list.map((r) => {
        const path = { params: { path: { release: r.id } } };
        return (
          <section class="proposal" key={r.id}>
            <p><strong><Text>{r.text}</Text></strong> {r.exercise && <span class="chip exercise">{t("exercise")}</span>}</p>
            <p class="quiet">{t("release.by")} <Text>{`${r.prepared_by} (${word("role", r.role)})`}</Text> <Moment at={r.prepared} /> · {t("now.due-by")} <Moment at={r.expires} /></p>
            <div class="steps">
              {r.prepared_by === me ? <p>{t("release.other")}</p> : <Do label={t("release.give")} kind="loud" busy={busy} run={() => run(() => got(api.POST("/v1/releases/{release}/give", path)))} />}
              <Ask draft={`refuse ${r.id}`} label={t("reason")} button={t("refuse")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/releases/{release}/refuse", { ...path, body: { reason } })))} />
            </div>
          </section>
        );
      })}
    </section>
  );
}

function RotaBox({ rota, busy, run }: { rota: Rota; busy: boolean; run: Run }) {
  const d = draftOf("rota", { rows: "" });
  const { rows } = d.value;
  const [open] = useState(d.begun);
  const put = () =>
    run(async () => {
      await got(api.PUT("/v1/desk/rota", raw(rows, "text/csv")));
      d.clear();
    });
  return (
    <section>
      <h3>{t("rota")}</h3>
      {rota.rows.length === 0 && <p class="none">{t("now.none")}</p>}
      <ul class="list">
        {rota.rows.map((r) => (
          <li key={r.from}><Moment at={r.from} /> – <Moment at={r.until} /> <Text>{`${r.officer} (${word("role", r.role)})`}</Text></li>
        ))}
        {rota.gaps.map((g) => (
          <li class="bad" key={g.from}><Moment at={g.from} /> – <Moment at={g.until} /> {t("nobody")}</li>
        ))}
      </ul>
      {may("supervisor") && (
        <details open={open}>
          <summary>{t("rota.set")}</summary>
          <label>{t("rota.rows")}<textarea rows={4} value={rows} onInput={(e) => d.set({ rows: e.currentTarget.value })} dir="ltr" /></label>
          <Do label={t("rota.set")} busy={busy} run={put} disabled={rows.trim() === ""} />
        </details>
      )}
    </section>
  );
}
