// Every page beside the map, by its name in the address.
import { t } from "../words/say";
import { AnswersPage } from "./AnswersPage";
import { AuditPage, LogPage } from "./LogPages";
import { NoticePage } from "./NoticePage";
import { ConflictPage } from "./ConflictPage";
import { CallList, CallPage } from "./CallPages";
import { NewCall } from "./NewCall";
import { NoticeList } from "./Lists";
import { FilePage } from "./FilePage";
import { LinePage } from "./LinePage";
import { DeskPage } from "./DeskPage";
import { SitesPage } from "./SitesPage";
import { ByVoicePage } from "./VoicePages";
import { ReviewList, ReviewPage } from "./ReviewPages";
import { StatementList, StatementPage } from "./StatementPages";
import { may } from "../live/ask";
import type { PageName } from "../live/pages";
import { to } from "../live/route";

export function Page({ page, id }: { page: PageName; id: string }) {
  switch (page) {
    case "notice":
      return <NoticePage id={id} />;
    case "notices":
      return <NoticeList />;
    case "conflict":
      return <ConflictPage id={id} />;
    case "call":
      return id ? <CallPage entry={id} /> : <NewCall />;
    case "calls":
      return <CallList />;
    case "file":
      return <FilePage changes={id} />;
    case "line":
      return <LinePage />;
    case "desk":
      return <DeskPage />;
    case "record":
      return <Record about={id} />;
    case "review":
      return <ReviewPage entry={id} />;
    case "statement":
      return <StatementPage id={id} />;
    case "answers":
      return <AnswersPage />;
    case "sites":
      return <SitesPage />;
    case "voice":
      return <ByVoicePage />;
    case "log":
      return <LogPage />;
    case "audit":
      return <AuditPage />;
  }
}

/** Record lists what both sides look back on. about names notices that an incident is to be opened about. */
function Record({ about }: { about: string }) {
  return (
    <article>
      <h2>{t("record")}</h2>
      <ReviewList about={about} />
      <StatementList />
      <p>
        <a href={to("log")}>{t("log")}</a> {may("auditor", "supervisor") && <a href={to("audit")}>{t("audit")}</a>}
      </p>
    </article>
  );
}
