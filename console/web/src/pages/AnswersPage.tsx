// Answers that wait: conflicts of own notices that the other party does not see. It is told that there is one when an
// officer here releases that, and nothing where it is refused.
import { api, got } from "../api/client";
import type { AlertAnswer, ConflictParty } from "../api/schema.gen";
import { find, keyOf, lines } from "../live/store";
import { may, useAsk } from "../live/ask";
import { to } from "../live/route";
import { t, word } from "../words/say";
import { Ask, Do, Facts, Moment, More, Name, Said, Text, useDo, useMore } from "../parts/bits";

const asked = () => got(api.GET("/v1/answers", { params: { query: {} } }));

export function AnswersPage() {
  const { value, why } = useAsk(asked, "answers");
  const shown = useMore(value?.answers ?? [], 50);
  return (
    <article>
      <h2>{t("waiting")} {value && <span class="count">{value.answers.length}</span>}</h2>
      <p class="quiet">{t("waiting.what")}</p>
      {why && <p class="warn"><Text>{why}</Text></p>}
      {value?.answers.length === 0 && <p class="none">{t("now.none")}</p>}
      {shown.list.map((a) => (
        <AnswerBox key={a.conflict.id} answer={a} />
      ))}
      <More of={shown} />
    </article>
  );
}

/** useAnswer is what waits about one conflict: until it is released, nothing that would tell of it is done. null:
 * nothing does; undefined: that is not known yet. */
export function useAnswer(conflict: string): AlertAnswer | null | undefined {
  const { value } = useAsk(asked, "answers");
  return value ? (value.answers.find((a) => a.conflict.id === conflict) ?? null) : undefined;
}

export function NotTold({ answer }: { answer: AlertAnswer }) {
  return (
    <>
      <p class="warn">{t("waiting.told", { party: sides(answer).theirs.party })}</p>
      <AnswerBox answer={answer} />
    </>
  );
}

function sides({ conflict: c }: AlertAnswer): { ours: ConflictParty; theirs: ConflictParty } {
  const own = lines.value.find((l) => l.id === c.line)?.party;
  return c.a.party === own ? { ours: c.a, theirs: c.b } : { ours: c.b, theirs: c.a };
}

function AnswerBox({ answer: x }: { answer: AlertAnswer }) {
  const { busy, outcome, run } = useDo();
  const { conflict: c, decision: d } = x;
  const { ours, theirs } = sides(x);
  const path = { path: { id: c.id }, query: { line: c.line } };
  return (
    <section class="proposal answer">
      <h3>
        <Name>{`${theirs.party}: ${theirs.notice}`}</Name> {c.exercise && <span class="chip exercise">{t("exercise")}</span>}
      </h3>
      <Facts
        rows={[
          [t("waiting.asks"), <NoticeLink of={theirs} />],
          [t("waiting.ours"), <NoticeLink of={ours} />],
          [t("starts"), <Moment at={c.from} />],
          [t("ends"), <Moment at={c.until} />],
          [t("conflict"), <a href={to("conflict", c.id)}>{word("conflict", c.state)}</a>],
          [t("state"), <strong>{word("answerstate", d.state)}</strong>],
          [word("field", "decided-by"), d.officer ? <><Text>{`${d.officer} (${word("role", d.role)})`}</Text> <Moment at={d.time} /></> : ""],
          [t("reason"), d.reason ? <Text>{d.reason}</Text> : ""],
        ]}
      />
      {may("duty", "supervisor") && (
        <div class="steps">
          <Do label={t("waiting.release", { party: theirs.party })} kind="loud" busy={busy} run={() => run(() => got(api.POST("/v1/answers/{id}/release", { params: path })))} />
          {d.state === "waits" && (
            <Ask draft={`answer no ${c.id}`} label={t("waiting.why")} button={t("refuse")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/answers/{id}/refuse", { params: path, body: { reason } })))} />
          )}
        </div>
      )}
      {outcome && !outcome.ok && <Said outcome={outcome} />}
    </section>
  );
}

function NoticeLink({ of }: { of: ConflictParty }) {
  const n = find(of.notice, of.party);
  const name = <><Name>{of.notice}</Name>{of.kind && ` (${word("kind", of.kind)})`}</>;
  return <>{n ? <a href={to("notice", keyOf(n))}>{name}</a> : name} <Text>{of.title ?? ""}</Text></>;
}
