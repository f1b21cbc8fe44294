// Incidents and joint teams: lists, and one with its items, findings and undertakings, how each stands, and
// the answer that is owed as buttons. Nothing here says whose doing something was.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { api, got } from "../api/client";
import type { JointReview, ReviewAnswer, ReviewFinding, ReviewItem, ReviewLink, ReviewUndertaking } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { find, keyOf, line, now, status } from "../live/store";
import { instant } from "../live/typed";
import { may, save, useAsk } from "../live/ask";
import { go, to } from "../live/route";
import { t, word } from "../words/say";
import { Ask, Do, Facts, Moment, Ref, Said, shortEntry, Text, useDo } from "../parts/bits";
import { Zulu } from "../parts/Zulu";
import { Verify } from "../parts/Verify";
import { Earlier, FindingForm, ItemForm, on, UndertakingForm, type Steps } from "./ReviewForms";

type Run = ReturnType<typeof useDo>["run"];

async function reviews(): Promise<JointReview[]> {
  const params = { query: {} };
  const [i, j] = await Promise.all([got(api.GET("/v1/incidents", { params })), got(api.GET("/v1/teams", { params }))]);
  return [...i.incidents, ...j.teams];
}

/** ReviewList lists incidents and joint teams, and opens one. */
export function ReviewList({ about }: { about: string }) {
  const { value, why } = useAsk(reviews, "reviews");
  const { busy, outcome, run } = useDo();
  return (
    <>
      {why && <p class="warn"><Text>{why}</Text></p>}
      {(["incident", "team"] as const).map((kind) => (
        <section key={kind}>
          <h3>{t(kind === "incident" ? "incidents" : "teams")}</h3>
          <ul class="list">
            {(value ?? []).filter((r) => r.kind === kind).map((r) => (
              <li key={r.entry}>
                <a href={to("review", r.entry)}>
                  <Text>{r.title}</Text>
                </a>{" "}
                <span class="chip">{word("review", r.state)}</span> <Moment at={r.opened} /> <Text>{r.party}</Text>
              </li>
            ))}
          </ul>
          {value && !value.some((r) => r.kind === kind) && <p class="none">{t("now.none")}</p>}
        </section>
      ))}
      {may("supervisor") && <OpenReview key={about} about={about} busy={busy} run={run} />}
      <Said outcome={outcome} />
    </>
  );
}

function OpenReview({ about, busy, run }: { about: string; busy: boolean; run: Run }) {
  const d = draftOf(about ? `open review ${about}` : "open review", { title: "", from: "", until: "", notices: about, goal: "" });
  const f = d.value;
  const [open] = useState(about !== "" || d.begun);
  const set = (name: keyof typeof f) => (e: { currentTarget: { value: string } }) => d.set({ [name]: e.currentTarget.value });
  const params = { query: line.value ? { line: line.value.id } : {} };
  const incident = () =>
    run(async () => {
      const notices = f.notices.split(/[\s,]+/).filter(Boolean);
      const r = await got(api.POST("/v1/incidents", { params, body: { title: f.title, from: instant(f.from, now.value, true), until: instant(f.until, now.value, true), ...(notices.length > 0 ? { notices } : {}) } }));
      d.clear();
      go("review", r.entry);
    });
  const team = () =>
    run(async () => {
      const r = await got(api.POST("/v1/teams", { params, body: { title: f.title, goal: f.goal } }));
      d.clear();
      go("review", r.entry);
    });
  return (
    <details open={open}>
      <summary>{t("review.begin")}</summary>
      <form onSubmit={(e) => e.preventDefault()}>
        <label>{t("file.title")}<input value={f.title} onInput={set("title")} dir="auto" /></label>
        <div class="two">
          <Zulu label={t("file.start")} value={f.from} set={(from) => d.set({ from })} happened />
          <Zulu label={t("file.end")} value={f.until} set={(until) => d.set({ until })} happened />
        </div>
        <label>{t("review.notices")}<input value={f.notices} onInput={set("notices")} dir="ltr" /></label>
        <Do label={t("review.incident")} busy={busy} run={incident} disabled={!f.title || !f.from || !f.until} />
        <label>{t("review.goal")}<input value={f.goal} onInput={set("goal")} dir="auto" /></label>
        <Do label={t("review.team")} busy={busy} run={team} disabled={!f.title || !f.goal} />
      </form>
    </details>
  );
}

