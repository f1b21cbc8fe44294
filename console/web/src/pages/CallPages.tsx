// Calls: all of them, and one with its answers.
import type { Call } from "../api/schema.gen";
import { calls, now } from "../live/store";
import { to } from "../live/route";
import { lasting } from "../live/time";
import { inWords } from "../map/coordinates";
import { t, word } from "../words/say";
import { Passed, PassedBefore } from "../parts/Passed";
import { Verify } from "../parts/Verify";
import { VoicePage } from "../parts/VoicePage";
import { Facts, Moment, Name, Text } from "../parts/bits";
import { CallSteps } from "./CallSteps";
import { Speech } from "./Speech";

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

export function CallPage({ entry }: { entry: string }) {
  const c = calls.value.find((x) => x.entry === entry);
  if (!c) return <p>{entry}</p>;
  return (
    <article class={`call call-${c.type}`}>
      <h2>
        {word("call", c.type)} · <Text>{c.party}</Text> {c.exercise && <span class="chip exercise">{t("exercise")}</span>}
      </h2>
      <Speech speech={c} call={c} />
      <Facts
        rows={[
          [t("state"), <strong>{word("callstate", c.state)}</strong>],
          [t("filed"), <Moment at={c.time} seconds />],
          [t("delivered"), c.delivered ? <Moment at={c.delivered} seconds /> : t("delivery-not-shown")],
          [t("now.due-by"), c.due ? <><Moment at={c.due} seconds /> ({lasting(Date.parse(c.due) - now.value)})</> : ""],
          [t("review"), c.review ? <Moment at={c.review} /> : ""],
          [t("escalated"), c.escalated ? word("gone", c.escalated) : ""],
          [t("where"), c.position || c.place ? <Where call={c} /> : ""],
          [t("call.last-seen"), c.last_seen ? <Moment at={c.last_seen} /> : ""],
          [t("persons"), c.persons ? String(c.persons) : ""],
          [t("call.nature"), c.nature ? <Text>{c.nature}</Text> : ""],
          [t("about"), c.about ? <Text>{c.about}</Text> : ""],
          [t("owners"), c.received.length > 0 ? <Text>{c.received.map((r) => r.officer).join(", ")}</Text> : ""],
        ]}
      />
      <h3>{t("answers")}</h3>
      <ul>
        {said(c).map((a) => (
          <li key={a.speech.entry}>
            <strong>
              <Text>{a.party}</Text> {a.what}
            </strong>{" "}
            <Moment at={a.speech.time} seconds /> <Speech speech={a.speech} call={c} />
          </li>
        ))}
      </ul>
      <CallSteps call={c} />
      <VoicePage line={c.line} entry={c.entry} />
      {c.own && <Passed key={c.entry} line={c.line} of={c.entry} type={c.type} />}
      <PassedBefore line={c.line} call={c.entry} />
      <Verify about={c.entry} line={c.line} entry />
    </article>
  );
}

function Where({ call: c }: { call: Call }) {
  const [lon, lat] = c.position ?? [];
  return (
    <>
      {lon !== undefined && lat !== undefined && <bdi dir="ltr">{inWords([lon, lat]).join(" · ")}</bdi>} <Text>{c.place}</Text>
    </>
  );
}

/** said is all that followed a call, in the order in which it was said. */
function said(c: Call) {
  const all = [
    ...c.answers.map((speech) => ({ speech, party: speech.party, what: <>{speech.word && word("answer", speech.word)}</> })),
    ...(c.reviews ?? []).map((speech) => ({ speech, party: c.party, what: <>{t("review")} <Moment at={speech.review} /></> })),
    ...(c.lifted ? [{ speech: c.lifted, party: c.party, what: <>{word("callstate", "lifted")}</> }] : []),
    ...(c.ended ? [{ speech: c.ended, party: c.party, what: <>{word("callstate", "ended")}</> }] : []),
  ];
  return all.sort((a, b) => Date.parse(a.speech.time) - Date.parse(b.speech.time));
}
