// What an officer reads back of a notice of the other party, from his own map: a field for each thing, under its name
// in his language. The node is sent the lines that it reads.
import { useState } from "preact/hooks";
import { draftOf } from "../live/drafts";
import { t, word } from "../words/say";

/** The fields in the order of the page that is read out by telephone, with an example of what each takes. */
const fields = [
  ["position", "35 24.600 N 035 57.000 E"],
  ["radius", "9260 m"],
  ["half width", "4000 m"],
  ["lower", "FL 100"],
  ["upper", "FL 240"],
  ["from", "151800Z"],
  ["until", "151930Z"],
] as const;

type Name = (typeof fields)[number][0];

const blank: Record<Name | "more", string> = { position: "", radius: "", "half width": "", lower: "", upper: "", from: "", until: "", more: "" };

/** first is the notice that is read back, by its first entry. */
export function ReadBack({ first, busy, send }: { first: string; busy: boolean; send: (text: string) => Promise<boolean> }) {
  const d = draftOf(`read-back ${first}`, blank);
  const said = d.value;
  const text = lines(said);
  const [open] = useState(said.more !== "");
  return (
    <form
      class="readback"
      onSubmit={(e) => {
        e.preventDefault();
        void send(text).then((ok) => ok && d.clear());
      }}
    >
      <fieldset>
        <legend>{t("read-back.how")}</legend>
        {fields.map(([name, example]) => {
          const value = said[name];
          const set = (v: string) => d.set({ [name]: v });
          return (
            <label key={name} class={name === "position" ? "wide" : ""}>
              {word("page", name)}
              {name === "position" ? (
                <textarea rows={2} dir="ltr" value={value} placeholder={example} onInput={(e) => set(e.currentTarget.value)} />
              ) : (
                <input dir="ltr" autocomplete="off" value={value} placeholder={example} onInput={(e) => set(e.currentTarget.value)} />
              )}
            </label>
          );
        })}
        <details open={open}>
          <summary>{t("read-back.more")}</summary>
          <textarea rows={4} dir="ltr" aria-label={t("read-back.more")} value={said.more} onInput={(e) => d.set({ more: e.currentTarget.value })} />
        </details>
        <button type="submit" disabled={text === ""} aria-disabled={busy}>
          {t("read-back")}
        </button>
      </fieldset>
    </form>
  );
}

/** lines is what was read back as the node reads it: a line for each position and each field. */
function lines(said: Record<Name | "more", string>): string {
  const out = fields.flatMap(([name]) =>
    said[name]
      .split("\n")
      .map((v) => v.trim())
      .filter((v) => v !== "")
      .map((v) => (name === "position" && v.includes(":") ? v : `${name}: ${v}`)), // one whose number was typed with it
  );
  return [...out, said.more.trim()].filter((x) => x !== "").join("\n");
}
