// Two real nodes for the tests of the page, as two parties would set them up, each in a folder of its own.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";

const parley = resolve(import.meta.dirname, "../../../bin/parley");
const hostile = resolve(import.meta.dirname, "../../../bin/hostile");
const examples = resolve(import.meta.dirname, "../../../examples");

export class Desk {
  private process: ChildProcess | null = null;

  constructor(readonly party: string, readonly home: string) {}

  get dir(): string {
    return join(this.home, this.party);
  }

  run(...args: string[]): string {
    return execFileSync(parley, [...args, "--dir", this.dir], { cwd: this.home, encoding: "utf8" });
  }

  /** officer adds a further person, and returns the token. */
  officer(name: string, role: string): string {
    return this.run("officer", "add", name, "--role", role).trim().split("\n").at(-1) ?? "";
  }

  serve(): void {
    this.process = spawn(parley, ["serve", "--dir", this.dir], { cwd: this.home, stdio: ["ignore", "ignore", "ignore"] });
  }

  /** kill ends the node as a loss of power would. */
  async kill(): Promise<void> {
    const p = this.process;
    if (!p || p.exitCode !== null || p.signalCode !== null) return;
    const gone = new Promise((done) => p.once("exit", done));
    p.kill("SIGKILL");
    await gone;
  }

  get url(): string {
    return (JSON.parse(readFileSync(join(this.dir, "run.json"), "utf8")) as { api: string }).api;
  }

  get line(): string {
    return (JSON.parse(readFileSync(join(this.dir, "run.json"), "utf8")) as { line: string }).line;
  }

  token(file = "token"): string {
    return readFileSync(join(this.dir, file), "utf8").trim();
  }

  /** sign puts entries on the node's transcript that its own door would refuse. The node must not run. */
  sign(entries: { kind: string; fields: Record<string, unknown> }[]): void {
    execFileSync(hostile, [this.dir], { input: JSON.stringify(entries) });
  }

  /** get asks the node's API. */
  async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.url + path, { headers: { Authorization: `Bearer ${this.token()}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** file tells a plan of one volume. */
  file(id: string, kind: string, geometry: object, from: number, to: number, more: object = {}): void {
    const name = join(this.home, `${id}.geojson`);
    const window = { start: new Date(Date.now() + from * 60_000).toISOString(), end: new Date(Date.now() + to * 60_000).toISOString() };
    writeFileSync(name, JSON.stringify({ type: "FeatureCollection", features: [{ type: "Feature", id, geometry, properties: { kind, notice: id, ...window, ...more } }] }));
    this.run("notice", "file", name);
  }
}

/** freePort is a port for a node's API that stays the same when the node is started again. It lies below those that
 * the system gives to whoever asks for any, which would take it before the node does. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await new Promise<boolean>((done) => {
      const s = createServer();
      s.once("error", () => done(false));
      s.listen(port, "127.0.0.1", () => s.close(() => done(true)));
    });
    if (free) return port;
  }
}

/** show goes to a page of a desk's console, signed in by its token, and waits until it is live. */
export async function show(page: Page, d: Desk, hash = "", token = d.token()): Promise<void> {
  const wrong: string[] = [];
  page.on("pageerror", (e) => wrong.push(e.message));
  await page.setExtraHTTPHeaders({ Authorization: `Bearer ${token}` });
  await page.goto(`${d.url}/console/${hash}`);
  await expect(page.locator("#now-title")).toBeVisible();
  await expect(page.locator(".notlive")).toHaveCount(0);
  if (/#\/./.test(hash)) await expect(page.getByRole("main").getByRole("heading").first()).toBeVisible();
  expect(wrong).toEqual([]);
}

/** open does so in a window of its own. */
export async function open(browser: Browser, d: Desk, hash = "", { token, ...screen }: BrowserContextOptions & { token?: string } = {}): Promise<Page> {
  const page = await (await browser.newContext(screen)).newPage(); // axe wants a context that is not the page's alone
  await show(page, d, hash, token);
  return page;
}

export type Pair = { red: Desk; blue: Desk; end: () => Promise<void> };

type Names = {
  title?: string;
  contact?: string;
  wholeEarth?: boolean;
  /** What else is agreed: red is the first party of the draft. */
  terms?: (draft: string) => string;
  /** What a node's directory has before the node runs. */
  before?: (d: Desk) => void;
};

/** pair sets up red and blue and waits until the line between them is up. The officers are supervisors. names is what
 * blue calls itself and its desk in the agreement; its area is the example's, or the whole earth. */
export async function pair(names: Names = {}): Promise<Pair> {
  const home = mkdtempSync(join(tmpdir(), "parley-console-"));
  const red = new Desk("red", home);
  const blue = new Desk("blue", home);
  for (const d of [red, blue]) {
    d.run("init", "--party", d.party, "--plain-key", "--api", `127.0.0.1:${await freePort()}`, "--listen", d === red ? "127.0.0.1:0" : "none");
    d.run("officer", "add", `desk of ${d.party}`, "--role", "supervisor", "--save");
    names.before?.(d);
  }
  const area = names.wholeEarth ? ["--whole-earth"] : ["--area", join(examples, "area.geojson")];
  blue.run("agreement", "card", "--contact", `duty=${names.contact ?? "+002"}`, ...(names.title ? ["--title", names.title] : []), "-o", "blue.json");
  red.run("agreement", "draft", "--with", "blue.json", ...area, "--title", "North sector", "--contact", "duty=+001", "-o", "draft.json");
  const draft = join(home, "draft.json");
  if (names.terms) writeFileSync(draft, names.terms(readFileSync(draft, "utf8")));
  red.run("agreement", "sign", "draft.json", "-o", "one.note");
  blue.run("agreement", "sign", "one.note", "-o", "both.note");
  red.run("agreement", "join", "both.note");
  red.serve();
  red.run("line", "status", "--wait", "60s");
  blue.run("agreement", "join", "both.note", "--peer", red.line);
  blue.serve();
  for (const d of [red, blue]) d.run("line", "status", "--up", "--wait", "60s");
  return {
    red,
    blue,
    async end() {
      await Promise.all([red.kill(), blue.kill()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
