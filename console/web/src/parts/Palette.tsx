// The command palette (Ctrl+K): every page, notice, conflict and call, and what can be switched, by a few letters.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { calls, conflicts, keyOf, notices } from "../live/store";
import { night, soundOn } from "../live/settings";
import { may } from "../live/ask";
import { go } from "../live/route";
import { languages, speak, t, word } from "../words/say";
import { symbol } from "../map/symbol";
import { Text } from "./bits";

type Entry = { key: string; text: string; run: () => void };

/** How many are listed: more letters find the rest. */
const most = 12;

const open = signal(false);

function entries(): Entry[] {
  const page = (name: string, text: string): Entry => ({ key: `page ${name}`, text, run: () => go(name) });
  return [
    page("file", t("file")),
    page("call", t("hold")),
    page("notices", t("notices")),
    page("calls", t("calls")),
    page("line", t("line")),
    page("desk", t("desk")),
    page("record", t("record")),
    page("answers", t("waiting")),
    page("sites", t("sites")),
    page("voice", t("by-voice")),
    page("log", t("log")),
    ...(may("auditor", "supervisor") ? [page("audit", t("audit"))] : []),
    page("", t("map")),
    { key: "theme", text: night.value ? t("theme.day") : t("theme.night"), run: () => void (night.value = !night.value) },
    { key: "sound", text: soundOn.value ? t("sound.off") : t("sound.on"), run: () => void (soundOn.value = !soundOn.value) },
    ...languages.map((l): Entry => ({ key: `language ${l.tag}`, text: `${t("language")}: ${l.name}`, run: () => void speak(l.tag) })),
    ...[...notices.value.values()].map((n): Entry => ({ key: keyOf(n), text: `${symbol(n)} ${n.party}: ${n.id} ${n.title ?? ""}`, run: () => go("notice", keyOf(n)) })),
    ...conflicts.value.map((c): Entry => ({ key: c.id, text: `⚡ ${c.a.party}: ${c.a.notice} – ${c.b.party}: ${c.b.notice} (${word("conflict", c.state)})`, run: () => go("conflict", c.id) })),
    ...calls.value.map((c): Entry => ({ key: c.entry, text: `☎ ${c.party}: ${word("call", c.type)} ${c.text}`, run: () => go("call", c.entry) })),
  ];
}

/** Palette opens within the press of the keys, so that no letter typed after it is lost. */
export function Palette() {
  const box = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  // With the drawing: keys that are pressed before the frame after it are not lost.
  useLayoutEffect(() => {
    const press = (e: KeyboardEvent) => {
      if (!(e.ctrlKey || e.metaKey) || e.key.toLowerCase() !== "k") return;
      e.preventDefault();
      if (box.current?.open) {
        box.current.close();
        return;
      }
      setTyped("");
      setAt(0);
      open.value = true;
      box.current?.showModal();
      box.current?.querySelector("input")?.focus();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (open.value ? entries() : [])
    .filter((e) => wanted.every((w) => e.text.toLowerCase().includes(w)))
    .slice(0, most);
  const now = Math.min(at, found.length - 1);
  const done = (e: Entry) => {
    box.current?.close();
    e.run();
  };
  const keys = (e: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key] ?? 0;
    if (step !== 0 && found.length > 0) {
      e.preventDefault();
      setAt((now + step + found.length) % found.length);
    }
    if (e.key === "Enter") {
      e.preventDefault();
      if (found[now]) done(found[now]);
    }
  };
  return (
    <dialog class="palette" ref={box} aria-label={t("palette")} onClose={() => (open.value = false)}>
      <label>
        {t("palette")}
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[now] ? `palette-${now}` : ""}
          value={typed}
          onInput={(e) => (setTyped(e.currentTarget.value), setAt(0))}
          onKeyDown={keys}
          dir="auto"
        />
      </label>
      <ul class="list" id="palette-list" role="listbox" aria-label={t("palette")}>
        {found.map((e, i) => (
          <li key={e.key} id={`palette-${i}`} role="option" aria-selected={i === now} onClick={() => done(e)}>
            <Text>{e.text}</Text>
          </li>
        ))}
      </ul>
      {open.value && found.length === 0 && <p class="none">{t("now.none")}</p>}
    </dialog>
  );
}
