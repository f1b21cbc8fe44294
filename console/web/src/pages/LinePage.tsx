// The line: its state and health, the desks, and what a supervisor declares.
import type { ComponentChildren } from "preact";
import { api, got } from "../api/client";
import type { Line } from "../api/schema.gen";
import { lines, now, status } from "../live/store";
import { once } from "../live/drafts";
import { lasting } from "../live/time";
import { may, useAsk } from "../live/ask";
import { Courier } from "../parts/Courier";
import { later } from "../parts/later";
import { t, unit, word } from "../words/say";
import { Keys } from "./Keys";
import { Ask, Do, Facts, Moment, Said, Text, useDo } from "../parts/bits";

export function LinePage() {
  return (
    <article>
      <h2>{t("line")}</h2>
      {lines.value.map((l) => (
        <OneLine key={l.id} line={l} />
      ))}
    </article>
  );
}

/** leftToRight keeps a sign before its number in every language. */
const leftToRight = "\u200e";
const millis = (ms: number, places: number) => <bdi>{unit(leftToRight + ms.toFixed(places), "ms")}</bdi>;

function OneLine({ line: l }: { line: Line }) {
  const { busy, outcome, run } = useDo();
  const path = { params: { path: { line: l.id } } };
  const query = { params: { query: { line: l.id } } };
  const lead = status.value?.officer.role === "supervisor";
  const suspended = (l.suspended ?? []).some((s) => s.party === l.party);
  return (
    <section>
      <h3>
        <Text>{`${l.party} ↔ ${l.peer}`}</Text> <span class={`chip state-${l.state}`}>{t(`line.${l.state}`)}{l.cause ? ` (${word("cause", l.cause)})` : ""}</span>
      </h3>
      <Facts
        rows={[
          [t("line.exchange"), l.last_exchange ? `${lasting(now.value - Date.parse(l.last_exchange))}` : ""],
          [t("line.offset"), l.clock_offset_ms === null ? "" : millis(l.clock_offset_ms, 0)],
          [t("line.rtt"), l.rtt_ms === null ? "" : millis(l.rtt_ms, 1)],
          [t("line.undelivered"), String(l.undelivered)],
          [t("line.epoch"), String(l.epoch)],
          [t("line.tests"), <>{word("tests", l.tests.state)} {l.tests.last && <Moment at={l.tests.last.time} />}</>],
          [l.party, <>{word("desk", l.own_desk.state)} <Text>{l.own_desk.officer ?? ""}</Text> <Moment at={l.own_desk.last} /></>],
          [l.peer, <>{word("desk", l.peer_desk.state)} <Text>{l.peer_desk.officer ?? ""}</Text> <Moment at={l.peer_desk.last} /></>],
          ...(l.consents ?? []).map((c): [string, ComponentChildren] => [`${t("line.host")} ${c.host}`, <Text>{c.standing}</Text>]),
        ]}
      />
      {(l.suspended ?? []).map((s) => (
        <p class="warn" key={s.party + s.time}>
          <Text>{`${s.party}, ${s.officer}: ${s.reason}`}</Text> <Moment at={s.time} />
        </p>
      ))}
      <p class="compared"><Text>{l.compared.text}</Text></p>
      <p class="steps">
        <Do label={t("line.presence")} busy={busy} run={() => run(() => got(api.POST("/v1/desk/present")))} />
        <Do label={t("line.test")} busy={busy} run={() => run(() => got(api.POST("/v1/tests", query)))} />
        {lead && suspended && <Ask draft={`resume ${l.id}`} label={t("reason")} button={t("line.resume")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/lines/{line}/resume", { ...path, body: { reason } })))} />}
        {lead && !suspended && <Ask draft={`suspend ${l.id}`} label={t("reason")} button={t("line.suspend")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/lines/{line}/suspend", { ...path, body: { reason } })))} />}
      </p>
      {l.tests.asked && (
        <Ask draft={`${once}word ${l.id}`} label={t("line.word", { party: l.peer })} button={t("line.say-word")} busy={busy} required run={(w) => run(() => got(api.POST("/v1/tests/answer", { ...query, body: { word: w } })))} />
      )}
      <Said outcome={outcome} />
      <Keys line={l} />
      <StatisticsBox line={l.id} parties={[l.party, l.peer]} />
      {may("duty", "supervisor") && <Courier line={l.id} />}
    </section>
  );
}

const charts = later(async () => (await import("../parts/Charts")).Charts);

function StatisticsBox({ line, parties }: { line: string; parties: string[] }) {
  const { value: figures } = useAsk(() => got(api.GET("/v1/statistics", { params: { query: { line, by: "day" } } })), `statistics ${line}`, "");
  if (!figures || figures.rows.length === 0) return null;
  const share = (v: number | null) => (v === null ? "" : `${Math.round(v * 100)} %`);
  return (
    <section>
      <h3>{t("statistics")}</h3>
      <charts.Part rows={figures.rows} parties={parties} />
      <table class="stats" tabIndex={0} aria-label={t("statistics")}>
        <thead>
          <tr>
            <th scope="col">{t("stats.day")}</th>
            <th scope="col">{t("party")}</th>
            <th scope="col">{t("notices")}</th>
            <th scope="col">{t("stats.lead")}</th>
            <th scope="col">{t("stats.late")}</th>
            <th scope="col">{t("conflicts")}</th>
            <th scope="col">{t("stats.false")}</th>
            <th scope="col">{t("stats.up")}</th>
          </tr>
        </thead>
        <tbody>
          {figures.rows.flatMap((r) =>
            r.parties.map((p, i) => (
              <tr key={r.period + p.party}>
                <td>{i === 0 ? r.period : ""}</td>
                <td>
                  <Text>{p.party}</Text>
                </td>
                <td>{p.notices_total}</td>
                <td>{p.median_lead_s === null ? "" : lasting(p.median_lead_s * 1000)}</td>
                <td>{share(p.late_share)}</td>
                <td>{i === 0 ? r.conflicts : ""}</td>
                <td>{i === 0 ? `${r.false_alarms} / ${r.alarms}` : ""}</td>
                <td>{i === 0 ? share(r.availability) : ""}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}
