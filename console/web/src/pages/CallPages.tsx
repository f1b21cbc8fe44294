// Calls: making one, and one with its answers.
import { api, got } from "../api/client";
import { language } from "../api/client";
import type { Call } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { calls, line, now, status } from "../live/store";
import { go, to } from "../live/route";
import { lasting } from "../live/time";
import { t, word } from "../words/say";
import { Passed, PassedBefore } from "../parts/Passed";
import { Verify } from "../parts/Verify";
import { VoicePage } from "../parts/VoicePage";
import { Ask, Do, Facts, Moment, Name, Said, Text, useDo } from "../parts/bits";

export function CallList() {
  const list = [...calls.value].sort((a, b) => Date.parse(b.time) - Date.parse(a.time));
  return (
    <article>
      <h2>{t("calls")}</h2>
      <ul class="list">
        {list.map((c) => (
          <li key={c.entry}>
            <a href={to("call", c.entry)}>
              <Text>{c.party}</Text>: {word("call", c.type)}
            </a>{" "}
            <strong>{word("callstate", c.state)}</strong> <Moment at={c.time} /> <Name>{c.text}</Name>
          </li>
        ))}
      </ul>
      {list.length === 0 && <p class="none">{t("now.none")}</p>}
    </article>
  );
}

type CallType = Call["type"];
const types: CallType[] = ["hold", "distress", "concern", "query"];

const blankCall = { type: "hold", about: "", text: "" };

/** NewCall is short: a hold must go out in seconds. */
export function NewCall() {
  const d = draftOf("call", blankCall);
  const { about, text } = d.value;
  const type = types.find((x) => x === d.value.type) ?? "hold";
  const { busy, outcome, run } = useDo();
  const send = () =>
    run(async () => {
      const made = await got(
        api.POST("/v1/calls", {
          params: { query: line.value ? { line: line.value.id } : {} },
          body: { type, text, language: language.value, ...(about ? { about } : {}) },
        }),
      );
      d.clear();
      go("call", made.entry);
    });
  return (
    <article>
      <h2>{word("call", type)}</h2>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        <fieldset class="choice">
          {types.map((x) => (
            <label key={x} class={x === type ? "picked" : ""}>
              <input type="radio" name="type" value={x} checked={x === type} onChange={() => d.set({ type: x })} /> {word("call", x)}
            </label>
          ))}
        </fieldset>
        <label>
          {t("words")}
          <textarea rows={3} required value={text} onInput={(e) => d.set({ text: e.currentTarget.value })} dir="auto" />
        </label>
        <label>
          {t("about")}
          <input value={about} onInput={(e) => d.set({ about: e.currentTarget.value })} dir="auto" />
        </label>
        <button class="loud" type="submit" aria-disabled={busy}>
          {t("send")}
        </button>
      </form>
      <Said outcome={outcome} />
    </article>
  );
}

export function CallPage({ entry }: { entry: string }) {
  const c = calls.value.find((x) => x.entry === entry);
  if (!c) return <p>{entry}</p>;
  return (
    <article class={`call call-${c.type}`}>
      <h2>
        {word("call", c.type)} · <Text>{c.party}</Text> {c.exercise && <span class="chip exercise">{t("exercise")}</span>}
      </h2>
      <Speech speech={c} />
      <Facts
        rows={[
          [t("state"), <strong>{word("callstate", c.state)}</strong>],
          [t("filed"), <Moment at={c.time} seconds />],
          [t("delivered"), c.delivered ? <Moment at={c.delivered} seconds /> : t("delivery-not-shown")],
          [t("now.due-by"), c.due ? <><Moment at={c.due} seconds /> ({lasting(Date.parse(c.due) - now.value)})</> : ""],
          [t("review"), c.review ? <Moment at={c.review} /> : ""],
          [t("where"), c.place ? <Text>{c.place}</Text> : ""],
          [t("persons"), c.persons ? String(c.persons) : ""],
          [t("about"), c.about ? <Text>{c.about}</Text> : ""],
          [t("owners"), c.received.length > 0 ? <Text>{c.received.map((r) => r.officer).join(", ")}</Text> : ""],
        ]}
      />
      <h3>{t("answers")}</h3>
      <ul>
        {c.answers.map((a) => (
          <li key={a.entry}>
            <strong>
              <Text>{a.party}</Text> {a.word && word("answer", a.word)}
            </strong>{" "}
            <Moment at={a.time} seconds /> <Speech speech={a} />
          </li>
        ))}
      </ul>
      <CallSteps call={c} />
      <VoicePage line={c.line} entry={c.entry} />
      {c.party === status.value?.party && <Passed key={c.entry} line={c.line} of={c.entry} type={c.type} />}
      <PassedBefore line={c.line} call={c.entry} />
      <Verify about={c.entry} line={c.line} entry />
    </article>
  );
}

