// Follows the node: reads everything once, then what its events name. A stream that breaks is said at
// once, and taken up where it broke.
import { api, got, language } from "../api/client";
import { alarms, calls, conflicts, freshness, keyOf, lines, notices, now, skew, status } from "./store";

/** The parts of the picture that an event can make stale. */
type Part = "notices" | "conflicts" | "calls" | "alarms" | "lines";
const all: Part[] = ["notices", "conflicts", "calls", "alarms", "lines"];

/** How long news is gathered before it is read: several entries come at once. */
const gatherMs = 150;
/** The stream sends a comment at least this often; longer silence means that it is dead. */
const silentMs = 40_000;

const stale = new Set<Part>();
let timer = 0;
let reading: Promise<void> | null = null;

const readers: Record<Part, () => Promise<void>> = {
  async notices() {
    const { notices: list } = await got(api.GET("/v1/notices", { params: { query: { body: true, picture: "all" } } }));
    notices.value = new Map(list.map((n) => [keyOf(n), n]));
  },
  async conflicts() {
    conflicts.value = (await got(api.GET("/v1/conflicts", { params: { query: { all: true, picture: "all" } } }))).conflicts;
  },
  async calls() {
    calls.value = (await got(api.GET("/v1/calls", { params: { query: {} } }))).calls;
  },
  async alarms() {
    alarms.value = (await got(api.GET("/v1/alarms", { params: { query: {} } }))).alarms;
  },
  async lines() {
    const sent = Date.now();
    const s = await got(api.GET("/v1/status"));
    skew.value = Date.parse(s.time) - (sent + Date.now()) / 2;
    status.value = s;
    lines.value = s.lines;
  },
};

/** read reads what is stale, and what becomes so meanwhile. Who asks while it reads waits for the same. */
function read(): Promise<void> {
  reading ??= readAll().finally(() => {
    reading = null;
  });
  return reading;
}

async function readAll(): Promise<void> {
  try {
    while (stale.size > 0) {
      const parts = [...stale];
      stale.clear();
      await Promise.all(parts.map((p) => readers[p]()));
    }
  } catch (e) {
    all.forEach((p) => stale.add(p));
    broken(e instanceof Error ? e.message : String(e));
    window.setTimeout(() => void read(), 2_000);
  }
}

function touch(...parts: Part[]): void {
  parts.forEach((p) => stale.add(p));
  if (timer === 0) {
    timer = window.setTimeout(() => {
      timer = 0;
      void read();
    }, gatherMs);
  }
}

/** refresh reads everything again: after a command, or in another language. */
export function refresh(): Promise<void> {
  all.forEach((p) => stale.add(p));
  return read();
}

const touched: Record<string, Part[]> = {
  entry: ["notices", "conflicts", "calls", "alarms", "lines"],
  delivered: ["notices", "calls", "lines"],
  conflict: ["conflicts", "notices", "alarms"],
  "conflict-over": ["conflicts", "notices", "alarms"],
  alarm: ["alarms", "lines"],
  "alarm-over": ["alarms", "lines"],
  line: ["lines", "alarms"],
  call: ["calls", "alarms"],
  watch: ["lines", "alarms"],
};

function broken(why: string): void {
  if (freshness.value.live || freshness.value.why === "") {
    freshness.value = { live: false, since: Date.now(), why };
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
      void refresh().then(() => {
        if (stale.size === 0) freshness.value = { live: true, since: Date.now() };
      });
    };
    source.onerror = () => {
      broken("");
      if (source?.readyState === EventSource.CLOSED && retry === 0) {
        retry = window.setTimeout(() => {
          retry = 0;
          open();
        }, 2_000);
      }
    };
    for (const kind of [...Object.keys(touched), "reset"]) {
      source.addEventListener(kind, () => {
        heard = Date.now();
        touch(...(touched[kind] ?? all));
      });
    }
  };

  open();
  const tick = window.setInterval(() => {
    now.value = Date.now() + skew.value;
    const silent = Date.now() - heard;
    if (silent > 10_000 && silent % 10_000 < 1_000) void ask();
    if (silent > silentMs) open();
  }, 1_000);
  // A comment in the stream is not seen by the page: a short question tells whether the node is there.
  const ask = async () => {
    try {
      await readers.lines();
      heard = Date.now();
    } catch {
      broken("");
    }
  };
  const unsubscribe = language.subscribe(() => void refresh());
  return () => {
    source?.close();
    window.clearInterval(tick);
    unsubscribe();
  };
}
