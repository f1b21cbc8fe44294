// How the console keeps up: 2,000 live notices of two real nodes, and so many of them changing each second
// at the other party's. NOTICES, CHANGES (a second) and SECONDS are taken from the environment.
import { readdirSync, statSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { resolve } from "node:path";
import { test, type CDPSession, type Page } from "@playwright/test";
import { pair, type Desk } from "../tests/nodes";

const count = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const notices = count("NOTICES", 2000);
const perSecond = count("CHANGES", 50);
const seconds = count("SECONDS", 20);
/** So many of the other party's begin so soon that they alarm. */
const late = Math.min(100, notices / 2);

const hour = 3_600_000;
const time = (ms: number) => new Date(ms).toISOString();

/** feature is the i-th notice: of four kinds and three shapes, none too near another. */
function feature(i: number, change = 0): object {
  const lon = 34.05 + (i % 50) * 0.098;
  const lat = 33.06 + Math.floor(i / 50) * 0.11 + (change % 2) * 0.001;
  const kind = ["area", "hazard", "movement", "area"][i % 4];
  const soon = i % 2 === 1 && i < 2 * late;
  const geometry =
    kind === "movement"
      ? { type: "LineString", coordinates: [[lon - 0.02, lat - 0.01], [lon, lat], [lon + 0.02, lat - 0.01]] }
      : i % 4 === 3
        ? { type: "Polygon", coordinates: [[[lon - 0.02, lat - 0.02], [lon + 0.02, lat - 0.02], [lon + 0.01, lat + 0.02], [lon - 0.02, lat - 0.02]]] }
        : { type: "Point", coordinates: [lon, lat] };
  const size = kind === "movement" ? { half_width_m: 200 } : i % 4 === 3 ? {} : { radius_m: 2000 };
  const from = Date.now() + (soon ? hour / 2 : 72 * hour);
  return { type: "Feature", id: `n-${i}`, geometry, properties: { kind, notice: `n-${i}`, title: `number ${i}, change ${change}`, start: time(from), end: time(from + 8 * hour), ...size } };
}

async function send(d: Desk, method: string, path: string, features: object[]): Promise<void> {
  const answer = await fetch(d.url + path, {
    method,
    headers: { Authorization: `Bearer ${d.token()}`, "Content-Type": "application/geo+json" },
    body: JSON.stringify({ type: "FeatureCollection", features }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** change amends notices of a desk at a rate, until it is told to stop. It returns how many it did. */
async function change(d: Desk, stop: { now: boolean }): Promise<number> {
  const began = Date.now();
  let done = 0;
  let begun = 0;
  const worker = async () => {
    while (!stop.now) {
      const n = begun++;
      const wait = began + (n * 1000) / perSecond - Date.now();
      if (wait > 0) await new Promise((go) => setTimeout(go, wait));
      const i = ((n * 7) % (notices / 2)) * 2 + 1;
      await send(d, "PUT", `/v1/notices/n-${i}`, [feature(i, 1 + Math.floor((n * 7) / (notices / 2)))]);
      done++;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return done;
}

type Watched = { frames: number[]; keys: number[]; paints: number[] };

/** watch notes in the page how long each frame took, and each key until its handler and its paint. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    const w = { frames: [] as number[], keys: [] as number[], paints: [] as number[], last: performance.now(), on: true };
    (window as unknown as { watched: typeof w }).watched = w;
    const frame = (t: number) => {
      if (!w.on) return;
      w.frames.push(t - w.last);
      w.last = t;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame((t) => {
      w.last = t;
      requestAnimationFrame(frame);
    });
    window.addEventListener("keydown", (e) => {
      w.keys.push(performance.now() - e.timeStamp);
      requestAnimationFrame(() => setTimeout(() => w.paints.push(performance.now() - e.timeStamp)));
    }, true);
  });
}

function watched(page: Page): Promise<Watched> {
  return page.evaluate(() => {
    const w = (window as unknown as { watched: Watched & { on: boolean } }).watched;
    w.on = false;
    return { frames: w.frames, keys: w.keys, paints: w.paints };
  });
}

function part(list: number[], share: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

const rows: string[][] = [];
const ms = (v: number) => `${v.toFixed(0)} ms`;

/** busy is how many seconds of processor time the page's main thread has taken: other load does not count in it. */
async function busy(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find((m) => m.name === "TaskDuration")?.value ?? NaN;
}

function row(what: string, w: Watched, share: number): void {
  const under = w.frames.filter((f) => f < 50).length / w.frames.length;
  rows.push([what, String(w.frames.length), ms(part(w.frames, 0.5)), ms(part(w.frames, 0.95)), ms(Math.max(...w.frames)), `${(100 * under).toFixed(1)} %`, w.keys.length ? ms(part(w.keys, 0.95)) : "", w.paints.length ? ms(part(w.paints, 0.95)) : "", `${(100 * share).toFixed(0)} %`]);
}

/** phase does something for a while and notes how the page kept up. */
async function phase(page: Page, cdp: CDPSession, what: string, act: (until: number) => Promise<void>): Promise<void> {
  await watch(page);
  const [began, before] = [Date.now(), await busy(cdp)];
  await act(Date.now() + seconds * 1000);
  const share = ((await busy(cdp)) - before) / ((Date.now() - began) / 1000);
  row(what, await watched(page), share);
}

const idle = async (until: number) => void (await new Promise((go) => setTimeout(go, until - Date.now())));

async function typing(page: Page, until: number): Promise<void> {
  await page.getByLabel("Words for people").focus();
  while (Date.now() < until) {
    await page.keyboard.press("ABCDEFGH "[Math.floor(Math.random() * 9)] ?? "A");
    await page.waitForTimeout(80);
  }
}

async function dragging(page: Page, until: number): Promise<void> {
  const box = (await page.locator(".map").boundingBox()) ?? { x: 0, y: 0, width: 100, height: 100 };
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 0; Date.now() < until; i++) {
    await page.mouse.move(x + 120 * Math.sin(i / 12), y + 60 * Math.cos(i / 12));
    await page.waitForTimeout(30);
  }
  await page.mouse.up();
}

test("the console keeps up", async ({ browser }) => {
  const nodes = await pair();
  try {
    for (const [d, odd] of [[nodes.red, 0], [nodes.blue, 1]] as const) {
      await send(d, "POST", "/v1/notices", Array.from({ length: notices / 2 }, (_, i) => feature(2 * i + odd)));
    }
    let there = 0;
    for (const end = Date.now() + 120_000; there < notices && Date.now() < end; await new Promise((go) => setTimeout(go, 500))) {
      const all = await fetch(`${nodes.red.url}/v1/notices`, { headers: { Authorization: `Bearer ${nodes.red.token()}` } });
      there = ((await all.json()) as { notices: unknown[] }).notices.length;
    }
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, extraHTTPHeaders: { Authorization: `Bearer ${nodes.red.token()}` } });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    const loadBefore = loadavg()[0] ?? 0;
    const opened: string[] = [];
    for (const what of ["first", "again"]) {
      await page.goto("about:blank");
      await page.goto(`${nodes.red.url}/console/`);
      await page.waitForFunction(() => performance.getEntriesByName("list").length > 0 && performance.getEntriesByName("map").length > 0, null, { timeout: 60_000 });
      const at = await page.evaluate(() => ["first-contentful-paint", "list", "map"].map((n) => performance.getEntriesByName(n)[0]?.startTime ?? NaN));
      const took = await busy(cdp);
      opened.push(`${what}: anything ${ms(at[0] ?? NaN)}, the list and the line ${ms(at[1] ?? NaN)}, the map with its notices ${ms(at[2] ?? NaN)}; ${took.toFixed(1)} s of the main thread`);
    }
    await phase(page, cdp, "nothing changes", idle);
    const stop = { now: false };
    const began = Date.now();
    const changing = change(nodes.blue, stop);
    await phase(page, cdp, "changing", idle);
    await phase(page, cdp, "changing, map dragged", (until) => dragging(page, until));
    await page.screenshot({ path: "test-results/shots/bench.png" });
    await page.goto(`${nodes.red.url}/console/#/file`);
    await phase(page, cdp, "changing, typing", (until) => typing(page, until));
    await page.goto(`${nodes.red.url}/console/#/notices`);
    await phase(page, cdp, "changing, list open", idle);
    stop.now = true;
    const rate = (await changing) / ((Date.now() - began) / 1000);
    const dist = resolve(import.meta.dirname, "../../dist");
    const size = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".gz")).reduce((sum, f) => sum + statSync(resolve(dist, f)).size, 0);
    print([
      `${there} notices held, ${late} of the other party's alarm, ${rate.toFixed(1)} changes a second (asked for ${perSecond})`,
      `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${browser.version()} without a GPU; load ${loadBefore.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after`,
      ...opened.map((o) => `opened ${o}`),
      `bundle ${(size / 1000).toFixed(0)} kB compressed, with every language and the map`,
    ]);
  } finally {
    await nodes.end();
  }
});

function print(lines: string[]): void {
  const head = ["", "frames", "median", "95 %", "longest", "under 50 ms", "key to handler, 95 %", "key to paint, 95 %", "main thread"];
  console.log(`\n${lines.join("\n")}\n`);
  for (const r of [head, head.map(() => "---"), ...rows]) console.log(`| ${r.join(" | ")} |`);
}