type Spoken = Pick<Call, "text" | "language" | "officer" | "role" | "shown" | "translations">;

/** Speech is the original, which counts, with what helps to read it beside it. */
function Speech({ speech: s }: { speech: Spoken }) {
  return (
    <blockquote>
      {s.shown && (
        <p class="shown" lang={s.shown.language} dir="auto">
          <Text>{s.shown.text}</Text> {!s.shown.reviewed && <small>{t("unreviewed")}</small>}
        </p>
      )}
      <p lang={s.language} dir="auto">
        <Text>{s.text}</Text>
      </p>
      {(s.translations ?? []).map((x) => (
        <p key={x.language + x.translator} lang={x.language} dir="auto">
          <Text>{x.text}</Text> <small><Text>{x.translator}</Text></small>
        </p>
      ))}
      <footer>
        <Name>{`${s.officer} (${word("role", s.role)})`}</Name>
      </footer>
    </blockquote>
  );
}

function CallSteps({ call: c }: { call: Call }) {
  const { busy, outcome, run } = useDo();
  const own = c.party === status.value?.party;
  const spoken = (text: string) => ({ call: c.entry, ...(text ? { text, language: language.value } : {}) });
  const over = c.state === "ended" || c.state === "lifted" || c.state === "closed";
  if (over) return <Said outcome={outcome} />;
  return (
    <div class="stepsbox">
      {!own && c.received.length === 0 && <Do label={t("received")} busy={busy} run={() => run(() => got(api.POST("/v1/receive", { body: { id: c.entry } })))} />}
      {!own && c.type === "hold" && <HoldAnswers busy={busy} run={run} call={c} />}
      {!(c.type === "hold" && !own) && <Ask draft={`answer ${c.entry}`} label={t("words")} button={t("answer")} busy={busy} required run={(text) => run(() => got(api.POST("/v1/calls/answer", { body: spoken(text) })))} />}
      {own &&
        (c.type === "hold" ? (
          <Ask draft={`lift ${c.entry}`} label={t("words")} button={t("lift")} busy={busy} run={(text) => run(() => got(api.POST("/v1/calls/lift", { body: spoken(text) })))} />
        ) : (
          <Ask draft={`end ${c.entry}`} label={t("words")} button={t("end")} busy={busy} run={(text) => run(() => got(api.POST("/v1/calls/end", { body: spoken(text) })))} />
        ))}
      <Said outcome={outcome} />
    </div>
  );
}

type Run = ReturnType<typeof useDo>["run"];

function HoldAnswers({ busy, run, call }: { busy: boolean; run: Run; call: Call }) {
  const d = draftOf(`answer ${call.entry}`, { text: "" });
  const { text } = d.value;
  const answer = (w: "holding" | "cannot-hold" | "continuing") =>
    run(() => got(api.POST("/v1/calls/answer", { body: { call: call.entry, word: w, ...(text ? { text, language: language.value } : {}) } }))).then((ok) => ok && d.clear());
  return (
    <>
      <label>
        {t("words")}
        <input value={text} onInput={(e) => d.set({ text: e.currentTarget.value })} dir="auto" />
      </label>
      <p class="steps">
        <Do label={t("answer.holding")} kind="loud" busy={busy} run={() => answer("holding")} />
        <Do label={t("answer.cannot-hold")} busy={busy} run={() => answer("cannot-hold")} />
        <Do label={t("answer.continuing")} busy={busy} run={() => answer("continuing")} />
      </p>
    </>
  );
}
