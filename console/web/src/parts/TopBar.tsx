// The line at a glance: is the page live, is the line up, is anybody at the other desk, what time is it.
import { signal } from "@preact/signals";
import { api, got, language } from "../api/client";
import { freshness, line, now, status, zone } from "../live/store";
import { lasting, local, zulu } from "../live/time";
import { languages, speak, t, word } from "../words/say";
import { night, soundOn } from "../live/settings";
import { route, to } from "../live/route";
import { Text } from "./bits";

/** menu says that what a narrow bar has no room for is shown. */
const menu = signal(false);

export function TopBar() {
  const ln = line.value;
  const releases = ln?.releases?.length ?? 0;
  const waiting = (ln?.statements ?? []).filter((s) => s.waits === ln?.party).length;
  return (
    <header class={`topbar ${menu.value ? "open" : ""}`}>
      <Skip target="now-title" label={t("skip")} />
      {route.value.page && <Skip target="detail" label={t("skip.page")} />}
      <a class="brand" href={to("")}>
        <strong>Parley</strong> {ln && <Text>{`${ln.party} ↔ ${ln.peer}`}</Text>}
      </a>
      <LineState />
      <Menu n={releases + waiting} />
      <nav id="menu" aria-label={t("title")} onClick={() => (menu.value = false)}>
        <span class="links">
          <a href={to("notices")}>{t("notices")}</a>
          <a href={to("calls")}>{t("calls")}</a>
          <a href={to("line")}>{t("line")}</a>
          <a href={to("sites")}>{t("sites")}</a>
          <a href={to("voice")}>{t("by-voice")}</a>
          <Counted page="desk" label={t("desk")} n={releases} />
          <Counted page="record" label={t("record")} n={waiting} />
        </span>
        <a class="button" href={to("file")}>
          {t("file")}
        </a>
        <a class="button loud" href={to("call")}>
          {t("hold")}
        </a>
      </nav>
      <Clock />
      <Settings />
    </header>
  );
}

/** Menu is there where the bar is narrow. */
function Menu({ n }: { n: number }) {
  return (
    <button type="button" class="menu" aria-expanded={menu.value} aria-controls="menu" onClick={() => (menu.value = !menu.value)}>
      ☰ {t("menu")}
      {n > 0 && <strong> ({n})</strong>}
    </button>
  );
}

/** Skip moves the focus, and leaves the address alone: it says which page is open. */
function Skip({ target, label }: { target: string; label: string }) {
  return (
    <a
      class="skip"
      href={`#${target}`}
      onClick={(e) => {
        e.preventDefault();
        document.getElementById(target)?.focus();
      }}
    >
      {label}
    </a>
  );
}

/** Counted is a page with how much waits there for somebody here. */
function Counted({ page, label, n }: { page: string; label: string; n: number }) {
  return (
    <a href={to(page)}>
      {label}
      {n > 0 && <strong> ({n})</strong>}
    </a>
  );
}

function LineState() {
  const ln = line.value;
  if (!ln) return null;
  const filed = ln.peer_last_filed;
  return (
    <div class="linestate">
      <span class={`chip state-${ln.state}`} role="status">
        {t(`line.${ln.state}`)}
      </span>
      <span class={`chip desk-${ln.desk}`}>
        <Text>{ln.peer}</Text> {word("desk", ln.desk)}
      </span>
      <span class="quiet">{filed ? t("last-filed", { party: ln.peer, ago: lasting(now.value - Date.parse(filed)) }) : t("never-filed", { party: ln.peer })}</span>
    </div>
  );
}

function Clock() {
  return (
    <div class="clock">
      <time class="zulu">{zulu(now.value, true)}</time>
      <span class="quiet" title={zone}>
        <bdi dir="ltr">{local(now.value)}</bdi>
      </span>
    </div>
  );
}

function Settings() {
  const who = status.value?.officer;
  return (
    <div class="settings">
      <button type="button" onClick={() => (night.value = !night.value)}>
        {night.value ? t("theme.day") : t("theme.night")}
      </button>
      <button type="button" class={soundOn.value ? "" : "warn"} onClick={() => (soundOn.value = !soundOn.value)}>
        {soundOn.value ? `♪ ${t("sound.on")}` : `✕ ${t("sound.off")}`}
      </button>
      <select aria-label={t("language")} value={language.value} onChange={(e) => void speak(e.currentTarget.value)}>
        {languages.map((l) => (
          <option key={l.tag} value={l.tag} lang={l.tag}>
            {l.name}
          </option>
        ))}
      </select>
      {who && (
        <button type="button" class="plain" onClick={() => void got(api.POST("/v1/session/end")).finally(() => location.assign("/sign-in?console"))}>
          <Text>{who.name}</Text>: {t("sign-out")}
        </button>
      )}
    </div>
  );
}

/** NotLive says in the whole width that what is shown may be old. */
export function NotLive() {
  const f = freshness.value;
  if (f.live) return null;
  return (
    <p class="notlive" role="alert">
      {t("not-live", { time: zulu(f.since, true) })} <Text>{f.why ?? ""}</Text>
    </p>
  );
}