export function ReviewPage({ entry }: { entry: string }) {
  const { value, why } = useAsk(async () => (await reviews()).find((r) => r.entry === entry) ?? null, entry);
  const { busy, outcome, run } = useDo();
  if (!value) return <p><Text>{why || entry}</Text></p>;
  const r = value;
  const steps = { r, busy, run };
  const closed = r.closed.some((c) => c.party === status.value?.party);
  return (
    <article>
      <h2>
        {t(r.kind === "incident" ? "incident" : "team")}: <Text>{r.title}</Text> <span class="chip">{word("review", r.state)}</span>
      </h2>
      {r.goal && <p class="lead"><Text>{r.goal}</Text></p>}
      <Facts
        rows={[
          [t("review.opened"), <><Text>{`${r.party}, ${r.officer} (${word("role", r.role)})`}</Text> <Moment at={r.opened} /></>],
          [t("review.range"), r.from ? <><Moment at={r.from} /> – <Moment at={r.until} /></> : ""],
          [t("notices"), (r.notices ?? []).length > 0 ? <Notices r={r} /> : ""],
          [t("entry"), <Ref of={r.entry} />],
          [t("review.members"), r.members.length > 0 ? <Text>{r.members.map((m) => `${m.party}: ${m.member}${m.task ? ` (${m.task})` : ""}`).join("; ")}</Text> : ""],
          [t("review.closed-by"), r.closed.length > 0 ? <Text>{r.closed.map((c) => `${c.party}, ${c.officer}${c.text ? `: ${c.text}` : ""}`).join("; ")}</Text> : ""],
        ]}
      />
      <Said outcome={outcome} />
      {r.kind === "incident" && <Items {...steps} closed={closed} />}
      <Findings {...steps} closed={closed} />
      <Undertakings {...steps} closed={closed} />
      <Minutes {...steps} />
      {r.ignored.map((x) => (
        <p class="warn" key={x.entry}><Text>{`${x.party} ${shortEntry(x.entry)} ${word("entry", x.kind.replaceAll(".", "-"))}: ${x.why}`}</Text></p>
      ))}
      {!closed && may("supervisor") && (
        <section class="stepsbox">
          <Ask draft={`member ${r.entry}`} label={t("review.member")} button={t("review.name")} busy={busy} required run={(member) => run(() => got(api.POST("/v1/reviews/member", { params: on(r), body: { of: r.entry, member } })))} />
          <Ask draft={`close ${r.entry}`} label={t("words")} button={t("review.close")} busy={busy} run={(text) => run(() => got(api.POST("/v1/reviews/close", { params: on(r), body: { of: r.entry, ...(text ? { text } : {}) } })))} />
        </section>
      )}
      <Verify about={r.entry} line={r.line} whole />
    </article>
  );
}

function Notices({ r }: { r: JointReview }) {
  return (
    <>
      {(r.notices ?? []).map((x) => {
        const n = x.notice ? find(x.notice, x.party) : undefined;
        return (
          <span key={x.entry}>
            {n ? <a href={to("notice", keyOf(n))}><Text>{`${x.party}: ${x.notice ?? ""}`}</Text></a> : <Text>{`${x.party}: ${x.notice ?? shortEntry(x.entry)}`}</Text>}{" "}
          </span>
        );
      })}
    </>
  );
}

const marks: Record<string, string> = { agreed: "✓", disputed: "✗", "one-sided": "◐", accepted: "✓", refused: "✗", late: "✗" };

