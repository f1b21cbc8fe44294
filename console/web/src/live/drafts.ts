// What is being written, in whichever form, is kept in the browser until it was sent, so that neither a reload nor a
// node that starts anew loses it. It is kept for the desk: whoever takes the watch finds it. The page has it at each
// key; the browser's store, which is slow, a moment later, and at once when a field or the page is left.
import { effect, signal, type Signal } from "@preact/signals";
import { line } from "./store";

export type Fields = Record<string, string | boolean>;

/** Draft is a form as it stands: what was typed, over what it begins with. */
export type Draft<T> = { value: T; begun: boolean; set: (change: Partial<T>) => void; clear: () => void };

/** How many drafts are kept, the newest, and how long one may be: beyond, the page alone has it. */
const most = 100;
const lettersMost = 200_000;

/** How long what is typed waits to be stored: a browser that crashes loses no more than was typed in this time. */
const restMs = 300;

/** once begins the name of what is good once, as the word of a test call: the page alone has it. No form of this page
 * takes a token or a passphrase; the page to sign in keeps nothing. */
export const once = "once ";

const prefix = "parley.draft ";
const deskName = "parley.desk";

/** desk is the party whose forms these are: several nodes may have served this address. */
let desk = localStorage.getItem(deskName) ?? "";
const signals = new Map<string, Signal<Fields>>();

const place = (name: string) => `${prefix}${desk} ${name}`;

function read(name: string): Fields {
  try {
    const x = JSON.parse(localStorage.getItem(place(name)) ?? "{}") as { fields?: unknown };
    return typeof x.fields === "object" && x.fields !== null ? (x.fields as Fields) : {};
  } catch {
    return {};
  }
}

function of(name: string): Signal<Fields> {
  let s = signals.get(name);
  if (!s) {
    s = signal(read(name));
    signals.set(name, s);
  }
  return s;
}

function keep(name: string, fields: Fields): void {
  if (name.startsWith(once)) return;
  const at = place(name);
  const text = JSON.stringify({ at: Date.now(), fields });
  if (Object.keys(fields).length === 0 || text.length > lettersMost) {
    localStorage.removeItem(at);
    return;
  }
  if (localStorage.getItem(at) === null) makeRoom(most - 1);
  try {
    localStorage.setItem(at, text);
  } catch {
    makeRoom(most / 4); // what the browser gives a page is full
    try {
      localStorage.setItem(at, text);
    } catch {
      // the page alone has it
    }
  }
}

/** The forms that were changed since they were stored. */
const unkept = new Set<string>();
let timer = 0;

function keepSoon(name: string): void {
  unkept.add(name);
  if (timer === 0) timer = window.setTimeout(keepAll, restMs);
}

function keepAll(): void {
  window.clearTimeout(timer);
  timer = 0;
  for (const name of unkept) keep(name, of(name).peek());
  unkept.clear();
}

/** keepTyped stores what was typed when a field or the page is left: a page that is gone runs no timer. */
export function keepTyped(): void {
  for (const left of ["focusout", "visibilitychange"]) document.addEventListener(left, keepAll);
  window.addEventListener("pagehide", keepAll);
}

/** makeRoom leaves the newest drafts of all desks. */
function makeRoom(left: number): void {
  const all = Object.keys(localStorage).filter((k) => k.startsWith(prefix));
  if (all.length <= left) return;
  const age = (k: string) => {
    try {
      return Number((JSON.parse(localStorage.getItem(k) ?? "{}") as { at?: unknown }).at) || 0;
    } catch {
      return 0;
    }
  };
  const aged = all.map((k) => ({ k, at: age(k) })).sort((a, b) => a.at - b.at);
  for (const { k } of aged.slice(0, all.length - left)) localStorage.removeItem(k);
}

/** What was typed before the page knew whose desk it is, is of that desk. */
effect(() => {
  const party = line.value?.party;
  if (party === undefined || party === desk) return;
  const first = desk === "";
  if (!first) keepAll(); // it is the other desk's
  desk = party;
  localStorage.setItem(deskName, desk);
  for (const [name, s] of signals) {
    if (first && Object.keys(s.peek()).length > 0) keep(name, s.peek());
    else s.value = read(name);
  }
});

/** draftOf is the form of a name. What it begins with is no draft; only what was changed is kept. */
export function draftOf<T extends Fields>(name: string, first: T): Draft<T> {
  const s = of(name);
  const typed = Object.entries(s.value).filter(([k, v]) => typeof v === typeof first[k]);
  const put = (fields: Fields) => {
    s.value = fields;
    keepSoon(name);
    if (Object.keys(fields).length === 0) keepAll(); // what was sent does not come back
  };
  return {
    value: { ...first, ...Object.fromEntries(typed) },
    begun: typed.length > 0,
    set: (change) => {
      const all = { ...s.peek(), ...(change as Fields) };
      put(Object.fromEntries(Object.entries(all).filter(([k, v]) => v !== first[k])));
    },
    clear: () => put({}),
  };
}
