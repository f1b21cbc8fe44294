// The page of a notice or a call to be read out by telephone, to look at and to print.
import { useEffect, useState } from "preact/hooks";
import { api, got } from "../api/client";
import { t } from "../words/say";
import { Ask, Do, Said, useDo } from "./bits";

export function VoicePage({ line, notice, party, entry }: { line: string; notice?: string; party?: string; entry?: string }) {
  const { busy, outcome, run } = useDo();
  const [page, setPage] = useState("");
  const of = notice ? { notice, ...(party ? { party } : {}) } : { entry: entry ?? "" };
  useEffect(() => setPage(""), [notice, party, entry]);
  const show = (channel: string) =>
    run(async () => {
      const query = { line, ...of, format: "text" as const, ...(channel ? { second_channel: channel } : {}) };
      setPage(await got(api.GET("/v1/voice/page", { params: { query }, parseAs: "text" })));
    }, "");
  return (
    <details>
      <summary>{t("voice")}</summary>
      <Ask draft={`channel ${notice ?? entry ?? ""}`} label={t("voice.channel")} button={t("voice.show")} busy={busy} run={show} />
      {outcome && !outcome.ok && <Said outcome={outcome} />}
      {page && (
        <>
          <Do label={t("voice.print")} busy={busy} run={() => window.print()} />
          {/* whole: what is read out is never cut */}
          <pre class="voicepage" dir="auto" tabIndex={0}><bdi class="typed">{page}</bdi></pre>
        </>
      )}
    </details>
  );
}