type Spoken = { entry: string; party: string; officer: string; role: string; text: string; links?: ReviewLink[]; answer?: ReviewAnswer; earlier?: ReviewItem[] | ReviewFinding[]; other?: ReviewUndertaking[] };

/** Word is what one side said, how it stands, and what the other made of it. */
function Word({ x, standing, steps, anew, children }: { x: Spoken; standing: string; steps: Steps; anew: ComponentChildren; children?: ComponentChildren }) {
  return (
    <li class={`word standing-${standing}`}>
      <p>
        <span aria-hidden="true">{marks[standing] ?? "…"}</span> <strong>{word("standing", standing)}</strong> · {children}
      </p>
      <p dir="auto" class="saying"><Text>{x.text}</Text></p>
      <Links links={x.links} />
      <p class="quiet"><Text>{`${x.party}, ${x.officer} (${word("role", x.role)})`}</Text> · <Ref of={x.entry} /></p>
      {x.answer && (
        <blockquote>
          <p dir="auto">
            <strong>{word("reply", x.answer.answer)}</strong> <Text>{x.answer.text ?? ""}</Text>
          </p>
          <Links links={x.answer.links} />
          <footer><Text>{`${x.answer.party}, ${x.answer.officer} (${word("role", x.answer.role)})`}</Text> <Moment at={x.answer.time} /></footer>
        </blockquote>
      )}
      <Earlier list={x.earlier ?? x.other} />
      {x.party === status.value?.party && may("supervisor", "reviewer") && anew}
      {x.party !== status.value?.party && may("supervisor") && <Answer entry={x.entry} said={x.answer?.answer} {...steps} />}
    </li>
  );
}

function Links({ links }: { links: ReviewLink[] | undefined }) {
  if (!links || links.length === 0) return null;
  return <p class="quiet"><Text>{links.map((l) => `→ ${l.entry ? shortEntry(l.entry) : (l.sha256 ?? "").slice(0, 12)} ${l.description ?? ""}`).join("  ")}</Text></p>;
}

/** Answer offers what was not answered already; a dispute may be put in other words. */
function Answer({ entry, said, r, busy, run }: Steps & { entry: string; said: string | undefined }) {
  const say = (answer: string, text: string) => run(() => got(api.POST("/v1/reviews/answer", { params: on(r), body: { entry, answer, ...(text ? { text } : {}) } })));
  return (
    <div class="steps">
      {said !== "agree" && <Do label={t("review.agree")} busy={busy} run={() => say("agree", "")} />}
      {said !== "not known" && <Do label={t("review.unknown")} busy={busy} run={() => say("not known", "")} />}
      <Ask draft={`dispute ${entry}`} label={t("review.version")} button={t("review.dispute")} busy={busy} required run={(text) => say("dispute", text)} />
    </div>
  );
}

function Items({ r, busy, run, closed }: Steps & { closed: boolean }) {
  const list = [...r.items].sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
  return (
    <section>
      <h3>{t("review.items")}</h3>
      <ol class="list words">
        {list.map((x) => (
          <Word key={x.entry} x={x} standing={x.standing} steps={{ r, busy, run }} anew={!closed && <ItemForm key={x.entry} r={r} was={x} busy={busy} run={run} />}>
            <When x={x} />
          </Word>
        ))}
      </ol>
      {!closed && may("supervisor", "reviewer") && <ItemForm r={r} busy={busy} run={run} />}
    </section>
  );
}

function When({ x }: { x: ReviewItem }) {
  return (
    <>
      <Moment at={x.from} seconds />
      {x.until && <> – <Moment at={x.until} seconds /></>} <Text>{t("review.clock", { party: x.clock })}</Text>
    </>
  );
}

