// Making a call. It is short: a hold must go out in seconds.
import { api, got, language } from "../api/client";
import type { Call, CallRequest } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { position } from "../live/position";
import { go } from "../live/route";
import { line, now } from "../live/store";
import { instant } from "../live/typed";
import { inWords } from "../map/coordinates";
import { Phrase } from "../parts/Phrases";
import { Zulu } from "../parts/Zulu";
import { Said, useDo } from "../parts/bits";
import { t, word } from "../words/say";

const types: Call["type"][] = ["hold", "distress", "concern", "query"];

const blank = { type: "hold", phrase: "", about: "", text: "", review: "", position: "", lastSeen: "", persons: "", nature: "", drill: false as boolean };

type Fields = typeof blank;

export function NewCall() {
  const d = draftOf("call", blank);
  const type = types.find((x) => x === d.value.type) ?? "hold";
  const { busy, outcome, run } = useDo();
  const send = () =>
    run(async () => {
      const made = await got(api.POST("/v1/calls", { params: { query: line.value ? { line: line.value.id } : {} }, body: request(type, d.value) }));
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
              <input type="radio" name="type" value={x} checked={x === type} onChange={() => d.set({ type: x, phrase: "" })} /> {word("call", x)}
            </label>
          ))}
        </fieldset>
        <label>
          {t("words")}
          <textarea rows={3} required={d.value.phrase === ""} value={d.value.text} onInput={(e) => d.set({ text: e.currentTarget.value })} dir="auto" />
        </label>
        {type === "distress" && <Danger d={d.value} set={d.set} />}
        <button class="loud" type="submit" aria-disabled={busy}>
          {t("send")}
        </button>
        <Said outcome={outcome} />
        <Phrase uses={[type]} value={d.value.phrase} set={(phrase) => d.set({ phrase })} />
        {type === "hold" && <Zulu label={t("call.review")} value={d.value.review} set={(review) => d.set({ review })} />}
        <label>
          {t("about")}
          <input value={d.value.about} onInput={(e) => d.set({ about: e.currentTarget.value })} dir="auto" />
        </label>
        <label class="inline">
          <input type="checkbox" checked={d.value.drill} onChange={(e) => d.set({ drill: e.currentTarget.checked })} /> {t("file.exercise")}
        </label>
      </form>
    </article>
  );
}

/** Danger is what only a distress call says. All of it may be left out: the call goes first. */
function Danger({ d, set }: { d: Fields; set: (change: Partial<Fields>) => void }) {
  const at = position(d.position);
  return (
    <>
      <label>
        {t("call.position")}
        <input dir="ltr" autocomplete="off" placeholder="35 24.6 N 035 57.0 E" value={d.position} onInput={(e) => set({ position: e.currentTarget.value })} />
        {d.position !== "" && <small class={at ? "quiet" : "bad"} dir={at ? "ltr" : undefined}>{at ? inWords(at).join(" · ") : t("call.no-position")}</small>}
      </label>
      <Zulu label={t("call.last-seen")} value={d.lastSeen} set={(lastSeen) => set({ lastSeen })} happened />
      <label>
        {t("call.persons")}
        <input type="number" min={0} step={1} dir="ltr" value={d.persons} onInput={(e) => set({ persons: e.currentTarget.value })} />
      </label>
      <label>
        {t("call.nature")}
        <input value={d.nature} onInput={(e) => set({ nature: e.currentTarget.value })} dir="auto" />
      </label>
    </>
  );
}

/** request is what was typed as the node reads it. A position that is none is left for the node to refuse. */
function request(type: Call["type"], d: Fields): CallRequest {
  const text = d.text.trim();
  return {
    type,
    ...(d.about.trim() ? { about: d.about.trim() } : {}),
    ...(d.phrase ? { phrase: Number(d.phrase) } : {}),
    ...(text ? { text } : {}),
    ...(text || !d.phrase ? { language: language.value } : {}),
    ...(d.drill ? { drill: true } : {}),
    ...(type === "hold" && d.review ? { review: instant(d.review, now.peek()) } : {}),
    ...(type === "distress" ? danger(d) : {}),
  };
}

function danger(d: Fields): Partial<CallRequest> {
  return {
    ...(d.position.trim() ? { position: position(d.position) ?? [] } : {}),
    ...(d.lastSeen ? { last_seen: instant(d.lastSeen, now.peek(), true) } : {}),
    ...(d.persons.trim() ? { persons: Number(d.persons) } : {}),
    ...(d.nature.trim() ? { nature: d.nature.trim() } : {}),
  };
}
