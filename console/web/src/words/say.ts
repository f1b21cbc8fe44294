// Says what the console says, in the language that the officer chose.
import { computed, signal } from "@preact/signals";
import { api, got, language, Refused } from "../api/client";
import { en, type Key, type Words } from "./en";

export type Language = { tag: string; name: string; direction: "ltr" | "rtl"; load: () => Promise<Words> };

/** None but English was written by somebody who speaks it, and none was reviewed. */
export const languages: Language[] = [
  { tag: "en", name: "English", direction: "ltr", load: () => Promise.resolve(en) },
  { tag: "ar", name: "العربية", direction: "rtl", load: async () => (await import("./ar")).ar },
  { tag: "fa", name: "فارسی", direction: "rtl", load: async () => (await import("./fa")).fa },
  { tag: "fr", name: "Français", direction: "ltr", load: async () => (await import("./fr")).fr },
  { tag: "he", name: "עברית", direction: "rtl", load: async () => (await import("./he")).he },
  { tag: "ru", name: "Русский", direction: "ltr", load: async () => (await import("./ru")).ru },
  { tag: "tr", name: "Türkçe", direction: "ltr", load: async () => (await import("./tr")).tr },
  { tag: "uk", name: "Українська", direction: "ltr", load: async () => (await import("./uk")).uk },
];

const texts = signal<Words>(en);
/** told are the texts of the node, by key: words for the codes that the console has no word of its own for. */
const told = signal<Record<string, unknown>>({});
const kept = "parley.language";
const retryMs = 2_000;
/** spoken counts how often a language was chosen. */
let spoken = 0;

export const direction = computed(() => languages.find((l) => l.tag === language.value)?.direction ?? "ltr");

/** speak changes the language. It is done when the words of the page are here; those of the node come after. */
export async function speak(tag: string): Promise<void> {
  const l = languages.find((x) => x.tag === tag) ?? languages[0];
  if (!l) return;
  const mine = ++spoken;
  const asked = tell(l.tag);
  const words = await l.load();
  if (mine !== spoken) return; // another was chosen meanwhile
  texts.value = words;
  language.value = l.tag;
  localStorage.setItem(kept, l.tag);
  document.documentElement.lang = l.tag;
  document.documentElement.dir = l.direction;
  void asked.then((own) => {
    if (own && mine === spoken) told.value = own;
  });
}

/** tell asks the node for its texts of a language, until it gives them or another is chosen. */
async function tell(tag: string): Promise<Record<string, unknown> | null> {
  const mine = spoken;
  for (;;) {
    try {
      return (await got(api.GET("/v1/catalogue", { params: { query: { language: tag } } }))).texts;
    } catch (e) {
      if (mine !== spoken || (e instanceof Refused && e.status < 500)) return null;
      await new Promise((done) => window.setTimeout(done, retryMs));
    }
  }
}

/** first is the language to begin with: the one chosen last here, else the browser's. */
export function first(): string {
  const wanted = [localStorage.getItem(kept) ?? "", ...navigator.languages].map((t) => t.split("-")[0]);
  return wanted.find((t) => languages.some((l) => l.tag === t)) ?? "en";
}

export function t(key: Key, args: Record<string, string | number> = {}): string {
  return texts.value[key].replace(/\{(\w+)\}/g, (all, name: string) => String(args[name] ?? all));
}

/** word is a text by a code that came from the node, or the code where neither the console nor the node has one. */
export function word(prefix: string, value: string | undefined): string {
  const key = `${prefix}.${value}`;
  if (key in texts.value) return texts.value[key as Key];
  const known = told.value[key.replaceAll(" ", "-")];
  return typeof known === "string" ? known : (value ?? "");
}

const units = { ms: "status.milliseconds", s: "unit.second", min: "unit.minute", h: "unit.hour", d: "unit.day" } as const;

/** unit is a number with a unit of time, in words of the node where it has told them. */
export function unit(n: number | string, sign: keyof typeof units): string {
  const known = told.value[units[sign]];
  return typeof known === "string" ? known.replace(/\{(count|offset)\}/, String(n)) : `${n} ${sign}`;
}
