// The one ordered list of what needs a person, each with what, who, until when, and the next step.
import { useRef } from "preact/hooks";
import { api, got } from "../api/client";
import type { Alarm } from "../api/schema.gen";
import { alarmsInOrder, find, keyOf, known, line, now, owed, type Owed } from "../live/store";
import { pageOf } from "../live/alarmpage";
import { may } from "../live/ask";
import { rest } from "../live/focus";
import { lasting, stamp } from "../live/time";
import { to } from "../live/route";
import { t, word } from "../words/say";
import { Ask, Do, More, Name, Said, Text, useDo, useMore } from "./bits";

type Row = { alarm: Alarm; owes?: undefined } | { owes: Owed; alarm?: undefined };

/** rows are what alarms, what is owed by when, and at the end the alarms that somebody saw. */
function rows(): Row[] {
  const all = alarmsInOrder.value.map((alarm): Row => ({ alarm }));
  const seen = all.findIndex((r) => r.alarm?.acknowledged);
  const at = seen < 0 ? all.length : seen;
  return [...all.slice(0, at), ...owed.value.map((owes): Row => ({ owes })), ...all.slice(at)];
}

export function NeedsNow() {
  const list = rows();
  const shown = useMore(list, 40);
  return (
    <section class="now" aria-labelledby="now-title">
      <h2 id="now-title" tabIndex={-1}>
        {t("now")} <span class="count">{list.length}</span>
      </h2>
      <ol>
        {shown.list.map((r) => (r.alarm ? <Item key={r.alarm.id} alarm={r.alarm} /> : <OwedItem key={keyOf(r.owes.notice)} owes={r.owes} />))}
      </ol>
      <More of={shown} />
      {list.length === 0 && <p class="none">{known.value ? t("now.none") : t("now.reading")}</p>}
      <Compared />
    </section>
  );
}

/** Compared stands under the list always: that nothing is on it says nothing about the sky. */
function Compared() {
  const ln = line.value;
  if (!ln) return null;
  return (
    <p class="compared">
      <Text>{ln.compared.text}</Text>; <Text>{ln.peer}</Text>: {t(`desk.${ln.desk}`)}
    </p>
  );
}

const shapes = ["", "▲", "◆", "●"];

function Item({ alarm }: { alarm: Alarm }) {
  const { busy, outcome, run } = useDo();
  const place = useRef<HTMLLIElement>(null);
  const see = async () => {
    const list = place.current?.parentElement;
    const at = [...(list?.children ?? [])].indexOf(place.current as Element);
    const had = place.current?.contains(document.activeElement);
    const ok = await run(() => got(api.POST("/v1/alarms/acknowledge", { body: { alarm: alarm.id } })));
    // What was seen goes to the end of the list; who works through it goes on with the one that takes its place.
    if (ok && had) window.setTimeout(() => rest(list?.children[at]));
  };
  const href = pageOf(alarm);
  return (
    <li ref={place} class={`alarm level-${alarm.level} ${alarm.acknowledged ? "seen" : ""}`}>
      <p class="what">
        <span class="shape" aria-hidden="true">
          {shapes[alarm.level]}
        </span>{" "}
        <Text>{alarm.text}</Text>
      </p>
      <p class="when">
        <When alarm={alarm} />
        {alarm.acknowledged && <span> · {t("now.seen", { officer: alarm.acknowledged.officer })}</span>}
        {alarm.marked_false && <span> · {t("now.false", { reason: alarm.marked_false.reason })}</span>}
      </p>
      <p class="steps">
        {href && (
          <a class="button" href={href}>
            {t("open")}
          </a>
        )}
        <Next alarm={alarm} busy={busy} run={run} />
        {!alarm.acknowledged && may("duty", "supervisor") && (
          <Do label={t("see")} busy={busy} run={see} />
        )}
      </p>
      {alarm.line && !alarm.exercise && !alarm.marked_false && may("duty", "supervisor") && (
        <details class="false">
          <summary>{t("false")}</summary>
          <Ask draft={`false ${alarm.id} ${alarm.since ?? ""}`} label={t("reason")} button={t("false")} busy={busy} required run={(reason) => run(() => got(api.POST("/v1/alarms/false", { body: { alarm: alarm.id, reason } })))} />
        </details>
      )}
      {outcome && !outcome.ok && <Said outcome={outcome} />}
    </li>
  );
}

/** OwedItem is a step that is not late yet: it makes no sound, and cannot be seen away. */
function OwedItem({ owes: { notice: n, rung } }: { owes: Owed }) {
  const { busy, outcome, run } = useDo();
  return (
    <li class="owes">
      <p class="what">
        <span class="shape" aria-hidden="true">
          ○
        </span>{" "}
        <Name>{n.id}</Name> (<Name>{n.party}</Name>): {t("now.owed", { rung: word("rung", rung.name) })}
      </p>
      <p class="when">
        <Due due={Date.parse(rung.due ?? "")} />
      </p>
      <p class="steps">
        <a class="button" href={to("notice", keyOf(n))}>
          {t("open")}
        </a>
        {rung.name === "received" && may("duty", "supervisor") && <Do label={t("received")} busy={busy} run={() => run(() => got(api.POST("/v1/receive", { body: { id: n.id } })))} />}
      </p>
      {outcome && !outcome.ok && <Said outcome={outcome} />}
    </li>
  );
}

function Due({ due }: { due: number }) {
  return due > now.value
    ? <strong>{t("now.due", { time: stamp(due), in: lasting(due - now.value) })}</strong>
    : <strong class="past">{t("now.past", { time: stamp(due), ago: lasting(now.value - due) })}</strong>;
}

function When({ alarm }: { alarm: Alarm }) {
  if (alarm.due) return <Due due={Date.parse(alarm.due)} />;
  return alarm.since ? <>{t("now.since", { time: stamp(alarm.since) })}</> : null;
}

type Run = ReturnType<typeof useDo>["run"];

/** Next is the step that most often follows, where one click can do it. */
function Next({ alarm, busy, run }: { alarm: Alarm; busy: boolean; run: Run }) {
  const id = alarm.subject ?? "";
  if (!may("duty", "supervisor")) return null;
  if (alarm.kind === "conflict" && id && !alarm.not_told) {
    return <Do label={t("take")} busy={busy} run={() => run(() => got(api.POST("/v1/conflicts/{id}/own", { params: { path: { id } } })))} />;
  }
  if (alarm.kind === "not-received" && find(id) && !find(id)?.own) {
    return <Do label={t("received")} busy={busy} run={() => run(() => got(api.POST("/v1/receive", { body: { id } })))} />;
  }
  return null;
}
