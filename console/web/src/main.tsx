// The duty officer's console.
import { render } from "preact";
import { effect, signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import "ol/ol.css"; // before ours, which changes it
import "./styles/page.css";
import { language } from "./api/client";
import { alert } from "./live/alert";
import { keepTyped } from "./live/drafts";
import { enter, keep, leave } from "./live/focus";
import { follow } from "./live/follow";
import { afterPaint } from "./live/paint";
import { pages } from "./live/pages";
import { go, listen, route, to } from "./live/route";
import { known } from "./live/store";
import { first, speak, t } from "./words/say";
import { NotLive, TopBar } from "./parts/TopBar";
import { Meanwhile } from "./parts/Meanwhile";
import { NeedsNow } from "./parts/NeedsNow";
import { Palette } from "./parts/Palette";
import { later } from "./parts/later";

const map = later(async () => (await import("./parts/MapPane")).MapPane);
const beside = later(async () => (await import("./pages/pages")).Page);

function Detail() {
  const { page, id } = route.value;
  const body = content(page, id);
  useLayoutEffect(() => (body ? enter(document.getElementById("detail")) : leave()), [page, id]);
  if (!body) return null;
  return (
    <main class="detail" id="detail" data-page={page} tabIndex={-1} onKeyDown={escape}>
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
  const name = pages.find((p) => p === page);
  return name ? <beside.Part page={name} id={id} /> : null;
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
        <section class="mappane" aria-label={t("map")}>
          {next.value && <map.Part />}
        </section>
        <Detail />
      </div>
    </>
  );
}

/** next is set when the list is on the screen: what takes longer comes after it. */
const next = signal(false);

async function start(): Promise<void> {
  listen();
  keep();
  keepTyped();
  language.value = first();
  const spoken = speak(language.value);
  follow(); // asks at once, while the words come
  await spoken.catch(() => speak("en")); // whose words are here
  alert();
  const root = document.getElementById("app");
  if (root) render(<Console />, root);
  effect(() => {
    if (known.value) afterPaint(() => (next.value = true));
  });
  effect(() => {
    // Every page is here before the node is gone: it could not be loaded then.
    if (next.value) void map.load().then(beside.load).catch(() => undefined);
  });
}

void start();
