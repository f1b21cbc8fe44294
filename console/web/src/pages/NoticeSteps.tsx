// The steps of a notice: of an own one what became of it and a new version, of theirs the rungs of the ladder.
import { api, got } from "../api/client";
import type { Notice } from "../api/schema.gen";
import { may } from "../live/ask";
import { draftOf } from "../live/drafts";
import { to } from "../live/route";
import { keyOf } from "../live/store";
import { ReadBack } from "../parts/ReadBack";
import { Ask, Do, Said, useDo } from "../parts/bits";
import { t, word } from "../words/say";

type Run = ReturnType<typeof useDo>["run"];
type Part = { notice: Notice; busy: boolean; run: Run };

export function Steps({ notice: n }: { notice: Notice }) {
  const { busy, outcome, run } = useDo();
  const live = n.state === "planned" || n.state === "active" || n.state === "overdue";
  return (
    <section class="stepsbox">
      {n.own ? live && may("planner", "duty", "supervisor") && <OwnSteps notice={n} busy={busy} run={run} /> : <TheirSteps notice={n} busy={busy} run={run} />}
      <Said outcome={outcome} />
    </section>
  );
}

function OwnSteps({ notice: n, busy, run }: Part) {
  const own = { path: { id: n.id }, query: { line: n.line } };
  return (
    <p class="steps">
      {n.state === "planned" && <Do label={word("event", "activate")} busy={busy} run={() => run(() => got(api.POST("/v1/notices/{id}/state", { params: own, body: { event: "activate" } })))} />}
      <Do label={word("event", "end")} busy={busy} run={() => run(() => got(api.POST("/v1/notices/{id}/state", { params: own, body: { event: "end" } })))} />
      <a class="button" href={to("file", keyOf(n))}>
        {t("notice.change")}
      </a>
      <Ask draft={`cancel ${n.first}`} label={t("reason")} button={word("event", "cancel")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/notices/{id}/state", { params: own, body: { event: "cancel", reason } })))} />
    </p>
  );
}

function TheirSteps({ notice: n, busy, run }: Part) {
  const query = { query: { line: n.line } };
  const desk = may("duty", "supervisor");
  const relays = desk || may("unit-relay");
  return (
    <>
      {desk && n.received.length === 0 && <Do label={t("received")} busy={busy} run={() => run(() => got(api.POST("/v1/receive", { params: query, body: { id: n.id } })))} />}
      {desk && <ReadBack key={n.first} first={n.first} busy={busy} send={(text) => run(() => got(api.POST("/v1/read-back", { params: query, body: { id: n.id, by: "map", text } })))} />}
      {relays && <Relay notice={n} busy={busy} run={run} />}
      {relays && <Unit key={n.first} notice={n} busy={busy} run={run} />}
    </>
  );
}

function Relay({ notice: n, busy, run }: Part) {
  const to = draftOf(`relay to ${n.first}`, { unit: "" });
  return (
    <>
      <label>
        {t("relay.unit")}
        <input value={to.value.unit} onInput={(e) => to.set({ unit: e.currentTarget.value })} dir="auto" />
      </label>
      <Ask draft={`relay by ${n.first}`} label={t("relay.means")} button={t("relay")} busy={busy} required run={(means) => run(() => got(api.POST("/v1/relay", { params: { query: { line: n.line } }, body: { id: n.id, unit: to.value.unit, means } })).then(() => to.clear()))} />
    </>
  );
}

/** Unit passes on what a unit said that was told. */
function Unit({ notice: n, busy, run }: Part) {
  const told = n.ladder.filter((r) => r.name === "relayed" && r.done && r.unit).at(-1);
  const d = draftOf(`unit ${n.first}`, { unit: told?.unit ?? "", reason: "" });
  if (!told) return null;
  const { unit, reason } = d.value;
  const say = (unable: boolean) =>
    run(() => got(api.POST("/v1/unit", { params: { query: { line: n.line } }, body: { id: n.id, unit, ...(unable ? { unable, reason } : {}) } }))).then((ok) => ok && d.clear());
  return (
    <fieldset>
      <legend>{t("unit.said")}</legend>
      <label>
        {t("unit.which")}
        <input value={unit} onInput={(e) => d.set({ unit: e.currentTarget.value })} dir="auto" />
      </label>
      <p class="steps">
        <Do label={t("unit.confirms")} kind="loud" busy={busy} disabled={unit.trim() === ""} run={() => say(false)} />
      </p>
      <label>
        {t("unit.why")}
        <input value={reason} onInput={(e) => d.set({ reason: e.currentTarget.value })} dir="auto" />
      </label>
      <p class="steps">
        <Do label={t("unit.unable")} busy={busy} disabled={unit.trim() === "" || reason.trim() === ""} run={() => say(true)} />
      </p>
    </fieldset>
  );
}
