// What one side says in an incident or a joint team, and says anew: a new version stands for the one before,
// which stays on the record, and needs a new answer.
import { useState } from "preact/hooks";
import { api, got } from "../api/client";
import type { JointReview, ReviewFinding, ReviewItem, ReviewUndertaking } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { line, now, status } from "../live/store";
import { instant } from "../live/typed";
import { t } from "../words/say";
import { Do, Moment, shortEntry, Text, type useDo } from "../parts/bits";
import { Zulu } from "../parts/Zulu";

type Run = ReturnType<typeof useDo>["run"];
export type Steps = { r: JointReview; busy: boolean; run: Run };

/** on is the line of a review, for a command. */
export const on = (r: JointReview) => ({ query: { line: r.line } });

/** of says what a version is of: the review, or the version that it stands for. */
const of = (r: JointReview, was: { entry: string } | undefined) => (was ? { instead_of: was.entry } : { of: r.entry });

const parties = () => [status.value?.party ?? "", line.value?.peer ?? ""].filter(Boolean);

/** minutes is a time as a field for one holds it. */
const minutes = (time: string | undefined) => time?.slice(0, 16) ?? "";

/** nameOf names the draft of a form: of a further item, or of another version of one. */
const nameOf = (kind: string, r: JointReview, was: { entry: string } | undefined) => `${kind} ${was ? was.entry : r.entry}`;

/** Form is shut until somebody opens it or left something in it, and shuts when what it is for was said. */
function Form({ was, add, begun, children, say, ready, busy, run }: { was: object | undefined; add: string; begun: boolean; children: preact.ComponentChildren; say: () => Promise<unknown>; ready: boolean; busy: boolean; run: Run }) {
  const [open, setOpen] = useState(begun);
  const label = was ? t("review.anew") : add;
  return (
    <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{label}</summary>
      {open && (
        <>
          {was && <p class="quiet">{t("review.anew-how")}</p>}
          {children}
          <Do label={label} busy={busy} run={() => run(say).then((ok) => ok && setOpen(false))} disabled={!ready} />
        </>
      )}
    </details>
  );
}

export function ItemForm({ r, was, busy, run }: Steps & { was?: ReviewItem }) {
  const first = { text: was?.text ?? "", from: minutes(was?.from), clock: was?.clock ?? status.value?.party ?? "" };
  const d = draftOf(nameOf("item", r, was), first);
  const f = d.value;
  const say = async () => {
    // Seconds that the field does not show stay, where the time was left as it is.
    const from = was && f.from === first.from ? was.from : instant(f.from, now.value, true);
    await got(api.POST("/v1/reviews/item", { params: on(r), body: { ...of(r, was), text: f.text, from, ...(was?.until ? { until: was.until } : {}), clock: f.clock, ...(was?.links ? { links: was.links } : {}) } }));
    d.clear();
  };
  return (
    <Form was={was} begun={d.begun} add={t("review.add-item")} say={say} ready={f.text !== "" && f.from !== ""} busy={busy} run={run}>
      <label>{t("review.what")}<textarea rows={2} value={f.text} onInput={(e) => d.set({ text: e.currentTarget.value })} dir="auto" /></label>
      <div class="two">
        <Zulu label={t("review.when")} value={f.from} set={(from) => d.set({ from })} happened />
        <label>{t("review.whose-clock")}
          <select value={f.clock} onChange={(e) => d.set({ clock: e.currentTarget.value })}>
            {parties().map((p) => <option key={p}>{p}</option>)}
          </select>
        </label>
      </div>
    </Form>
  );
}

export function FindingForm({ r, was, busy, run }: Steps & { was?: ReviewFinding }) {
  const d = draftOf(nameOf("finding", r, was), { text: was?.text ?? "" });
  const { text } = d.value;
  const say = async () => {
    await got(api.POST("/v1/reviews/finding", { params: on(r), body: { ...of(r, was), text, ...(was?.links ? { links: was.links } : {}) } }));
    d.clear();
  };
  return (
    <Form was={was} begun={d.begun} add={t("review.add-finding")} say={say} ready={text !== ""} busy={busy} run={run}>
      <label>{t("review.follows")}<textarea rows={2} value={text} onInput={(e) => d.set({ text: e.currentTarget.value })} dir="auto" /></label>
    </Form>
  );
}

export function UndertakingForm({ r, was, busy, run }: Steps & { was?: ReviewUndertaking }) {
  const first = { text: was?.text ?? "", owner: was?.owner ?? status.value?.party ?? "", role: was?.owner_role ?? "", due: minutes(was?.due), remind: minutes(was?.remind) };
  const d = draftOf(nameOf("undertaking", r, was), first);
  const f = d.value;
  const say = async () => {
    const body = { ...of(r, was), text: f.text, owner: f.owner, owner_role: f.role, due: instant(f.due, now.value), ...(f.remind ? { remind: instant(f.remind, now.value) } : {}) };
    await got(api.POST("/v1/reviews/undertaking", { params: on(r), body }));
    d.clear();
  };
  return (
    <Form was={was} begun={d.begun} add={t("review.undertake")} say={say} ready={f.text !== "" && f.role !== "" && f.due !== ""} busy={busy} run={run}>
      <label>{t("review.will")}<input value={f.text} onInput={(e) => d.set({ text: e.currentTarget.value })} dir="auto" /></label>
      <div class="two">
        <label>{t("party")}
          <select value={f.owner} onChange={(e) => d.set({ owner: e.currentTarget.value })}>
            {parties().map((p) => <option key={p}>{p}</option>)}
          </select>
        </label>
        <label>{t("review.who-there")}<input value={f.role} onInput={(e) => d.set({ role: e.currentTarget.value })} dir="auto" /></label>
      </div>
      <div class="two">
        <Zulu label={t("review.by")} value={f.due} set={(due) => d.set({ due })} />
        <Zulu label={t("review.remind")} value={f.remind} set={(remind) => d.set({ remind })} />
      </div>
    </Form>
  );
}

type Version = { entry: string; time: string; text: string };

/** Earlier are the versions that another stands for, and of an undertaking one that does not bind yet. */
export function Earlier({ list }: { list: Version[] | undefined }) {
  if (!list || list.length === 0) return null;
  return (
    <details>
      <summary>{t("review.earlier", { n: list.length })}</summary>
      <ol class="list">
        {list.map((x) => (
          <li key={x.entry}><Moment at={x.time} seconds /> {shortEntry(x.entry)}: <Text>{x.text}</Text></li>
        ))}
      </ol>
    </details>
  );
}
