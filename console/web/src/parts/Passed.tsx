// What was read out by telephone, entered late by whoever passed it: the time of the talk, both officers, and what the
// other read back, and to a call what he said.
import { useState } from "preact/hooks";
import { api, got } from "../api/client";
import type { Call, PassedRequest } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { now, status } from "../live/store";
import { instant } from "../live/typed";
import { may, useAsk } from "../live/ask";
import { to } from "../live/route";
import { t, word } from "../words/say";
import { Moment, Said, Text, useDo } from "./bits";
import { Zulu } from "./Zulu";

const readBacks = ["same", "differs", "none"] as const;

/** answersTo are the words that an officer says to a call. */
const answersTo = (type: Call["type"] | undefined) => (type === "hold" ? (["holding", "cannot-hold", "continuing"] as const) : type ? (["taken"] as const) : []);

const blank = { at: "", by: "", other: "", means: "", back: "", remark: "", answer: "" };

/** Passed is of an own notice, by its id, or of an own call, by its entry. */
export function Passed({ line, of, type }: { line: string; of: string; type?: Call["type"] }) {
  const d = draftOf(`passed ${line} ${of}`, blank);
  const { busy, outcome, run } = useDo();
  const [open, setOpen] = useState(d.begun);
  if (!may("duty", "supervisor")) return null;
  const f = d.value;
  const words = answersTo(type);
  const back = readBacks.find((x) => x === f.back);
  const answer = words.find((x) => x === f.answer);
  const ready = f.at !== "" && f.other !== "" && back !== undefined;
  const say = () =>
    run(async () => {
      if (!back) return;
      const body: PassedRequest = {
        of, at: instant(f.at, now.value, true), other: f.other, means: f.means || t("voice.telephone"), read_back: back,
        ...(f.by ? { by: f.by } : {}), ...(f.remark ? { remark: f.remark } : {}), ...(answer ? { answer } : {}),
      };
      await got(api.POST("/v1/voice/passed", { params: { query: { line } }, body }));
      d.clear();
    });
  return (
    <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("passed")}</summary>
      <p class="quiet">{t("passed.how")}</p>
      <form onSubmit={(e) => (e.preventDefault(), void say())}>
        <Talk d={d} other={t("passed.to")} />
        <fieldset class="choice">
          <legend>{t("passed.back")}</legend>
          {readBacks.map((x) => (
            <label key={x} class={x === back ? "picked" : ""}>
              <input type="radio" name={`back ${of}`} checked={x === back} onChange={() => d.set({ back: x })} /> {t(`passed.${x}`)}
            </label>
          ))}
        </fieldset>
        {words.length > 0 && (
          <label>
            {t("passed.answer")}
            <select value={f.answer} onChange={(e) => d.set({ answer: e.currentTarget.value })}>
              <option value="">{t("passed.nothing")}</option>
              {words.map((x) => <option key={x} value={x}>{x === "taken" ? word("callstate", x) : word("answer", x)}</option>)}
            </select>
          </label>
        )}
        <label>{t("remark")}<input value={f.remark} onInput={(e) => d.set({ remark: e.currentTarget.value })} dir="auto" /></label>
        <button type="submit" aria-disabled={busy} disabled={!ready}>{t("passed.do")}</button>
      </form>
      <Said outcome={outcome} />
    </details>
  );
}

type Spoke = { value: { at: string; by: string; other: string; means: string }; set: (change: Partial<{ at: string; by: string; other: string; means: string }>) => void };

/** Talk asks when two officers spoke, who they were, and how. */
export function Talk({ d, other }: { d: Spoke; other: string }) {
  const f = d.value;
  return (
    <>
      <Zulu label={t("voice.at")} value={f.at} set={(at) => d.set({ at })} happened />
      <label>{other}<input value={f.other} onInput={(e) => d.set({ other: e.currentTarget.value })} dir="auto" /></label>
      <div class="two">
        <label>{t("voice.by")}<input value={f.by} placeholder={status.value?.officer.name ?? ""} onInput={(e) => d.set({ by: e.currentTarget.value })} dir="auto" /></label>
        <label>{t("voice.means")}<input value={f.means} placeholder={t("voice.telephone")} onInput={(e) => d.set({ means: e.currentTarget.value })} dir="auto" /></label>
      </div>
    </>
  );
}

/** PassedBefore is what this desk entered of one call: of a notice, the ladder has it. */
export function PassedBefore({ line, call }: { line: string; call: string }) {
  const { value } = useAsk(() => got(api.GET("/v1/voice", { params: { query: { line } } })), `voice ${line}`);
  const list = (value?.spoken ?? []).filter((x) => x.way === "passed" && x.call === call);
  if (list.length === 0) return null;
  return (
    <ul class="list passed">
      {list.map((x) => (
        <li key={x.entry}>
          {word("rung", "passed by voice")}: <Text>{`${x.by} → ${x.other}, ${x.means}`}</Text> <Moment at={x.at} /> {x.answer && <strong>{word(x.answer === "taken" ? "callstate" : "answer", x.answer)}</strong>} <a href={to("voice")}>{t("by-voice")}</a>
        </li>
      ))}
    </ul>
  );
}
