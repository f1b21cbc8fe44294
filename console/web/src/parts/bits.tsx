// Small parts that every page uses.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Refused, said } from "../api/client";
import type { Release } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { refresh } from "../live/follow";
import { zone } from "../live/store";
import { local, stamp } from "../live/time";
import { to } from "../live/route";
import { t } from "../words/say";

/** So much of a text is shown before somebody asks for the rest, and of a name. */
const textMost = 300;
const nameMost = 80;

/** Text is what a person typed, of either party: shown as it is, kept from turning what stands beside it. */
export function Text({ children }: { children: string | undefined }) {
  const [all, setAll] = useState(false);
  const text = children ?? "";
  if (all || text.length <= textMost) return <bdi class="typed">{text}</bdi>;
  return (
    <>
      <bdi class="typed">{cut(text, textMost)}</bdi>{" "}
      <button type="button" class="plain" onClick={() => setAll(true)}>
        {t("more", { n: text.length - textMost })}
      </button>
    </>
  );
}

/** Name is a text in a heading or a link, which has room for a name. */
export function Name({ children }: { children: string | undefined }) {
  return <bdi class="typed">{cut(children ?? "", nameMost)}</bdi>;
}

/** cut leaves no half of a character. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, "") + "…";
}

export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {rows
        .filter(([, v]) => v !== "" && v !== undefined && v !== null)
        .map(([name, v]) => (
          <div key={name}>
            <dt>
              <bdi class="typed">{name}</bdi>
            </dt>
            <dd>{v}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Moment is a time in Zulu, with the local time for who points at it. */
export function Moment({ at, seconds }: { at: string | undefined | null; seconds?: boolean }) {
  if (!at) return null;
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={`${at} · ${local(ms)} ${zone}`}>
      {stamp(at, seconds ?? false)}
    </time>
  );
}

/** useDo runs a command once at a time, reads the picture again, and says how it went. */
export function useDo(): { busy: boolean; outcome: Outcome | null; run: (what: () => Promise<unknown>, done?: string) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const run = async (what: () => Promise<unknown>, done?: string): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    try {
      const waits = waitingIn(await what());
      setOutcome(waits ? { ok: true, text: t("release.waits", { time: stamp(waits.expires) }), waits: true } : { ok: true, text: done ?? t("done") });
      await refresh();
      return true;
    } catch (e) {
      if (e instanceof Refused && e.status === 401) location.assign("/sign-in?console");
      setOutcome({ ok: false, text: t("failed", { why: said(e) }) });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, outcome, run };
}

/** Outcome is how a command went. What waits for a second officer is not done, and not said on the line. */
export type Outcome = { ok: boolean; text: string; waits?: boolean };

/** waitingIn is the release that a command waits for, as the node's answer to it says. */
export function waitingIn(answer: unknown): Release | null {
  const is = (x: unknown): x is Release => typeof x === "object" && x !== null && "prepared_by" in x && (x as Release).state === "pending";
  if (is(answer)) return answer;
  const release = (answer as { release?: unknown } | null | undefined)?.release;
  return is(release) ? release : null;
}

export function Said({ outcome }: { outcome: Outcome | null }) {
  return (
    <p class={`outcome ${outcome ? (outcome.waits ? "warn" : outcome.ok ? "ok" : "bad") : ""}`} role="status" aria-live="polite">
      {outcome ? <Text>{outcome.text}</Text> : ""}
      {outcome?.waits && <> <a href={to("desk")}>{t("desk")}</a></>}
    </p>
  );
}

/** Do is a button. While something is being done it says that it is off, and keeps the focus. */
export function Do({ label, run, busy, kind, disabled }: { label: string; run: () => unknown; busy: boolean; kind?: "loud" | "plain"; disabled?: boolean }) {
  return (
    <button type="button" class={kind ?? ""} disabled={disabled ?? false} aria-disabled={busy} onClick={() => !busy && void run()}>
      {label}
    </button>
  );
}

type AskProps = { /** What it is about: two of one name have one text. */ draft: string; label: string; button: string; busy: boolean; required?: boolean; run: (text: string) => Promise<boolean> };

/** Ask is a line of text with the button that says it. */
export function Ask({ draft, label, button, busy, run, required }: AskProps) {
  const d = draftOf(draft, { text: "" });
  return (
    <form
      class="ask"
      onSubmit={(e) => {
        e.preventDefault();
        void run(d.value.text).then((ok) => ok && d.clear());
      }}
    >
      <label>
        {label}
        <input value={d.value.text} onInput={(e) => d.set({ text: e.currentTarget.value })} required={required ?? false} dir="auto" />
      </label>
      <button type="submit" aria-disabled={busy}>
        {button}
      </button>
    </form>
  );
}

/** Ref is the name of an entry, which runs from left to right in every language. */
export function Ref({ of }: { of: string }) {
  return <bdi dir="ltr">{shortEntry(of) || of}</bdi>;
}

/** shortEntry leaves out the line of an entry's name: 1/b#3. */
export function shortEntry(ref: string): string {
  return ref.split("/").slice(2).join("/");
}

/** A long list is shown in part: the page draws no more than a person reads. */
export type Part<T> = { list: T[]; left: number; step: number; more: () => void };

export function useMore<T>(all: T[], step: number): Part<T> {
  const [most, setMost] = useState(step);
  return { list: all.length > most ? all.slice(0, most) : all, left: Math.max(0, all.length - most), step, more: () => setMost(most + step) };
}

export function More({ of }: { of: Pick<Part<unknown>, "left" | "step" | "more"> }) {
  if (of.left === 0) return null;
  return (
    <p>
      <button type="button" class="plain" onClick={of.more}>
        {t("more", { n: Math.min(of.left, of.step) })}
      </button>{" "}
      <span class="count">{of.left}</span>
    </p>
  );
}

/** Echo is what the node says back of a notice, each line held in its own place. */
export function Echo({ lines }: { lines: string[] }) {
  return (
    <div class="echo" dir="ltr">
      {lines.map((l, i) => (
        <div key={i}>
          <Text>{l}</Text>
        </div>
      ))}
    </div>
  );
}
