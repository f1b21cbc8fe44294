// A notice: what was told, who has it, what it is in conflict with, and the steps that are due.
import type { Notice, Rung } from "../api/schema.gen";
import { conflicts, notices } from "../live/store";
import { to } from "../live/route";
import { t, word } from "../words/say";
import { Echo, Facts, Moment, Name, Ref, Text } from "../parts/bits";
import { symbol } from "../map/symbol";
import { may, readNotice, useAsk } from "../live/ask";
import { ReviewsAbout } from "./ReviewPages";
import { Steps } from "./NoticeSteps";
import { StatementsAbout } from "./StatementPages";
import { Passed } from "../parts/Passed";
import { Verify } from "../parts/Verify";
import { VoicePage } from "../parts/VoicePage";

export function NoticePage({ id }: { id: string }) {
  const known = notices.value.get(id);
  const full = useFull(id, known);
  const n = full ?? known;
  if (!n) return <p><Text>{id}</Text></p>;
  return (
    <article>
      <h2>
        <span aria-hidden="true">{symbol(n)}</span> <Name>{`${n.party}: ${n.id}`}</Name> {n.exercise && <span class="chip exercise">{t("exercise")}</span>}
      </h2>
      {n.title && (
        <p class="lead">
          <Text>{n.title}</Text>
        </p>
      )}
      {n.flaw && <p class="bad"><Text>{n.flaw}</Text></p>}
      {n.coarse && <p class="bad"><Text>{n.coarse}</Text></p>}
      <Facts
        rows={[
          [t("state"), word("state", n.state)],
          [t("kind"), [word("kind", n.kind), word("domain", n.domain), word("class", n.class)].filter(Boolean).join(", ")],
          [t("starts"), <Moment at={n.start} />],
          [t("ends"), <Moment at={n.end} />],
          [t("filed"), <><Moment at={n.filed} seconds /> <Text>{n.filed_by ?? ""}</Text></>],
          [t("delivered"), n.delivered ? <Moment at={n.delivered} seconds /> : t("delivery-not-shown")],
          [t("lead"), <strong class={`lead-${n.lead.grade}`}>{word("grade", n.lead.grade)}</strong>],
          [t("entry"), <><Ref of={n.entry} /> · {t("versions", { n: n.version })}</>],
        ]}
      />
      {(n.warnings ?? []).map((w) => (
        <p class="warn" key={w.text}>
          ⚠ <Text>{w.text}</Text>
        </p>
      ))}
      <Ladder notice={n} />
      <Steps notice={n} />
      <ConflictsOf notice={n} />
      <ReviewsAbout first={n.first} />
      <StatementsAbout about={n.id} />
      {may("supervisor") && (
        <p>
          <a href={to("record", `${n.party}:${n.id}`)}>{t("review.about")}</a>
        </p>
      )}
      <VoicePage line={n.line} notice={n.id} party={n.party} />
      {n.own && <Passed key={n.first} line={n.line} of={n.id} />}
      <Verify about={n.id} line={n.line} />
      {n.echo && (
        <details open>
          <summary>{t("echo")}</summary>
          <Echo lines={n.echo} />
        </details>
      )}
    </article>
  );
}

/** useFull asks for what the page does not follow: the echo and the warnings, and a notice that was over before. */
function useFull(id: string, n: Notice | undefined): Notice | null {
  const { value: full } = useAsk(() => readNotice(id), id, n ? `${n.entry} ${n.state} ${n.ladder.length} ${n.received.length}` : "");
  if (!full) return null;
  if (!n) return full;
  return full.entry === n.entry ? { ...n, echo: full.echo ?? [], warnings: full.warnings ?? [] } : null;
}

function Ladder({ notice }: { notice: Notice }) {
  return (
    <section aria-label={t("ladder")}>
      <h3>{t("ladder")}</h3>
      <ol class="ladder">
        {notice.ladder.map((r) => (
          <RungRow key={r.name} rung={r} />
        ))}
      </ol>
    </section>
  );
}

function RungRow({ rung: r }: { rung: Rung }) {
  const mark = r.done ? "✓" : r.missed ? "✗" : "…";
  return (
    <li class={r.done ? "done" : r.missed ? "missed" : "owed"}>
      <span aria-hidden="true">{mark}</span> <Text>{r.by}</Text>: {word("rung", r.name)} {r.done ? <Moment at={r.done} seconds /> : <Moment at={r.due} />}{" "}
      <Text>{[r.officer, r.unit, r.means].filter(Boolean).join(", ")}</Text>
      {(r.differences ?? []).map((d) => (
        <p class="bad" key={d.field}>
          <Text>{d.text}</Text>
        </p>
      ))}
      {r.unable && (
        <p class="bad">
          <Text>{r.unable}</Text>
        </p>
      )}
    </li>
  );
}

function ConflictsOf({ notice: n }: { notice: Notice }) {
  const list = conflicts.value.filter((c) => c.a.first === n.first || c.b.first === n.first);
  if (list.length === 0) return null;
  return (
    <section>
      <h3>{t("conflicts")}</h3>
      <ul>
        {list.map((c) => {
          const other = c.a.first === n.first ? c.b : c.a;
          return (
            <li key={c.id}>
              <a href={to("conflict", c.id)}>
                <Name>{`${other.party}: ${other.notice}`}</Name>
              </a>{" "}
              {word("conflict", c.state)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
