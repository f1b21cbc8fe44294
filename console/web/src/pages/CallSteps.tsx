// The steps of a call that are open: to take it, to answer, to look at a hold again, to lift and to end.
import { api, got, language } from "../api/client";
import type { Call } from "../api/schema.gen";
import { may } from "../live/ask";
import { draftOf } from "../live/drafts";
import { now, status } from "../live/store";
import { instant } from "../live/typed";
import { Phrase } from "../parts/Phrases";
import { Zulu } from "../parts/Zulu";
import { Do, Said, useDo } from "../parts/bits";
import { t } from "../words/say";

type Run = ReturnType<typeof useDo>["run"];
type Part = { call: Call; busy: boolean; run: Run };

export function CallSteps({ call: c }: { call: Call }) {
  const { busy, outcome, run } = useDo();
  const own = c.party === status.value?.party;
  const over = c.state === "ended" || c.state === "lifted" || c.state === "closed" || c.state === "exercise over";
  if (over || !may("duty", "supervisor")) return <Said outcome={outcome} />;
  const part = { call: c, busy, run };
  return (
    <div class="stepsbox">
      {!own && c.received.length === 0 && <Do label={t("received")} busy={busy} run={() => run(() => got(api.POST("/v1/receive", { body: { id: c.entry } })))} />}
      {!own && c.type === "hold" ? <HoldAnswers {...part} /> : <Say {...part} name="answer" send={(body) => got(api.POST("/v1/calls/answer", { body }))} />}
      {own && c.type === "hold" && <Review {...part} />}
      {own &&
        (c.type === "hold" ? (
          <Say {...part} name="lift" optional send={(body) => got(api.POST("/v1/calls/lift", { body }))} />
        ) : (
          <Say {...part} name="end" optional send={(body) => got(api.POST("/v1/calls/end", { body }))} />
        ))}
      <Said outcome={outcome} />
    </div>
  );
}

const blank = { text: "", phrase: "" };

/** spoken is what is said of a call, in words, by a phrase, or both. */
function spoken(c: Call, said: typeof blank) {
  return { call: c.entry, ...(said.phrase ? { phrase: Number(said.phrase) } : {}), ...(said.text ? { text: said.text, language: language.value } : {}) };
}

type SayProps = Part & { name: "answer" | "lift" | "end"; optional?: boolean; send: (body: ReturnType<typeof spoken>) => Promise<unknown> };

function Say({ call: c, busy, run, name, optional, send }: SayProps) {
  const d = draftOf(`${name} ${c.entry}`, blank);
  return (
    <form
      class="ask"
      onSubmit={(e) => {
        e.preventDefault();
        void run(() => send(spoken(c, d.value))).then((ok) => ok && d.clear());
      }}
    >
      <label>
        {t("words")}
        <input required={!optional && d.value.phrase === ""} value={d.value.text} onInput={(e) => d.set({ text: e.currentTarget.value })} dir="auto" />
      </label>
      <button type="submit" aria-disabled={busy}>
        {t(name)}
      </button>
      <Phrase uses={[name]} value={d.value.phrase} set={(phrase) => d.set({ phrase })} />
    </form>
  );
}

function HoldAnswers({ call, busy, run }: Part) {
  const d = draftOf(`answer ${call.entry}`, blank);
  const answer = (w: "holding" | "cannot-hold" | "continuing") =>
    run(() => got(api.POST("/v1/calls/answer", { body: { ...spoken(call, w === "holding" ? { ...d.value, phrase: "" } : d.value), word: w } }))).then((ok) => ok && d.clear());
  return (
    <>
      <label>
        {t("words")}
        <input value={d.value.text} onInput={(e) => d.set({ text: e.currentTarget.value })} dir="auto" />
      </label>
      <p class="steps">
        <Do label={t("answer.holding")} kind="loud" busy={busy} run={() => answer("holding")} />
        <Do label={t("answer.cannot-hold")} busy={busy} run={() => answer("cannot-hold")} />
        <Do label={t("answer.continuing")} busy={busy} run={() => answer("continuing")} />
      </p>
      <Phrase uses={["cannot-hold", "continuing"]} value={d.value.phrase} set={(phrase) => d.set({ phrase })} />
    </>
  );
}

/** Review gives an own hold a new time: one that nobody looks at again lapses, and alarms both. */
function Review({ call: c, busy, run }: Part) {
  const d = draftOf(`review ${c.entry}`, { at: "", ...blank });
  return (
    <form
      class="ask"
      onSubmit={(e) => {
        e.preventDefault();
        void run(() => got(api.POST("/v1/calls/review", { body: { ...spoken(c, d.value), review: instant(d.value.at, now.peek()) } }))).then((ok) => ok && d.clear());
      }}
    >
      <Zulu label={t("call.review")} value={d.value.at} set={(at) => d.set({ at })} />
      <button type="submit" disabled={d.value.at === ""} aria-disabled={busy}>
        {t("call.review-do")}
      </button>
      <Phrase uses={["review"]} value={d.value.phrase} set={(phrase) => d.set({ phrase })} />
    </form>
  );
}