function Findings({ r, busy, run, closed }: Steps & { closed: boolean }) {
  return (
    <section>
      <h3>{t("review.findings")}</h3>
      <ol class="list words">
        {r.findings.map((x: ReviewFinding) => (
          <Word key={x.entry} x={x} standing={x.standing} steps={{ r, busy, run }} anew={!closed && <FindingForm key={x.entry} r={r} was={x} busy={busy} run={run} />}><Moment at={x.time} /></Word>
        ))}
      </ol>
      {!closed && may("supervisor", "reviewer") && (
        <FindingForm r={r} busy={busy} run={run} />
      )}
    </section>
  );
}

function Undertakings({ r, busy, run, closed }: Steps & { closed: boolean }) {
  return (
    <section>
      <h3>{t("review.undertakings")}</h3>
      <ol class="list words">
        {r.undertakings.map((x: ReviewUndertaking) => (
          <Word key={x.entry} x={x} standing={x.state} steps={{ r, busy, run }} anew={!closed && may("supervisor") && <UndertakingForm key={x.entry} r={r} was={x} busy={busy} run={run} />}>
            <Text>{`${x.owner}, ${x.owner_role}`}</Text> · {t("now.due-by")} <Moment at={x.due} /> · {t("review.reminded")} <Moment at={x.remind} />
            {x.reports.map((p) => (
              <span key={p.entry}> · {p.done ? "✓ " : ""}<Text>{p.text}</Text> <Moment at={p.time} /></span>
            ))}
            {x.owner === status.value?.party && may("supervisor", "reviewer") && x.state !== "accepted" && x.state !== "refused" && <ReportOn entry={x.entry} r={r} busy={busy} run={run} />}
          </Word>
        ))}
      </ol>
      {!closed && may("supervisor") && <UndertakingForm r={r} busy={busy} run={run} />}
    </section>
  );
}

function ReportOn({ entry, r, busy, run }: Steps & { entry: string }) {
  const d = draftOf(`report done ${entry}`, { done: false as boolean });
  const { done } = d.value;
  return (
    <>
      <Ask draft={`report ${entry}`} label={t("review.how-far")} button={t("review.report")} busy={busy} required run={(text) => run(() => got(api.POST("/v1/reviews/report", { params: on(r), body: { undertaking: entry, text, done } })).then(() => d.clear()))} />
      <label class="inline"><input type="checkbox" checked={done} onChange={(e) => d.set({ done: e.currentTarget.checked })} /> {t("review.done")}</label>
    </>
  );
}

/** Minutes are statements about a review, and a draft of a further one, which people edit and sign. */
function Minutes({ r, busy, run }: Steps) {
  const draft = () => run(async () => {
    const d = await got(api.GET("/v1/reviews/minutes", { params: { query: { line: r.line, id: r.entry } } }));
    save("minutes.json", new Blob([JSON.stringify(d, null, 1)], { type: "application/json" }));
  });
  return (
    <section>
      <h3>{t("statements")}</h3>
      <ul class="list">
        {r.minutes.map((m) => (
          <li key={m.id}>
            <a href={to("statement", m.id)}><Text>{m.title}</Text></a> <strong>{word("statement", m.state)}</strong> <Moment at={m.since} />
          </li>
        ))}
      </ul>
      <Do label={t("review.minutes")} busy={busy} run={draft} />
    </section>
  );
}

/** ReviewsAbout lists the incidents that name a notice. */
export function ReviewsAbout({ first }: { first: string }) {
  const { value } = useAsk(() => got(api.GET("/v1/incidents", { params: { query: {} } })), "incidents");
  const list = (value?.incidents ?? []).filter((r) => (r.notices ?? []).some((n) => n.entry === first));
  if (list.length === 0) return null;
  return (
    <section>
      <h3>{t("incidents")}</h3>
      <ul class="list">
        {list.map((r) => (
          <li key={r.entry}>
            <a href={to("review", r.entry)}><Text>{r.title}</Text></a> <span class="chip">{word("review", r.state)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
