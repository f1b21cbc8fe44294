// By voice: what was heard by telephone is entered late, and counts as theirs until their entry is here; what both
// sides passed and heard, and what of it is not settled.
import { useState } from "preact/hooks";
import { api, got } from "../api/client";
import type { HeardNow, HeardRequest, Spoken } from "../api/schema.gen";
import { draftOf } from "../live/drafts";
import { calls, find, keyOf, lines, now } from "../live/store";
import { instant } from "../live/typed";
import { may, useAsk } from "../live/ask";
import { to } from "../live/route";
import { t, word } from "../words/say";
import { Ask, Echo, Facts, Moment, More, Name, Ref, Said, shortEntry, Text, useDo, useMore } from "../parts/bits";
import { Talk } from "../parts/Passed";

const settled = (s: Spoken) => s.way === "passed" || s.closed !== undefined || s.state === "matched" || s.state === "closed";

export function ByVoicePage() {
  const { value, why } = useAsk(() => got(api.GET("/v1/voice", { params: { query: {} } })), "voice");
  const list = value?.spoken ?? [];
  const open = list.filter((s) => !settled(s));
  const rest = useMore(list.filter(settled), 30);
  return (
    <article>
      <h2>{t("by-voice")}</h2>
      {may("duty", "supervisor") && <HeardForm />}
      {why && <p class="warn"><Text>{why}</Text></p>}
      <section>
        <h3>{t("by-voice.open")} {value && <span class="count">{open.length}</span>}</h3>
        {value && open.length === 0 && <p class="none">{t("now.none")}</p>}
        {open.map((s) => <SpokenBox key={s.entry} s={s} />)}
      </section>
      <section>
        <h3>{t("by-voice.before")}</h3>
        {value && rest.list.length === 0 && <p class="none">{t("now.none")}</p>}
        {rest.list.map((s) => <SpokenBox key={s.entry} s={s} />)}
        <More of={rest} />
      </section>
    </article>
  );
}

const blank = { at: "", by: "", other: "", means: "", text: "", line: "" };

/** example shows how the lines are written: the names may be those of any language, what is told stays ICAO's. */
const example = "kind: flight, air, crewed\nnotice: …\nversion: 1\nposition 1: 35 24.600 N 035 57.000 E, check WPL\nradius: 9260 m, check DUQ\nlower: 0 m AMSL\nupper: FL240\nfrom: day 15, time 1800 ZULU\nuntil: day 15, time 1930 ZULU";

function HeardForm() {
  const d = draftOf("heard", blank);
  const { busy, outcome, run } = useDo();
  const [held, setHeld] = useState<HeardNow | null>(null);
  const f = d.value;
  const line = lines.value.find((l) => l.id === f.line) ?? lines.value[0];
  const say = () =>
    run(async () => {
      setHeld(null);
      const body: HeardRequest = { at: instant(f.at, now.value, true), means: f.means || t("voice.telephone"), text: f.text, ...(f.by ? { by: f.by } : {}), ...(f.other ? { other: f.other } : {}) };
      setHeld(await got(api.POST("/v1/voice/heard", { params: { query: line ? { line: line.id } : {} }, body })));
      d.clear();
    }, "");
  return (
    <section>
      <h3>{t("heard")}</h3>
      <p class="quiet">{t("heard.how")}</p>
      <form onSubmit={(e) => (e.preventDefault(), void say())}>
        {lines.value.length > 1 && (
          <label>
            {t("party")}
            <select value={line?.id ?? ""} onChange={(e) => d.set({ line: e.currentTarget.value })}>
              {lines.value.map((l) => <option key={l.id} value={l.id}>{l.peer}</option>)}
            </select>
          </label>
        )}
        <label>
          {t("heard.text")}
          <textarea rows={9} dir="ltr" value={f.text} placeholder={example} onInput={(e) => d.set({ text: e.currentTarget.value })} />
        </label>
        <Talk d={d} other={t("heard.from")} />
        <button type="submit" aria-disabled={busy} disabled={f.at === "" || f.text.trim() === ""}>{t("heard.do")}</button>
      </form>
      {outcome && !outcome.ok && <Said outcome={outcome} />}
      {held && (
        <div role="status">
          <p class="ok">{held.notice || held.call ? t("heard.held") : t("heard.filed")}</p>
          {held.conflicts.map((c) => (
            <p key={c.id} class="bad"><a href={to("conflict", c.id)}>⚡ <Name>{`${c.a.party}: ${c.a.notice} – ${c.b.party}: ${c.b.notice}`}</Name></a></p>
          ))}
          {held.conflicts.length === 0 && <p class="compared"><Text>{held.compared.text}</Text></p>}
        </div>
      )}
    </section>
  );
}

function SpokenBox({ s }: { s: Spoken }) {
  const { busy, outcome, run } = useDo();
  const own = lines.value.find((l) => l.id === s.line)?.party === s.party;
  return (
    <section class={`proposal spoken ${settled(s) ? "" : "open"}`}>
      <h4>
        {word("rung", s.way === "passed" ? "passed by voice" : "heard by voice")}: <Subject s={s} /> {s.drill && <span class="chip exercise">{t("exercise")}</span>}
      </h4>
      <Facts
        rows={[
          [s.party, <><Text>{`${s.by} ↔ ${s.other}, ${s.means}`}</Text> <Moment at={s.at} /></>],
          [word("field", "entered"), <><Moment at={s.entered} /> <Text>{`${s.officer} (${word("role", s.role)})`}</Text></>],
          [t("state"), s.state ? <strong class={s.state === "differs" || s.state === "unmatched" ? "bad" : ""}>{word("heard", s.state)}</strong> : ""],
          [t("entry"), s.of ? <Ref of={s.of} /> : ""],
          [t("read-back"), s.read_back ? t(`passed.${s.read_back}`) : ""],
          [t("answer"), s.answer ? <strong>{word(s.answer === "taken" ? "callstate" : "answer", s.answer)}</strong> : ""],
          [t("remark"), s.remark ? <Text>{s.remark}</Text> : ""],
        ]}
      />
      {(s.differences ?? []).map((x) => (
        <p class="bad" key={x.field}><Text>{x.text}</Text></p>
      ))}
      {s.closed && <p><Text>{`${s.closed.officer}: ${s.closed.reason}`}</Text> <Moment at={s.closed.time} /></p>}
      {s.echo && s.echo.length > 0 && <details><summary>{t("echo")}</summary><Echo lines={s.echo} /></details>}
      {s.text && <details><summary>{t("heard.text")}</summary><pre class="dropped" dir="ltr"><bdi class="typed">{s.text}</bdi></pre></details>}
      {own && !settled(s) && may("duty", "supervisor") && (
        <Ask draft={`close ${s.entry}`} label={t("reason")} button={t("by-voice.close")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/voice/close", { params: { query: { line: s.line } }, body: { heard: s.entry, reason } })))} />
      )}
      {outcome && !outcome.ok && <Said outcome={outcome} />}
    </section>
  );
}

/** Subject is the notice or the call, as it is held here. */
function Subject({ s }: { s: Spoken }) {
  const id = s.held_as ?? s.notice ?? "";
  const n = find(id) ?? find(s.notice ?? "");
  if (n) return <a href={to("notice", keyOf(n))}><Name>{n.id}</Name></a>;
  const c = calls.value.find((x) => x.entry === s.held_as || x.entry === s.call || x.entry === s.of);
  if (c) return <a href={to("call", c.entry)}>{word("call", c.type)}</a>;
  return s.type ? <>{word("call", s.type)}</> : <Name>{s.notice ?? shortEntry(s.entry)}</Name>;
}
