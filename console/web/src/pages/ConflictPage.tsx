// A conflict: the two notices, how near they come, the ways apart, and what the two parties said of it.
import { useEffect, useState } from "preact/hooks";
import { api, got } from "../api/client";
import type { Conflict, ConflictParty, Options, Proposal } from "../api/schema.gen";
import { conflicts, find, keyOf, status } from "../live/store";
import { to } from "../live/route";
import { t, unit, word } from "../words/say";
import { may, useAsk } from "../live/ask";
import { NotTold, useAnswer } from "./AnswersPage";
import { StatementsAbout } from "./StatementPages";
import { Verify } from "../parts/Verify";
import { Ask, Do, Facts, Moment, Name, Said, Text, useDo } from "../parts/bits";

const over = new Set(["separated", "joint", "accepted risk", "withdrawn", "expired", "superseded"]);

export function ConflictPage({ id }: { id: string }) {
  const c = useWhole(id, conflicts.value.find((x) => x.id === id));
  const answer = useAnswer(id);
  const works = answer === null && may("duty", "supervisor"); // what would tell of one that is not told is refused
  const { busy, outcome, run } = useDo();
  if (!c) return <p><Text>{id}</Text></p>;
  const path = { params: { path: { id: c.id } } };
  return (
    <article>
      <h2>
        ⚡ {t("conflict")}: {word("conflict", c.state)} {c.exercise && <span class="chip exercise">{t("exercise")}</span>}
      </h2>
      <div class="pair">
        <Side party={c.a} />
        <Side party={c.b} />
      </div>
      {answer && <NotTold answer={answer} />}
      <Gaps c={c} />
      <Facts
        rows={[
          [t("starts"), <Moment at={c.from} />],
          [t("ends"), <Moment at={c.until} />],
          [t("where"), c.where ? <Text>{c.where}</Text> : ""],
          [t("owners"), c.owners.length > 0 ? <Text>{c.owners.map((o) => `${o.officer} (${word("role", o.role)})`).join(", ")}</Text> : <strong>{t("nobody")}</strong>],
        ]}
      />
      {(c.proposals ?? []).map((p) => (
        <ProposalBox key={p.entry} p={p} busy={busy} run={run} id={c.id} works={works} />
      ))}
      {(c.settlings ?? []).map((s) => (
        <p key={s.entry}>
          <Text>{`${s.party}, ${s.officer}: ${word("conflict", s.how)}: ${s.reason}`}</Text>
        </p>
      ))}
      <Said outcome={outcome} />
      {!over.has(c.state) && works && !c.owners.some((o) => o.officer === status.value?.officer.name) && (
        <Do label={t("take")} kind="loud" busy={busy} run={() => run(() => got(api.POST("/v1/conflicts/{id}/own", path)))} />
      )}
      {!over.has(c.state) && answer === null && <Ways c={c} works={works} busy={busy} run={run} />}
      {!over.has(c.state) && works && (
        <>
          <Ask draft={`joint ${c.id}`} label={t("reason")} button={t("settle.joint")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/conflicts/{id}/settle", { ...path, body: { how: "joint", reason } })))} />
          {status.value?.officer.role === "supervisor" && (
            <Ask draft={`risk ${c.id}`} label={t("reason")} button={t("settle.risk")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/conflicts/{id}/settle", { ...path, body: { how: "accepted risk", reason } })))} />
          )}
        </>
      )}
      <StatementsAbout about={c.id} />
      {may("supervisor") && (
        <p>
          <a href={to("record", `${c.a.party}:${c.a.notice} ${c.b.party}:${c.b.notice}`)}>{t("review.about")}</a>
        </p>
      )}
      <Verify about={c.id} line={c.line} />
    </article>
  );
}

/** useWhole asks for what the page does not follow: where it is, and a conflict that was over before. */
function useWhole(id: string, c: Conflict | undefined): Conflict | undefined {
  const { value: whole } = useAsk(() => got(api.GET("/v1/conflicts/{id}", { params: { path: { id } } })), id, c ? `${c.a.version} ${c.b.version} ${c.state}` : "");
  if (!whole) return c;
  return c ? { ...c, ...(whole.where ? { where: whole.where } : {}) } : whole;
}

function Side({ party }: { party: ConflictParty }) {
  const n = find(party.notice, party.party);
  return (
    <div class={`side ${n?.own ? "own" : "other"}`}>
      <strong>
        <Text>{party.party}</Text>
      </strong>
      <br />
      {n ? (
        <a href={to("notice", keyOf(n))}>
          <Name>{party.notice}</Name>
        </a>
      ) : (
        <Text>{party.notice}</Text>
      )}{" "}
      {word("kind", party.kind)}
      <br />
      <Text>{party.title}</Text>
    </div>
  );
}

/** Gaps are before the separation: 0 is where the two overlap. */
function Gaps({ c }: { c: Conflict }) {
  const gap = (v: number | undefined, sign: string, scale: number) => (v === undefined ? "" : `${Math.round(v / scale)} ${sign}`);
  return (
    <table class="gaps">
      <caption>{t("gaps")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("gap.lateral")}</th>
          <th scope="col">{t("gap.vertical")}</th>
          <th scope="col">{t("gap.time")}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td><bdi dir="ltr">{gap(c.lateral_m, "m", 1)}</bdi></td>
          <td><bdi dir="ltr">{gap(c.vertical_m, "ft", 0.3048)}</bdi></td>
          <td>{c.time_s === undefined ? "" : unit(Math.round(c.time_s / 60), "min")}</td>
        </tr>
      </tbody>
    </table>
  );
}

type Run = ReturnType<typeof useDo>["run"];

/** ProposalBox offers its steps where the officer works on the conflict. */
function ProposalBox({ p, busy, run, id, works }: { p: Proposal; busy: boolean; run: Run; id: string; works: boolean }) {
  const path = { params: { path: { id } } };
  const own = p.party === status.value?.party;
  return (
    <section class="proposal">
      <p>
        <Text>{`${p.party}, ${p.officer}: ${p.words}`}</Text> <em>{word("proposal", p.state)}</em> <Moment at={p.time} />
      </p>
      {p.remark && <p><Text>{p.remark}</Text></p>}
      {works && p.state === "open" && !own && (
        <div class="steps">
          <Do label={t("accept")} kind="loud" busy={busy} run={() => run(() => got(api.POST("/v1/conflicts/{id}/reply", { ...path, body: { accept: true } })))} />
          <Ask draft={`refuse ${p.entry}`} label={t("reason")} button={t("refuse")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/conflicts/{id}/reply", { ...path, body: { accept: false, reason } })))} />
        </div>
      )}
      {works && p.state === "accepted" && p.mover === status.value?.party && <Do label={t("apply")} kind="loud" busy={busy} run={() => run(() => got(api.POST("/v1/conflicts/{id}/apply", path)))} />}
    </section>
  );
}

/** Ways are what the node worked out: each leaves no conflict with anything held. Who moves is for people. */
function Ways({ c, busy, run, works }: { c: Conflict; busy: boolean; run: Run; works: boolean }) {
  const [ways, setWays] = useState<Options | null>(null);
  useEffect(() => setWays(null), [c.id, c.a.version, c.b.version]);
  const path = { params: { path: { id: c.id } } };
  const ask = () => run(async () => setWays(await got(api.GET("/v1/conflicts/{id}/options", path))));
  return (
    <section>
      <Do label={t("options")} busy={busy} run={ask} />
      {ways && (
        <ol class="ways">
          {ways.options.map((o) => (
            <li key={o.mover + o.words}>
              <Text>{`${o.mover}: ${o.words}`}</Text>{" "}
              {works && <Do label={t("propose")} busy={busy} run={() => run(() => got(api.POST("/v1/conflicts/{id}/propose", { ...path, body: { mover: o.mover, shift: o.shift } })))} />}
            </li>
          ))}
        </ol>
      )}
      {ways && <p class="compared"><Text>{ways.compared.text}</Text></p>}
    </section>
  );
}
