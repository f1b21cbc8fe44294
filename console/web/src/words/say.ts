// Says what the console says, in the language that the officer chose.
import { computed, signal } from "@preact/signals";
import { language } from "../api/client";
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
const kept = "parley.language";

export const direction = computed(() => languages.find((l) => l.tag === language.value)?.direction ?? "ltr");

export async function speak(tag: string): Promise<void> {
  const l = languages.find((x) => x.tag === tag) ?? languages[0];
  if (!l) return;
  texts.value = await l.load();
  language.value = l.tag;
  localStorage.setItem(kept, l.tag);
  document.documentElement.lang = l.tag;
  document.documentElement.dir = l.direction;
}

/** first is the language to begin with: the one chosen last here, else the browser's. */
export function first(): string {
  const wanted = [localStorage.getItem(kept) ?? "", ...navigator.languages].map((t) => t.split("-")[0]);
  return wanted.find((t) => languages.some((l) => l.tag === t)) ?? "en";
}

export function t(key: Key, args: Record<string, string | number> = {}): string {
  return texts.value[key].replace(/\{(\w+)\}/g, (all, name: string) => String(args[name] ?? all));
}

/** word is a text by a key that came from the node, or what came where there is no such key. */
export function word(prefix: string, value: string | undefined): string {
  const key = `${prefix}.${value}`;
  return key in texts.value ? texts.value[key as Key] : (value ?? "");
}
