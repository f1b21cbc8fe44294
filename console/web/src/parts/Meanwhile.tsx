// What happened while the page was not live, until an officer has seen it.
import { calls, conflicts, notices } from "../live/store";
import { meanwhile, type Happened } from "../live/meanwhile";
import { to } from "../live/route";
import { zulu } from "../live/time";
import { t, word } from "../words/say";
import { Do, More, Name, useMore } from "./bits";

export function Meanwhile() {
  const m = meanwhile.value;
  const shown = useMore(m?.list ?? [], 12);
  if (!m) return null;
  return (
    <section class="meanwhile" role="status">
      <p>
        {t("meanwhile", { from: zulu(m.from, true), to: zulu(m.to, true) })} {m.list.length === 0 && t("meanwhile.none")}
      </p>
      <ul>
        {shown.list.map((x) => (
          <li key={x.page + x.id}>
            {t(`meanwhile.${x.how}`)}:{" "}
            <a href={to(x.page, x.id)}>
              <Name>{nameOf(x)}</Name>
            </a>
          </li>
        ))}
      </ul>
      <More of={shown} />
      <Do label={t("see")} busy={false} run={() => (meanwhile.value = null)} />
    </section>
  );
}

/** nameOf says what something is, as far as the page still has it. */
function nameOf(x: Happened): string {
  if (x.page === "notice") {
    const n = notices.value.get(x.id);
    return n ? `${n.party}: ${n.id}, ${word("state", n.state)}` : x.id.split("/").slice(1).join(": ");
  }
  if (x.page === "conflict") {
    const c = conflicts.value.find((y) => y.id === x.id);
    return c ? `${t("conflict")} ${c.a.notice} – ${c.b.notice}, ${word("conflict", c.state)}` : t("conflict");
  }
  const c = calls.value.find((y) => y.entry === x.id);
  return c ? `${c.party}: ${word("call", c.type)}, ${word("callstate", c.state)}` : t("calls");
}
