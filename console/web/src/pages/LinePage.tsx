// The line: its state and health, the desks, and what a supervisor declares.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, got } from "../api/client";
import type { Line, Statistics } from "../api/schema.gen";
import { freshness, lines, now, status } from "../live/store";
import { once } from "../live/drafts";
import { lasting } from "../live/time";
import { may } from "../live/ask";
import { Charts } from "../parts/Charts";
import { Courier } from "../parts/Courier";
import { t, word } from "../words/say";
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

/** figure runs from left to right in every language. */
const figure = (text: string) => <bdi dir="ltr">{text}</bdi>;

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
          [t("line.offset"), l.clock_offset_ms === null ? "" : figure(`${l.clock_offset_ms.toFixed(0)} ms`)],
          [t("line.rtt"), l.rtt_ms === null ? "" : figure(`${l.rtt_ms.toFixed(1)} ms`)],
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

function StatisticsBox({ line, parties }: { line: string; parties: string[] }) {
  const [figures, setFigures] = useState<Statistics | null>(null);
  useEffect(() => {
    let left = false;
    void got(api.GET("/v1/statistics", { params: { query: { line, by: "day" } } }))
      .then((x) => !left && setFigures(x))
      .catch(() => undefined);
    return () => {
      left = true;
    };
  }, [line, freshness.value.live]);
  if (!figures || figures.rows.length === 0) return null;
  const share = (v: number | null) => (v === null ? "" : `${Math.round(v * 100)} %`);
  return (
    <section>
      <h3>{t("statistics")}</h3>
      <Charts rows={figures.rows} parties={parties} />
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
