// Follows the node: reads the picture once, then what its events say has changed. A stream that breaks is
// said at once, and taken up where it broke.
import { api, got, language } from "../api/client";
import { freshness, news, now, session, skew, take } from "./store";
import { away, back } from "./meanwhile";
import { painted } from "./paint";

/** How long news is gathered before it is read: several entries come at once. */
const gatherMs = 60;
/** How long a read is the last at least where many were made: what changes many times a second is drawn a few times. */
const restMs = 400;
/** So many reads in so short a time need no rest: what one notice brings about comes in a few parts, and each at once. */
const freeReads = 4;
const freeMs = 2_000;
/** How long the page goes without reading: what another officer of this desk has seen is no event. */
const quietMs = 10_000;
/** The stream sends a comment at least this often; longer silence means that it is dead. */
const silentMs = 40_000;
const retryMs = 2_000;

const kinds = ["entry", "delivered", "conflict", "conflict-over", "alarm", "alarm-over", "line", "call", "watch", "release", "statement", "reset"];

/** The mark of what was read last, and the newest event that was in it. */
let mark = "";
let upTo = "";
let timer = 0;
let lastMs = 0;
/** When the last reads ended, the newest last. */
const readsMs: number[] = [];
let reading: Promise<boolean> | null = null;
let again = false;

async function changes(): Promise<void> {
  const sent = Date.now();
  const c = await got(api.GET("/v1/changes", { params: { query: mark ? { after: mark } : {} } }));
  skew.value = Date.parse(c.time) - (sent + Date.now()) / 2;
  take(c);
  if (mark === "") painted("list");
  mark = c.mark;
  if (upTo !== c.event) news.value++;
  upTo = c.event;
}

/** read reads what changed, and what does so meanwhile. It says whether the page has all of it then. */
function read(): Promise<boolean> {
  again = true;
  reading ??= readAll().finally(() => {
    reading = null;
    lastMs = Date.now();
    readsMs.push(lastMs);
    if (readsMs.length > freeReads) readsMs.shift();
  });
  return reading;
}

async function readAll(): Promise<boolean> {
  try {
    while (again) {
      again = false;
      await changes();
    }
    return true;
  } catch (e) {
    broken(e instanceof Error ? e.message : String(e));
    window.setTimeout(() => void read().then(live), retryMs);
    return false;
  }
}

function soon(): void {
  if (timer !== 0) return;
  const ms = Date.now();
  const rested = (readsMs.at(-freeReads) ?? 0) < ms - freeMs;
  timer = window.setTimeout(() => {
    timer = 0;
    void read();
  }, rested ? gatherMs : Math.max(gatherMs, lastMs + restMs - ms));
}

/** refresh reads what a command changed. */
export async function refresh(): Promise<void> {
  await read();
  news.value++; // what is this desk's own memory is no event
}

/** isRead says whether an event is in what was read. Its id is the node's run, and a number. */
function isRead(id: string): boolean {
  const [run, number] = id.split(".");
  const [ours, last] = upTo.split(".");
  return run === ours && Number(number) <= Number(last);
}

function broken(why: string): void {
  if (freshness.value.live || freshness.value.why === "") {
    if (freshness.value.live) away();
    freshness.value = { live: false, since: Date.now(), why };
  }
}

/** streaming says whether the stream of events is open. */
let streaming = false;

function live(whole: boolean): void {
  if (!whole || !streaming || freshness.value.live) return;
  const since = freshness.value.since;
  freshness.value = { live: true, since: Date.now() };
  back(since);
}

async function connect(): Promise<void> {
  const asked = who();
  const whole = await read();
  await asked;
  live(whole);
}

/** who asks whom the node takes the officer for. A page that was opened without one is to be signed in to. */
async function who(): Promise<void> {
  try {
    const { data, response } = await api.GET("/v1/session");
    if (data) session.value = data;
    else if (response.status === 401 && session.value === null) location.assign("/sign-in?console");
  } catch {
    // what is wrong shows when the changes are read
  }
}

/** follow keeps the page current until the page is left. */
export function follow(): () => void {
  let source: EventSource | null = null;
  let heard = Date.now();
  let retry = 0;

  const open = () => {
    source?.close();
    source = new EventSource("/v1/events");
    heard = Date.now();
    source.onopen = () => {
      heard = Date.now();
      streaming = true;
      void connect();
    };
    source.onerror = () => {
      streaming = false;
      broken("");
      if (source?.readyState === EventSource.CLOSED && retry === 0) {
        retry = window.setTimeout(() => {
          retry = 0;
          open();
        }, retryMs);
      }
    };
    for (const kind of kinds) {
      source.addEventListener(kind, (e) => {
        heard = Date.now();
        if (kind === "reset" || !isRead((e as MessageEvent).lastEventId)) soon();
      });
    }
  };

  open();
  void connect();
  // A comment in the stream is not seen by the page: a short question tells whether the node is there.
  const tick = window.setInterval(() => {
    now.value = Date.now() + skew.value;
    if (Date.now() - lastMs > quietMs && !reading) {
      void read().then((ok) => {
        if (ok) heard = Date.now();
      });
    }
    if (Date.now() - heard > silentMs) open();
  }, 1_000);
  let spoken = language.peek();
  const unsubscribe = language.subscribe((tag) => {
    if (tag === spoken) return;
    spoken = tag;
    mark = ""; // every text is to be said anew
    void read();
  });
  return () => {
    source?.close();
    window.clearInterval(tick);
    unsubscribe();
  };
}
