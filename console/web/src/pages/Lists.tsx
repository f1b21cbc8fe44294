// The notices of both parties as a list, for who works by keyboard or by ear.
import { useState } from "preact/hooks";
import { api, got } from "../api/client";
import { isOver, keyOf, notices } from "../live/store";
import { useAsk } from "../live/ask";
import { to } from "../live/route";
import { t, word } from "../words/say";
import { Moment, More, Name, Text, useMore } from "../parts/bits";
import { symbol } from "../map/symbol";

export function NoticeList() {
  const [all, setAll] = useState(false);
  // The page follows those that are live; those that are over are asked for.
  const { value: over } = useAsk(async () => (all ? (await got(api.GET("/v1/notices", { params: { query: { picture: "all" } } }))).notices.filter(isOver) : []), all ? "all" : "live", "");
  const list = [...[...notices.value.values()].filter((n) => !isOver(n)), ...(over ?? [])];
  const shown = useMore(list, 100);
  return (
    <article>
      <h2>{t("notices")}</h2>
      <label class="inline">
        <input type="checkbox" checked={all} onChange={(e) => setAll(e.currentTarget.checked)} /> {t("notices.all")}
      </label>
      <table class="notices">
        <thead>
          <tr>
            <th scope="col">{t("party")}</th>
            <th scope="col">{t("file.id")}</th>
            <th scope="col">{t("state")}</th>
            <th scope="col">{t("starts")}</th>
            <th scope="col">{t("ends")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.list.map((n) => (
            <tr key={keyOf(n)}>
              <td><Text>{n.party}</Text></td>
              <td>
                <span aria-hidden="true">{symbol(n)}</span>{" "}
                <a href={to("notice", keyOf(n))}>
                  <Name>{n.id}</Name>
                </a>{" "}
                {n.exercise && <span class="chip exercise">{t("exercise")}</span>}
                <br />
                <small><Name>{n.title}</Name></small>
              </td>
              <td>{word("state", n.state)}</td>
              <td><Moment at={n.start} /></td>
              <td><Moment at={n.end} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <More of={shown} />
    </article>
  );
}
