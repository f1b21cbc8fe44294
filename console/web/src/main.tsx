// The duty officer's console.
import { render } from "preact";
import { useLayoutEffect } from "preact/hooks";
import "ol/ol.css";
import "./styles/page.css";
import { api } from "./api/client";
import { alert } from "./live/alert";
import { enter, keep, leave } from "./live/focus";
import { follow } from "./live/follow";
import { go, listen, route, to } from "./live/route";
import { first, speak, t } from "./words/say";
import { NotLive, TopBar } from "./parts/TopBar";
import { Meanwhile } from "./parts/Meanwhile";
import { NeedsNow } from "./parts/NeedsNow";
import { MapPane } from "./parts/MapPane";
import { Palette } from "./parts/Palette";
import { NoticePage } from "./pages/NoticePage";
import { ConflictPage } from "./pages/ConflictPage";
import { CallList, CallPage, NewCall } from "./pages/CallPages";
import { NoticeList } from "./pages/Lists";
import { FilePage } from "./pages/FilePage";
import { LinePage } from "./pages/LinePage";
import { DeskPage } from "./pages/DeskPage";
import { ReviewList, ReviewPage } from "./pages/ReviewPages";
import { StatementList, StatementPage } from "./pages/StatementPages";

function Detail() {
  const { page, id } = route.value;
  const body = content(page, id);
  useLayoutEffect(() => (body ? enter(document.getElementById("detail")) : leave()), [page, id]);
  if (!body) return null;
  return (
    <main class="detail" id="detail" tabIndex={-1} onKeyDown={escape}>
      <a class="button closing" href={to("")} aria-label={t("close")}>
        ✕
      </a>
      {body}
    </main>
  );
}

/** escape closes the page, but not from a field in which something is being written. */
function escape(e: KeyboardEvent): void {
  if (e.key === "Escape" && !(e.target as Element).closest("input, select, textarea")) go("");
}

function content(page: string, id: string) {
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
      return <FilePage />;
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
    default:
      return null;
  }
}

/** Record lists what both sides look back on. about names notices that an incident is to be opened about. */
function Record({ about }: { about: string }) {
  return (
    <article>
      <h2>{t("record")}</h2>
      <ReviewList about={about} />
      <StatementList />
    </article>
  );
}

function Console() {
  return (
    <>
      <TopBar />
      <NotLive />
      <Palette />
      <Meanwhile />
      <div class={`work ${route.value.page ? "with-detail" : ""}`}>
        <NeedsNow />
        <MapPane />
        <Detail />
      </div>
    </>
  );
}

async function start(): Promise<void> {
  const { response } = await api.GET("/v1/session");
  if (response.status === 401) {
    location.assign("/sign-in");
    return;
  }
  await speak(first());
  listen();
  keep();
  alert();
  follow();
  const root = document.getElementById("app");
  if (root) render(<Console />, root);
}

void start();
